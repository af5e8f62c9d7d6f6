"""When the people of a place work is read from people.yaml; what cannot be meant is refused with its line."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from bot.errors import SettingsError
from bot.people import Directory, Team, load_directory
from bot.working_time import ALWAYS, OFFICE_HOURS, Calendar, Shift

NEW_YORK = ZoneInfo("America/New_York")
PEOPLE = """\
roles: {}
places:
  harbour:
    name: Harbour shop
    timezone: America/New_York
    hours: { mon-fri: 08:00-18:00, sat: 09:00-14:00 }
    closed: [2026-12-24, 2026-12-26]
    holidays: US-NY
  center: { name: Call center, timezone: America/Chicago, hours: always }
  plant:
    hours:
      Monday-Thursday: [06:00-12:00, 12:30-14:00]
      fri: 22:00-06:00
      sunday: closed
  oslo: { timezone: Europe/Oslo, holidays: NO }
  office: Head office
  bare: { name: Bare, hours: { sat-mon: 00:00-24:00, wed: 9:30 – 10:30 }, closed: , timezone: Asia/Kathmandu }
roster:
  - { name: Ann, email: ann@t.example, place: harbour }
  - { name: Bob, email: bob@t.example, place: center }
  - { name: Cem, email: cem@t.example, place: center }
  - { name: Dee, email: dee@t.example }
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "people.yaml"


@pytest.fixture
def directory(file: Path) -> Directory:
    file.write_text(PEOPLE)
    return load_directory(file)


def shift(opens: float, closes: float) -> Shift:
    return Shift(round(opens * 60), round(closes * 60))


def test_a_place_says_when_it_is_open(directory: Directory) -> None:
    assert directory.calendar("harbour", zone=None) == Calendar(
        (*((shift(8, 18),),) * 5, (shift(9, 14),), ()),
        closed=frozenset({date(2026, 12, 24), date(2026, 12, 26)}),
        holidays="US-NY",
        zone=NEW_YORK,
    )
    assert directory.calendar("center", zone=None) == Calendar(ALWAYS, zone=ZoneInfo("America/Chicago"))
    plant = directory.calendar("plant", zone=None)
    assert plant.week == (*((shift(6, 12), shift(12.5, 14)),) * 4, (shift(22, 30),), (), ())
    bare = directory.calendar("bare", zone=None).week
    assert bare == ((shift(0, 24),), (), (shift(9.5, 10.5),), (), (), (shift(0, 24),), (shift(0, 24),))


def test_a_place_that_does_not_say_has_office_hours(directory: Directory) -> None:
    oslo = directory.calendar("oslo", zone=NEW_YORK)
    assert (oslo.week, oslo.holidays, oslo.zone) == (OFFICE_HOURS, "NO", ZoneInfo("Europe/Oslo"))
    for place in ("office", "plant", "", "moon"):
        assert directory.calendar(place, zone=NEW_YORK).zone == NEW_YORK
    assert directory.calendar("office", zone=NEW_YORK) == Calendar(zone=NEW_YORK)


def test_a_deadline_is_read_on_the_clocks_of_the_place(directory: Directory) -> None:
    friday = datetime(2026, 12, 18, 20, tzinfo=UTC)
    in_a_week = directory.calendar("harbour", zone=None).after(friday, timedelta(hours=30))
    # Friday 15:00 to 18:00, Saturday 5, Monday and Tuesday 10 each, and 2 on Wednesday.
    assert in_a_week == datetime(2026, 12, 23, 10, tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("people", "place"),
    [
        (("ann", "bob", "cem"), "center"),
        (("ann", "bob", "dee"), "harbour"),
        (("bob", "ann"), "center"),
        (("dee", "zoe"), ""),
        ((), ""),
    ],
)
def test_a_team_is_where_most_of_its_people_are(directory: Directory, people: tuple[str, ...], place: str) -> None:
    team = Team(key="t", name="T", channel="#t", people=tuple(f"{name.title()}@T.example" for name in people))
    assert directory.place_of(team) == place


PLACE = "places:\n  a:\n    name: A\n    "


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (PLACE + "hours: 08:00-18:00", 4, "hours says on which days, from when to when: { mon-fri: 08:00-18:00,"),
        (PLACE + "hours:", 4, "hours says on which days"),
        (PLACE + "hours: [mon]", 4, "hours says on which days"),
        (PLACE + "hours: {}", 4, "nobody ever works there; write the hours of at least one day"),
        (PLACE + "hours: { sun: closed }", 4, "nobody ever works there"),
        (PLACE + "hours:\n      mon: 08:00-18:00\n      tue: 8-18", 6, "'8-18' says no hours; write them as 08:00"),
        (PLACE + "hours: { mon: 18:00 }", 4, "'18:00' says no hours"),
        (PLACE + "hours: { mon: }", 4, "nobody ever works there"),
        (PLACE + "hours: { mon: 08:60-18:00 }", 4, "'08:60-18:00' says no hours"),
        (PLACE + "hours: { mon: 24:00-25:00 }", 4, "'24:00-25:00' says no hours"),
        (PLACE + "hours: { mon: 08:00-24:01 }", 4, "'08:00-24:01' says no hours"),
        (PLACE + "hours: { mon: 08:00-08:00 }", 4, "ends as it begins; write the whole day as 00:00-24:00"),
        (PLACE + "hours: { mon: { from: 8 } }", 4, "expected one value, not lines below it"),
        (PLACE + "hours: { mon: [[08:00-12:00]] }", 4, "expected one value, not lines below it"),
        (PLACE + "hours:\n      mon-wed: 08:00-18:00\n      tue: 08:00-18:00", 6, "Tuesday stands there twice"),
        (PLACE + "hours:\n      mon: 08:00-18:00\n      mon: 09:00-18:00", 6, "mon stands there twice; keep one"),
        (PLACE + "hours: { mo: 08:00-18:00 }", 4, "'mo' is no day, nor days in a row; write mon, or mon-fri"),
        (PLACE + "hours: { mon-wed-fri: 08:00-18:00 }", 4, "'mon-wed-fri' is no day, nor days in a row"),
        (PLACE + "hours: { mon-moon: 08:00-18:00 }", 4, "'mon-moon' is no day"),
        (PLACE + "hours: { mon: [08:00-12:00, 11:00-18:00] }", 4, "one shift begins before the one before it ends"),
        (PLACE + "hours: { mon: 20:00-06:00, tue: 05:00-08:00 }", 4, "one shift begins before the one before it ends"),
        (PLACE + "hours: { sun: 20:00-06:00, mon: 05:00-08:00 }", 4, "one shift begins before the one before it ends"),
        (PLACE + "closed: [2026-12-25,\n      25.12.2026]", 5, "'25.12.2026' is no day; write one as 2026-12-25"),
        (PLACE + "closed: [2026-02-30]", 4, "'2026-02-30' is no day"),
        (PLACE + "closed: christmas", 4, "'christmas' is no day"),
        (PLACE + "holidays: US-XX", 4, "US has no region 'XX'; write one of its own, as US-AK, or US for all of it"),
        (PLACE + "holidays: [US]", 4, "expected one value"),
        (PLACE + "holidays: ", 4, "'' is no country; write its two letters, as US"),
        (PLACE + "holidays: yes", 4, "'yes' is no country"),
        ("places:\n  a: { name: A }\n  a: { name: B }", 3, "a stands there twice; keep one"),
    ],
)  # fmt: skip
def test_hours_that_cannot_be_read_name_the_line_at_fault_and_the_remedy(
    file: Path, text: str, line: int, said: str
) -> None:
    file.write_text(text)
    with pytest.raises(SettingsError) as refused:
        load_directory(file)
    assert str(refused.value).startswith(f"{file}, line {line}: ")
    assert said in str(refused.value)
