"""`throughline demo-data`: what is planted is really in the files, by counts that share no code with what finds it."""

import csv
import filecmp
import json
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from statistics import mean, median
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from bot.demo.making import Order, make
from bot.demo.sizes import Size
from bot.errors import SettingsError

from programs import PROJECT

MAP = PROJECT / "knowledge" / "touchpoints.yaml"
UNTIL = date(2026, 11, 22)
ZONE = ZoneInfo("America/New_York")
SEEDS = (11, 12, 13)
IMPORTED = ("customers.csv", "contacts.csv", "messages.jsonl", "surveys.csv", "tickets.csv")
WRITTEN = (*IMPORTED, "truth.csv", "plants.json", "roster.csv", "fixes.csv", "annotations.csv", "README.md")


class Files:
    """A company as it lies on the disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.told: dict[str, Any] = json.loads((folder / "plants.json").read_text())
        self.plants: dict[str, dict[str, Any]] = {plant["kind"]: plant for plant in self.told["plants"]}
        self.start = date.fromisoformat(self.told["first_week"])
        self.weeks: int = self.told["weeks"]

    def rows(self, name: str) -> list[dict[str, str]]:
        with (self.folder / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def week_of(self, at: str) -> int:
        return (local(at).date() - self.start).days // 7

    def week(self, day: str) -> int:
        return (date.fromisoformat(day) - self.start).days // 7

    @cached_property
    def contacts(self) -> list[dict[str, str]]:
        """With the true touchpoint, and whether it is a complaint."""
        messages = [json.loads(line) for line in (self.folder / "messages.jsonl").read_text().splitlines()]
        truth = {row["id"]: row for row in self.rows("truth.csv")}
        found = [*self.rows("contacts.csv"), *messages]
        return [{**row, **{name: truth[row["id"]][name] for name in ("touchpoint", "complaint")}} for row in found]

    @cached_property
    def complaints(self) -> list[dict[str, str]]:
        return [row for row in self.contacts if row["complaint"] == "yes"]

    @cached_property
    def reports(self) -> list[dict[str, str]]:
        """Tickets and me-toos; these with what their tickets are about."""
        rows = self.rows("tickets.csv")
        about = {row["number"]: row for row in rows}
        return [{**row, "touchpoint": about[row["same_as"] or row["number"]]["touchpoint"]} for row in rows]

    def reports_a_week(self, ex: list[str]) -> list[int]:
        counts = Counter(self.week_of(row["reported"]) for row in self.reports if row["touchpoint"] in ex)
        return [counts[week] for week in range(self.weeks)]

    def complaints_a_week(self, cx: list[str] | None = None) -> list[int]:
        counts = Counter(self.week_of(row["at"]) for row in self.complaints if cx is None or row["touchpoint"] in cx)
        return [counts[week] for week in range(self.weeks)]


def local(at: str) -> datetime:
    return datetime.fromisoformat(at).astimezone(ZONE)


@pytest.fixture(scope="module", params=SEEDS)
def files(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp(f"company-{request.param}")
    make(folder, Order(request.param, UNTIL, size=Size.SMALL), map_file=MAP)
    return Files(folder)


def test_the_same_order_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    one, same, other = (tmp_path / name for name in ("one", "same", "other"))
    for folder, seed in ((one, 4), (same, 4), (other, 5)):
        make(folder, Order(seed, UNTIL, weeks=30, size=Size.SMALL), map_file=MAP)
    assert filecmp.cmpfiles(one, same, WRITTEN, shallow=False) == (list(WRITTEN), [], [])
    assert set(filecmp.cmpfiles(one, other, IMPORTED, shallow=False)[1]) == set(IMPORTED)
    assert (one / "config" / "people.yaml").read_text() == (same / "config" / "people.yaml").read_text()


def test_plants_stand_elsewhere_with_another_seed(tmp_path: Path) -> None:
    places = set()
    for seed in range(6):
        make(tmp_path / str(seed), Order(seed, UNTIL, weeks=30, size=Size.SMALL), map_file=MAP)
        plants = Files(tmp_path / str(seed)).plants
        places.add((*plants["double_entry"]["ex"], *plants["blind_spot"]["cx"], plants["spike"]["first_week"]))
    assert len(places) == 6


def test_no_two_plants_share_a_touchpoint(files: Files) -> None:
    taken = [id_ for kind, plant in files.plants.items() if kind != "front_loaded" for id_ in plant["ex"] + plant["cx"]]
    assert len(taken) == len(set(taken))


def test_the_rows_that_plants_name_are_in_the_files_and_at_their_touchpoints(files: Files) -> None:
    contacts = {row["id"]: row for row in files.contacts}
    reports = {row["number"]: row for row in files.reports}
    for kind, plant in files.plants.items():
        for number in plant["rows"]["interactions"]:
            assert kind == "surge" or contacts[number]["touchpoint"] in plant["cx"]
            assert contacts[number]["complaint"] == "yes"
        for number in plant["rows"]["reports"]:
            assert reports[number]["touchpoint"] in plant["ex"]
        assert set(plant["rows"]["tickets"]) <= set(plant["rows"]["reports"])


def test_double_entry_brings_the_same_customers_back_within_fourteen_days(files: Files) -> None:
    plant = files.plants["double_entry"]
    first = files.week(plant["first_week"])
    assert len(plant["tools"]) == 2
    said = [row for row in files.reports if row["number"] in set(plant["rows"]["tickets"])]
    assert {row["kind"] for row in said} == {"duplicate_entry"}
    assert mean(files.reports_a_week(plant["ex"])[first:]) > 3
    assert _repeated(files, plant["cx"], first) > 2.5 * _repeated(files, _others(files), first)
    # Whoever stood there while somebody typed twice complains afterwards, more often than chance brings it.
    struggled = defaultdict(list)
    for row in files.reports:
        if row["touchpoint"] in plant["ex"] and row["customer"]:
            struggled[row["customer"]].append(local(row["reported"]))
    linked = [
        row
        for row in files.complaints
        if row["touchpoint"] in plant["cx"]
        and any(timedelta() < local(row["at"]) - at < timedelta(14) for at in struggled[row["customer"]])
    ]
    assert len(linked) > 50


def _others(files: Files) -> list[str]:
    planted = {id_ for kind, plant in files.plants.items() if kind != "front_loaded" for id_ in plant["cx"]}
    return sorted({row["touchpoint"] for row in files.complaints} - planted)


def _repeated(files: Files, cx: list[str], first: int) -> float:
    """Of so many complaints there one of the same customer at the same touchpoint follows within 14 days."""
    by_customer = defaultdict(list)
    for row in files.complaints:
        if row["touchpoint"] in cx and files.week_of(row["at"]) >= first:
            by_customer[row["customer"], row["touchpoint"]].append(local(row["at"]))
    times = [sorted(one) for one in by_customer.values()]
    followed = sum(after - at <= timedelta(14) for one in times for at, after in pairwise(one))
    return followed / sum(map(len, times))


def test_complaints_follow_the_slow_tool_by_one_week_and_by_no_other(files: Files) -> None:
    plant = files.plants["slow_tool"]
    reports, complaints = files.reports_a_week(plant["ex"]), files.complaints_a_week(plant["cx"])
    surge = files.week(files.plants["surge"]["first_week"])
    weeks = [week for week in range(3, files.weeks - 3) if not surge - 3 <= week <= surge + 3]
    by_lag = {lag: _correlation([(reports[week - lag], complaints[week]) for week in weeks]) for lag in range(-2, 4)}
    assert max(by_lag, key=lambda lag: by_lag[lag]) == 1
    assert by_lag[1] > 0.45


def _correlation(pairs: list[tuple[int, int]]) -> float:
    ones, others = zip(*pairs, strict=True)
    a, b = mean(ones), mean(others)
    spread = sum((x - a) ** 2 for x in ones) * sum((y - b) ** 2 for y in others)
    return float(sum((x - a) * (y - b) for x, y in pairs) / spread**0.5)


def test_the_surge_multiplies_all_complaints_and_changes_no_share(files: Files) -> None:
    first = files.week(files.plants["surge"]["first_week"])
    total = files.complaints_a_week()
    before = mean(total[first - 8 : first])
    assert 2.3 * before < mean(total[first : first + 2]) < 4.8 * before
    assert mean(total[first + 3 : first + 5]) < 1.6 * before if first + 5 <= files.weeks else True
    for kind in ("blind_spot", "slow_tool"):
        ours = files.complaints_a_week(files.plants[kind]["cx"])
        during = sum(ours[first : first + 2]) / sum(total[first : first + 2])
        assert 0.5 < during / (sum(ours) / sum(total)) < 2


def test_the_silent_cost_takes_most_hours_and_nobody_complains(files: Files) -> None:
    plant = files.plants["silent_cost"]
    a_week = {"once": 1.0, "per_customer": 10.0, "daily": 5.0, "weekly": 1.0, "monthly": 0.25}
    minutes: Counter[str] = Counter()
    for row in files.reports:
        minutes[row["touchpoint"]] += round(float(row["minutes"]) * a_week[row["frequency"]])
    assert minutes.most_common(1)[0][0] == plant["ex"][0]
    at_others = mean(_of(files.complaints, cx) for cx in _others(files))
    assert mean(_of(files.complaints, cx) for cx in plant["cx"]) < 0.25 * at_others


def _of(rows: list[dict[str, str]], touchpoint: str) -> int:
    return sum(row["touchpoint"] == touchpoint for row in rows)


def test_the_blind_spot_has_most_complaints_and_hardly_a_report(files: Files) -> None:
    plant = files.plants["blind_spot"]
    counts = Counter(row["touchpoint"] for row in files.complaints)
    assert counts.most_common(1)[0][0] == plant["cx"][0]
    assert sum(files.reports_a_week(plant["ex"])) < 0.15 * files.weeks * len(plant["ex"])


def test_tickets_wait_for_the_partner_for_days_and_contacts_rise_with_it(files: Files) -> None:
    plant = files.plants["partner_delay"]
    first, last = files.week(plant["first_week"]), files.week(plant["last_week"])
    waited = [
        (local(row["waiting_until"]) - local(row["waiting_from"])).total_seconds() / 86400
        for row in files.rows("tickets.csv")
        if row["number"] in set(plant["rows"]["tickets"]) and row["waiting_for"] == "partner" and row["waiting_until"]
    ]
    assert len(waited) > 10
    assert median(waited) > 2.5
    surge = files.week(files.plants["surge"]["first_week"])
    complaints = files.complaints_a_week(plant["cx"])
    during = [complaints[week] for week in range(first, last + 1) if week not in {surge, surge + 1}]
    outside = [count for week, count in enumerate(complaints) if not first <= week <= last + 1]
    assert mean(during) > 2 * mean(outside)


def test_one_fix_takes_reports_to_a_third_and_the_other_changes_nothing(files: Files) -> None:
    assert _after_to_before(files, "fix_worked") < 1 / 3
    assert 0.75 < _after_to_before(files, "fix_failed") < 1.35
    day = files.plants["fix_worked"]["first_week"]
    mended = [row for row in files.rows("fixes.csv") if row["date"] == day]
    resolved = {row["number"]: row["resolved"][:10] for row in files.rows("tickets.csv")}
    numbers = [number for row in mended for number in row["tickets"].split("; ")]
    assert len(numbers) > 5
    assert {resolved[number] for number in numbers} <= {row["date"] for row in mended}
    # Of the one that failed people say that it still happens.
    still = Counter(row["still"] for row in files.reports if row["touchpoint"] in files.plants["fix_failed"]["ex"])
    assert still["yes"] > 10


def _after_to_before(files: Files, kind: str) -> float:
    plant = files.plants[kind]
    week, counts = files.week(plant["first_week"]), files.reports_a_week(plant["ex"])
    return mean(counts[week : week + 20]) / mean(counts[max(0, week - 20) : week])


def test_the_spike_is_five_times_what_was_before_on_a_cell_of_eight_a_week(files: Files) -> None:
    plant = files.plants["spike"]
    week, counts = files.week(plant["first_week"]), files.reports_a_week(plant["ex"])
    before = mean(counts[week - 9 : week])
    assert before > 6
    assert mean(counts[week : week + 2]) > 3 * before
    people = {row["reporter"] for row in files.reports if row["touchpoint"] in plant["ex"]}
    assert len(people) >= 3


def test_noon_has_most_contacts_complaints_and_reports(files: Files) -> None:
    plant = files.plants["staffing_at_noon"]
    for rows, at, where in ((files.contacts, "at", plant["cx"]), (files.reports, "reported", plant["ex"])):
        hours = Counter(local(row[at]).hour for row in rows if row["touchpoint"] in where)
        assert (hours[12] + hours[13]) / hours.total() > 0.4
    others = Counter(local(row["reported"]).hour for row in files.reports if row["touchpoint"] not in plant["ex"])
    assert (others[12] + others[13]) / others.total() < 0.25


def test_before_they_buy_customers_complain_least_and_are_happiest(files: Files) -> None:
    before = set(files.plants["front_loaded"]["cx"])
    planted = {id_ for kind, plant in files.plants.items() if kind != "front_loaded" for id_ in plant["cx"]}
    touchpoint = {row["id"]: row["touchpoint"] for row in files.rows("truth.csv")}
    scores = defaultdict(list)
    for row in files.rows("surveys.csv"):
        score, most = row["score"].split("/")
        if most == "5":
            scores[touchpoint[row["id"]] in before].append(int(score))
    assert mean(scores[True]) > mean(scores[False]) + 0.25
    shares = {True: [0, 0], False: [0, 0]}
    for row in files.contacts:
        if row["touchpoint"] not in planted:
            shares[row["touchpoint"] in before][row["complaint"] == "yes"] += 1
    assert shares[True][1] / sum(shares[True]) < 0.6 * shares[False][1] / sum(shares[False])


def test_the_background_is_quiet_and_overdispersed(files: Files) -> None:
    """A negative binomial of size 12: of a mean of ten the variance is eighteen, and not ten."""
    neutral = [row for row in files.contacts if row["complaint"] == "no"]
    weeks = Counter((files.week_of(row["at"]), row["channel"]) for row in neutral)
    shop = [weeks[week, "store"] for week in range(files.weeks)]
    spread = sum((count - mean(shop)) ** 2 for count in shop) / len(shop)
    assert 0.9 * mean(shop) < spread < 4 * mean(shop)


def test_shops_are_closed_on_sunday(files: Files) -> None:
    shops = [local(row["at"]) for row in files.contacts if row["channel"] == "store"]
    # A repeated contact may come at any hour.
    assert sum(at.weekday() == 6 for at in shops) < 0.05 * len(shops)


def test_people_say_one_thing_in_dozens_of_ways_and_never_in_the_words_of_the_map(files: Files) -> None:
    worded = defaultdict(set)
    for row in files.contacts:
        worded[row["touchpoint"]].add(row["text"])
    assert min(map(len, worded.values())) >= 24
    verbatim = {line.strip("- ").lower() for line in MAP.read_text().splitlines() if line.startswith("      - ")}
    said = {row["text"].strip(".").lower() for row in files.contacts} | {row["words"].lower() for row in files.reports}
    assert not said & verbatim


def test_a_map_without_room_for_the_plants_is_refused_with_what_is_missing(tmp_path: Path) -> None:
    lines = [line for line in MAP.read_text().splitlines() if "partner:" not in line]
    (tmp_path / "map.yaml").write_text("\n".join(lines))
    with pytest.raises(SettingsError, match="no room for what is planted: partner_delay"):
        make(tmp_path / "company", Order(1, UNTIL, weeks=30), map_file=tmp_path / "map.yaml")
    (tmp_path / "map.yaml").write_text("tools: [")
    with pytest.raises(SettingsError, match="cannot be read as a touchpoint map"):
        make(tmp_path / "company", Order(1, UNTIL, weeks=30), map_file=tmp_path / "map.yaml")


def test_too_few_weeks_are_refused() -> None:
    with pytest.raises(SettingsError, match="take 30 or more"):
        Order(1, UNTIL, weeks=12)
