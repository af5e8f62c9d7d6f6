"""Where the bot is installed, by slack_sdk's own stores, with the token of each workspace: encrypted at rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore
from sqlalchemy import Dialect, MetaData, Table, Text, TypeDecorator, delete, select

from bot import tenants
from bot.database import Base, Database
from bot.errors import SettingsError

# So long may somebody take between asking Slack to install and coming back.
STATE_SECONDS = 600
_SECRET = ("bot_token", "bot_refresh_token", "user_token", "user_refresh_token", "incoming_webhook_url")


@dataclass(frozen=True, slots=True)
class Installed:
    """One workspace with the bot in it. `by` is the id of whoever installed it."""

    workspace: str
    name: str
    by: str
    at: datetime
    token: str


class Installations:
    """Every workspace in which this Slack app is installed."""

    def __init__(self, database: Database, *, client_id: str, keys: Sequence[str]) -> None:
        """`keys` are Fernet's, the newest first: it encrypts, all of them decrypt."""
        self._database = database
        self._client_id = client_id
        self.store = _SealedStore(database, client_id=client_id, box=MultiFernet([Fernet(key) for key in keys]))
        self.states = _States(STATE_SECONDS, database.engine)

    def all(self) -> list[Installed]:
        """By name. Raises `SettingsError` where no key fits a token."""
        columns = self.store.installations.c
        asked = select(
            columns.team_id, columns.team_name, columns.user_id, columns.installed_at, columns.bot_token
        ).where(columns.client_id == self._client_id)
        with self._database.reading() as session:
            rows = session.execute(asked.order_by(columns.team_name, columns.id)).all()
        return [Installed(team, name or team, by, at.replace(tzinfo=UTC), token) for team, name, by, at, token in rows]

    def remove(self, workspace: str) -> None:
        """Forget the tokens of a workspace, and give up what is under way there. What was said there is kept."""
        with self._database.writing.begin() as session:
            for table in (self.store.bots, self.store.installations):
                session.execute(delete(table).where(table.c.team_id == workspace))
        with self._database.of(workspace).writing.begin() as session:
            tenants.close(session, now=datetime.now(UTC))

    def seal_again(self) -> int:
        """Encrypt every token with the newest key; returns how many workspaces have one."""
        for one in (found := self.all()):
            installation = self.store.find_installation(enterprise_id=None, team_id=one.workspace)
            if installation is not None:
                self.store.save(installation)
        return len(found)


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
        try:
            return None if value is None else self._box.decrypt(value).decode()
        except InvalidToken as fault:
            raise SettingsError(
                "TOKEN_KEY does not open the tokens of the installed workspaces. Put the key back with which they were "
                "stored (behind a newer one and a comma, where there is one), or install the app in them again."
            ) from fault


class _SealedStore(SQLAlchemyInstallationStore):
    """slack_sdk's store; of a workspace it keeps the newest installation, and of that no token that could be read."""

    def __init__(self, database: Database, *, client_id: str, box: MultiFernet) -> None:
        super().__init__(client_id, database.engine)
        for table in (self.bots, self.installations):
            _keep_in(table, _Sealed(box))

    def save(self, installation: Installation) -> None:
        with self.engine.begin() as connection:
            for table in (self.bots, self.installations):
                ours = (table.c.client_id == self.client_id) & (table.c.team_id == installation.team_id)
                connection.execute(delete(table).where(ours))
        super().save(installation)


class _States(SQLAlchemyOAuthStateStore):
    """slack_sdk's store; what nobody came back with is deleted."""

    def issue(self, *args: object, **kwargs: object) -> str:
        with self.engine.begin() as connection:
            late = self.oauth_states.c.expire_at < datetime.now(UTC).replace(tzinfo=None)
            connection.execute(delete(self.oauth_states).where(late))
        return super().issue(*args, **kwargs)


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
