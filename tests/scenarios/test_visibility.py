"""Never leaked: what each person sees where not everybody may read the same pages.

harbour-street holds staff only, fieldpro-shared an installer of another company, lobby a guest, and supervisors one
supervisor with an admin.
"""

from collections.abc import Callable

import pytest
from bot import request_wording, wording

from offices import Office

VISITOR_PAGE = """---
title: Visitor network
audience: public
owner: customer-care
---
Visitors connect to the network TideGuest. The password of the day is on the screen behind the reception desk.
"""
STAFF_PAGE = """---
title: Staff parking
owner: retail-operations
---
Employees park on deck 3 of the Foundry garage. The barrier opens with the badge until a quarter to nine.
"""
INSTALLER_PAGE = """---
title: Loading bay for installers
audience: "partner:FieldPro"
owner: field-operations
---
Installers load their vans at bay 7 behind the Mill Road depot. The code of the gate changes each Monday.
"""
SUPERVISOR_PAGE = """---
title: Write-off ceiling
audience: role:supervisor
owner: billing-policy
---
A supervisor may write off an unpaid balance of up to $90 per account, once a year.
"""
PAGES = {
    "visitors.md": VISITOR_PAGE,
    "parking.md": STAFF_PAGE,
    "bay.md": INSTALLER_PAGE,
    "ceiling.md": SUPERVISOR_PAGE,
}
VISITOR_QUESTION = "What is the password of the network for visitors?"
STAFF_QUESTION = "On which deck of the garage do employees park?"
INSTALLER_QUESTION = "At which bay do installers load their vans?"
SUPERVISOR_QUESTION = "Up to which unpaid balance may a supervisor write off?"
STAFF = {"U0MAYA", "U0SAM", "U0JONAS", "U0ELIF", "U0RUTH", "U0NIAMH", "U0FEMI"}


@pytest.fixture(scope="module")
def office(office_with: Callable[[dict[str, str]], Office]) -> Office:
    return office_with(PAGES)


@pytest.mark.parametrize(
    ("asker", "channel", "question", "words", "title"),
    [
        pytest.param("U0MAYA", "C0LOBBY", STAFF_QUESTION, "deck 3", "Staff parking", id="an employee beside a guest"),
        pytest.param("U0MAYA", "C0FIELD", STAFF_QUESTION, "deck 3", "Staff parking", id="an employee beside a partner"),
        pytest.param("U0TOMAS", "C0FIELD", INSTALLER_QUESTION, "bay 7", "Loading bay", id="a partner beside employees"),
        pytest.param("U0NIAMH", "C0HARBOUR", SUPERVISOR_QUESTION, "$90", "Write-off", id="a supervisor beside others"),
        pytest.param("U0NIAMH", "G0SUPER", SUPERVISOR_QUESTION, "$90", "Write-off", id="a supervisor beside an admin"),
    ],
)
def test_what_not_everybody_here_may_read_is_answered_for_the_asker_alone(
    office: Office, asker: str, channel: str, question: str, words: str, title: str
) -> None:
    answer = office.ask_where_others_read(asker, channel, question)
    office.settle()
    assert answer.words.startswith(wording.ONLY_YOU)
    assert words in answer.words
    assert office.who_sees(channel, answer) == {asker}
    others = {person.id for person in office.workspace.people} - {asker}
    seen = [one.words + one.text for person in others for one in office.replies(person, channel)]
    assert not any(words in one or title in one for one in seen)


def test_in_a_thread_that_has_replies_a_private_answer_stands_in_the_thread(office: Office) -> None:
    thread = office.workspace.say("U0NOOR", "C0LOBBY", "Where do you all leave your cars?")
    office.workspace.say("U0ELIF", "C0LOBBY", "Maya will know.", thread)
    answer = office.ask("U0MAYA", "C0LOBBY", f"@Throughline {STAFF_QUESTION}", thread)
    assert "deck 3" in answer.words
    assert answer.thread_ts == thread
    assert office.who_sees("C0LOBBY", answer) == {"U0MAYA"}


@pytest.mark.parametrize(
    ("asker", "channel", "question", "words"),
    [
        pytest.param("U0MAYA", "C0LOBBY", VISITOR_QUESTION, "TideGuest", id="a public page beside a guest"),
        pytest.param("U0TOMAS", "C0FIELD", VISITOR_QUESTION, "TideGuest", id="a public page beside a partner"),
        pytest.param("U0SAM", "C0HARBOUR", STAFF_QUESTION, "deck 3", id="a staff page among staff"),
        pytest.param("U0ELIF", "G0SUPER", STAFF_QUESTION, "deck 3", id="a staff page among supervisors"),
    ],
)
def test_what_everybody_here_may_read_is_answered_for_all_of_them(
    office: Office, asker: str, channel: str, question: str, words: str
) -> None:
    answer = office.ask_where_others_read(asker, channel, question)
    assert words in answer.words
    members = set(office.workspace.channel(channel).members) - {"U0BOT"}
    assert members <= office.who_sees(channel, answer)


@pytest.mark.parametrize(
    ("person", "question", "words"),
    [
        ("U0NOOR", VISITOR_QUESTION, "TideGuest"),
        ("U0TOMAS", VISITOR_QUESTION, "TideGuest"),
        ("U0TOMAS", INSTALLER_QUESTION, "bay 7"),
        ("U0RUTH", STAFF_QUESTION, "deck 3"),
        ("U0NIAMH", SUPERVISOR_QUESTION, "$90"),
    ],
)
def test_alone_with_the_bot_everybody_reads_what_they_may(
    office: Office, person: str, question: str, words: str
) -> None:
    answer = office.slash(person, f"D{person[1:]}", question)
    assert words in answer.words
    assert wording.ONLY_YOU not in answer.words


@pytest.mark.parametrize(
    ("person", "question", "words", "title"),
    [
        pytest.param("U0NOOR", STAFF_QUESTION, "deck 3", "Staff parking", id="guest, staff page"),
        pytest.param("U0NOOR", INSTALLER_QUESTION, "bay 7", "Loading bay", id="guest, partner page"),
        pytest.param("U0TOMAS", STAFF_QUESTION, "deck 3", "Staff parking", id="partner, staff page"),
        pytest.param("U0TOMAS", SUPERVISOR_QUESTION, "$90", "Write-off", id="partner, supervisor page"),
        pytest.param("U0MAYA", SUPERVISOR_QUESTION, "$90", "Write-off", id="shift lead, supervisor page"),
        pytest.param("U0MAYA", INSTALLER_QUESTION, "bay 7", "Loading bay", id="shift lead, partner page"),
        pytest.param("U0ELIF", SUPERVISOR_QUESTION, "$90", "Write-off", id="admin, supervisor page"),
    ],
)
def test_neither_quote_nor_title_of_a_page_is_shown_to_whom_it_is_not_for(
    office: Office, person: str, question: str, words: str, title: str
) -> None:
    reply = office.slash(person, f"D{person[1:]}", question)
    assert words not in reply.words + reply.text
    assert title not in reply.words + reply.text


def test_a_guest_asking_where_employees_read_gets_public_pages_and_no_other_title(office: Office) -> None:
    reply = office.ask_where_others_read("U0NOOR", "C0LOBBY", STAFF_QUESTION)
    assert reply.words.startswith(wording.NOTHING)
    assert not any(title in reply.words + reply.text for title in ("Staff parking", "Loading bay", "Write-off"))


def test_a_refusal_that_others_read_names_no_page_that_they_may_not_read(office: Office) -> None:
    """Niamh could be told that a supervisor page comes close, but not where others read along."""
    reply = office.ask_where_others_read("U0NIAMH", "C0HARBOUR", "Which chess opening beats a supervisor?")
    assert reply.words.startswith(wording.NOTHING)
    assert office.who_sees("C0HARBOUR", reply) == STAFF
    assert "Write-off" not in reply.words + reply.text


def test_who_may_read_nothing_at_all_is_told_so_and_what_to_do(
    office_with: Callable[[dict[str, str]], Office],
) -> None:
    office = office_with({"parking.md": STAFF_PAGE})
    assert office.ask_directly("U0NOOR", STAFF_QUESTION).words.splitlines() == [
        wording.NOTHING_INDEXED.replace("`", ""),
        wording.visitor(""),
        request_wording.ASK_HUMAN,
    ]


def test_where_nothing_may_be_said_aloud_the_asker_is_told_alone(
    office_with: Callable[[dict[str, str]], Office],
) -> None:
    office = office_with({"parking.md": STAFF_PAGE})
    answer = office.ask_where_others_read("U0MAYA", "C0LOBBY", STAFF_QUESTION)
    refusal = office.ask_where_others_read("U0MAYA", "C0LOBBY", "Who won the chess championship?")
    assert "deck 3" in answer.words
    assert "Staff parking" in refusal.words
    assert office.who_sees("C0LOBBY", answer) == office.who_sees("C0LOBBY", refusal) == {"U0MAYA"}


def test_somebody_whose_company_left_the_channel_is_no_reason_for_secrecy(
    office_with: Callable[[dict[str, str]], Office],
) -> None:
    office = office_with({"parking.md": STAFF_PAGE})
    office.workspace.leave("U0TOMAS", "C0FIELD")
    answer = office.ask_where_others_read("U0MAYA", "C0FIELD", STAFF_QUESTION)
    assert "deck 3" in answer.words
    assert not answer.ephemeral


def test_a_supervisor_gets_the_page_for_supervisors_also_where_a_page_for_all_comes_near(shared_office: Office) -> None:
    answer = shared_office.ask_where_others_read(
        "U0NIAMH", "C0HARBOUR", "Who looks at ten waivers of each supervisor on Mondays?"
    )
    assert "Supervisor waiver limits" in answer.words
    assert shared_office.who_sees("C0HARBOUR", answer) == {"U0NIAMH"}
