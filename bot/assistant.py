"""One question in, one cited answer out: who may see it, what is remembered of it."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from bot import exchanges, personal
from bot.conditions import Judged, Standing
from bot.customers import spoken
from bot.friction.colleagues import Colleagues, Reported
from bot.people import Owners, Person
from bot.retrieval import conflicts
from bot.retrieval.documents import (
    Answer,
    Block,
    BlockKind,
    Citation,
    Contradiction,
    Notice,
    PassedOver,
    Question,
    Quote,
    Reason,
)
from bot.retrieval.library import Library


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with who asks it, where, and who would read a reply given there.

    `readers` are the audiences that everybody who reads the place has in common; None where just the asker does.
    `as_of` is the day to answer for where it is not today. `folders` are those that the place answers from, () for all.
    `names` are those by which the question may call somebody, to be masked where it is kept.
    `confidential` says why the reply is for the asker alone, as "an order number"; "" where it need not be. `told`: the
    asker was answered in this conversation before.
    """

    person: Person
    question: Question
    channel: str = ""
    thread: str = ""
    readers: frozenset[str] | None = None
    as_of: date | None = None
    told: bool = False
    folders: tuple[str, ...] = ()
    confidential: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What to say. `private`: only the asker may see it, because it uses what the others of the place may not read, or,
    as `confidential` says, because the question is about one customer.

    `as_of` is the day it holds for where that is not today. `visitor`: somebody from outside is told that they see only
    what is marked for them; it is their company where we know it, else "", and None where nobody is told.
    `about_customer`: it was chosen by what is known of one customer, which only the asker may see. `reported` is what
    colleagues report of what it is about.
    """

    answer: Answer
    owner: str
    private: bool
    milliseconds: float
    as_of: date | None = None
    visitor: str | None = None
    confidential: str = ""
    about_customer: bool = False
    reported: tuple[Reported, ...] = ()


def reply_value(reply: Reply) -> dict[str, Any]:
    """The reply as JSON, for the outbox; `reply_from` reads it back, also one that an older version stored."""
    value: dict[str, Any] = _plain(asdict(reply))
    return value


def reply_from(value: Mapping[str, Any]) -> Reply:
    answer = value["answer"]
    quotes = tuple(
        Quote(
            block=Block(
                kind=BlockKind(quote["block"]["kind"]),
                lines=tuple(quote["block"]["lines"]),
                lead=quote["block"]["lead"],
            ),
            citation=_citation(quote["citation"]),
            decisive=quote["decisive"],
            conditions=_conditions(quote.get("conditions", ())),
        )
        for quote in answer["quotes"]
    )
    return Reply(
        answer=Answer(
            quotes=quotes,
            see_also=tuple(map(_citation, answer["see_also"])),
            reason=Reason(answer["reason"]) if answer["reason"] else None,
            confidence=answer["confidence"],
            language=answer["language"],
            shortened=answer["shortened"],
            notices=tuple(
                Notice(**{**notice, "until": datetime.fromisoformat(notice["until"])})
                for notice in answer.get("notices", ())
            ),
            # Absent from replies that were owed before pages were compared.
            contradiction=Contradiction(**answer["contradiction"]) if answer.get("contradiction") else None,
            passed_over=tuple(
                PassedOver(_citation(one["citation"]), _conditions(one["conditions"]))
                for one in answer.get("passed_over", ())
            ),
        ),
        owner=value["owner"],
        private=value["private"],
        milliseconds=value["milliseconds"],
        as_of=_day(value.get("as_of")),
        visitor=value.get("visitor"),
        confidential=value.get("confidential", ""),
        about_customer=value.get("about_customer", False),
        reported=tuple(Reported(**one) for one in value.get("reported", ())),
    )


def _conditions(values: Sequence[Mapping[str, Any]]) -> tuple[Judged, ...]:
    return tuple(
        Judged(
            **{
                **one,
                "standing": Standing(one["standing"]) if one["standing"] else None,
                "facts": tuple(one["facts"]),
            }
        )
        for one in values
    )


def _citation(value: Mapping[str, Any]) -> Citation:
    return Citation(**{**value, "replaced_on": _day(value.get("replaced_on"))})


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever JSON can hold
    """Dates as JSON has them."""
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value


class Assistant:
    """Joins what retrieval finds with who may see it."""

    def __init__(
        self,
        library: Library,
        owners: Owners,
        colleagues: Colleagues | None = None,
        *,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """Without `colleagues` an answer says nothing of friction."""
        self._library = library
        self._owners = owners
        self.colleagues = colleagues
        self._clock = clock

    def ask(self, asked: Asked, *, today: date, now: datetime | None = None) -> Reply:
        """The reply to a question.

        What others will read is made from what all of them may read. If the asker may read more, and the best answer
        stands there, the reply is made from it and is for their eyes only. The notices of the moment `now` stand on
        top, unless the reply is for another day.
        """
        start = self._clock()
        day = asked.as_of or today
        moment = now if day == today else None
        own_audiences = asked.person.audiences | ({f"channel:{asked.channel}"} if asked.readers is not None else set())
        about_customer = asked.question.facts is not None
        alone = asked.readers is None or bool(asked.confidential) or about_customer
        shared = own_audiences if alone or asked.readers is None else asked.readers & own_audiences
        answer = self._answer(asked, shared, day, moment)
        private = asked.readers is not None and alone
        if shared != own_audiences:
            own = self._answer(asked, own_audiences, day, moment)
            better = own.answered and (not answer.answered or self._stands_elsewhere(own, shared, day))
            # Where nothing may be said aloud, the refusal too is for the asker: "you may read nothing" would be untrue.
            private = better or answer.reason is Reason.EMPTY_INDEX
            answer = own if private else answer
        told = asked.told and answer.answered
        return Reply(
            answer=self._named(answer),
            owner=self._owners.name(answer.see_also[0].owner) if answer.see_also and not answer.answered else "",
            private=private,
            milliseconds=(self._clock() - start) * 1000,
            as_of=day if day != today else None,
            visitor=asked.person.partner if asked.person.outsider and not told else None,
            confidential=asked.confidential if private else "",
            about_customer=about_customer,
            reported=self._reported(asked, answer, own_audiences if private else shared, moment),
        )

    def _reported(
        self, asked: Asked, answer: Answer, audiences: frozenset[str], moment: datetime | None
    ) -> tuple[Reported, ...]:
        """What is known of it now, whether the pages answer or not."""
        if self.colleagues is None or moment is None or answer.reason in {Reason.NO_WORDS, Reason.LANGUAGE}:
            return ()
        return self.colleagues.about(
            asked.question.text,
            lambda: self._library.meaning(asked.question),
            pages={quote.citation.source for quote in answer.quotes},
            audiences=audiences,
        )

    def remember(self, session: Session, asked: Asked, reply: Reply, *, now: datetime) -> int:
        """Save the exchange, a gap where nothing answers today, and a conflict that was shown; returns its number."""
        answer = reply.answer
        if answer.contradiction is not None:
            conflicts.mark_shown(session, answer.contradiction.number, now=now)
        gap = None
        if answer.reason is Reason.NOTHING_CLEARS_THE_BAR and reply.as_of is None:
            closest = tuple(_plain(asdict(citation)) for citation in answer.see_also)
            gap = exchanges.Gap(owner=reply.owner, audiences=asked.person.audiences, closest=closest)
        return exchanges.record(
            session,
            exchanges.Exchange(
                person=asked.person.id,
                channel=asked.channel,
                thread=asked.thread,
                # Admins read what nothing answered, and nobody needs whose case it was to see what is missing.
                question=personal.masked(asked.question.text, self._names(session, asked)),
                reason=answer.reason.value if answer.reason else "",
                private=reply.private or asked.readers is None,
                confidence=answer.confidence,
                citations=tuple(
                    {**_plain(asdict(quote.citation)), "quote": quote.block.text} for quote in answer.quotes
                ),
                milliseconds=reply.milliseconds,
            ),
            gap=gap,
            now=now,
        )

    @staticmethod
    def _names(session: Session, asked: Asked) -> tuple[str, ...]:
        return (*asked.names, *spoken.names_in(session, asked.question.text, audiences=asked.person.audiences))

    def _stands_elsewhere(self, answer: Answer, audiences: frozenset[str], day: date) -> bool:
        """Whether the first quote is from a page that these audiences may not read."""
        return not self._library.readable(answer.quotes[0].citation.source, audiences=audiences, day=day)

    def _answer(self, asked: Asked, audiences: frozenset[str], day: date, now: datetime | None) -> Answer:
        folders = frozenset(asked.folders)
        return self._library.answer(asked.question, audiences=audiences, today=day, now=now, folders=folders)

    def _named(self, answer: Answer) -> Answer:
        """The same answer with the names of teams in place of their keys."""
        return replace(
            answer,
            quotes=tuple(
                replace(quote, citation=replace(quote.citation, owner=self._owners.name(quote.citation.owner)))
                for quote in answer.quotes
            ),
            see_also=tuple(replace(citation, owner=self._owners.name(citation.owner)) for citation in answer.see_also),
            passed_over=tuple(
                replace(one, citation=replace(one.citation, owner=self._owners.name(one.citation.owner)))
                for one in answer.passed_over
            ),
        )
