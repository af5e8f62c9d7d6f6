"""Pages that are indexed, and answers that quoted them, as rows by hand."""

from collections.abc import Sequence
from datetime import date

from bot.exchanges import ExchangeRow, GapRow
from bot.retrieval.catalogue import LIVE, AudienceRow, DocumentRow, Generation
from sqlalchemy.orm import Session

from noticing.planted_company import TODAY, Company, when


def pages_are_live(session: Session) -> None:
    session.add(
        Generation(number=1, state=LIVE, model="m", folder="", built_at=TODAY, documents=0, passages=0, bar=0.5,
                   languages=["en"], pages="")
    )  # fmt: skip


def page(company: Company, source: str, *audiences: str, review_by: date | None = None, owner: str = "care") -> int:
    row = DocumentRow(source=source, digest=source, title=source, owner=owner, language="en", effective=None,
                      verified=None, review_by=review_by, supersedes=[], born=1, died=None)  # fmt: skip
    company.session.add(row)
    company.session.flush()
    company.session.add_all(AudienceRow(document=row.id, audience=one) for one in audiences or ("everyone",))
    return row.id


def asked(
    company: Company, question: str, people: Sequence[str], *, quotes: str = "", nearest: str = "", back: int = 1
) -> None:
    for person in people:
        row = ExchangeRow(
            asked_at=when(back), person=person, channel="C", thread="1", question=question, private=False,
            reason="" if quotes else "nothing", confidence=1.0, milliseconds=1.0,
            citations=[{"source": quotes, "section": "S"}] if quotes else [],
        )  # fmt: skip
        company.session.add(row)
        company.session.flush()
        if not quotes:
            closest = [{"source": nearest, "title": "T"}]
            company.session.add(GapRow(exchange=row.id, owner="", audiences=[], closest=closest))
