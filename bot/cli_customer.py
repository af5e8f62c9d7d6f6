"""The command line for one customer: `throughline customer`. Each look is a row of the audit, as in Slack."""

import json
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from bot import app, customer_wording, settings
from bot.audit import Purpose
from bot.customers.identity.candidates import Candidate
from bot.customers.identity.lookup import LookUp, look_up
from bot.customers.questions.vectors import vectors_of
from bot.customers.story import card_json
from bot.customers.story.card import card_of
from bot.errors import ImportRefused
from bot.people import Person
from bot.printing import print_json, print_line
from bot.serving import CHOICE, looked_up, note, note_aliases, operator


def customer(
    words: Annotated[str, typer.Argument(help="An e-mail address, phone, order or account number, or a name.")] = "",
    as_: Annotated[
        str, typer.Option("--as", help="Who looks: a name or e-mail of config/people.yaml. Default: this machine.")
    ] = "",
    requests: Annotated[
        Path | None, typer.Option(help="Look up each line of a file: {_id, text}.", exists=True, dir_okay=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Show one customer's card. Exit code 0 if one was found, 3 if not: then it says among whom to choose."""
    house = app.build(settings.load())
    with closing(house.database):
        by = house.directory.find(as_) if as_ else operator()
        if requests:
            _answer_requests(house, requests, by)
            return
        found = _show(house, words, by, as_json=as_json)
    if found.customer is None:
        raise typer.Exit(3)


def _show(house: app.House, words: str, by: Person, *, as_json: bool) -> LookUp:
    now, zone = datetime.now(UTC), house.settings.timezone
    meaning = partial(vectors_of, house.database, embedder=house.library.encoder, audiences=by.audiences)
    with house.database.reading() as session:
        found = look_up(session, words, audiences=by.audiences, country=house.settings.country)
        one = found.customer
        card = card_of(session, one.id, audiences=by.audiences, now=now, zone=zone, meaning=meaning) if one else None
    if card:
        note_aliases(house.database, [card.alias], by=by, purpose=Purpose.CARD, fields=card.shown, now=now)
    else:
        note(house.database, found.candidates, by=by, purpose=Purpose.LOOK_UP, fields=CHOICE, now=now)
    if as_json:
        print_json({**_told(found), "card": card_json.as_json(card, zone=zone) if card else None})
    elif card:
        print_line(f"{customer_wording.card(card, now=now, zone=zone).as_text}\n({found.reason})")
    else:
        _show_choice(found)
    return found


def _answer_requests(house: app.House, file: Path, by: Person) -> None:
    """A line for each line."""
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                asked = json.loads(line)
                name, text = asked["_id"], str(asked["text"])
            except (ValueError, TypeError, KeyError) as fault:
                raise ImportRefused(f'{file}, line {number}: write {{"_id": ..., "text": ...}}.') from fault
            told = _told(looked_up(house.database, text, by=by, country=house.settings.country, now=datetime.now(UTC)))
            among = [one["id"] for one in told["candidates"]]
            one = told["customer"]["id"] if told["customer"] else None
            print_json({"_id": name, "customer": one, "candidates": among, "reason": told["reason"]})


def _told(found: LookUp) -> dict[str, Any]:
    return {
        "customer": _row(found.customer) if found.customer else None,
        "candidates": [_row(one) for one in found.candidates],
        "reason": found.reason,
    }


def _row(one: Candidate) -> dict[str, Any]:
    last = one.last_at.isoformat() if one.last_at else None
    return {"id": one.source_id, "name": one.name, "city": one.city, "keys": list(one.keys), "last_contact": last}


def _show_choice(found: LookUp) -> None:
    print_line(f"{found.reason[:1].upper()}{found.reason[1:]}.")
    for candidate in found.candidates:
        print_line(f"   {candidate.source_id}  {candidate.told}")
    if not found.candidates:
        print_line(
            "Give an e-mail address, a phone, order or account number, or first and last name with the postcode."
        )
