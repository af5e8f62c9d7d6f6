"""App Home: what one could ask, what one asked, what changed in the pages one uses; for admins how the knowledge is."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo

from bot import customer_wording, exchanges, inbox, news, outbox
from bot.audiences import EVERYONE
from bot.audit import Purpose
from bot.curation import Curator
from bot.customer_wording import Told
from bot.database import Database
from bot.handlers.customers.replies import Shown, note_shown
from bot.handlers.customers.surface import HANDOVER_FIELDS
from bot.handlers.letters.cards import TURN_OFF_ACTION, TURN_ON_ACTION
from bot.handlers.presses import press_in
from bot.handlers.surfaces import Arriving, Body, Work
from bot.handlers.welcome import Suggest
from bot.handlers.workspace.directory import SlackDirectory
from bot.inbox import Accepted
from bot.letters import stops
from bot.outbox import Destination
from bot.people import Owners, Person
from bot.retrieval.library import Library
from bot.summaries import knowledge, personal_lists
from bot.summaries.summary import Summary, as_value

HOME = "home"
RECENT = 5
USED_WITHIN = timedelta(days=90)

# Who waits for somebody's shop or team; None for who may see no customers, and where nobody waits.
Handover = Callable[[Person, datetime], Told | None]
# More for somebody's Home, from other rooms: what they asked people, what could not be delivered.
Parts = Callable[[Person, datetime], Sequence[Summary]]
# Whether somebody gets the weekly digest: "on", "off", or "" for whom there is none.
Letters = Callable[[Person], str]


class Home:
    def __init__(
        self,
        database: Database,
        library: Library,
        curator: Curator,
        directory: SlackDirectory,
        *,
        owners: Owners,
        suggest: Suggest,
        parts: Sequence[Parts] = (),
        handover: Handover,
        letters: Letters,
        zone: tzinfo | None = None,
    ) -> None:
        self._database = database
        self._library = library
        self._curator = curator
        self._directory = directory
        self._owners = owners
        self._suggest = suggest
        self._parts = parts
        self._handover = handover
        self._letters = letters
        self._zone = zone

    @property
    def work(self) -> Mapping[str, Work]:
        return {HOME: self.draw}

    def read(self, body: Body) -> Arriving | None:
        press = press_in(body, TURN_OFF_ACTION, TURN_ON_ACTION)
        if press is not None:
            arriving = press.arriving(HOME, f"home:{press.person}")
            arriving.value["letters"] = "off" if press.action == TURN_OFF_ACTION else "on"
            return arriving
        event = body.get("event")
        if not isinstance(event, dict) or event.get("type") != "app_home_opened" or event.get("tab") != "home":
            return None
        return Arriving(
            key=f"home:{event['user']}:{event['event_ts']}",
            kind=HOME,
            conversation=f"home:{event['user']}",
            value={"person": event["user"], "channel": "", "thread": ""},
        )

    def draw(self, event: Accepted) -> None:
        """Draw it anew: Slack shows the last one until then."""
        now = datetime.now(UTC)
        person = self._directory.person(event.value["person"])
        letters = self._letters(person)
        if letters:
            letters = event.value.get("letters") or letters
        parts = [self._recent(person), self._news(person, now)]
        parts.extend(part for more in self._parts for part in more(person, now))
        if person.admin:
            state = self._curator.state(by=person, today=now.astimezone(self._zone).date(), now=now)
            parts.append(knowledge.status(state, zone=self._zone))
        waiting = self._handover(person, now)
        key = f"home:{event.id}"
        with self._database.writing.begin() as session:
            if event.value.get("letters"):
                stops.turn(session, person.id, stopped=event.value["letters"] == "off", now=now)
            outbox.owe(
                session,
                key=key,
                kind=outbox.HOME,
                to=Destination(channel="", only=person.id),
                value={
                    "examples": list(self._suggest(person)),
                    "parts": [as_value(part) for part in parts],
                    "reader": person.id,
                    "reports": EVERYONE in person.audiences,
                    **({"letters": letters} if letters else {}),
                    "handover": customer_wording.as_value(waiting) if waiting else None,
                },
                now=now,
            )
            if waiting:
                shown = Shown(waiting, Purpose.HANDOVER, HANDOVER_FIELDS)
                note_shown(session, event.value, shown, reference=key, now=now)
            inbox.finish(session, event)

    def _recent(self, person: Person) -> Summary:
        with self._database.reading() as session:
            return personal_lists.recent(exchanges.recent_of(session, person=person.id, limit=RECENT), zone=self._zone)

    def _news(self, person: Person, now: datetime) -> Summary:
        """What changed in the pages that answered this person before; in all that they may read where none did."""
        since = news.since_last_shift(self._database, person, now=now)
        today = now.astimezone(self._zone).date()
        found = news.news_for(self._database, self._library, person, since=since, today=today, now=now)
        with self._database.reading() as session:
            used = exchanges.times_quoted(session, since=now - USED_WITHIN, person=person.id)
        return personal_lists.news(news.of_pages(found, used) if used else found, owners=self._owners, zone=self._zone)
