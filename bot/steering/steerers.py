"""Who may write here, and how what they write is kept."""

from bot.audiences import EVERYONE
from bot.errors import NotAllowed, SteeringRefused
from bot.experience.viewers import STEERING, Viewer

LONGEST_WORDS = 600


def may_steer(viewer: Viewer) -> bool:
    """Leads and admins; the people of a team read and do not decide."""
    return EVERYONE in viewer.audiences and bool(viewer.audiences & STEERING)


def must_steer(viewer: Viewer) -> str:
    """The name of whoever may. Raises `NotAllowed`."""
    if not may_steer(viewer):
        raise NotAllowed(
            "Leads and admins decide that. Ask one of them, or an admin for the role in config/people.yaml."
        )
    return viewer.name


def kept(words: str, what: str, *, needed: bool = True) -> str:
    """In one line. Raises `SteeringRefused`, which calls it `what`."""
    line = " ".join(words.split())
    if needed and not line:
        raise SteeringRefused(f"{what} is empty; write a few words.")
    if len(line) > LONGEST_WORDS:
        raise SteeringRefused(f"{what} has {len(line)} letters; say it in {LONGEST_WORDS}.")
    return line
