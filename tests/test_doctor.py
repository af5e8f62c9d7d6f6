"""The doctor finds what is wrong with a deployment and says what to do about it."""

import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bot import app, doctor, outbox, settings
from bot.findings import Finding
from bot.outbox import Destination
from bot.settings import Settings, shipped
from sqlalchemy import text

from engines import Server


@pytest.fixture
def configured(tmp_path: Path) -> Settings:
    return settings.load({"DATA_DIR": str(tmp_path / "var")}, folder=tmp_path)


@pytest.fixture
def on_each_engine(tmp_path: Path, empty_url: str) -> Settings:
    return settings.load({"DATA_DIR": str(tmp_path / "var"), "DATABASE_URL": empty_url}, folder=tmp_path)


def findings(check: Iterator[Finding]) -> list[Finding]:
    return doctor._guarded("Database", lambda: check)


def test_settings_that_cannot_be_read_end_the_examination(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WORKSPACE_PORT", "many")
    [finding] = doctor.examine()
    assert (finding.state, finding.what) == ("fault", "Settings")
    assert "WORKSPACE_PORT is 'many'" in finding.remedy


def test_a_sound_configuration_is_counted(configured: Settings) -> None:
    found = findings(doctor._config(configured))
    assert {finding.state for finding in found} == {"ok"}
    assert any(finding.what.startswith("Config: ") for finding in found)


def test_whether_leads_get_the_week_is_told(configured: Settings) -> None:
    (by_message,), (off,) = (
        findings(doctor._letters(replace(configured, leads_digest=wanted))) for wanted in (True, False)
    )
    assert "by direct message" in by_message.what
    assert "LEADS_DIGEST is off" in off.what


def test_whether_teams_are_told_of_surges_is_told(configured: Settings) -> None:
    (told,), (off,) = (findings(doctor._surges(replace(configured, surge_alerts=wanted))) for wanted in (True, False))
    assert "told in its channel" in told.what
    assert "SURGE_ALERTS is off" in off.what


def test_a_configuration_without_an_admin_is_warned_about(configured: Settings, tmp_path: Path) -> None:
    shutil.copytree(shipped("config"), tmp_path / "config")
    (tmp_path / "config/people.yaml").write_text("roster:\n  - {name: Maya, email: maya@b.co}\n")
    found = findings(doctor._config(replace(configured, config=tmp_path / "config")))
    warned = [finding for finding in found if finding.state == "warning"]
    assert [finding.remedy for finding in warned] == [
        "Give somebody the role admin.",
        "Give their people a place there.",
    ]
    assert "Returns team, Billing policy" in warned[1].what


def test_a_missing_configuration_is_a_fault_with_its_remedy(configured: Settings, tmp_path: Path) -> None:
    [finding] = findings(doctor._config(replace(configured, config=tmp_path)))
    assert finding.state == "fault"
    assert "Copy the example that ships with Throughline" in finding.remedy


def test_a_data_folder_open_to_others_is_warned_about(configured: Settings) -> None:
    configured.data_dir.mkdir(mode=0o700)
    assert [finding.state for finding in findings(doctor._data_dir(configured))] == ["ok"]
    configured.data_dir.chmod(0o755)
    found = findings(doctor._data_dir(configured))
    assert [finding.state for finding in found] == ["ok", "warning"]
    assert found[1].remedy == f"Run `chmod 700 {configured.data_dir}`."


def test_an_empty_knowledge_folder_is_a_fault(configured: Settings, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    [finding] = findings(doctor._knowledge(replace(configured, knowledge=tmp_path / "none")))
    assert finding.state == "fault"
    assert "holds no page to index" in finding.remedy


def test_a_new_database_is_sound_and_asks_for_a_reindex(configured: Settings) -> None:
    assert findings(doctor._database(configured)) == [
        Finding("ok", "Database: tables up to date, no damage found"),
        Finding("warning", "Nothing is indexed yet", "Run `throughline reindex` or `throughline run`."),
    ]


@pytest.mark.each_engine
def test_messages_given_up_are_counted(on_each_engine: Settings) -> None:
    database = app.open_store(on_each_engine)
    now = datetime.now(UTC)
    with database.writing.begin() as session:
        outbox.owe(session, key="a", kind="words", to=Destination("C1"), value={}, now=now)
        outbox.bury(session, 1, fault="channel_not_found", now=now)
    database.close()
    assert "1 messages could not be delivered" in [
        finding.what for finding in findings(doctor._database(on_each_engine))
    ]


def test_a_server_is_looked_at_from_outside(
    tmp_path: Path, postgresql: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with postgresql.fresh() as url:
        shared = settings.load({"DATA_DIR": str(tmp_path / "var"), "DATABASE_URL": url}, folder=tmp_path)
        sound, lax, empty = findings(doctor._database(shared))
        monkeypatch.setattr(doctor, "MOST_APART", timedelta(0))
        apart = findings(doctor._database(shared))[1]
    assert sound.state == "ok"
    assert re.fullmatch(
        r"Database: PostgreSQL 18\.\d+.*, tables up to date, 0 other Throughlines connected", sound.what
    )
    assert (lax.state, lax.what) == ("warning", "The database server runs with fsync off")  # as the one for tests does
    assert empty.what == "Nothing is indexed yet"
    assert apart.state == "warning"
    assert apart.remedy.startswith("Let both follow a time server")


def test_a_server_that_is_not_there_is_a_fault_with_its_remedy(tmp_path: Path) -> None:
    url = "postgresql://tl:secret@127.0.0.1:9/tl"
    missing = settings.load({"DATA_DIR": str(tmp_path / "var"), "DATABASE_URL": url}, folder=tmp_path)
    [finding] = findings(doctor._database(missing))
    assert (finding.state, finding.what) == ("fault", "Database")
    assert finding.remedy.endswith("Start the server, or correct this address.")
    assert "secret" not in finding.remedy


@pytest.mark.each_engine
def test_an_audit_that_the_database_guards_no_more_is_a_fault(on_each_engine: Settings) -> None:
    with closing(app.open_store(on_each_engine)) as database:
        assert list(doctor._audit(database)) == []
        with database.writing.begin() as session:
            off = (
                "ALTER TABLE audit DISABLE TRIGGER audit_guard"
                if database.on_server
                else "DROP TRIGGER audit_at_the_end"
            )
            session.execute(text(off))
        [finding] = doctor._audit(database)
    assert (finding.state, "no longer refuses changes" in finding.what) == ("fault", True)


def test_a_damaged_database_is_a_fault(configured: Settings) -> None:
    configured.data_dir.mkdir(mode=0o700)
    (configured.data_dir / "throughline.db").write_bytes(b"this is no database" * 1000)
    [finding] = findings(doctor._database(configured))
    assert (finding.state, finding.remedy) == ("fault", "Restore it from a backup, or move it away and reindex.")


def test_without_tokens_the_local_workspace_is_announced(configured: Settings) -> None:
    [finding] = findings(doctor._slack(configured))
    assert finding == Finding("ok", "Slack: no tokens set, so `throughline run` starts the local workspace")
