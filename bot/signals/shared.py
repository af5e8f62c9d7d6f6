"""Shared issues: a theme of employees and complaints of customers that meet on the map."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.signals.companions import Companions
from bot.signals.lags import Correlation
from bot.signals.recalibration import Precision, recalibrated
from bot.signals.signal import Evidence, Kind, Number, Period, Signal, sentence, thing
from bot.signals.walk import Way

# Of the way on the map, the words, the weeks and the customers: experience.md (c), step 5.
WEIGHTS = (0.30, 0.35, 0.15, 0.60)
# More matched complaints than this do not make it likelier.
ENOUGH_MATCHED = 5
LISTED, POSSIBLE = 0.5, 0.3


class Standing(StrEnum):
    SHARED = "shared issue"
    POSSIBLE = "possible"
    NOT_LISTED = "not listed"


@dataclass(frozen=True, slots=True)
class Matched:
    """A complaint that says what the touchpoint's symptoms say, with its likeness (`csls.likeness`)."""

    id: str
    likeness: float


@dataclass(frozen=True, slots=True)
class SharedIssue:
    """`evidence` are e1 to e4, None for what nobody can know; `before` is the score without triagers' verdicts."""

    theme: str
    touchpoint: str
    way: Way
    reports: tuple[str, ...]
    matched: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    evidence: tuple[float, float, float | None, float | None]
    before: float
    score: float
    weeks: int
    confirmed: int
    denied: int

    @property
    def standing(self) -> Standing:
        if self.score >= LISTED:
            return Standing.SHARED
        return Standing.POSSIBLE if self.score >= POSSIBLE else Standing.NOT_LISTED

    def signal(self, period: Period) -> Signal:
        on_the_map, words, together, customers = self.evidence
        say = f"{len(self.matched)} complaints say so" if self.matched else "no complaint says so"
        contacts = len({contact for _, contact in self.pairs})
        same = f"; {contacts} contacts of the same customers within 14 days" if contacts else ""
        return Signal(
            kind=Kind.SHARED_ISSUE,
            verdict=self.standing.value,
            where=(self.theme, *self.way.passed),
            parts=sentence(
                thing(self.theme),
                " appears together with complaints at ",
                thing(self.touchpoint),
                f": {len(self.reports)} reports, {say}{same}",
            ),
            evidence=(
                Evidence("report", self.reports),
                Evidence("complaint", self.matched),
                Evidence("contact of the same customer", tuple(dict.fromkeys(contact for _, contact in self.pairs))),
            ),
            numbers=(
                Number("score", self.score, self.confirmed + self.denied, "verdicts"),
                Number("score by evidence alone", self.before, sum(e is not None for e in self.evidence), "evidences"),
                Number("way on the map", on_the_map, len(self.way.passed), "steps"),
                Number("words", words, len(self.matched), "complaints"),
                Number("weeks", together, self.weeks, "weeks", why="" if together is not None else "under 26 weeks"),
                Number(
                    "same customers",
                    customers,
                    contacts,
                    "contacts",
                    why="" if customers is not None else "reports name too few customers",
                ),
            ),
            period=period,
        )


def score(evidence: Sequence[float | None]) -> float:
    """S = 1 - prod(1 - w e) over e1 to e4 with weights .30, .35, .15, .60; None is skipped, it is not 0.

    Source: experience.md (c), step 5.
    """
    left = 1.0
    for weight, strength in zip(WEIGHTS, evidence, strict=True):
        left *= 1 - weight * (strength or 0.0)
    return 1 - left


def shared_issue(
    theme: str,
    touchpoint: str,
    *,
    way: Way,
    reports: Sequence[str],
    complaints: Sequence[Matched],
    precision: Precision,
    correlation: Correlation | None = None,
    companions: Companions | None = None,
    weeks: int = 0,
    confirmed: int = 0,
    denied: int = 0,
) -> SharedIssue:
    """The score of one theme and one touchpoint that `walk.ways` finds.

    e1 the weight of the way; e2 = min(1, matched / 5) x how often such matches are right, matched the complaints at
    least as like as the calibrated threshold; e3 the correlation, 0 where chance would do as much; e4 what chance does
    not explain of the contacts of the same customers. `complaints` are those at the touchpoint with their likeness,
    `confirmed` and `denied` what triagers said of this very issue.
    """
    least = precision.threshold
    matched = [one for one in complaints if least is not None and one.likeness >= least]
    right = sum(precision.of(one.likeness) for one in matched) / len(matched) if matched else 0.0
    evidence = (
        way.weight,
        min(1.0, len(matched) / ENOUGH_MATCHED) * right,
        None if correlation is None else max(0.0, correlation.rho) * correlation.together,
        None if companions is None else companions.strength,
    )
    before = score(evidence)
    return SharedIssue(
        theme=theme,
        touchpoint=touchpoint,
        way=way,
        reports=tuple(reports),
        matched=tuple(one.id for one in sorted(matched, key=lambda one: (-one.likeness, one.id))),
        pairs=companions.pairs if companions else (),
        evidence=evidence,
        before=before,
        score=recalibrated(before, confirmed=confirmed, denied=denied),
        weeks=correlation.weeks if correlation else weeks,
        confirmed=confirmed,
        denied=denied,
    )


def listed(issues: Sequence[SharedIssue]) -> list[SharedIssue]:
    """Shared and possible ones, the likeliest first."""
    found = [issue for issue in issues if issue.standing is not Standing.NOT_LISTED]
    return sorted(found, key=lambda issue: (-issue.score, issue.theme, issue.touchpoint))
