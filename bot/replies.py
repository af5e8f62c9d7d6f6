"""An answer, as it is printed."""

from rich.console import Console

from bot import friction_wording, wording
from bot.assistant import Reply
from bot.conditions import Judged
from bot.friction.colleagues import Reported
from bot.retrieval.documents import Answer, PassedOver


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
                "conditions": list(map(_condition, quote.conditions)),
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
        **({"reported": list(map(_reported, reply.reported))} if reply.reported else {}),
        **({"disagreement": wording.disagreement(answer)} if answer.contradiction else {}),
        **({"not_for_this_customer": list(map(_passed_over, answer.passed_over))} if answer.passed_over else {}),
    }


def _reported(one: Reported) -> dict[str, object]:
    return {"key": one.key, "title": one.title, "people": one.people, "workaround": one.workaround or None}


def _condition(one: Judged) -> dict[str, object]:
    return {"condition": one.words, "standing": one.standing, "told": one.told}


def _passed_over(one: PassedOver) -> dict[str, object]:
    place = {"title": one.citation.title, "section": one.citation.section, "source": one.citation.source}
    return {**place, "conditions": list(map(_condition, one.conditions))}


def show(reply: Reply, *, to: Console) -> None:
    """The answer with its sources, or the refusal with the closest pages."""
    answer = reply.answer
    for notice in answer.notices:
        _print(to, f"{wording.notice(notice)}\n", "bold")
    if reply.as_of:
        _print(to, f"{wording.as_of(reply.as_of)}\n", "bold")
    if answer.contradiction:
        _print(to, f"{wording.disagreement(answer)}\n")
    _show_quotes(answer, to=to)
    if reply.visitor is not None:
        _print(to, wording.visitor(reply.visitor), "dim")
    if answer.reason:
        _print(to, wording.refusal(answer.reason, language=answer.language, as_of=reply.as_of))
        for citation in answer.see_also:
            _print(to, f"  closest: {wording.place(citation)} · {wording.standing(citation, citation.owner)}", "dim")
    for one in answer.passed_over:
        _print(to, wording.passed_over(one), "dim")
    for known in reply.reported:
        _print(to, friction_wording.reported(known))
    if answer.shortened:
        _print(to, wording.SHORTENED, "dim")


def _show_quotes(answer: Answer, *, to: Console) -> None:
    numbers = {citation: number for number, citation in enumerate(dict.fromkeys(q.citation for q in answer.quotes), 1)}
    for quote in answer.quotes:
        _print(to, f"{quote.block.text} [{numbers[quote.citation]}]")
        if quote.conditions:
            _print(to, f"  {wording.holds(quote.conditions)}", "dim")
        _print(to, "")
    for citation, number in numbers.items():
        _print(to, f"[{number}] {wording.place(citation)} · {wording.standing(citation, citation.owner)}", "dim")


def _print(to: Console, words: str, style: str | None = None) -> None:
    """Just these words: nothing of a page is taken for markup."""
    to.print(words, style=style, soft_wrap=True, highlight=False, markup=False)
