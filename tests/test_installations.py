"""Where the bot is installed: of each workspace the newest installation, its tokens encrypted at rest."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bot import inbox, outbox
from bot.database import Base, Database
from bot.errors import SettingsError
from bot.inbox import InboxRow
from bot.installations import STATE_SECONDS, Installations
from bot.outbox import Destination, OutboxRow
from cryptography.fernet import Fernet
from slack_sdk.oauth.installation_store import Installation
from sqlalchemy import func, select, text

pytestmark = pytest.mark.each_engine

KEY, NEWER = Fernet.generate_key().decode(), Fernet.generate_key().decode()
CLIENT = "1.2"
TOKEN = "xoxb-local-not-for-the-disk"
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def installed(workspace: str, token: str = TOKEN, **others: object) -> Installation:
    """What Slack says of an installation, every secret of it set."""
    told = {
        "app_id": "A1",
        "team_id": workspace,
        "team_name": f"Shop {workspace}",
        "user_id": "U1",
        "bot_token": token,
        "bot_refresh_token": f"{token}-refresh",
        "user_token": f"{token}-user",
        "incoming_webhook_url": f"https://hooks.slack.example/services/{token}",
    }
    return Installation(**{**told, **others})


def opened(database: Database, *keys: str) -> Installations:
    return Installations(database, client_id=CLIENT, keys=keys or (KEY,))


def tokens(installations: Installations) -> dict[str, str]:
    return {one.workspace: one.token for one in installations.all()}


def rows(database: Database, table: str) -> list[tuple[object, ...]]:
    """As any other program would read them."""
    with database.reading() as session:
        return [tuple(row) for row in session.execute(text(f"SELECT * FROM {table}"))]  # noqa: S608 - a name of ours


def files_of(database: Database) -> Iterator[bytes]:
    """Every byte of an SQLite database, its log of changes too."""
    name = database.engine.url.database
    if not database.on_server and name:
        for file in Path(name).parent.glob(f"{Path(name).name}*"):
            yield file.read_bytes()


def test_a_saved_token_is_nowhere_in_clear(database: Database) -> None:
    opened(database).store.save(installed("T01"))
    for table in ("slack_bots", "slack_installations"):
        [row] = rows(database, table)
        assert "T01" in row
        assert TOKEN not in str(row)
    assert not any(TOKEN.encode() in content for content in files_of(database))
    assert tokens(opened(database)) == {"T01": TOKEN}


def test_slack_sdk_reads_back_what_it_saved(database: Database) -> None:
    store = opened(database).store
    store.save(installed("T01"))
    found = store.find_installation(enterprise_id=None, team_id="T01")
    bot = store.find_bot(enterprise_id=None, team_id="T01")
    assert found is not None
    assert bot is not None
    assert (found.bot_token, found.user_token, bot.bot_refresh_token) == (TOKEN, f"{TOKEN}-user", f"{TOKEN}-refresh")
    assert found.incoming_webhook_url == f"https://hooks.slack.example/services/{TOKEN}"


def test_a_workspace_is_told_of_with_who_installed_it_and_when_and_never_with_its_token(database: Database) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    installations = opened(database)
    installations.store.save(installed("T02", user_id="U7"))
    installations.store.save(installed("T01", team_name=""))
    first, second = installations.all()
    assert (first.workspace, first.name, second.workspace, second.name) == ("T02", "Shop T02", "T01", "T01")
    assert first.by == "U7"
    assert before < first.at < datetime.now(UTC) + timedelta(seconds=1)
    assert TOKEN not in repr(first)
    assert KEY not in repr(first)


def test_only_the_newest_installation_of_a_workspace_is_kept(database: Database) -> None:
    installations = opened(database)
    for number in range(3):
        installations.store.save(installed("T01", f"{TOKEN}-{number}", user_id=f"U{number}"))
    installations.store.save(installed("T02"))
    assert tokens(installations) == {"T01": f"{TOKEN}-2", "T02": TOKEN}
    assert len(rows(database, "slack_installations")) == len(rows(database, "slack_bots")) == 2


def test_while_it_is_installed_again_a_workspace_is_never_without_a_token(database: Database) -> None:
    """Another replica may look at any moment: each commit is one."""
    installations = opened(database)
    installations.store.save(installed("T01"))
    seen = []

    class Watched(type(installations.store)):  # type: ignore[misc]
        def save_bot(self, bot: object) -> None:
            seen.append(tokens(opened(database)))
            super().save_bot(bot)
            seen.append(tokens(opened(database)))

    installations.store.__class__ = Watched
    installations.store.save(installed("T01", f"{TOKEN}-again"))
    assert seen == [{"T01": f"{TOKEN}-again"}] * 2


def test_the_installations_of_another_app_in_the_same_database_are_not_ours(database: Database) -> None:
    Installations(database, client_id="9.9", keys=[NEWER]).store.save(installed("T01"))
    assert opened(database).all() == []


def test_a_wrong_key_says_what_to_do_and_where_the_bot_is(database: Database) -> None:
    opened(database).store.save(installed("T01"))
    wrong = opened(database, NEWER)
    [found] = wrong.all()
    assert found.workspace == "T01"
    with pytest.raises(SettingsError, match=r"^TOKEN_KEY does not open the tokens .* Put the key back") as refused:
        _ = found.token
    assert TOKEN not in str(refused.value)
    with pytest.raises(SettingsError, match="TOKEN_KEY does not open"):
        wrong.seal_again()
    assert tokens(opened(database)) == {"T01": TOKEN}


def test_after_a_lost_key_a_workspace_can_be_forgotten_and_installed_again(database: Database) -> None:
    opened(database).store.save(installed("T01"))
    without = opened(database, NEWER)
    without.remove("T01")
    without.store.save(installed("T01", f"{TOKEN}-fresh"))
    assert tokens(without) == {"T01": f"{TOKEN}-fresh"}


def test_once_all_is_sealed_with_the_new_key_the_old_one_is_needless(database: Database) -> None:
    old = opened(database, KEY)
    old.store.save(installed("T01"))
    old.store.save(installed("T02", f"{TOKEN}-2", enterprise_id="E1"))
    both = opened(database, NEWER, KEY)
    assert tokens(both) == {"T01": TOKEN, "T02": f"{TOKEN}-2"}
    assert both.seal_again() == 2
    only = opened(database, NEWER)
    assert tokens(only) == {"T01": TOKEN, "T02": f"{TOKEN}-2"}
    for workspace, enterprise in (("T01", None), ("T02", "E1")):
        found = only.store.find_installation(enterprise_id=enterprise, team_id=workspace)
        assert found is not None
        assert found.incoming_webhook_url == f"https://hooks.slack.example/services/{found.bot_token}"
    with pytest.raises(SettingsError):
        tokens(opened(database, KEY))


def test_what_is_saved_is_sealed_with_the_first_key(database: Database) -> None:
    opened(database, NEWER, KEY).store.save(installed("T01"))
    assert tokens(opened(database, NEWER)) == {"T01": TOKEN}


def test_a_workspace_that_is_removed_loses_its_tokens_and_what_is_open_there(database: Database) -> None:
    installations = opened(database)
    for workspace in ("T01", "T02"):
        installations.store.save(installed(workspace))
        with database.of(workspace).writing.begin() as session:
            for key in ("done", "open"):
                inbox.accept(session, key=key, kind="question", conversation="C1:1", value={}, now=NOW)
                outbox.owe(session, key=key, kind="words", to=Destination("C1"), value={"text": key}, now=NOW)
            session.execute(text("UPDATE inbox SET state = 'done' WHERE key = 'done'"))
            session.execute(text("UPDATE outbox SET state = 'sent' WHERE key = 'done'"))
    installations.remove("T01")
    assert tokens(installations) == {"T02": TOKEN}
    assert len(rows(database, "slack_bots")) == 1
    with database.reading() as session:
        for table, over in ((InboxRow, "failed"), (OutboxRow, "dead")):
            asked = select(table.workspace, table.key, table.state, table.fault).order_by(table.workspace, table.key)
            (_, _, kept, _), (_, _, state, why), *others = session.execute(asked)
            assert (kept, state, why) == (
                "done" if over == "failed" else "sent",
                over,
                "the workspace uninstalled the app",
            )
            assert [row.state for row in others] == [kept, "waiting"]


def test_nothing_is_done_by_removing_what_is_not_there(database: Database) -> None:
    installations = opened(database)
    installations.store.save(installed("T01"))
    installations.remove("T09")
    assert tokens(installations) == {"T01": TOKEN}


def test_a_state_is_good_once_for_whichever_replica_it_comes_back_to(database: Database) -> None:
    here, there = opened(database), opened(database)
    state = here.states.issue()
    assert there.states.consume(state)
    assert not here.states.consume(state)
    assert not there.states.consume(state)


@pytest.mark.parametrize("state", ["", "made-up", "ä" * 300, "gAAAAA" * 40])
def test_a_state_that_was_never_given_is_good_for_nothing(database: Database, state: str) -> None:
    assert not opened(database).states.consume(state)
    assert rows(database, "slack_oauth_states") == []


def test_a_state_of_another_deployment_is_good_for_nothing(database: Database) -> None:
    assert not opened(database).states.consume(opened(database, NEWER).states.issue())


def test_a_state_is_good_for_ten_minutes(database: Database) -> None:
    states = opened(database).states
    box = Fernet(KEY)
    now = int(time.time())
    early, late = (box.encrypt_at_time(b"0" * 32, now - seconds).decode() for seconds in (570, 601))
    assert STATE_SECONDS == 600
    assert states.consume(early)
    assert not states.consume(late)


def test_a_stranger_who_begins_again_and_again_writes_nothing(database: Database) -> None:
    states = opened(database).states
    given = {states.issue() for _ in range(200)}
    assert len(given) == 200
    assert rows(database, "slack_oauth_states") == []


def test_a_state_is_a_cookie_without_quotes_and_a_part_of_an_address_as_it_is(database: Database) -> None:
    assert all(letter.isalnum() or letter in "-_" for letter in opened(database).states.issue())


def test_states_that_were_used_are_remembered_no_longer_than_they_would_be_good(database: Database) -> None:
    states = opened(database).states
    states.consume(states.issue())
    with database.writing.begin() as session:
        table = Base.metadata.tables["slack_oauth_states"]
        ago = datetime.now(UTC).replace(tzinfo=None) - timedelta(seconds=1)
        session.execute(table.update().values(expire_at=ago))
    states.consume(states.issue())
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(table)) == 1
