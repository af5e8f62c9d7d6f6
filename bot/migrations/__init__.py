"""The database's tables over time, by Alembic. Shipped in the wheel, so an installed Throughline can upgrade itself."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import ResolutionError
from alembic.util import CommandError
from sqlalchemy import Engine

from bot.errors import DatabaseUnavailable


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest tables; does nothing where it has them.

    Safe from several processes at once: each takes the writers' turn, and the later ones find the work done. Raises
    `DatabaseUnavailable` where the tables are newer than this program.
    """
    with engine.execution_options(migrating=True).connect() as connection, connection.begin():
        if MigrationContext.configure(connection).get_current_heads() == _newest():
            return
        config = _config()
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except (CommandError, ResolutionError) as fault:
            raise DatabaseUnavailable(
                f"The database holds tables of another version of Throughline ({fault}). Install the newest version."
            ) from fault


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config


@cache
def _newest() -> tuple[str, ...]:
    """What a database with the newest tables has written down."""
    return tuple(ScriptDirectory.from_config(_config()).get_heads())
