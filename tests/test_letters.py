"""What stands in a digest to one reader, and which alerts are told, to whom, how often: of rows put in by hand."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from bot.database import Database
from bot.errors import NotAllowed
from bot.experience.touched import Touched, touched
from bot.experience.viewers import Viewer
from bot.experience.weeks import Week, last_weeks, week_of
from bot.experience.world import World
from bot.friction.tables import TicketRow
from bot.grants import Grants
from bot.handlers.letters import cards
from bot.handlers.letters.readers import Readers
from bot.handlers.letters.writing import is_time
from bot.handlers.workspace.addressees import Addressees
from bot.handlers.workspace.channels import SlackChannels
from bot.handlers.workspace.directory import SlackDirectory
from bot.letters.alerts import Alert, alerts
from bot.letters.digest import letter
from bot.letters.telling import MOST_A_DAY, forget_old, to_tell
from bot.people import Directory, Member, Owners, Team
from bot.routing.tables import RouteRow
from bot.touchpoints.model import Targets
from bot.working_time import Calendar

from noticing.planted_company import LEAD, MAP, TODAY, Company, when
from noticing.planted_pages import asked, page, pages_are_live
from quiet_slack import QuietSlack, Somebody

BILL, CHAT, RETURN = "cx.phone.billing_question", "cx.chat.support", "ex.store.equipment_return"
BROUGHT = "cx.store.equipment_return"
EVERYONE = frozenset({"everyone"})
OWNER = Viewer("Jonas", EVERYONE, frozenset({"billing-it"}))
WEEK = week_of(TODAY.date()).previous
WORLD = World(MAP, zone=UTC, routes=RouteRow.__table__)
WEEKS = 14


@pytest.fixture
def company(database: Database) -> Iterator[Company]:
    with database.of("T0").writing.begin() as session:
        yield Company(session)


def typed_twice(company: Company, customers: int) -> None:
    """A ticket of Billing IT about Orion, of six people, two of whose reports name customers; complaints of others."""
    number = company.ticket(
        None, RETURN, when(0), tools=["orion"], people=6, customers=[company.customer() for _ in range(2)]
    )
    company.session.get_one(TicketRow, number).team = "billing-it"
    company.contacts(BROUGHT, when(0, 1), many=customers - 2)
    company.contacts(BROUGHT, when(2), many=9)  # of another week
    company.contacts(CHAT, when(0), many=9)  # where nothing of theirs is open
    company.session.flush()


def test_owners_read_how_many_customers_their_troubles_reached(company: Company) -> None:
    typed_twice(company, 7)
    assert touched(company.reading(4), frozenset({"billing-it"})) == Touched(1, (), 0)  # of the running week
    found = letter(company.session, WEEK, WORLD, viewer=OWNER, now=TODAY)
    assert found is not None
    assert found.reached == (
        "What your teams answer for (1 ticket) reached 7 customers last week. Complaints where that is: "
        f"{MAP.name_of(BROUGHT)} (5)."
    )
    assert "Return or leave" in found.sentences[1]
    lead = letter(company.session, WEEK, WORLD, viewer=LEAD, now=TODAY)
    assert lead == replace(found, reached="")


def test_owners_read_which_of_their_pages_are_late_the_most_used_first_and_others_of_none(company: Company) -> None:
    def of(viewer: Viewer) -> str:
        found = letter(company.session, WEEK, WORLD, viewer=viewer, now=TODAY)
        return found.pages if found else "no letter"

    pages_are_live(company.session)
    page(company, "fresh.md", owner="billing-it", review_by=TODAY.date())
    page(company, "theirs.md", owner="returns", review_by=TODAY.date() - timedelta(days=9))
    assert of(OWNER) == "no letter", "nothing happened, and nothing of theirs is late"
    for days, name in ((20, "old.md"), (1, "used.md"), (30, "older.md"), (10, "newer.md")):
        page(company, name, owner="billing-it", review_by=TODAY.date() - timedelta(days=days))
    asked(company, "How much?", ["U1", "U2"], quotes="used.md")
    assert of(OWNER) == (
        "4 pages of your teams are late for a review: used.md (1 day, 2 answers quoted it lately), older.md (30 days), "
        "old.md (20 days), and 1 more."
    )
    assert of(LEAD) == "no letter", "the week was quiet, and a lead without a team has no pages"
    typed_twice(company, 7)
    assert of(LEAD) == ""


def test_a_letter_shows_late_pages_below_what_reached_customers_and_one_from_before_has_none() -> None:
    value = {"title": "T", "sentences": ["a"], "alt": "", "reached": "R", "address": "", "cell": "", "team": ""}
    shown = [block["text"]["text"] for block in cards.letter({**value, "pages": "P"}).blocks if "text" in block]
    assert shown[:4] == ["T", "a", "R", "P"]
    assert "P" not in str(cards.letter(value).blocks)


def test_four_customers_are_not_counted_out(company: Company) -> None:
    typed_twice(company, 4)
    found = letter(company.session, WEEK, WORLD, viewer=OWNER, now=TODAY)
    assert found is not None
    assert "reached fewer than five customers" in found.reached


def test_what_four_people_lose_is_in_no_sentence_and_in_no_picture(company: Company) -> None:
    company.ticket(None, RETURN, when(0), tools=["orion"], people=4, minutes=60)
    found = letter(company.session, WEEK, WORLD, viewer=LEAD, now=TODAY)
    assert found is not None
    assert found.spec is None
    assert "Too few people" in found.sentences[0]
    assert " h a week" not in " ".join(found.sentences)


def test_a_week_without_anything_is_no_digest_and_others_are_refused(company: Company) -> None:
    assert letter(company.session, WEEK, WORLD, viewer=LEAD, now=TODAY) is None
    with pytest.raises(NotAllowed):
        letter(company.session, WEEK, WORLD, viewer=Viewer("Femi", EVERYONE), now=TODAY)


def test_a_spike_of_its_own_and_a_target_missed_three_weeks_are_alerts(company: Company) -> None:
    for back in range(WEEKS):
        company.contacts(BILL, when(back), many=30 if back == 0 else 4)
        company.contacts(CHAT, when(back), many=10)
        company.contacts(BROUGHT, when(back))  # one complaint of one contact is no alert
        company.contacts(CHAT, when(back, 1), many=10 if back < 3 else 40, complaint=False)
    company.session.flush()
    aimed = {**MAP.cx, CHAT: replace(MAP.cx[CHAT], targets=Targets(complaints_per_1000=300))}
    aimed[BROUGHT] = replace(MAP.cx[BROUGHT], targets=Targets(complaints_per_1000=300))
    bare = {id_: one if id_ in (CHAT, BROUGHT) else replace(one, targets=Targets()) for id_, one in aimed.items()}
    map_ = type(MAP)(MAP.stages, MAP.channels, MAP.tools, MAP.partners, bare, MAP.ex, MAP.declared)
    reading = company.reading(WEEKS)
    reading.world = replace(WORLD, map=map_)
    reading = type(reading)(
        company.session, last_weeks(WEEKS, until=WEEK), reading.world, viewer=LEAD, now=WEEK.end(UTC)
    )
    found = {one.thing: one for one in alerts(reading)}
    assert set(found) == {f"spike:{BILL}", f"target:{CHAT}:complaints_per_1000"}
    spike, target = found.values()
    assert "30 in the last week, usually 4.0" in spike.words
    assert "billing-policy" in spike.teams | {MAP.cx[BILL].owner}
    assert spike.path.startswith("/map?cell=phone.")
    assert (
        "missed its target 3 weeks in a row: complaints 500.0 in a thousand contacts in the last one (n = 20 contacts)"
        in target.words
    )
    assert (target.path, target.teams) == ("/targets", {MAP.cx[CHAT].owner})


def alert(thing: str) -> Alert:
    return Alert(thing, f"{thing} rose", "", frozenset())


def told(company: Company, *things: str, week: Week = WEEK, now: datetime = TODAY, person: str = "U1") -> list[str]:
    standing = [alert(one) for one in things]
    return [one.thing for one in to_tell(company.session, person, standing, week=week, now=now, zone=UTC)]


@pytest.mark.each_engine
def test_an_alert_is_told_once_while_it_goes_on_and_again_after_it_was_over(company: Company) -> None:
    later = TODAY + timedelta(days=7)
    assert told(company, "a", "b") == ["a", "b"]
    assert told(company, "a") == []
    assert told(company, "a", "b") == []  # it came and went within the week, as rows were corrected
    assert told(company, "a", person="U2") == ["a"]
    assert told(company, "a", week=WEEK.following, now=later) == []  # b is over
    last = WEEK.following.following
    assert told(company, "a", "b", week=last, now=later + timedelta(days=7)) == ["b"]
    forget_old(company.session, now=TODAY + timedelta(days=65))
    assert told(company, "a", "b", week=last, now=later + timedelta(days=8)) == []  # they went on lately
    assert told(company, "a", week=last, now=later, person="U2") == ["a"]  # U2 was looked at no more


def test_more_than_a_few_messages_a_day_wait_for_the_next_and_are_one(company: Company) -> None:
    for number in range(MOST_A_DAY):
        now = TODAY + timedelta(hours=number)
        assert told(company, *map(str, range(number + 1)), now=now) == [str(number)]
    evening, all_ = TODAY + timedelta(hours=8), tuple(map(str, range(MOST_A_DAY + 2)))
    assert told(company, *all_, now=evening) == []
    assert told(company, *all_, now=evening + timedelta(days=1)) == ["3", "4"]


def test_of_very_many_alerts_ten_are_shown_and_the_page_has_the_rest() -> None:
    things = [{"words": f"{number} rose", "path": f"/themes/{number}"} for number in range(40)]
    shown = cards.alerts({"things": things, "address": "http://page"})
    assert len(shown.blocks) <= 50
    assert "And 30 more. <http://page/signals" in str(shown.blocks)
    assert "signals" not in str(cards.alerts({"things": things, "address": ""}).blocks)


@pytest.mark.parametrize(
    ("at", "time_for_it"),
    [
        (datetime(2026, 11, 23, 8, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 23, 9, tzinfo=UTC), True),
        (datetime(2026, 11, 23, 18, tzinfo=UTC), False),  # nobody is at work
        (datetime(2026, 11, 24, 10, tzinfo=UTC), True),
        (datetime(2026, 11, 26, 10, tzinfo=UTC), False),  # in the middle of another week's work
        (datetime(2026, 12, 28, 10, tzinfo=UTC), False),  # closed
        (datetime(2026, 12, 29, 9, tzinfo=UTC), True),
    ],
)
def test_it_goes_out_on_the_first_working_morning_of_the_company(at: datetime, time_for_it: bool) -> None:
    calendar = Calendar(closed=frozenset({date(2026, 12, 28)}), zone=UTC)
    assert is_time(at, week_of(at.date()), calendar, UTC) is time_for_it


class WithGroup(QuietSlack):
    def usergroups_list(self, **_: object) -> dict[str, Any]:
        return {"usergroups": [{"handle": "leads", "users": ["ULEA", "UGUEST"], "date_delete": 0}]}


def test_readers_are_owners_and_leads_also_those_whom_a_group_makes_one_and_no_guest() -> None:
    slack = WithGroup()
    for user, *flags in (("ULEA",), ("USAM",), ("UFEMI",), ("UGUEST", "is_restricted")):
        slack.people[user] = Somebody(user, user, f"{user.lower()}@tidewater.example", "T0", set(flags))
    roster = tuple(Member(one, f"{one.lower()}@tidewater.example", frozenset(), "") for one in ("USAM", "UFEMI"))
    directory = Directory(roles={"lead": ""}, roster=roster, grants=Grants({"leads": frozenset({"lead"})}))
    owners = Owners({"it": Team("it", "IT", "", ("usam@tidewater.example", "uguest@tidewater.example"))})
    people = SlackDirectory(slack, directory, team="T0")  # type: ignore[arg-type]  # in its place
    channels = SlackChannels(slack)  # type: ignore[arg-type]  # as above
    readers = Readers(Addressees(channels, people, people=directory), people, owners=owners)
    assert [(one.person.id, one.leads, set(one.viewer.teams)) for one in readers.all()] == [
        ("ULEA", True, set()),
        ("USAM", False, {"it"}),
    ]
    assert not readers.reads(people.person("UFEMI"))
