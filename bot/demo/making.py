"""A company onto the disk, week by week: nothing is held that is not still to come."""

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any, Self

from bot.demo.chances import stream
from bot.demo.contacts import COLUMNS as CONTACT_COLUMNS
from bot.demo.contacts import SURVEY_COLUMNS, WRITTEN, Contacts
from bot.demo.ground import Ground, read_ground
from bot.demo.load import Load
from bot.demo.papers import CONTACTS, MESSAGES, SURVEYS, write_papers
from bot.demo.people import Employee, customers, staff
from bot.demo.plants import FEWEST_WEEKS, Kind, Plant, Sites, plan
from bot.demo.sizes import SCALES, Scale, Size
from bot.demo.tickets import COLUMNS as TICKET_COLUMNS
from bot.demo.tickets import Friction
from bot.demo.times import Period
from bot.demo.wording import Wording
from bot.errors import SettingsError

# What is written, how many of how many.
Progress = Callable[[str, int, int], None]
_CUSTOMER_COLUMNS = (
    "number", "name", "mail", "phone", "account", "street", "city", "state", "zip", "tier", "since", "boxes",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be made: the same order gives the same bytes. `until` is the last day that may have happened."""

    seed: int
    until: date
    weeks: int = 104
    size: Size = Size.USUAL

    def __post_init__(self) -> None:
        if self.weeks < FEWEST_WEEKS:
            raise SettingsError(
                f"{self.weeks} weeks are too few to plant anything that can be found: take {FEWEST_WEEKS} or more."
            )

    @property
    def told(self) -> str:
        asked = f"--seed {self.seed} --until {self.until} --weeks {self.weeks} --size {self.size.value}"
        return f"throughline demo-data {asked}"


@dataclass(frozen=True, slots=True)
class Made:
    """How many of each there are."""

    period: Period
    plants: Sites
    customers: int
    contacts: int
    surveys: int
    tickets: int
    reports: int


def make(folder: Path, order: Order, *, map_file: Path, progress: Progress = lambda _what, _done, _total: None) -> Made:
    """Write a company into a folder. Raises `SettingsError` where the map has no room for what is planted."""
    ground, period, scale = read_ground(map_file), Period.until(order.until, order.weeks), SCALES[order.size]
    seed = f"{order.seed}/{order.weeks}/{order.size.value}"
    sites = plan(ground, period, seed)
    people = staff(stream(f"{seed}/staff"), ground, scale.employees)
    folder.mkdir(parents=True, exist_ok=True)
    _write_customers(folder, seed, scale, period, progress)
    friction, contacts = _write_years(folder, ground, sites, people, scale, period, seed, progress)
    _write_around(folder, ground, sites, people, period)
    made = Made(period, sites, scale.customers, contacts.contacts, contacts.surveys, friction.tickets, friction.reports)
    _write_plants(folder, order, made)
    write_papers(folder, ground, people, told=f"Made by `{order.told}`.")
    return made


def _write_years(
    folder: Path,
    ground: Ground,
    sites: Sites,
    people: list[Employee],
    scale: Scale,
    period: Period,
    seed: str,
    progress: Progress,
) -> tuple[Friction, Contacts]:
    load, wording = Load(ground, sites, scale, period, seed), Wording(ground)
    friction = Friction(ground, load, people, wording, period, seed, customers=scale.customers)
    contacts = Contacts(ground, sites, load, wording, period, seed, customers=scale.customers)
    with ExitStack() as stack:
        tickets = stack.enter_context(_csv(folder / "tickets.csv", TICKET_COLUMNS))
        spoken = stack.enter_context(_csv(folder / "contacts.csv", CONTACT_COLUMNS))
        surveys = stack.enter_context(_csv(folder / "surveys.csv", SURVEY_COLUMNS))
        truth = stack.enter_context(_csv(folder / "truth.csv", ("id", "source", "touchpoint", "complaint")))
        messages = stack.enter_context(_text(folder / "messages.jsonl"))
        for week in range(period.weeks):
            tickets.rows.writerows(friction.week(week))
            for number, contact, cells in contacts.week(week, friction.wronged):
                if contact.cx.channel in WRITTEN:
                    messages.write(json.dumps(dict(zip(CONTACT_COLUMNS, cells, strict=True))) + "\n")
                else:
                    spoken.rows.writerow(cells)
                source = MESSAGES if contact.cx.channel in WRITTEN else CONTACTS
                truth.rows.writerow((number, source, contact.cx.id, "yes" if contact.complaint else "no"))
            for number, survey, cells in contacts.answers(week):
                surveys.rows.writerow(cells)
                truth.rows.writerow((number, SURVEYS, survey.cx.id if survey.cx else "", ""))
            progress("weeks", week + 1, period.weeks)
    return friction, contacts


def _write_customers(folder: Path, seed: str, scale: Scale, period: Period, progress: Progress) -> None:
    with _csv(folder / "customers.csv", _CUSTOMER_COLUMNS) as out:
        for one in customers(stream(f"{seed}/customers"), scale.customers, period.start):
            out.rows.writerow((
                one.number, one.name, one.mail, one.phone, one.account, one.street, one.city, one.state, one.postcode,
                one.tier, one.since.isoformat(), one.boxes,
            ))  # fmt: skip
    progress("customers", scale.customers, scale.customers)


def _write_around(folder: Path, ground: Ground, sites: Sites, people: Sequence[Employee], period: Period) -> None:
    with _csv(folder / "roster.csv", ("email", "name", "roles", "place")) as out:
        out.rows.writerows((one.email, one.name, ";".join(one.roles), one.place) for one in people)
    with _csv(folder / "fixes.csv", ("date", "touchpoint", "tools", "words", "tickets")) as out:
        for plant in (sites[Kind.FIX_WORKED], sites[Kind.FIX_FAILED]):
            out.rows.writerow(_fix(plant, ground, period, _resolved_by(folder, plant, period)))
    with _csv(folder / "annotations.csv", ("date", "words", "tools", "touchpoints")) as out:
        out.rows.writerows(sorted(_annotations(sites, ground, period)))


def _fix(plant: Plant, ground: Ground, period: Period, tickets: list[str]) -> tuple[str, ...]:
    tools = "; ".join(plant.tools)
    words = f"{', '.join(ground.names[tool] for tool in plant.tools)} was mended for: {ground.ex[plant.ex[0]].name}"
    return period.monday(plant.first).isoformat(), plant.ex[0], tools, words, "; ".join(tickets)


def _resolved_by(folder: Path, plant: Plant, period: Period) -> list[str]:
    """The tickets that this fix resolved, as they stand in the file."""
    own, day = frozenset(plant.rows["tickets"]), period.monday(plant.first).isoformat()
    with (folder / "tickets.csv").open(encoding="utf-8", newline="") as file:
        return [
            row["number"] for row in csv.DictReader(file) if row["number"] in own and row["resolved"].startswith(day)
        ]


def _annotations(sites: Sites, ground: Ground, period: Period) -> Iterator[tuple[str, ...]]:
    for kind in (Kind.FIX_WORKED, Kind.FIX_FAILED):
        plant = sites[kind]
        names = ", ".join(ground.names[tool] for tool in plant.tools)
        yield period.monday(plant.first).isoformat(), f"New version of {names}", "; ".join(plant.tools), plant.ex[0]
    surge = period.monday(sites[Kind.SURGE].first).isoformat()
    yield surge, "A letter about new prices went to all customers", "", ""
    yield period.monday(period.weeks // 4).isoformat(), "Summer hours in the shops", "", ""


def _write_plants(folder: Path, order: Order, made: Made) -> None:
    told: dict[str, Any] = {
        "made_by": order.told,
        "seed": order.seed,
        "size": order.size.value,
        "weeks": order.weeks,
        "first_week": made.period.start.isoformat(),
        "end": made.period.end.isoformat(),
        "timezone": "America/New_York",
        "rows": {name: getattr(made, name) for name in ("customers", "contacts", "surveys", "tickets", "reports")},
        "plants": [plant.as_json(made.period) for plant in made.plants.values()],
    }
    (folder / "plants.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


class _csv:  # noqa: N801 - opened as `open` is
    """A CSV file with these columns."""

    def __init__(self, file: Path, columns: Sequence[str]) -> None:
        self._file: IO[str] = file.open("w", encoding="utf-8", newline="")
        self.rows = csv.writer(self._file, lineterminator="\n")
        self.rows.writerow(columns)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def _text(file: Path) -> IO[str]:
    return file.open("w", encoding="utf-8", newline="\n")
