"""What admins ask of the knowledge and of delivery, as summaries."""

from collections.abc import Sequence
from datetime import tzinfo

from bot import deadlines, verdict_wording, wording
from bot.curation import StandingNotice, State, UsedPage
from bot.deadletters import DeadLetter, Deliveries
from bot.gaps import GapGroup
from bot.people import Owners
from bot.proposals import Proposal
from bot.retrieval import languages
from bot.retrieval.conflicts import Conflict
from bot.retrieval.reindexing import Report, Step, Trial
from bot.summaries.summary import SHOWN, Act, Item, Summary, listed
from bot.unhelpful import UnhelpfulPage

# Of what was said of one page; `throughline knowledge feedback` prints all of it.
SAID_LAST = 3

# What the steps of a reindex are called to the person who waits for it.
_PHASES = {
    "reading": "Reading pages",
    "embedding": "Learning what passages mean",
    "comparing": "Looking for pages that disagree",
    "weighing": "Looking for pages that disagree",
    "examining": "Asking the golden questions",
}


def status(state: State, *, zone: tzinfo | None) -> Summary:
    live = state.live
    if live is None:
        return Summary("Nothing is indexed yet.", foot="Type `/knowledge reindex` to index the knowledge folder.")
    lines = [
        Item(
            f"{live.documents} pages in {live.passages} passages",
            (f"in {', '.join(languages.NAMES.get(code, code) for code in live.languages)}",),
        ),
        Item(f"Generation {live.generation}", (f"built {deadlines.said(live.built_at, zone=zone)}",)),
        Item(
            f"{wording.count(state.stale, 'page')} past review or unverified for half a year",
            act=_see("stale") if state.stale else None,
        ),
        Item(
            f"{wording.count(state.gaps, 'question')} that nothing answered", act=_see("gaps") if state.gaps else None
        ),
        *(
            Item(f"Withdrawn: {page.source}", (f"by {page.by}{f': {page.reason}' if page.reason else ''}",))
            for page in state.withdrawn[:SHOWN]
        ),
        *map(_notice, state.notices[:SHOWN]),
    ]
    return Summary("The knowledge", tuple(lines), foot="`/knowledge help` lists what you can do.")


def notices(found: Sequence[StandingNotice]) -> Summary:
    if not found:
        return Summary(
            "No notice stands now.", foot="`/knowledge notice Orion is down, use the paper form, until 15:00`"
        )
    return listed("Notices that stand now", list(map(_notice, found)))


def stale(found: Sequence[UsedPage]) -> Summary:
    if not found:
        return Summary("No page is past its review date or unverified for half a year.")
    return listed(
        "Pages to look after, most used first",
        [
            Item(
                one.page.title,
                (
                    _standing(one),
                    f"{one.page.source} · in {wording.count(one.used, 'answer')} of the last 90 days",
                ),
                Act("Verified today", f"verify {one.page.source}"),
            )
            for one in found
        ],
        foot="Read a page before you say that it is verified: its age counts from then.",
    )


def gaps(found: Sequence[GapGroup], *, zone: tzinfo | None) -> Summary:
    if not found:
        return Summary("No question was left without an answer.")
    return listed(
        "What nothing answered, most asked first",
        [
            Item(
                group.question,
                (
                    _asked(group, zone),
                    *((f"Closest: {'; '.join(title for _, title in group.closest)}",) if group.closest else ()),
                ),
            )
            for group in found
        ],
        foot="Write or mend a page, then `/knowledge reindex`.",
    )


def conflicts(found: Sequence[Conflict], *, owners: Owners) -> Summary:
    if not found:
        return Summary("No two pages are known to disagree.")
    items = []
    for conflict in found:
        first, *sides = wording.conflict(
            conflict, [owners.name(side.owner) for side in (conflict.first, conflict.second)]
        )
        items.append(Item(first, tuple(side.strip() for side in sides)))
    return listed("Pages that disagree", items, foot="Mend one of the two pages, then `/knowledge reindex`.")


def feedback(found: Sequence[UnhelpfulPage], *, owners: Owners, zone: tzinfo | None) -> Summary:
    """The pages whose answers did not help, each with what was said last."""
    if not found:
        return Summary(verdict_wording.NO_FEEDBACK)
    return listed(
        "Pages whose answers did not help",
        [
            Item(
                verdict_wording.unhelpful_page(page, owners.name(page.owner)),
                tuple(verdict_wording.unhelpful(one, zone=zone) for one in page.verdicts[:SAID_LAST]),
                Act("It is right: verified today", f"verify {page.source}") if page.open else None,
            )
            for page in found
        ],
        foot=verdict_wording.FEEDBACK_FOOT,
    )


def step(at: Step) -> str:
    """How far a reindex is, in a line."""
    said = _PHASES.get(at.phase, at.phase.capitalize())
    return f"{said}: {at.done} of {at.total}" if at.total else said


def reindexed(report: Report, *, seconds: float) -> Summary:
    """What a reindex did."""
    problems = [
        Item(f"{what}: {problem.source}", (problem.reason,))
        for what, found in (("Left out", report.left_out), ("Please look at", report.remarks))
        for problem in found
    ]
    if report.trial and not report.trial.passed:
        return listed("The earlier pages go on answering", [*_fallen(report.trial), *problems], foot=_REFUSED)
    counts = {"added": len(report.added), "changed": len(report.changed), "removed": len(report.removed)}
    changed = ", ".join(f"{number} {what}" for what, number in {**counts, "unchanged": report.unchanged}.items())
    changes = Item(f"{report.documents} pages, {report.passages} passages, in {seconds:.0f} s", (changed,))
    golden = (
        [Item(f"{report.trial.found} of {report.trial.asked} golden questions find their page")]
        if report.trial and report.trial.asked
        else []
    )
    disagree = (
        [Item(f"{wording.count(len(report.conflicts), 'pair')} of pages disagree", act=_see("conflicts"))]
        if report.conflicts
        else []
    )
    fallen = _fallen(report.trial) if report.trial else []
    return listed("Reindexed", [changes, *golden, *disagree, *fallen, *problems])


_REFUSED = (
    "Golden questions would no longer find their page. Mend the pages or questions.csv and reindex again; to take it "
    "all the same, run `throughline reindex --accept`."
)


def proposed(found: Sequence[Proposal], *, owners: Owners) -> Summary:
    """The pages that somebody could decide on."""
    if not found:
        return Summary("No proposed page waits for you.")
    return listed(
        "Pages that people proposed",
        [
            Item(
                f"{one.number}: {one.draft.title}",
                (f"by {one.draft.author_name} for {owners.name(one.draft.owner) or 'no team'} · from: {one.question}",),
            )
            for one in found
        ],
        foot="Publish or refuse by the buttons below it in the team's channel, or on the command line.",
    )


def undelivered(standing: Deliveries, letters: Sequence[DeadLetter], *, zone: tzinfo | None) -> Summary:
    """How delivery stands, and what Slack did not take."""
    stopped = [Item("Nothing is sent just now", (standing.closed.reason,))] if standing.closed else []
    waiting = (
        [
            Item(
                f"{wording.count(standing.waiting, 'message')} on the way",
                (f"the oldest since {wording.moment(standing.oldest.astimezone(zone))}",),
            )
        ]
        if standing.oldest
        else []
    )
    dead = [
        Item(
            f"{letter.number}: {letter.kind} to {letter.where}",
            (f"{letter.reason} · {wording.moment(letter.owed_at.astimezone(zone))}",),
            Act("Send again", f"replay {letter.number}"),
        )
        for letter in letters
    ]
    title = "Messages that Slack did not take" if dead else "Everything that was owed is delivered or on its way"
    foot = "Mend the cause first: a channel may be archived, or the bot not in it." if dead else ""
    return listed(title, [*stopped, *waiting, *dead], foot=foot)


def _standing(one: UsedPage) -> str:
    said = [one.owner or "no owner", f"verified {one.page.verified or 'never'}"]
    return " · ".join([*said, *([f"review was due {one.page.review_by}"] if one.page.overdue else [])])


def _asked(group: GapGroup, zone: tzinfo | None) -> str:
    people, times = wording.count(group.askers, "person", "people"), wording.count(group.times, "time")
    said = [f"{people}, {times}, last on {wording.day(group.last_asked.astimezone(zone).date())}"]
    return " · ".join([*said, *([group.owner] if group.owner else [])])


def _fallen(trial: Trial) -> list[Item]:
    return [Item(f"No longer finds its page: {question}") for question in trial.fell]


def _notice(one: StandingNotice) -> Item:
    return Item(
        f"Notice {one.notice.number}: {one.notice.text}",
        (f"until {one.notice.said} · for {', '.join(one.audiences)} · by {one.by}",),
        Act("End it", f"end {one.notice.number}"),
    )


def _see(command: str) -> Act:
    return Act("Show", command)
