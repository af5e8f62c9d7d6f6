"""What a reindex did, and what people said of pages, as it is printed."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import tzinfo
from pathlib import Path
from typing import Any

from rich.console import Console

from bot import verdict_wording, wording
from bot.people import Owners
from bot.retrieval.conflicts import Conflict
from bot.retrieval.reindexing import Report, Trial
from bot.unhelpful import UnhelpfulPage

SHOWN = 20


def as_json(report: Report) -> dict[str, Any]:
    """The last of the lines that `reindex --json` prints."""
    return {"phase": "done", **asdict(report)}


def show_plan(report: Report, folder: Path, *, to: Console) -> None:
    """What a reindex would do."""
    _say(to, f"Nothing was written. A reindex of {folder} would embed {report.embedded} passages: {_changes(report)}.")
    for what, sources in (("Add", report.added), ("Change", report.changed), ("Remove", report.removed)):
        _listed(to, what, sources)
    _problems(report, to=to)


def show(report: Report, folder: Path, *, owners: Owners, seconds: float, to: Console) -> None:
    """What a reindex did."""
    if report.trial and not report.trial.passed:
        _refused(to, report.trial)
    else:
        _say(
            to,
            f"Indexed {report.documents} pages, {report.passages} passages from {folder} in {seconds:.1f} s: "
            f"{_changes(report)}, {report.embedded} passages embedded.",
        )
        if report.trial and report.trial.asked:
            _say(to, f"{report.trial.found} of {report.trial.asked} golden questions find their page.")
            _listed(to, "No longer finds its page", report.trial.fell)
    _problems(report, to=to)
    disagreeing(report.conflicts[:SHOWN], owners=owners, to=to)
    if len(report.conflicts) > SHOWN:
        _say(to, f"  {len(report.conflicts) - SHOWN} more: `throughline knowledge conflicts`")


def disagreeing(conflicts: Sequence[Conflict], *, owners: Owners, to: Console) -> None:
    """Pages that disagree, each with both sentences, where they stand, and whom to ask."""
    for conflict in conflicts:
        for line in wording.conflict(conflict, [owners.name(side.owner) for side in (conflict.first, conflict.second)]):
            _say(to, f"  {line}")


def unhelpful(pages: Sequence[UnhelpfulPage], *, owners: Owners, zone: tzinfo | None, to: Console) -> None:
    """Pages whose answers did not help, each with what was said."""
    for page in pages:
        _say(to, f"{page.source}: {verdict_wording.unhelpful_page(page, owners.name(page.owner))}")
        for verdict in page.verdicts:
            _say(to, f"  {verdict_wording.unhelpful(verdict, zone=zone)}")
    _say(to, f"{verdict_wording.FEEDBACK_FOOT} `throughline knowledge verify PAGE`")


def _changes(report: Report) -> str:
    return (
        f"{len(report.added)} added, {len(report.changed)} changed, {len(report.removed)} removed, "
        f"{report.unchanged} unchanged"
    )


def _problems(report: Report, *, to: Console) -> None:
    _listed(to, "Touchpoint map", report.map_changes)
    for what, problems in (("Left out", report.left_out), ("Please look at", report.remarks)):
        _listed(to, what, tuple(f"{problem.source}: {problem.reason}" for problem in problems))


def _refused(to: Console, trial: Trial) -> None:
    _say(
        to,
        f"The earlier state goes on answering: {len(trial.fell)} of {trial.asked} golden questions would no longer "
        "find their page. Mend the pages or questions.csv, or run `throughline reindex --accept` to take it anyway.",
    )
    _listed(to, "No longer finds its page", trial.fell)


def _listed(to: Console, what: str, lines: tuple[str, ...]) -> None:
    for line in lines[:SHOWN]:
        _say(to, f"  {what}: {line}")
    if len(lines) > SHOWN:
        _say(to, f"  {what}: {len(lines) - SHOWN} more")


def _say(to: Console, line: str) -> None:
    to.print(line, soft_wrap=True, highlight=False, markup=False)
