"""Every workspace in which the bot is installed is attended, by every replica, as soon and as long as it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from bot import app
from bot.app import House
from bot.attended import EveryWorkspace
from bot.errors import NotAttendedYet, SettingsError
from bot.inbox import InboxRow
from bot.installations import Installations
from bot.simulator import SlackFront
from cryptography.fernet import Fernet
from slack_sdk import WebClient
from slack_sdk.oauth.installation_store import Installation
from sqlalchemy import select

import fronts
from offices import settings_for, until

KEY = Fernet.generate_key().decode()
FIRST, SECOND = "T0TIDE", "T0HARB"


@pytest.fixture
def front() -> Iterator[SlackFront]:
    with fronts.opened() as opened:
        yield opened


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = app.build(settings_for(tmp_path / "var"))
    yield built
    built.database.close()


def opened(house: House, *keys: str) -> Installations:
    return Installations(house.database, client_id="1.2", keys=keys or (KEY,))


def every(house: House, front: SlackFront, *allowed: str) -> EveryWorkspace:
    return EveryWorkspace(house, opened(house), allowed=frozenset(allowed or (SECOND,)), api_url=front.api_url)


@contextmanager
def attending(house: House, front: SlackFront, *allowed: str) -> Iterator[EveryWorkspace]:
    attended = every(house, front, *allowed)
    attended.start()
    try:
        yield attended
    finally:
        attended.stop()


def install(house: House, client: WebClient, workspace: str = SECOND, *keys: str) -> None:
    said = Installation(app_id="A1", team_id=workspace, team_name=workspace, user_id="U1", bot_token=client.token)
    opened(house, *keys).store.save(said)


def hears(attended: EveryWorkspace) -> bool:
    """Whether what Slack sends is taken in; it comes again where not."""
    try:
        return attended.of(SECOND) is not None
    except NotAttendedYet:
        return False


def tell(attended: EveryWorkspace, number: int, kind: str, **event: object) -> None:
    """Slack tells the attendance of the second workspace something."""
    here = attended.of(SECOND)
    assert here is not None
    body = {"event": {"type": kind, **event}, "event_id": f"Ev{number}", "team_id": SECOND}
    here.arrival.record(body, lambda: None)


def states(house: House) -> list[str]:
    with house.database.reading() as session:
        return list(session.scalars(select(InboxRow.state).order_by(InboxRow.id)))


def test_it_is_at_work_where_it_is_installed_and_allowed(front: SlackFront, house: House) -> None:
    first = WebClient(token=front.slacks[0].bot_token)
    install(house, first, FIRST)
    with attending(house, front, SECOND, "T0NONE") as attended:
        assert [attended.of(one) for one in (None, "", FIRST, SECOND, "T0NONE")] == [None] * 5
        install(house, fronts.installed(front))
        attended.look()
        here = attended.of(SECOND)
        assert here is not None
        assert (here.workspace, here.identity.bot_user_id) == (SECOND, "U0HARBBOT")
        assert len(attended.databases()) == 1


def test_what_another_replica_installs_is_attended_when_slack_sends_something_from_there(
    front: SlackFront, house: House
) -> None:
    with attending(house, front) as attended:
        install(house, fronts.installed(front))
        until(lambda: hears(attended))
        here = attended.of(SECOND)
        assert here is not None
        assert here.workspace == SECOND


def test_a_workspace_that_uninstalls_is_left_and_its_tokens_are_forgotten(front: SlackFront, house: House) -> None:
    install(house, fronts.installed(front))
    with attending(house, front) as attended:
        front.slacks[1].workspace.uninstall()
        tell(attended, 1, "app_uninstalled")
        until(lambda: attended.databases() == [])
        assert opened(house).all() == []


def test_news_of_an_uninstall_that_comes_after_a_new_installation_changes_nothing(
    front: SlackFront, house: House
) -> None:
    fronts.installed(front)
    front.slacks[1].workspace.uninstall()
    install(house, fronts.installed(front))
    with attending(house, front) as attended:
        tell(attended, 1, "app_uninstalled")
        tell(attended, 2, "tokens_revoked", tokens={"oauth": [], "bot": ["U0HARBBOT"]})
        until(lambda: states(house) == ["done", "done"])
        assert attended.of(SECOND) is not None
        assert len(opened(house).all()) == 1


def test_the_token_of_a_person_that_is_revoked_is_no_uninstall(front: SlackFront, house: House) -> None:
    install(house, fronts.installed(front))
    with attending(house, front) as attended:
        tell(attended, 1, "tokens_revoked", tokens={"oauth": ["U0SAM"], "bot": []})
        tell(attended, 2, "tokens_revoked", tokens={"oauth": ["U0SAM"]})
        assert states(house) == []


def test_a_workspace_that_is_forgotten_on_the_command_line_is_left(front: SlackFront, house: House) -> None:
    install(house, fronts.installed(front))
    with attending(house, front) as attended:
        opened(house).remove(SECOND)
        attended.look()
        assert attended.of(SECOND) is None


def test_while_slack_is_away_its_requests_are_to_come_again(front: SlackFront, house: House) -> None:
    install(house, fronts.installed(front))
    front.stop()
    with attending(house, front) as attended:
        with pytest.raises(NotAttendedYet, match=f"installed in {SECOND}"):
            attended.of(SECOND)
        front.start()
        attended.look()
        assert attended.of(SECOND) is not None


def test_a_token_that_slack_refuses_is_not_tried_again_and_keeps_nobody_waiting(
    front: SlackFront, house: House, caplog: pytest.LogCaptureFixture
) -> None:
    install(house, fronts.installed(front))
    front.slacks[1].workspace.uninstall()
    with attending(house, front) as attended:
        attended.look()
        assert attended.of(SECOND) is None
    [said] = [one.message for one in caplog.records if "is not attended" in one.message]
    assert "Install the app there again, or run `throughline workspaces forget T0HARB`" in said


def test_with_a_wrong_key_it_does_not_start(front: SlackFront, house: House) -> None:
    install(house, fronts.installed(front), SECOND, Fernet.generate_key().decode())
    with pytest.raises(SettingsError, match="TOKEN_KEY does not open"):
        every(house, front).start()


def test_a_token_that_another_replica_sealed_with_a_newer_key_stops_no_work(front: SlackFront, house: House) -> None:
    install(house, fronts.installed(front))
    install(house, WebClient(token=front.slacks[0].bot_token), FIRST)
    newer = Fernet.generate_key().decode()
    with attending(house, front, FIRST, SECOND) as attended:
        opened(house, newer, KEY).seal_again()
        attended.look()
        assert attended.of(FIRST) is not None
        assert attended.of(SECOND) is not None
