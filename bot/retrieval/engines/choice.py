"""Which engine goes with which database."""

from sqlalchemy.orm import Session

from bot.retrieval.engines.base import Engine
from bot.retrieval.engines.memory import MemoryEngine
from bot.retrieval.engines.postgres import PostgresEngine


def load(session: Session, generation: int) -> Engine:
    """The engine of a generation: on PostgreSQL it asks the server, beside SQLite it reads everything into memory."""
    on_server = session.get_bind().dialect.name == "postgresql"
    return PostgresEngine.load(session, generation) if on_server else MemoryEngine.load(session, generation)
