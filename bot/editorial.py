"""From a proposed page to knowledge: reviewed by somebody else, written into the knowledge folder, indexed as any page.

The golden questions have their say: a page that harms them does not go live, and its proposal stays open.
"""

import os
import re
import unicodedata
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from datetime import date, datetime
from pathlib import Path

import yaml
from sqlalchemy import ColumnElement

from bot import inbox, proposals
from bot.database import Database
from bot.errors import NotAllowed, ReviewError
from bot.people import Owners, Person
from bot.proposals import NEWS, Proposal, Reviewer, State
from bot.retrieval.library import Library
from bot.retrieval.reindexing import Report

FOLDER = "answers"
# A file name may have 255 bytes, and a letter four of them.
MAX_SLUG = 55
# What front matter takes of keywords, less what YAML adds.
MAX_KEYWORDS = 2500

# Nobody else reindexes inside of it; what it gives indexes a folder.
Alone = Callable[[], AbstractContextManager[Callable[[Path], Report]]]


class Editor:
    """Decides on proposed pages. What it refuses to do is said, and leaves the knowledge as it was."""

    def __init__(self, database: Database, library: Library, owners: Owners, *, alone: Alone) -> None:
        self._database = database
        self._library = library
        self._owners = owners
        self._alone = alone

    def reviewer(self, person: Person, address: str) -> Reviewer:
        """What somebody may decide, by their e-mail address."""
        return Reviewer(person.name, address, admin=person.admin, teams=self._owners.teams_of(address))

    def waiting(self, by: Reviewer) -> list[Proposal]:
        """What somebody could decide on, oldest first; the last word on their own is somebody else's."""
        with self._database.reading() as session:
            return proposals.waiting(session, proposals.refusable_by(by))

    def publish(self, number: int, *, by: Reviewer, today: date, now: datetime) -> Proposal:
        """Make a proposal a page of the live knowledge; whoever asked hears of it. Takes as long as a reindex.

        Raises `NotAllowed`, and `ReviewError` or what a reindex raises where the page cannot go live.
        """
        with self._alone() as reindex:
            proposal = self._undecided(number, proposals.publishable_by(by))
            folder = self._folder()
            path = proposal.path or self._new_path(proposal, folder)
            file, live = folder / path, False
            _write(file, page(proposal, verified=today))
            try:
                _see_that_it_is_live(reindex(folder), path)
                with self._database.of(proposal.workspace).writing.begin() as session:
                    proposals.decide(session, number, State.PUBLISHED, by=by.name, now=now)
                    inbox.accept(
                        session,
                        key=f"{NEWS}:{number}",
                        kind=NEWS,
                        conversation=f"proposal:{number}",
                        value={"proposal": number},
                        now=now,
                    )
                    done = proposals.the_one(session, number, proposals.publishable_by(by))
                live = True
            finally:
                if not live:
                    file.unlink(missing_ok=True)
        assert done is not None  # noqa: S101 - it was there a moment ago, and nothing deletes proposals
        return done

    def refuse(self, number: int, *, by: Reviewer, reason: str, now: datetime) -> Proposal:
        """Leave a proposal out of the knowledge. Raises `NotAllowed` or `ReviewError`."""
        words = " ".join(reason.split())
        if not words:
            raise ReviewError("A refusal needs a reason, so that the next try gets it right. Nothing was changed.")
        may = proposals.refusable_by(by)
        self._undecided(number, may)
        with self._database.writing.begin() as session:
            proposals.decide(session, number, State.REFUSED, by=by.name, reason=words, now=now)
            done = proposals.the_one(session, number, may)
        assert done is not None  # noqa: S101 - as above
        return done

    def _undecided(self, number: int, may: ColumnElement[bool]) -> Proposal:
        with self._database.reading() as session:
            found = proposals.the_one(session, number, may)
        if found is None:
            raise NotAllowed(
                f"No proposal {number} is yours to decide. Somebody of the team that owns it may who did not write it, "
                "or an admin."
            )
        if found.state is not State.PROPOSED:
            raise ReviewError(f"Proposal {number} was {found.state} by {found.decided_by}. Nothing was changed.")
        return found

    def _folder(self) -> Path:
        live = self._library.status()
        if live is None:
            raise ReviewError("Nothing is indexed yet, so there is no folder to write to. Run `throughline reindex`.")
        return Path(live.folder)

    def _new_path(self, proposal: Proposal, folder: Path) -> str:
        """A path that no page and no other proposal has; kept, so that publishing again after a crash finds it."""
        with self._database.writing.begin() as session:
            taken = proposals.paths(session)
            name = slug(proposal.draft.title) or f"answer-{proposal.number}"
            candidates = (
                f"{FOLDER}/{name}{f'-{place}' if place > 1 else ''}.md" for place in range(1, len(taken) + 10**6)
            )
            path = next(one for one in candidates if one not in taken and not (folder / one).exists())
            proposals.assign_path(session, proposal.number, path)
        return path


def slug(title: str) -> str:
    """A title as a file name: "Niamh's fee – Gebühr" is `niamhs-fee-gebuhr`; other alphabets stay. "" for none."""
    letters = re.sub(r"['’‘ʼ`´]", "", unicodedata.normalize("NFKD", title.casefold()))
    plain = unicodedata.normalize("NFC", re.sub(r"(?<=[a-z])[\u0300-\u036f]+", "", letters))
    return re.sub(r"[\W_]+", "-", plain).strip("-")[:MAX_SLUG].rstrip("-")


def page(proposal: Proposal, *, verified: date) -> str:
    """The page as Markdown with front matter. The question is among its keywords: the next one asks like that."""
    draft = proposal.draft
    title = " ".join(draft.title.split())
    front = {
        "title": title,
        **({"owner": draft.owner} if draft.owner else {}),
        "audience": draft.audience,
        "verified": verified,
        "keywords": [" ".join(proposal.question.split())[:MAX_KEYWORDS]],
    }
    above = yaml.safe_dump(front, allow_unicode=True, sort_keys=False, width=10_000)
    body = "\n".join(re.sub(r"^(\s*)[•·] ", r"\1- ", line) for line in draft.text.strip().splitlines())
    return f"---\n{above}---\n# {title}\n\n{body}\n"


def _write(file: Path, text: str) -> None:
    """The whole file or none: a reindex that comes by meanwhile must not read half a page."""
    unfinished = file.with_name(f".{file.name}.new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with unfinished.open("w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(file)
    except OSError as fault:
        with suppress(OSError):
            unfinished.unlink()
        raise ReviewError(
            f"The page cannot be written into the knowledge folder ({fault.strerror}). Let an admin give the bot the "
            "right to, or free some space, and publish again."
        ) from fault


def _see_that_it_is_live(report: Report, path: str) -> None:
    """Raises `ReviewError` where the reindex left the page out, or did not go live."""
    problem = next((one.reason for one in report.left_out if one.source == path), "")
    if problem:
        raise ReviewError(f"The page cannot be read: {problem}. Refuse the proposal and write it anew.")
    if report.trial is not None and not report.trial.passed:
        lost = "; ".join(report.trial.fell[:3])
        raise ReviewError(
            f"With this page, golden questions would no longer find theirs: {lost}. So it was not published and stays "
            "a proposal. Refuse it with that reason, or let an admin look at the questions."
        )
