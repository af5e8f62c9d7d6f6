"""Commands of the command line, run in this process, where the model is loaded already."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from bot import cli
from bot.retrieval.embedding import Embedder

from programs import MODEL_CACHE


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


Command = Callable[..., Ended]


def _loaded(encoder: Embedder, model: str, *, cache: Path) -> Embedder:
    return encoder if (model, cache) == (encoder.model, MODEL_CACHE) else Embedder(model, cache=cache)


@pytest.fixture
def command(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], encoder: Embedder
) -> Command:
    """Runs a command in the folder of the fixture `folder`, in this process; takes settings."""
    monkeypatch.setattr("bot.app.Embedder", partial(_loaded, encoder))
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("MODEL_CACHE", str(MODEL_CACHE))
    for name in (
        "DATA_DIR",
        "DATABASE_URL",
        "KNOWLEDGE",
        "CONFIG",
        "MODEL",
        "TIMEZONE",
        "GOLDEN_MARGIN",
        "QUESTIONS_PER_PERSON",
        "QUESTIONS_PER_WORKSPACE",
        "CUSTOMERS_PER_HOUR",
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "SLACK_SIGNING_SECRET",
        "SLACK_CLIENT_ID",
        "SLACK_CLIENT_SECRET",
        "SLACK_WORKSPACES",
        "TOKEN_KEY",
        "WEB_PORT",
        "DIGEST_CHANNEL",
        "PULSE",
        "LEADS_DIGEST",
        "SURGE_ALERTS",
    ):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str, **variables: str) -> Ended:
        with monkeypatch.context() as here:
            here.setattr("sys.argv", ["throughline", *arguments])
            for name, value in variables.items():
                here.setenv(name, value)
            with pytest.raises(SystemExit) as ended:
                cli.main()
        said = capsys.readouterr()
        return Ended(int(ended.value.code or 0), said.out, said.err)

    return run
