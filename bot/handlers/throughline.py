"""`/throughline`: help, what changed, the map, and how the bot behaves in a channel. Only who types sees the reply."""

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo

from bot import channels, deadlines, inbox, news, outbox, wording
from bot.channels import ChannelSettings
from bot.database import Database
from bot.errors import CurationError
from bot.handlers import blocks, channel_form
from bot.handlers.replying import owe_words, reply_destination
from bot.handlers.stage_map import StageMap
from bot.handlers.surfaces import Arriving, Body, Checks, Opens, View, Work
from bot.handlers.workspace.directory import SlackDirectory
from bot.inbox import Accepted
from bot.people import Owners, must_be_admin
from bot.retrieval.library import Library
from bot.summaries import personal_lists
from bot.summaries.summary import Item, Summary, as_value

COMMAND = "/throughline"
TOLD = "throughline"
SETTINGS = "channel_settings"


class Throughline:
    def __init__(
        self,
        database: Database,
        library: Library,
        directory: SlackDirectory,
        *,
        owners: Owners,
        stages: StageMap,
        zone: tzinfo | None = None,
    ) -> None:
        self._database = database
        self._library = library
        self._directory = directory
        self._owners = owners
        self._stages = stages
        self._zone = zone

    @property
    def work(self) -> Mapping[str, Work]:
        return {TOLD: self.tell, SETTINGS: self.save_settings}

    @property
    def opens(self) -> Mapping[str, Opens]:
        return {COMMAND: self._settings_form}

    @property
    def checks(self) -> Mapping[str, Checks]:
        return {}

    def read(self, body: Body) -> Arriving | None:
        if body.get("command") == COMMAND:
            return None if _wants_settings(body) else _typed(body)
        if body.get("type") == "view_submission" and body["view"].get("callback_id") == channel_form.CALLBACK:
            return _saved(body)
        return None

    def tell(self, event: Accepted) -> None:
        now = datetime.now(UTC)
        name, _, rest = event.value["text"].strip().partition(" ")
        match name.casefold():
            case "changes" | "changed":
                shown = self._changes(event, rest, now)
            case "map":
                shown = self._stages.told(self._directory.person(event.value["person"]), rest, now=now)
            case "" | "help":
                shown = HELP
            case _:
                shown = Summary(f"There is no {COMMAND} {name}", HELP.items)
        with self._database.writing.begin() as session:
            outbox.owe(
                session,
                key=f"summary:{event.id}",
                kind=blocks.SUMMARY,
                to=reply_destination(event.value, private=True),
                value=as_value(shown),
                now=now,
            )
            inbox.finish(session, event)

    def save_settings(self, event: Accepted) -> None:
        now = datetime.now(UTC)
        by = self._directory.person(event.value["person"])
        must_be_admin(by)
        chosen = ChannelSettings(
            tuple(event.value["folders"]), unasked=event.value["unasked"], escalation=event.value["escalation"]
        )
        with self._database.writing.begin() as session:
            channels.save(session, event.value["channel"], chosen, by=by.name, now=now)
            owe_words(session, event, wording.settings_saved(chosen), now=now)
            inbox.finish(session, event)

    def _changes(self, event: Accepted, written: str, now: datetime) -> Summary:
        person = self._directory.person(event.value["person"])
        back = deadlines.ago(written)
        if written.strip() and back is None:
            raise CurationError(wording.CHANGES_USAGE)
        since = now - back if back is not None else news.since_last_shift(self._database, person, now=now)
        today = now.astimezone(self._zone).date()
        found = news.news_for(self._database, self._library, person, since=since, today=today, now=now)
        return personal_lists.news(found, owners=self._owners, zone=self._zone)

    def _settings_form(self, body: Body) -> View | None:
        if not _wants_settings(body):
            return None
        must_be_admin(self._directory.person(body["user_id"]))
        channel = str(body["channel_id"])
        if channel.startswith("D"):
            raise CurationError(wording.SETTINGS_IN_A_CHANNEL)
        with self._database.reading() as session:
            now_set = channels.settings_of(session, channel)
        return channel_form.view(channel, now_set, self._library.folders())


def _wants_settings(body: Body) -> bool:
    return str(body.get("text") or "").strip().casefold() == "settings"


def _typed(body: Body) -> Arriving:
    return Arriving(
        key=f"throughline:{body['trigger_id']}",
        kind=TOLD,
        conversation=f"throughline:{body['user_id']}",
        value={
            "person": body["user_id"],
            "text": body.get("text") or "",
            "channel": body["channel_id"],
            "thread": "",
            "response_url": body["response_url"],
        },
    )


def _saved(body: Body) -> Arriving:
    return Arriving(
        key=f"form:{body['view']['id']}:{body['view'].get('hash', '')}",
        kind=SETTINGS,
        conversation=f"settings:{body['view']['private_metadata']}",
        value={"person": body["user"]["id"], "thread": "", **channel_form.filled_in(body["view"])},
    )


HELP = Summary(
    "What I can do",
    tuple(
        Item(what, (how,))
        for what, how in (
            ("Ask", "mention me, write to me directly, or type /ask: then only you see the answer"),
            ("Ask about a message", "the menu of any message > Ask about this"),
            ("Go on asking", "reply in the thread without a mention; (aside) at the beginning keeps me out of it"),
            ("Ask people", "press Ask a human under an answer, also where nothing answers; theirs comes back to you"),
            ("Say that an answer was no good", "press Not helpful under it: the owner of the page reads why"),
            ("What changed since my shift", "/throughline changes, or /throughline changes 3d"),
            ("My own page", "open me in the sidebar > Home: questions to try, what you asked, what changed"),
            ("Where customers and employees hurt (leads, owners)", "/throughline map, or /throughline map returns"),
            ("One question a week", "/throughline pulse: what it is; off and on: whether I ask you"),
            ("For admins, here in this channel", "/throughline settings: sources, answering unasked, whom to ask"),
            ("For admins and owners of pages", "/knowledge help"),
        )
    ),
)
