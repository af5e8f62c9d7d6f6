"""Roles that Slack gives: to the members of a user group or of a channel, as `config/people.yaml` says."""

import re
from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import partial
from itertools import chain

from bot.yaml_lines import Lines

# Whoever gives such a role to a group trusts everybody who may edit the group in Slack, and says so in its entry.
_ALLOWED = "may_make_"

_HANDLE = re.compile(r"[a-z0-9][a-z0-9._-]*")
_CHANNEL_ID = re.compile(r"[CG][A-Z0-9]{2,}")


@dataclass(frozen=True, slots=True)
class Grants:
    """User group (its handle without @) -> roles, channel (its id) -> roles."""

    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)
    channels: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def roles(self, groups: AbstractSet[str], channels: AbstractSet[str]) -> frozenset[str]:
        """What somebody in these groups and channels is given."""
        given = chain(
            (self.groups.get(group, frozenset()) for group in groups),
            (self.channels.get(channel, frozenset()) for channel in channels),
        )
        return frozenset(chain.from_iterable(given))


def grants_of(checked: Lines, *, roles: Collection[str], guarded: Collection[str]) -> Grants:
    """The sections `groups` and `channels`. Raises `SettingsError` with the line at fault.

    `guarded` are the roles that nobody may come by through Slack unless the file says so.
    """
    given = partial(_roles, checked, known=roles, guarded=guarded)
    groups: dict[str, frozenset[str]] = {}
    for line, written, entry in checked.pairs("groups"):
        handle = written.removeprefix("@")
        if not _HANDLE.fullmatch(handle):
            raise checked.fault(line, f"{written!r} is no handle of a user group; write it as after the @ in Slack")
        if handle in groups:
            raise checked.fault(line, f"{handle} stands there twice; keep one")
        groups[handle] = given(line, written, entry)
    channels: dict[str, frozenset[str]] = {}
    for line, written, entry in checked.pairs("channels"):
        if not _CHANNEL_ID.fullmatch(written):
            raise checked.fault(
                line,
                f"{written!r} is no channel id, and a name may change; in Slack it stands at the end of the channel's "
                "details, like C0123456789",
            )
        channels[written] = given(line, written, entry)
    return Grants(groups, channels)


def _roles(
    checked: Lines, line: int, name: str, entry: object, *, known: Collection[str], guarded: Collection[str]
) -> frozenset[str]:
    named = entry.get("roles") if isinstance(entry, dict) else entry
    if not isinstance(named, list) or not named:
        raise checked.fault(line, f"{name} needs the roles it gives as a list: {name}: [shop]")
    for role in named:
        if str(role) not in known:
            raise checked.fault(line, f"role {role!r} is not listed under roles; add it there or mend the spelling")
    for role in guarded:
        allowed = f"{_ALLOWED}{role}s"
        if role in named and not (isinstance(entry, dict) and entry.get(allowed) is True):
            raise checked.fault(
                line,
                f"{name} would make {role}s of whoever can join it in Slack; list {role}s in the roster, or, if that "
                f"is meant, write {name}: {{ roles: [{role}], {allowed}: true }}",
            )
    return frozenset(map(str, named))
