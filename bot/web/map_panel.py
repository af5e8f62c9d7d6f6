"""What stands beside the map: a cell in customers' words and in employees', what lies beneath, whose it is."""

from collections import Counter

from sqlalchemy.orm import Session

from bot import friction_wording
from bot.experience.finding import OPEN_ONES, Wanted, found, themes_at, what_worked
from bot.experience.mapped import Part, questions, touchpoints_of
from bot.experience.phrases import phrases
from bot.experience.picture import Cell
from bot.experience.reading import Reading
from bot.friction import ranking
from bot.friction.acting import Resolution
from bot.steering import roadmap
from bot.steering.steerers import may_steer
from bot.telling_wording import RESOLUTIONS
from bot.web import deciding
from bot.web.site import Site

MOST_TICKETS = 5
MOST_PHRASES = 6
MOST_WORKED = 5
# Of so many of the newest those of few people are left out.
_LOOKED_AT = 50
MOST_QUESTIONS = 10


def shown(site: Site, session: Session, reading: Reading, cell: Cell, part: Part) -> dict[str, object]:
    """What its template needs."""
    map_, viewer = site.map(), reading.viewer
    work = list(dict.fromkeys(one.id for id_ in cell.touchpoints for one in map_.serving(id_)))
    tickets = [
        one
        for id_ in work
        for one in found(session, Wanted(touchpoint=id_, state=OPEN_ONES, place=part.place), viewer=viewer)
        if part.partner in {"", one.partner}
    ]
    worked = [
        one
        for one in what_worked(session, work, viewer=viewer, most=_LOOKED_AT)
        if one.weight.people and part.partner in {"", one.partner}
    ]
    owners = dict.fromkeys(map_.owner_of(id_) for id_ in (*cell.touchpoints, *work))
    of_part = [id_ for id_ in cell.touchpoints if touchpoints_of(map_, part)(id_)]
    stands = roadmap.stands(session, viewer)
    return {
        "work": [(id_, map_.name_of(id_)) for id_ in work],
        # Words of fewer than five people would say who they are.
        "tickets": [one for one in sorted(tickets, key=ranking.hottest_first) if one.weight.people][:MOST_TICKETS],
        "ticket_count": len(tickets),
        "worked": [(one, RESOLUTIONS[Resolution(one.resolution)]) for one in worked[:MOST_WORKED]],
        "zone": site.zone,
        "weight": friction_wording.weight,
        "owners": [site.owners.name(team) for team in owners if team],
        "retiring": [tool for id_ in cell.tools if (tool := map_.tools[id_]).retiring_on],
        "said": phrases(reading, of_part, place=part.place) if cell.complaints else None,
        "most_phrases": MOST_PHRASES,
        "asked_here": _questions(reading, cell) if viewer.person.admin and cell.gaps else [],
        "themes": [
            (number, label, count, stands.get(roadmap.of_theme(number)))
            for number, label, count in themes_at(session, work, viewer=viewer)
        ],
        "plan": [(lane.value, deciding.NAMES[lane]) for lane in deciding.PLANNED],
        "may_steer": may_steer(viewer),
    }


def _questions(reading: Reading, cell: Cell) -> list[tuple[str, int]]:
    """Shown to admins alone, as in Slack. One that is about two touchpoints of the cell counts once."""
    every = questions(reading.session, reading.world.map, since=reading.since, until=reading.until)
    here: Counter[str] = Counter()
    for id_ in cell.touchpoints:
        for question, times in every.get(id_, {}).items():
            here[question] = max(here[question], times)
    return sorted(here.items(), key=lambda one: (-one[1], one[0]))[:MOST_QUESTIONS]
