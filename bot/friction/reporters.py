"""Who reports, and what of them is kept by how much they want to be known."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from bot.friction.kinds import Privacy
from bot.friction.sealing import Sealer, new_code


@dataclass(frozen=True, slots=True)
class Reporter:
    """Somebody by their id in a workspace of Slack's; `role` and `place` are as people.yaml has them today.

    `address` is their e-mail address where it is known: by it they are the same person in every workspace and on the
    command line. Not `reachable` is whoever has no id of Slack's here.
    """

    id: str
    workspace: str
    name: str
    role: str = ""
    place: str = ""
    reachable: bool = True
    address: str = ""

    def handle(self, sealer: Sealer, *, secret: str = "") -> str:
        """What tells them apart: the same on every ticket, or with the secret of one on that alone."""
        if self.address:
            return sealer.handle(self.address.casefold(), "", secret=secret)
        return sealer.handle(self.id, self.workspace, secret=secret)


@dataclass(frozen=True, slots=True)
class Kept:
    """The columns of a report that say who it is of, and the code that is shown to an anonymous reporter once."""

    columns: dict[str, Any]
    code: str


def kept(who: Reporter, privacy: Privacy, *, sealer: Sealer, secret: str, now: datetime, code: str = "") -> Kept:
    """`secret` is that of the ticket; `code` one that was shown already, else a new one."""
    anonymous = privacy is Privacy.ANONYMOUS
    code = (code or new_code()) if anonymous else ""
    columns = {
        "handle": who.handle(sealer, secret=secret if anonymous else ""),
        "privacy": privacy,
        "reached": sealer.reached(who.id, privacy) if who.reachable else "",
        "workspace_reached": "" if anonymous or not who.reachable else who.workspace,
        "name": who.name if privacy is Privacy.NAMED else "",
        "role": "" if anonymous else who.role,
        "place": "" if anonymous else who.place,
        "claim": sealer.claim(code),
        # Whoever knows when somebody typed knows who it was.
        "at": day_of(now) if anonymous else now,
    }
    return Kept(columns, code)


def day_of(now: datetime) -> datetime:
    """Of anonymous ones the day is kept, and not the hour."""
    return datetime.combine(now.date(), time(), now.tzinfo)
