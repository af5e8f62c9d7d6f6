"""Where the bot is installed, by slack_sdk's own stores, with the token of each workspace: encrypted at rest."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store import OAuthStateStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore
from sqlalchemy import (
    Dialect,
    Engine,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    delete,
    func,
    insert,
    select,
    type_coerce,
    update,
)

from bot import tenants
from bot.database import Base, Database
from bot.errors import SettingsError

# So long may somebody take between asking Slack to install and coming back.
STATE_SECONDS = 600
_SECRET = ("bot_token", "bot_refresh_token", "user_token", "user_refresh_token", "incoming_webhook_url")


@dataclass(frozen=True, slots=True)
class Sealed:
    """A token as the database has it."""

    text: str = field(repr=False)
    box: MultiFernet = field(repr=False)

    def opened(self) -> str:
        """Raises `SettingsError` where no key fits."""
        try:
            return self.box.decrypt(self.text).decode()
        except InvalidToken as fault:
            raise SettingsError(
                "TOKEN_KEY does not open the tokens of the installed workspaces. Put the key back with which they were "
                "stored (behind a newer one and a comma, where there is one). If it is lost, `throughline workspaces` "
                "lists them: forget each, start the bot, and install it there again."
            ) from fault


@dataclass(frozen=True, slots=True)
class Installed:
    """One workspace with the bot in it. `by` is the id of whoever installed it."""

    workspace: str
    name: str
    by: str
    at: datetime
    sealed: Sealed

    @property
    def token(self) -> str:
        """Raises `SettingsError` where no key fits."""
        return self.sealed.opened()


class Installations:
    """Every workspace in which this Slack app is installed."""

    def __init__(self, database: Database, *, client_id: str, keys: Sequence[str]) -> None:
        """`keys` are Fernet's, the newest first: it encrypts, all of them decrypt."""
        self._database = database
        self._client_id = client_id
        self._box = MultiFernet([Fernet(key) for key in keys])
        self.store = _SealedStore(database, client_id=client_id, box=self._box)
        self.states = _States(database.engine, self._box)

    def all(self) -> list[Installed]:
        """By name, also where no key fits: only its token cannot be read then."""
        columns = self.store.installations.c
        sealed = type_coerce(columns.bot_token, Text)
        asked = select(columns.team_id, columns.team_name, columns.user_id, columns.installed_at, sealed).where(
            columns.client_id == self._client_id
        )
        with self._database.reading() as session:
            rows = session.execute(asked.order_by(columns.id)).all()
        found = {  # of two, while the older one is about to be deleted, the newer
            team: Installed(team, name or team, by, at.replace(tzinfo=UTC), Sealed(token, self._box))
            for team, name, by, at, token in rows
        }
        return sorted(found.values(), key=lambda one: (one.name, one.workspace))

    def remove(self, workspace: str) -> None:
        """Forget the tokens of a workspace, and give up what is under way there. What was said there is kept."""
        with self._database.of(workspace).writing.begin() as session:
            for table in (self.store.bots, self.store.installations):
                session.execute(delete(table).where(table.c.team_id == workspace))
            tenants.close(session, now=datetime.now(UTC))

    def seal_again(self) -> int:
        """Encrypt every token with the newest key; returns of how many workspaces. Raises `SettingsError` as above."""
        with self._database.engine.begin() as connection:
            for table in (self.store.bots, self.store.installations):
                secret = [table.c[name] for name in _SECRET if name in table.c]
                ours = select(table.c.id, *secret).where(table.c.client_id == self._client_id)
                for row in connection.execute(ours).mappings().all():
                    opened = {column.name: row[column] for column in secret}
                    connection.execute(update(table).where(table.c.id == row[table.c.id]).values(opened))
        return len(self.all())


class _Sealed(TypeDecorator[str]):
    """Text that is ciphertext in the database."""

    impl = Text
    cache_ok = False  # a statement that is remembered would remember the keys

    def __init__(self, box: MultiFernet) -> None:
        super().__init__()
        self._box = box

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's
        return None if value is None else self._box.encrypt(value.encode()).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - signatures
        return None if value is None else Sealed(value, self._box).opened()


class _SealedStore(SQLAlchemyInstallationStore):
    """slack_sdk's store; of a workspace it keeps the newest installation, and of that no token that could be read."""

    def __init__(self, database: Database, *, client_id: str, box: MultiFernet) -> None:
        super().__init__(client_id, database.engine)
        for table in (self.bots, self.installations):
            _keep_in(table, _Sealed(box))

    def save(self, installation: Installation) -> None:
        """At no moment is the workspace without one: whoever looks then would stop attending it."""
        super().save(installation)
        with self.engine.begin() as connection:
            for table in (self.bots, self.installations):
                ours = (table.c.client_id == self.client_id) & (table.c.team_id == installation.team_id)
                newest = select(func.max(table.c.id)).where(ours).scalar_subquery()
                connection.execute(delete(table).where(ours, table.c.id < newest))


class _States(OAuthStateStore):
    """What Slack brings back with its answer: made here, within ten minutes, and not used before.

    Sealed and not stored, so whoever loads the first page in a loop writes nothing; only what was used is remembered,
    for as long as it would be good.
    """

    def __init__(self, engine: Engine, box: MultiFernet) -> None:
        self._engine = engine
        self._box = box
        self._used = SQLAlchemyOAuthStateStore.build_oauth_states_table(MetaData(), "slack_oauth_states")

    def issue(self, *_args: object, **_kwargs: object) -> str:
        # Of 32 bytes: of any other number there would be signs in it that a cookie has to quote.
        return self._box.encrypt(secrets.token_bytes(32)).decode()

    def consume(self, state: str) -> bool:
        try:
            self._box.decrypt(state.encode(), ttl=STATE_SECONDS)
        except InvalidToken:
            return False
        now = datetime.now(UTC).replace(tzinfo=None)
        values = {"state": sha256(state.encode()).hexdigest(), "expire_at": now + timedelta(seconds=STATE_SECONDS)}
        used = self._used
        with self._engine.begin() as connection:
            connection.execute(delete(used).where(used.c.expire_at < now))
            if connection.execute(select(used.c.id).where(used.c.state == values["state"])).first():
                return False
            connection.execute(insert(used).values(values))
        return True


def _keep_in(table: Table, kind: Text | TypeDecorator[str]) -> None:
    for name in _SECRET:
        if name in table.c:
            table.c[name].type = kind


def _tables(metadata: MetaData) -> None:
    """As they are in the database: slack_sdk's 200 letters do not hold an encrypted token."""
    bots = SQLAlchemyInstallationStore.build_bots_table(metadata, "slack_bots")
    installations = SQLAlchemyInstallationStore.build_installations_table(metadata, "slack_installations")
    for table in (bots, installations):
        _keep_in(table, Text())
    SQLAlchemyOAuthStateStore.build_oauth_states_table(metadata, "slack_oauth_states")


_tables(Base.metadata)
