"""The command line for pages that somebody proposed: `throughline knowledge proposals`."""

import json
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console

from bot import app, settings
from bot import request_wording as wording
from bot.curation import OPERATOR
from bot.errors import ReviewError
from bot.people import Owners
from bot.proposals import Proposal

out = Console(emoji=False)  # role:phone: is no telephone


def proposals(
    publish: Annotated[int | None, typer.Option(metavar="NUMBER", help="Make it a page; takes a reindex.")] = None,
    refuse: Annotated[int | None, typer.Option(metavar="NUMBER", help="Leave it out; needs --reason.")] = None,
    reason: Annotated[str, typer.Option(help="Why it is refused, for whoever wrote it.")] = "",
    as_: Annotated[str, typer.Option("--as", help="Who does it: a name or e-mail of config/people.yaml.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """List the pages that people proposed from answers, publish one, or refuse one with a reason."""
    if publish is not None and refuse is not None:
        raise ReviewError("Publish one or refuse one, not both at once. Nothing was changed.")
    house = app.build(settings.load())
    with closing(house.database):
        person, editor, now = house.directory.find(as_) if as_ else OPERATOR, house.editor, datetime.now(UTC)
        by = editor.reviewer(person, person.id)  # on the command line somebody's id is their address
        done: list[Proposal] = []
        if publish is not None:
            today = now.astimezone(house.settings.timezone).date()
            done.append(editor.publish(publish, by=by, today=today, now=now))
        if refuse is not None:
            done.append(editor.refuse(refuse, by=by, reason=reason, now=now))
        waiting = editor.waiting(by)
    if as_json:
        rows = {"decided": [_row(one) for one in done], "proposals": [_row(one) for one in waiting]}
        print(json.dumps(rows, ensure_ascii=False))  # noqa: T201 - exactly this, with nothing folded
        return
    for line in [*map(_decided, done), *_listed(waiting, house.owners)]:
        out.print(line, soft_wrap=True, highlight=False, markup=False)


def _row(one: Proposal) -> dict[str, object]:
    about = {name: value for name, value in asdict(one.draft).items() if name != "author"}
    return {
        "number": one.number,
        **about,
        "question": one.question,
        "state": one.state,
        "path": one.path,
        "decided_by": one.decided_by,
        "reason": one.reason,
        "proposed_at": one.proposed_at.isoformat(),
    }


def _decided(one: Proposal) -> str:
    if one.reason:
        return wording.refused(one.decided_by, one.draft.title, one.reason)
    return f"{wording.published(one.decided_by, one.draft.title, one.path)} {wording.ASKERS_HEAR}"


def _listed(waiting: list[Proposal], owners: Owners) -> list[str]:
    if not waiting:
        return ["No page is proposed."]
    lines: list[str] = []
    for one in waiting:
        draft, team = one.draft, owners.name(one.draft.owner) or "no team"
        lines += [
            f"{one.number}  {draft.title}",
            f"   by {draft.author_name}, for {team}, on {one.proposed_at:%Y-%m-%d}; for {draft.audience}",
            f"   asked: {one.question}",
            *(f"   | {line}" for line in draft.text.splitlines()),
        ]
    return [*lines, "Publish one with `--publish NUMBER`, or refuse it with `--refuse NUMBER --reason ...`."]
