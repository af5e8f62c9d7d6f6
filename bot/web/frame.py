"""What every view stands in: who asks and what they may see now, the transaction, the bar, the check of each form."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Protocol

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute

from bot.errors import NotAllowed, PeopleUnknown, UnknownPerson
from bot.experience.viewers import Viewer, may_see
from bot.visits import visiting
from bot.visits.visiting import Visitor
from bot.web import entries, forms, rendering
from bot.web.entries import Link, View
from bot.web.faults import SignedOut
from bot.web.site import Site


@dataclass(slots=True)
class Visit:
    """Somebody at a view; `around` is what the template of the frame needs.

    `counted_at` is when the numbers that they are shown were counted, None where it was just now.
    """

    request: Request
    visitor: Visitor
    viewer: Viewer
    around: Mapping[str, object]
    zone: tzinfo | None = None
    counted_at: datetime | None = None

    def page(
        self, template: str, values: Mapping[str, object], *, headers: Mapping[str, str] | None = None
    ) -> HTMLResponse:
        at = self.counted_at and rendering.clock(self.counted_at, self.zone)
        return HTMLResponse(rendering.page(template, counted_at=at, **self.around, **values), headers=headers)


class Room(Protocol):
    """The views of a module, and the routes that lead to them."""

    @property
    def views(self) -> Sequence[View]: ...

    def routes(self, frame: "Frame") -> list[BaseRoute]: ...


class Frame:
    def __init__(self, site: Site, views: Sequence[View]) -> None:
        self._site = site
        self._views = views

    def seen(self, view: View, shows: Callable[[Visit], Response]) -> Callable[[Request], Response]:
        """Shown to whoever the view is open to. Starlette runs it in a thread."""

        def answer(request: Request) -> Response:
            try:
                visit = self._visit(request, view)
            except NotAllowed:
                # Signing in leads to the overview; an auditor has another first page.
                elsewhere = self._first(request) if view.path == "/" else None
                if elsewhere is None:
                    raise
                return RedirectResponse(elsewhere.path, 303)
            return shows(visit)

        return answer

    def reading(self, view: View, shows: Callable[[Visit, Session], Response]) -> Callable[[Request], Response]:
        """The same, in one transaction that reads."""

        def show(visit: Visit) -> Response:
            with self._site.database.reading() as session:
                return shows(visit, session)

        return self.seen(view, show)

    def sent(
        self, view: View, does: Callable[[Visit, Mapping[str, str]], Response]
    ) -> Callable[[Request], Awaitable[Response]]:
        """What a form of the view does, for whoever the view is open to and whose session made the form."""

        async def answer(request: Request) -> Response:
            visit = await run_in_threadpool(self._visit, request, view)
            fields = await forms.own(request)
            return await run_in_threadpool(does, visit, fields)

        return answer

    def around(self, request: Request) -> Mapping[str, object]:
        """For a page that is no view: the name and the bar of whoever is signed in, nothing where nobody is."""
        visitor = self._visitor(request)
        if visitor is None:
            return {}
        return {
            "who": visitor.name,
            "form": visiting.form_token(forms.token_of(request)),
            "bar": self._bar(visitor),
        }

    def _first(self, request: Request) -> Link | None:
        visitor = self._visitor(request)
        return next(iter(self._bar(visitor)), None) if visitor else None

    def _bar(self, visitor: Visitor) -> list[Link]:
        try:
            return entries.bar(self._views, self._site.who(visitor), None)
        except (UnknownPerson, PeopleUnknown):
            return []

    def _visit(self, request: Request, view: View) -> Visit:
        """Raises `SignedOut`, `NotAllowed`, and what `Site.who` raises."""
        visitor, token, now = self._visitor(request), forms.token_of(request), self._site.clock()
        if visitor is None:
            raise SignedOut
        with self._site.database.reading() as session:
            to_note = visiting.to_note(session, token, now=now)
        if to_note:
            with self._site.database.writing.begin() as session:
                visiting.note_seen(session, token, now=now)
        viewer = self._site.who(visitor)  # Slack may be asked: not inside a transaction
        view.must(viewer)
        around = {
            "who": viewer.name,
            "form": visiting.form_token(token),
            "bar": entries.bar(self._views, viewer, view),
            "beside": entries.beside(self._views, viewer, view),
            "programs": may_see(viewer),
        }
        return Visit(request, visitor, viewer, around, self._site.zone)

    def _visitor(self, request: Request) -> Visitor | None:
        with self._site.database.reading() as session:
            return visiting.visiting(session, forms.token_of(request), now=self._site.clock())
