"""A roster, or counts, as CSV -> how many people have which roles where. Names and addresses are read and not kept.

To divide by, a number is enough; a list of all employees with their places would have to be guarded, corrected and
erased, and nothing here needs it.
"""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bot.errors import ImportRefused
from bot.headcounts.counting import Group
from bot.headcounts.tables import HeadcountRow
from bot.people import Directory
from bot.touchpoints.naming import meant

# One person a line, by address; or so many people a line.
EMAIL, COUNT, ROLES, PLACE = "email", "people", "roles", "place"
_HEADERS = {
    EMAIL: ("email", "e-mail", "mail"),
    COUNT: ("people", "headcount", "count"),
    ROLES: ("roles", "role"),
    PLACE: ("place", "location", "site"),
}
# More than that is no company's roster; a slip in a count is likelier.
_MOST = 1_000_000
# So many faults are told at once.
_TOLD = 20
_SEPARATORS = str.maketrans("+,;|/", "     ")


@dataclass(frozen=True, slots=True)
class Imported:
    """`repeated` are lines about an address that stood there before; each person counts once."""

    people: int
    groups: int
    repeated: int


def import_roster(session: Session, file: Path, directory: Directory) -> Imported:
    """Takes the place of the counts that were there, in the caller's transaction.

    Raises `ImportRefused` with the lines at fault; then nothing changes.
    """
    groups, repeated = _read(file, directory)
    session.execute(delete(HeadcountRow))
    session.add_all(
        HeadcountRow(roles="+".join(sorted(roles)), place=place, people=people)
        for (roles, place), people in groups.items()
    )
    session.flush()
    return Imported(sum(groups.values()), len(groups), repeated)


def _read(file: Path, directory: Directory) -> tuple[Mapping[Group, int], int]:
    faults: list[str] = []
    groups: Counter[Group] = Counter()
    seen: set[str] = set()
    repeated = 0
    for line, row in _rows(file):
        roles = frozenset(row[ROLES].translate(_SEPARATORS).split())
        wrong = list(_unknown(roles, row[PLACE], directory))
        people = _people(row, wrong)
        faults += [f"line {line}: {one}" for one in wrong]
        address = row.get(EMAIL, "").casefold()
        if address and address in seen:
            repeated += 1
        elif not wrong:
            seen.add(address)
            groups[roles, row[PLACE]] += people
    if faults:
        more = [f"and {len(faults) - _TOLD} more"] if len(faults) > _TOLD else []
        raise ImportRefused("\n".join([f"{file} was not imported.", *faults[:_TOLD], *more]))
    if not groups:
        raise ImportRefused(f"{file} holds nobody. Write a line for each person, or `{COUNT}` for each role and place.")
    return +groups, repeated


def _unknown(roles: frozenset[str], place: str, directory: Directory) -> Iterator[str]:
    """What `config/people.yaml` does not have."""
    if not roles:
        yield "it has no role"
    for role in sorted(roles - {*directory.roles}):
        yield f"config/people.yaml has no role {role!r}; {meant(role, directory.roles)}"
    if place and place not in directory.places:
        yield f"config/people.yaml has no place {place!r}; {meant(place, directory.places)}"


def _people(row: Mapping[str, str], wrong: list[str]) -> int:
    """One of a line with an address; how many it says of any other."""
    if COUNT not in row:
        if "@" not in row[EMAIL]:
            wrong.append(f"{row[EMAIL]!r} is no e-mail address; by it each person is counted once")
        return 1
    if not row[COUNT].isdecimal() or int(row[COUNT]) > _MOST:
        wrong.append(f"`{COUNT}` is a whole number up to {_MOST:,}, not {row[COUNT]!r}")
        return 0
    return int(row[COUNT])


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The columns that are known, by name, of each line; lines are counted from 1."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise ImportRefused(f"{file} cannot be read ({fault}). Save it as CSV in UTF-8.") from fault
    head = text.partition("\n")[0]
    reader = csv.reader(StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ",")
    names = [_name(cell) for cell in next(reader, [])]
    if ROLES not in names or PLACE not in names or not {EMAIL, COUNT} & set(names):
        raise ImportRefused(
            f"{file} needs the columns {ROLES}, {PLACE}, and {EMAIL} (a person a line) or {COUNT} (how many); its "
            f"first line has {head.strip() or 'nothing'}."
        )
    for cells in reader:
        if any(cell.strip() for cell in cells):
            row = {name: " ".join(cell.split()) for name, cell in zip(names, cells, strict=False) if name}
            yield reader.line_num, dict.fromkeys((name for name in names if name), "") | row


def _name(cell: str) -> str:
    plain = cell.strip().casefold()
    return next((name for name, said in _HEADERS.items() if plain in said), "")
