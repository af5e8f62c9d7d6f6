"""App Home: what one could ask, what one asked, what changed in the pages one uses; for admins how the knowledge is."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo

from bot import exchanges, inbox, news, outbox
from bot.curation import Curator
from bot.database import Database
from bot.handlers.directory import SlackDirectory
from bot.handlers.surfaces import Arriving, Body, Work
from bot.handlers.welcome import Suggest
from bot.inbox import Accepted
from bot.outbox import Destination
from bot.people import Owners, Person
from bot.retrieval.library import Library
from bot.summaries import knowledge, personal_lists
from bot.summaries.summary import Summary, as_value

HOME = "home"
RECENT = 5
USED_WITHIN = timedelta(days=90)

# More for somebody's Home, from other rooms: what they asked people, what could not be delivered.
Parts = Callable[[Person, datetime], Sequence[Summary]]


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
        zone: tzinfo | None = None,
    ) -> None:
        self._database = database
        self._library = library
        self._curator = curator
        self._directory = directory
        self._owners = owners
        self._suggest = suggest
        self._parts = parts
        self._zone = zone

    @property
    def work(self) -> Mapping[str, Work]:
        return {HOME: self.draw}

    def read(self, body: Body) -> Arriving | None:
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
        parts = [self._recent(person), self._news(person, now)]
        parts.extend(part for more in self._parts for part in more(person, now))
        if person.admin:
            state = self._curator.state(by=person, today=now.astimezone(self._zone).date(), now=now)
            parts.append(knowledge.status(state, zone=self._zone))
        with self._database.writing.begin() as session:
            outbox.owe(
                session,
                key=f"home:{event.id}",
                kind=outbox.HOME,
                to=Destination(channel="", only=person.id),
                value={
                    "examples": list(self._suggest(person)),
                    "parts": [as_value(part) for part in parts],
                },
                now=now,
            )
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
