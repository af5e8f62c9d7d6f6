"""An answer, as it is printed."""

from rich.console import Console

from bot import wording
from bot.assistant import Reply


def as_json(reply: Reply) -> dict[str, object]:
    """What `ask --json` prints."""
    answer = reply.answer
    return {
        "answered": answer.answered,
        "text": "\n\n".join(quote.block.text for quote in answer.quotes),
        "citations": [
            {
                "title": quote.citation.title,
                "section": quote.citation.section,
                "source": quote.citation.source,
                "owner": quote.citation.owner,
                "age_days": quote.citation.age_days,
                "quote": quote.block.text,
                "unverified": quote.citation.unverified,
                "overdue": quote.citation.overdue,
                "replaced_on": quote.citation.replaced_on and quote.citation.replaced_on.isoformat(),
                "replaced_by": quote.citation.replaced_by or None,
            }
            for quote in answer.quotes
        ],
        "reason": answer.reason.value if answer.reason else None,
        "milliseconds": round(reply.milliseconds, 1),
        "as_of": reply.as_of and reply.as_of.isoformat(),
        "notices": [
            {"number": notice.number, "text": notice.text, "until": notice.until.isoformat()}
            for notice in answer.notices
        ],
        **({"disagreement": wording.disagreement(answer)} if answer.contradiction else {}),
    }


def show(reply: Reply, *, to: Console) -> None:
    """The answer with its sources, or the refusal with the closest pages."""
    answer = reply.answer
    plain = {"soft_wrap": True, "highlight": False, "markup": False}
    numbers = {citation: number for number, citation in enumerate(dict.fromkeys(q.citation for q in answer.quotes), 1)}
    for notice in answer.notices:
        to.print(f"{wording.notice(notice)}\n", style="bold", **plain)  # type: ignore[arg-type]
    if reply.as_of:
        to.print(f"{wording.as_of(reply.as_of)}\n", style="bold", **plain)  # type: ignore[arg-type]
    if answer.contradiction:
        to.print(f"{wording.disagreement(answer)}\n", **plain)  # type: ignore[arg-type]
    for quote in answer.quotes:
        to.print(f"{quote.block.text} [{numbers[quote.citation]}]\n", **plain)  # type: ignore[arg-type]
    for citation, number in numbers.items():
        line = f"[{number}] {wording.place(citation)} · {wording.standing(citation, citation.owner)}"
        to.print(line, style="dim", **plain)  # type: ignore[arg-type]
    if reply.visitor is not None:
        to.print(wording.visitor(reply.visitor), style="dim", **plain)  # type: ignore[arg-type]
    if answer.reason:
        said = wording.refusal(answer.reason, language=answer.language, as_of=reply.as_of)
        to.print(said, **plain)  # type: ignore[arg-type]
        for citation in answer.see_also:
            line = f"  closest: {wording.place(citation)} · {wording.standing(citation, citation.owner)}"
            to.print(line, style="dim", **plain)  # type: ignore[arg-type]
    if answer.shortened:
        to.print(wording.SHORTENED, style="dim", **plain)  # type: ignore[arg-type]
