"""Metric 14: answers of the bot that ended in friction, and questions without an answer. Of the whole company."""

from datetime import timedelta

from sqlalchemy import func, select

from bot.exchanges import ExchangeRow
from bot.experience.lines import Line
from bot.experience.reading import Reading
from bot.friction.tables import QuestionRow, ReportRow
from bot.metrics import answers
from bot.metrics.measure import percent


def lines(reading: Reading) -> list[Line]:
    """A report follows an answer if it was filed from it, or by the same person by name, within half an hour.

    Who reports in confidence or without a name is not compared with who asked: the first figure is a floor.
    """
    session = reading.session
    asked = (ExchangeRow.asked_at >= reading.since, ExchangeRow.asked_at < reading.until)
    questions = session.scalar(select(func.count(ExchangeRow.id)).where(*asked)) or 0
    without = session.scalar(select(func.count(ExchangeRow.id)).where(*asked, ExchangeRow.reason != "")) or 0
    columns = (ExchangeRow.id, ReportRow.at, ExchangeRow.asked_at)
    filed_from_it = (
        select(*columns)
        .join(QuestionRow, QuestionRow.exchange == ExchangeRow.id)
        .join(ReportRow, ReportRow.ticket == QuestionRow.ticket)
    )
    by_name = select(*columns).join(ReportRow, ReportRow.reached == ExchangeRow.person)
    followed = {
        exchange
        for way in (filed_from_it, by_name)
        for exchange, at, asked_at in session.execute(
            way.where(*asked, ExchangeRow.reason == "", ReportRow.at >= reading.since)
        )
        if timedelta() <= at - asked_at <= answers.WITHIN
    }
    return [
        Line(14, "answers followed by friction", percent(len(followed), questions - without, "answers")),
        Line(14, "questions without an answer", answers.no_answer_rate(without, questions)),
    ]
