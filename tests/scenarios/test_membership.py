"""Somebody leaves a channel or a group, or becomes a guest: the very next answer goes by it.

The next once Slack has told it: two connections may bring a change and a question in either order, milliseconds apart.
"""

from collections.abc import Callable

import pytest
from bot import wording

from offices import Office

CHANNEL_PAGE = """---
title: Foundry keys
audience: channel:G0SUPER
owner: retail-operations
---
The spare key of the Foundry garage lies in locker 12 of the back office.
"""
GROUP_PAGE = """---
title: Night desk
audience: group:supervisors
owner: customer-care
---
The night desk takes over at a quarter past ten. Its extension is 4410.
"""
STAFF_PAGE = """---
title: Staff parking
owner: retail-operations
---
Employees park on deck 3 of the Foundry garage. The barrier opens with the badge until a quarter to nine.
"""
VISITOR_PAGE = """---
title: Visitor network
audience: public
owner: customer-care
---
Visitors connect to the network TideGuest. The password of the day is on the screen behind the reception desk.
"""
PAGES = {"keys.md": CHANNEL_PAGE, "night.md": GROUP_PAGE, "parking.md": STAFF_PAGE, "visitors.md": VISITOR_PAGE}
KEY = "In which locker does the spare key of the Foundry garage lie?"
DESK = "When does the night desk take over, and what is its extension?"
PARKING = "On which deck of the garage do employees park?"
NETWORK = "What is the password of the network for visitors?"


@pytest.fixture
def office(office_with: Callable[[dict[str, str]], Office]) -> Office:
    return office_with(PAGES)


def test_a_member_of_a_channel_reads_its_pages_anywhere_until_they_leave(office: Office) -> None:
    assert "locker 12" in office.ask_directly("U0NIAMH", KEY).words
    assert "locker 12" in office.slash("U0NIAMH", "C0HARBOUR", KEY).words
    assert "locker 12" not in office.ask_directly("U0MAYA", KEY).words
    office.workspace.leave("U0NIAMH", "G0SUPER")
    office.settle()
    after = office.ask_directly("U0NIAMH", KEY)
    assert "locker 12" not in after.words
    assert "Foundry keys" not in after.words
    office.workspace.join("U0MAYA", "G0SUPER")
    office.settle()
    assert "locker 12" in office.ask_directly("U0MAYA", KEY).words


def test_a_user_group_reads_its_pages_until_somebody_is_taken_out_of_it(office: Office) -> None:
    office.workspace.set_group("supervisors", ("U0NIAMH", "U0NOOR"))
    office.settle()
    assert "4410" in office.ask_directly("U0NIAMH", DESK).words
    assert "4410" not in office.ask_directly("U0NOOR", DESK).words  # a guest, in the group or not
    office.workspace.set_group("supervisors", ("U0SAM",))
    office.settle()
    assert "4410" not in office.ask_directly("U0NIAMH", DESK).words
    assert "4410" in office.ask_directly("U0SAM", DESK).words


def test_who_becomes_a_guest_reads_only_what_is_public_from_then_on(office: Office) -> None:
    assert "deck 3" in office.ask_directly("U0SAM", PARKING).words
    office.workspace.change_profile("U0SAM", guest=True)
    office.settle()
    after = office.ask_directly("U0SAM", PARKING)
    assert "deck 3" not in after.words
    assert wording.visitor("") in after.words
    assert "TideGuest" in office.ask_directly("U0SAM", NETWORK).words


def test_when_a_reader_of_the_channel_becomes_a_guest_the_answer_there_is_for_the_asker_alone(office: Office) -> None:
    before = office.ask_where_others_read("U0MAYA", "C0HARBOUR", PARKING)
    assert len(office.who_sees("C0HARBOUR", before)) > 1
    office.workspace.change_profile("U0SAM", guest=True)
    office.settle()
    after = office.ask_where_others_read("U0MAYA", "C0HARBOUR", PARKING)
    assert after.words.startswith(wording.ONLY_YOU)
    assert office.who_sees("C0HARBOUR", after) == {"U0MAYA"}


def test_a_visitor_is_told_once_what_visitors_see_and_with_every_refusal(office: Office) -> None:
    first, second = (office.ask_directly("U0TOMAS", NETWORK) for _ in range(2))
    assert wording.visitor("FieldPro") in first.words
    assert "TideGuest" in second.words
    assert wording.visitor("FieldPro") not in second.words
    assert wording.visitor("FieldPro") in office.ask_directly("U0TOMAS", PARKING).words
    assert wording.visitor("") in office.ask_directly("U0NOOR", NETWORK).words
    assert "marked for" not in office.ask_directly("U0MAYA", NETWORK).words
