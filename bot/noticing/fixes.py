"""Effects of fixes: themes of which many tickets were resolved on one day, or that are done, before and after."""

from bot.experience.cells import Across
from bot.experience.fixes import Fix, fixes
from bot.noticing.findings import Findings
from bot.noticing.seen import Seen, named
from bot.signals.effects import Verdict
from bot.signals.signal import Evidence, Kind, Number, Signal, listed, sentence
from bot.steering.roadmap import themes_done


def effects_of_fixes(seen: Seen) -> Findings:
    """Of each fix in these weeks."""
    found = Findings(Kind.EFFECT)
    if not seen.weeks:
        return found
    reading = seen.reading
    decided = themes_done(reading.session, reading.viewer, reading.world.zone)
    for fix in fixes(reading, tuple(decided.items())):
        if fix.effect.verdict is Verdict.TOO_FEW:
            found.hush(f"fixes: {fix.effect.why or 'too few reports to say more than that it may be either'}")
        else:
            found.say(min(1.0, abs(1 - (fix.effect.ratio or 0.0))), _signal(seen, fix))
    return found


def _signal(seen: Seen, fix: Fix) -> Signal:
    """Reports before and after are of tickets that enough people have."""
    one = fix.effect
    ids = tuple(named(Across.THEME, str(theme)) for theme in fix.themes)
    before, after = fix.before or 0, fix.after or 0
    weeks = len(one.touched.before), len(one.touched.after)
    of = [" of ", *listed(fix.works)] if fix.works else []
    said = (
        f" were resolved on {fix.day}: {before} reports or more in "
        f"{weeks[0]} weeks before, {after} or more in {weeks[1]} weeks after, beside {len(one.others)} works that it "
        "does not touch"
    )
    return Signal(
        kind=Kind.EFFECT,
        verdict=one.verdict.value,
        where=(*ids, *fix.works),
        parts=sentence(*listed(ids), f" {one.verdict.value} after {fix.tickets} tickets", *of, said),
        evidence=(Evidence("ticket", tuple(map(str, fix.evidence))),),
        numbers=(
            Number("ratio of ratios", one.ratio, before + after, "reports", one.low, one.high),
            Number("before", before, weeks[0], "weeks"),
            Number("after", after, weeks[1], "weeks"),
            Number("tickets resolved that day", fix.tickets, fix.tickets, "tickets"),
            one.apart,
        ),
        period=seen.period(fix.week + weeks[1]),
    )
