"""What somebody did about a customer, said back to them, with the way back."""

from bot.customer_wording.phrases import NOBODY_NAMED, day
from bot.customer_wording.told import Part, Press, Told
from bot.customers.entries import Entry
from bot.customers.identity.candidates import Candidate
from bot.customers.tracks.steps import Result, Taken


def written(one: Candidate, entry: Entry) -> Told:
    due = f", due {day(entry.due)}" if entry.due else ""
    what = {"note": "Noted", "promise": f"Promised{due}", "tried": "Noted as tried", "contested": "No longer fragile"}
    return _receipt(one, f"{what[entry.kind]}: “{entry.text}”", Press("Undo", "take_back", str(entry.id)))


def taken_back(one: Candidate, entry: Entry) -> Told:
    return _receipt(one, f"Taken back: “{entry.text}”")


def kept(one: Candidate, entry: Entry) -> Told:
    return _receipt(one, f"Kept: “{entry.text}”", Press("Undo", "not_kept", str(entry.id)))


def not_kept(one: Candidate, entry: Entry) -> Told:
    return _receipt(one, f"Still open: “{entry.text}”")


def step_taken(one: Candidate, taken: Taken) -> Told:
    did = taken.result is Result.DID
    said = f"Done: “{taken.step}”" if did else f"Could not: “{taken.step}”, because: {taken.why}"
    return _receipt(one, said, Press("Undo", "step_back", str(taken.id)))


def step_back(one: Candidate, taken: Taken) -> Told:
    return _receipt(one, f"Left to do again: “{taken.step}”")


def _receipt(one: Candidate, said: str, *presses: Press) -> Told:
    again = Press("Open the card", "choose", str(one.id))
    return Told((one.alias,), one.name or NOBODY_NAMED, "", (Part(said),), (*presses, again))
