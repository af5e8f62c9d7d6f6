"""Which steps were taken already, judged by hand: other words for the same thing count, other things do not."""

import pytest
from bot.customers.questions.skipping import Taken, taken

STEPS = [
    "Restart the box: unplug it for 30 seconds.",
    "Check that the cable sits tight at both ends.",
    "Reset the box to factory settings.",
    "Update the firmware in the app under Devices.",
    "Order a technician.",
]
TRIED = [
    ("She rebooted twice.", [0]),
    ("Gave the serials, power-cycled it, changed the HDMI cable.", [0, 1]),
    ("I turned everything off and on again", [0]),
    ("Tried a factory reset, no change.", [2]),
    ("Reset her password.", []),
    ("He reinstalled the app and cleared the cache.", []),
    ("We checked all the cables and updated the app.", [1, 3]),
    ("The technician was here.", []),
]


@pytest.mark.parametrize(("said", "places"), TRIED, ids=[said for said, _ in TRIED])
def test_a_step_is_known_by_what_is_done_in_it(said: str, places: list[int]) -> None:
    assert taken(STEPS, [said]) == [Taken(place, 0) for place in places]


def test_of_two_who_say_so_the_first_is_named() -> None:
    assert taken(STEPS, ["It rained.", "rebooted it", "restarted it"]) == [Taken(0, 1)]
    assert taken(STEPS, []) == taken([], ["rebooted it"]) == []
