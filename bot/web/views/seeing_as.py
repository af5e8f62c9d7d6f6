"""What somebody else would be answered from: for admins, as `/knowledge as` has it; it is no question of theirs."""

from collections.abc import Mapping

from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot import friction_wording, wording
from bot.access import askers
from bot.assistant import Asked, Reply
from bot.audiences import EVERYONE
from bot.experience.viewers import must_keep
from bot.people import Person
from bot.retrieval.documents import Question
from bot.retrieval.reading import Reader
from bot.web.entries import Entry, View
from bot.web.frame import Frame, Visit
from bot.web.keeping import Keeping
from bot.web.site import Site

SEE_AS = View(Entry.KNOWLEDGE, "/knowledge/as", "See as somebody else", must_keep)


class SeeingAsRoom:
    views = (SEE_AS,)

    def __init__(self, site: Site, keeping: Keeping) -> None:
        self._site = site
        self._keeping = keeping

    def routes(self, frame: Frame) -> list[BaseRoute]:
        return [
            Route(SEE_AS.path, frame.seen(SEE_AS, self._show), methods=["GET"]),
            # What is asked may name a customer: it stands in no address, so in no history and in no log of a proxy.
            Route(SEE_AS.path, frame.sent(SEE_AS, self._ask), methods=["POST"]),
        ]

    def _show(self, visit: Visit) -> Response:
        return self._shown(visit, visit.request.query_params.get("who", ""))

    def _ask(self, visit: Visit, fields: Mapping[str, str]) -> Response:
        return self._shown(visit, fields.get("who", ""), fields.get("question", "").strip())

    def _shown(self, visit: Visit, who: str, question: str = "") -> Response:
        known = askers(self._keeping.directory)
        who = who if who in known else EVERYONE
        person, library, today = known[who], self._keeping.library, self._site.today()
        readable = library.pages(reader=Reader(person.audiences), day=today)
        every = library.pages(reader=Reader(person.audiences, every_page=True), day=today)
        mine = {one.source for one in readable}
        shown = {
            "who_is_seen": who,
            "person": person,
            "choices": [(key, _called(key, one)) for key, one in known.items()],
            "readable": readable,
            "hidden": [one for one in every if one.source not in mine],
            "question": question,
            "reply": self._reply(person, question) if question else None,
            "owner_of": self._site.owners.name,
            "wording": wording,
            "reported": friction_wording.reported,
        }
        return visit.page("seeing_as.html", shown)

    def _reply(self, person: Person, question: str) -> Reply:
        asked = Asked(person=person, question=Question(question))
        return self._keeping.assistant.ask(asked, today=self._site.today(), now=self._site.clock())


def _called(key: str, person: Person) -> str:
    return person.name[:1].upper() + person.name[1:] if "@" not in key else f"{person.name}, {key}"
