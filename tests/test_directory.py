"""Who somebody is comes from Slack: flags, user groups and channels; what Slack does not say is not assumed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bot import doctor_people, inbox, outbox, wording
from bot.database import Database
from bot.errors import PeopleUnknown
from bot.findings import Finding
from bot.grants import Grants
from bot.handlers.border import Border
from bot.handlers.workspace.directory import MOST_PEOPLE, MOST_READERS, REMEMBERED_SECONDS, SlackDirectory
from bot.handlers.workspace.membership import Changes, Membership
from bot.handlers.workspace.remembered import Remembered
from bot.leases import Claim
from bot.people import Directory, Member
from bot.retrieval import notices
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk import WebClient
from sqlalchemy import select

from pretended_slack import PretendedSlack, serving

TEAM, ENTERPRISE = "T0TIDE", "E0TIDE"
DIRECTORY = Directory(
    roles={"admin": "", "supervisor": "", "field": ""},
    roster=(Member("Elif", "elif@tidewater.example", frozenset({"admin"}), ""),),
    partners={"fieldpro.example": "FieldPro"},
    grants=Grants({"supervisors": frozenset({"supervisor"})}, {"C0FIELD": frozenset({"field"})}),
)
OURS = {"team_id": TEAM}


def user(name: str = "u", email: str = "u@tidewater.example", **flags: object) -> dict[str, Any]:
    return {"team_id": TEAM, "profile": {"real_name": name, "email": email}, **flags}


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def server() -> Iterator[PretendedSlack]:
    with serving(PretendedSlack()) as slack:
        yield slack


@pytest.fixture
def slack(server: PretendedSlack) -> PretendedSlack:
    server.users, server.channels, server.groups = {"U1": user()}, {"C0FIELD": [], "C1": ["U1"]}, {"supervisors": []}
    server.calls.clear()
    server.fault = ""
    return server


def directory_on(slack: PretendedSlack, **others: Any) -> SlackDirectory:
    client = WebClient(token="xoxb-1", base_url=slack.api_url, retry_handlers=[])
    return SlackDirectory(client, DIRECTORY, team=TEAM, enterprise=ENTERPRISE, **others)


@pytest.fixture
def people(slack: PretendedSlack, clock: Clock) -> SlackDirectory:
    return directory_on(slack, clock=clock)


@pytest.mark.parametrize(
    ("said", "employee"),
    [
        pytest.param({}, True, id="of our team"),
        pytest.param(
            {"team_id": "T0OTHER", "enterprise_user": {"enterprise_id": ENTERPRISE}}, True, id="our enterprise"
        ),
        pytest.param({"is_admin": True, "is_owner": True}, True, id="an owner of the workspace"),
        pytest.param({"is_restricted": True}, False, id="multi-channel guest"),
        pytest.param({"is_restricted": True, "is_ultra_restricted": True}, False, id="single-channel guest"),
        pytest.param({"is_ultra_restricted": True}, False, id="only ultra restricted"),
        pytest.param({"is_stranger": True}, False, id="stranger"),
        pytest.param({"is_stranger": True, "team_id": "T0FIELD"}, False, id="Slack Connect"),
        pytest.param({"team_id": "T0FIELD"}, False, id="another team without the flag"),
        pytest.param({"team_id": "T0X", "enterprise_user": {"enterprise_id": "E0X"}}, False, id="another enterprise"),
        pytest.param({"team_id": "T0X", "enterprise_user": {}}, False, id="an enterprise without a name"),
        pytest.param({"team_id": None}, False, id="no team"),
        pytest.param({"team_id": ""}, False, id="an empty team"),
        pytest.param({"deleted": True}, False, id="deactivated"),
    ],
)
def test_only_who_is_established_as_an_employee_is_one(
    slack: PretendedSlack, people: SlackDirectory, said: dict[str, Any], employee: bool
) -> None:
    slack.users["U1"] = user(email="elif@tidewater.example", **said)
    slack.groups["supervisors"] = slack.channels["C0FIELD"] = ["U1"]
    person = people.person("U1")
    assert person.outsider != employee
    assert (person.admin, "everyone" in person.audiences) == (employee, employee)
    if not employee:
        assert person.audiences == {"public", "person:U1"}


def test_without_an_enterprise_of_ours_an_empty_one_is_not_ours(slack: PretendedSlack) -> None:
    slack.users["U1"] = user(team_id="T0X", enterprise_user={"enterprise_id": ""})
    client = WebClient(token="xoxb-1", base_url=slack.api_url, retry_handlers=[])
    assert SlackDirectory(client, DIRECTORY, team=TEAM).person("U1").outsider


def test_a_partner_is_known_by_their_address(slack: PretendedSlack, people: SlackDirectory) -> None:
    slack.users["U1"] = user(email="tomas@fieldpro.example", team_id="T0FIELD", is_stranger=True)
    assert people.person("U1").audiences == {"public", "person:U1", "partner:FieldPro"}
    assert people.person("U1").partner == "FieldPro"


FLAGS = st.fixed_dictionaries(
    {},
    optional={
        "is_restricted": st.booleans(),
        "is_ultra_restricted": st.booleans(),
        "is_stranger": st.booleans(),
        "deleted": st.booleans(),
        "is_bot": st.booleans(),
        "team_id": st.sampled_from([TEAM, "T0OTHER", "", None]),
        "enterprise_user": st.sampled_from([{}, None, {"enterprise_id": ENTERPRISE}, {"enterprise_id": "E0X"}]),
        "profile": st.fixed_dictionaries(
            {"email": st.sampled_from(["elif@tidewater.example", "jo@fieldpro.example", ""])}
        ),
    },
)


@settings(max_examples=150, deadline=None)  # each example asks a server
@given(said=FLAGS, member=st.booleans())
def test_an_outsider_never_gets_what_is_for_everyone(
    server: PretendedSlack, said: dict[str, Any], member: bool
) -> None:
    server.fault = ""
    server.users = {"U1": said, "U2": user()}
    server.groups = {"supervisors": ["U1"] if member else []}
    server.channels = {"C0FIELD": ["U1"] if member else [], "C1": ["U1", "U2"]}
    people = directory_on(server, named=lambda: frozenset({"group:supervisors", "channel:C0FIELD"}))
    person = people.person("U1")
    of_ours = said.get("team_id") == TEAM or (said.get("enterprise_user") or {}).get("enterprise_id") == ENTERPRISE
    guest = any(said.get(flag) for flag in ("is_restricted", "is_ultra_restricted", "is_stranger", "deleted"))
    if guest or not of_ours:
        assert person.audiences <= {"public", "person:U1", "partner:FieldPro"}
        assert person.roles == frozenset()
        assert said.get("is_bot") or "everyone" not in people.readers("C1")
    else:
        assert "everyone" in person.audiences
        assert ("group:supervisors" in person.audiences) == member == ("channel:C0FIELD" in person.audiences)


def test_groups_and_channels_that_are_named_give_audiences_and_roles(slack: PretendedSlack, clock: Clock) -> None:
    named = frozenset({"group:night", "channel:C1", "channel:C9", "group:gone"})
    people = directory_on(slack, clock=clock, named=lambda: named)
    slack.groups = {"supervisors": ["U1"], "night": ["U1"], "day": ["U1"]}
    slack.channels |= {"C0FIELD": ["U1"], "C2": ["U1"]}
    person = people.person("U1")
    assert person.roles == {"supervisor", "field"}
    assert person.audiences == {
        "public", "everyone", "person:U1", "group:supervisors", "group:night", "channel:C1", "channel:C0FIELD",
        "role:supervisor", "role:field",
    }  # fmt: skip
    assert slack.calls.count("usergroups.list") == 1
    assert slack.calls.count("conversations.members") == 3


def test_whoever_has_a_role_by_a_group_or_a_channel_is_found_but_no_program_and_no_guest(
    slack: PretendedSlack, people: SlackDirectory
) -> None:
    slack.users = {"U1": user(), "U2": user(is_bot=True), "U3": user(is_restricted=True), "U4": user()}
    slack.groups["supervisors"], slack.channels["C0FIELD"] = ["U4", "U1", "U2", "U3"], ["U1", "U2"]
    assert [one.id for one in people.given("supervisor")] == ["U1", "U4"]
    assert [one.id for one in people.given("field")] == ["U1"]
    slack.calls.clear()
    assert people.given("admin") == []
    assert slack.calls == []


def test_slack_is_not_asked_for_groups_and_channels_that_nobody_names(slack: PretendedSlack) -> None:
    client = WebClient(token="xoxb-1", base_url=slack.api_url, retry_handlers=[])
    SlackDirectory(client, Directory(), team=TEAM).person("U1")
    assert slack.calls == ["users.info"]


def test_everybody_shares_what_slack_said_until_it_is_old(
    slack: PretendedSlack, people: SlackDirectory, clock: Clock
) -> None:
    slack.users["U2"] = user()
    slack.channels["C0FIELD"] = slack.groups["supervisors"] = ["U2"]
    assert people.person("U2").roles == {"supervisor", "field"}
    people.person("U1")
    people.person("U2")
    assert sorted(slack.calls) == ["conversations.members", "usergroups.list", "users.info", "users.info"]
    slack.channels["C0FIELD"], slack.groups["supervisors"] = [], []
    clock.now = REMEMBERED_SECONDS
    assert people.person("U2").roles == {"supervisor", "field"}
    clock.now += 1
    assert people.person("U2").roles == frozenset()


@pytest.mark.parametrize("fault", ["internal_error", "missing_scope", "invalid_auth", "user_not_found", 500])
def test_where_slack_does_not_answer_nobody_gets_anything_and_hears_why(
    slack: PretendedSlack, people: SlackDirectory, clock: Clock, fault: str | int
) -> None:
    assert "everyone" in people.person("U1").audiences
    slack.fault = fault
    clock.now += REMEMBERED_SECONDS + 1
    for ask in (lambda: people.person("U1"), lambda: people.readers("C1")):
        with pytest.raises(PeopleUnknown, match=r"Please ask again in a minute.*throughline doctor"):
            ask()
    slack.fault = ""
    assert "everyone" in people.person("U1").audiences


def test_one_group_list_that_slack_does_not_give_is_enough(slack: PretendedSlack, people: SlackDirectory) -> None:
    slack.groups = None  # type: ignore[assignment]  # the server's own fault: it answers nothing
    with pytest.raises(PeopleUnknown):
        people.person("U1")


def test_whom_slack_does_not_name_hears_it_instead_of_an_answer(
    database: Database, slack: PretendedSlack, people: SlackDirectory
) -> None:
    slack.fault = "internal_error"
    value = {"person": "U1", "channel": "D1", "thread": "", "only_asker": True}
    with database.writing.begin() as session:
        inbox.accept(session, key="k", kind="question", conversation="D1:", value=value, now=datetime.now(UTC))
        event = inbox.take(session, Claim("here", datetime.now(UTC)))
    assert event is not None
    Border(database, {"question": lambda asked: people.person(asked.value["person"])}, wake=lambda: None)(event)
    with database.reading() as session:
        [owed] = session.scalars(select(outbox.OutboxRow)).all()
        assert owed.value == {"text": wording.PEOPLE_UNKNOWN}


def test_who_reads_a_large_channel_is_not_known(slack: PretendedSlack, people: SlackDirectory) -> None:
    slack.channels["C1"] = ["U1"] * (MOST_READERS + 1)
    assert people.readers("C1") == frozenset()
    assert slack.calls.count("users.info") == 0
    slack.channels["C2"] = ["U1"] * MOST_READERS
    assert "everyone" in people.readers("C2")


@pytest.mark.parametrize(
    ("event", "change"),
    [
        ({"type": "member_left_channel", "user": "U1", "channel": "C0FIELD"}, "channels"),
        ({"type": "channel_archive", "user": "U2", "channel": "C0FIELD"}, "channels"),
        ({"type": "channel_deleted", "channel": "C0FIELD"}, "channels"),
        ({"type": "channel_unshared", "channel": "C0FIELD"}, "channels"),
        ({"type": "subteam_members_changed", "subteam_id": "S1"}, "groups"),
        ({"type": "subteam_updated", "subteam": {"id": "S1"}}, "groups"),
        ({"type": "user_change", "user": {"id": "U1"}}, "user"),
    ],
)
def test_what_is_taken_away_is_gone_with_the_next_question_in_every_replica(
    database: Database, slack: PretendedSlack, clock: Clock, event: dict[str, Any], change: str
) -> None:
    slack.channels["C0FIELD"] = slack.groups["supervisors"] = ["U1"]
    replicas = [directory_on(slack, clock=clock, news=Changes(database).news) for _ in range(2)]
    assert all(replica.person("U1").roles == {"supervisor", "field"} for replica in replicas)
    match change:
        case "channels":
            del slack.channels["C0FIELD"]
        case "groups":
            slack.groups["supervisors"] = []
        case _:
            slack.users["U1"] = user(is_restricted=True)
    arrive(database, event)
    lost = {"channels": {"supervisor"}, "groups": {"field"}, "user": set()}[change]
    assert [replica.person("U1").roles for replica in replicas] == [lost, lost]


def test_what_others_read_is_worked_out_anew_when_one_of_them_becomes_a_guest(
    database: Database, slack: PretendedSlack, clock: Clock
) -> None:
    slack.users["U2"] = user()
    slack.channels["C1"] = ["U1", "U2"]
    people = directory_on(slack, clock=clock, news=Changes(database).news)
    assert "everyone" in people.readers("C1")
    slack.users["U2"] = user(is_restricted=True)
    assert "everyone" in people.readers("C1")
    arrive(database, {"type": "user_change", "user": {"id": "U2"}})
    calls = len(slack.calls)
    assert people.readers("C1") == {"public", "channel:C1"}
    assert slack.calls[calls:] == ["users.info"]


def test_a_redelivered_change_is_written_down_once_and_worked_off(database: Database) -> None:
    event = {"type": "member_left_channel", "user": "U1", "channel": "C1"}
    assert [arrive(database, event, number=1), arrive(database, event, number=1)] == [True, False]
    with database.writing.begin() as session:
        row = session.get(inbox.InboxRow, 1)
        assert row is not None
        row.state, row.attempts = inbox.State.TAKEN, 1
        taken = inbox.Accepted(1, row.kind, row.conversation, row.value, 1, row.received_at)
    Membership(database).close(taken)
    with database.reading() as session:
        assert session.get(inbox.InboxRow, 1).state == inbox.State.DONE  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"event": None, "event_id": "Ev1"},
        {"event": {"type": "user_change", "user": "U1"}, "event_id": "Ev1"},
        {"event": {"type": "member_left_channel", "channel": {"id": "C1"}}, "event_id": "Ev1"},
        {"event": {"type": "message", "channel": "C1"}, "event_id": "Ev1"},
        {"event": {"type": "user_change", "user": {"id": "U1"}}},
    ],
)
def test_what_is_no_change_is_left_to_others(database: Database, body: dict[str, Any]) -> None:
    assert Membership(database).read(body) is None


def test_what_is_remembered_has_a_size_and_an_age(clock: Clock) -> None:
    asked: list[str] = []

    def ask(key: str) -> str:
        asked.append(key)
        return key.upper()

    known = Remembered(ask, most=2, seconds=10, clock=clock)
    assert [known(key) for key in ("a", "b", "a", "c", "a", "b")] == ["A", "B", "A", "C", "A", "B"]
    assert asked == ["a", "b", "c", "b"]  # b was used longest ago when c came
    clock.now = 11
    known("a")
    known.forget("a")
    known("a")
    assert asked[4:] == ["a", "a"]
    assert MOST_PEOPLE >= 10 * MOST_READERS


def test_an_answer_from_before_a_change_is_not_remembered(clock: Clock) -> None:
    """Slack is asked, somebody leaves, and only then its answer comes."""
    answers = iter(["in", "out", "never asked"])
    known: Remembered[str] = Remembered(lambda _key: leaving(next(answers)), most=9, seconds=10, clock=clock)

    def leaving(answer: str) -> str:
        if answer == "in":
            known.forget("U1")
        return answer

    assert [known("U1"), known("U1"), known("U1")] == ["in", "out", "out"]


def arrive(database: Database, event: dict[str, Any], *, number: int | None = None) -> bool:
    """Write an event down as the bot that hears of it does."""
    arriving = Membership(database).read({"event": event, "event_id": f"Ev{number or id(event)}"})
    assert arriving is not None
    with database.writing.begin() as session:
        return inbox.accept(
            session,
            key=arriving.key,
            kind=arriving.kind,
            conversation=arriving.conversation,
            value=arriving.value,
            now=datetime.now(UTC),
        )


def examined(slack: PretendedSlack, wanted: dict[str, str]) -> list[Finding]:
    return list(doctor_people.examine([WebClient(token="xoxb-1", base_url=slack.api_url, retry_handlers=[])], wanted))


def test_the_doctor_looks_for_the_groups_and_channels_that_are_named(slack: PretendedSlack) -> None:
    slack.channels |= {"C1": ["UBOT"], "C0FIELD": []}
    wanted = {"group:supervisors": "config/people.yaml", "channel:C1": "returns.md"}
    assert examined(slack, wanted) == [Finding("ok", "Slack has the 1 user groups and 1 channels that are named")]
    assert examined(slack, {}) == []
    found = examined(slack, {"group:supervisor": "night.md", "channel:C9": "a notice", "channel:C0FIELD": "field.md"})
    assert [finding.state for finding in found] == ["warning"] * 3
    assert [finding.what for finding in found] == [
        "Slack has no user group @supervisor, which night.md names; nobody is in it",
        "Throughline is not in #field, which field.md names; that somebody left is known up to five minutes later",
        "Slack shows no channel C9 (channel_not_found), which a notice names; nobody counts as being in it",
    ]
    slack.fault = "missing_scope"
    [finding] = examined(slack, {"group:night": "night.md"})
    assert finding.state == "fault"
    assert "usergroups:read" in finding.remedy


def test_what_pages_and_notices_name_is_known(shelf: Any, database: Database) -> None:
    shelf.write("a.md", "---\ntitle: A\naudience: [channel:C1, everyone, role:shop]\n---\nThe key lies in locker 12.\n")
    shelf.write("b.md", "---\ntitle: B\naudience: group:night\n---\nThe night desk begins at ten.\n")
    now = datetime.now(UTC)
    assert shelf.library.audiences_named(now=now) == frozenset()
    shelf.reindex()
    assert shelf.library.audiences_named(now=now) == {"channel:C1", "group:night"}
    with database.writing.begin() as session:
        notices.post(
            session, "x", until=now + timedelta(hours=1), said="", audiences=["group:day", "public"], by="me", now=now
        )
    assert shelf.library.audiences_named(now=now) == {"channel:C1", "group:night", "group:day"}
    assert doctor_people.named_anywhere(database, DIRECTORY) == {
        "group:day": "a notice",
        "channel:C1": "a.md",
        "group:night": "b.md",
        "group:supervisors": "config/people.yaml",
        "channel:C0FIELD": "config/people.yaml",
    }
    (shelf.folder / "b.md").unlink()
    shelf.reindex()
    assert shelf.library.audiences_named(now=now + timedelta(hours=2)) == {"channel:C1"}
