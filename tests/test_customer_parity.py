"""Whoever serves customers sees the same of them, on whatever channel they work; whoever does not sees nothing.

A table over all roles of `config/people.yaml`.
"""

import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from bot.app import House
from bot.audiences import CUSTOMERS
from bot.customers.permission import must_be_permitted
from bot.customers.timeline import interactions_of
from bot.errors import NotAllowed
from bot.people import Member

import slack_bodies as slack
from customer_desk import Desk
from customer_worlds import Customer, Registry, World, random_customers, random_slack, truth_of
from offices import PROJECT
from quiet_slack import Somebody

PEOPLE = PROJECT / "config" / "people.yaml"
SERVING, _ = truth_of(PEOPLE)
ROLES = frozenset(yaml.safe_load(PEOPLE.read_text(encoding="utf-8"))["roles"])


class Company:
    """An employee for each role, who has it and no other; all in one place."""

    def __init__(self, house: House, folder: Path) -> None:
        dice = random.Random(4)
        roster = tuple(Member(role, f"{role}@tidewater.example", frozenset({role}), "mill-road") for role in ROLES)
        self.slack = random_slack(dice, "TONE", 0)
        for role in ROLES:
            user = self.user(role)
            self.slack.people[user] = Somebody(user, role, f"{role}@tidewater.example", "TONE")
        self.world = World({"TONE": self.slack}, random_customers(dice, datetime.now(UTC)))
        directory = replace(house.directory, roster=roster)
        self.desk = Desk(replace(house, directory=directory), self.slack, "TONE")
        Registry(folder).take_in(house.database, self.world.customers, now=datetime.now(UTC))
        self.world.recognize(house.database)

    @staticmethod
    def user(role: str) -> str:
        return f"U{role.upper()}"

    @property
    def customer(self) -> Customer:
        return self.world.customers[4]

    def told(self, role: str, body: slack.Body) -> dict[str, object]:
        """What somebody of this role is answered, without who it is for."""
        self.desk.take(body)
        (owed,) = self.desk.fresh()
        assert owed.only == self.user(role)
        return {name: said for name, said in owed.row.value.items() if name != "reader"}

    def card(self, role: str) -> dict[str, object]:
        user = self.user(role)
        return self.told(role, slack.command("/customer", user, f"D{user}", self.customer.mail))

    def page(self, role: str) -> dict[str, object]:
        """What came before the newest contact."""
        with self.desk.house.database.reading() as session:
            newest, *_ = interactions_of(session, self.customer.id, audiences={CUSTOMERS})
        user, value = self.user(role), f"{self.customer.id}:{newest.id}:1"
        return self.told(role, slack.press("customer_older", value, user, f"D{user}"))


@pytest.fixture
def company(quiet_house: House, tmp_path: Path) -> Company:
    return Company(quiet_house, tmp_path)


def test_the_roles_that_serve_are_those_whose_people_talk_to_customers() -> None:
    assert {"shop", "phone", "chat", "field", "billing"} <= SERVING < ROLES


def test_every_role_that_serves_customers_gets_the_identical_card_and_timeline(company: Company) -> None:
    cards = {role: company.card(role) for role in sorted(SERVING)}
    first = cards[min(SERVING)]
    assert first["title"] == company.customer.name
    assert all(card == first for card in cards.values())
    pages = {role: company.page(role) for role in sorted(SERVING)}
    assert all(page == pages[min(SERVING)] for page in pages.values())
    assert pages[min(SERVING)]["title"] == f"{company.customer.name}: contacts 2 to 2 of 2"


def test_every_other_role_gets_none(company: Company) -> None:
    for role in sorted(ROLES - SERVING):
        with pytest.raises(NotAllowed) as refused:
            must_be_permitted(company.desk.people.person(company.user(role)).audiences)
        for told in (company.card(role), company.page(role)):
            assert told == {"text": str(refused.value)}
            assert not company.world.in_words(str(told))
