"""Where reports are taken: read, filled in by guesses, filed or joined. It keeps what it has read of the map."""

import threading
from collections.abc import Callable, Collection
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from bot.customers import spoken
from bot.database import Database
from bot.friction import acting, filing, tickets
from bot.friction.acting import Act, Done
from bot.friction.clocks import Clocks
from bot.friction.filing import Filed, Said, Subject
from bot.friction.intake import Draft, Intake
from bot.friction.kinds import CustomerEffect, Frequency, Kind, Privacy
from bot.friction.moves import Event, State
from bot.friction.pages import OF_PAGES, unclear
from bot.friction.reporters import Reporter
from bot.friction.roles import THROUGHLINE, Actor
from bot.friction.sealing import Sealer
from bot.friction.severity import severity_of
from bot.friction.telling import Teller
from bot.people import Person
from bot.touchpoints import TouchpointMap

STILL_SAID = "Enough of those who reported it say that it still happens."


@dataclass(frozen=True, slots=True)
class Form:
    """What somebody sends: the guesses, left or changed; `code` is one that they were shown.

    `page` counts where the kind is one of `OF_PAGES`. `team` answers for it, or for what nobody owns by the map.
    """

    kind: Kind
    tools: tuple[str, ...] = ()
    touchpoint: str = ""
    minutes: float | None = None
    frequency: Frequency | None = None
    effect: CustomerEffect = CustomerEffect.NONE
    privacy: Privacy = Privacy.NAMED
    evidence: tuple[str, ...] = ()
    page: str = ""
    team: str = ""
    customer: int | None = None
    code: str = ""


class Reader:
    """What was read of the map. Safe to use from several threads.

    Reading takes a second. So a changed map is read beside the work, and until then reports are read by the old one.
    """

    def __init__(self, maps: Callable[[], TouchpointMap], read_in: Callable[[TouchpointMap], Intake]) -> None:
        self._maps = maps
        self._read_in = read_in
        self._turn = threading.Lock()
        self._map: TouchpointMap | None = None
        self._intake: Intake | None = None

    @property
    def map(self) -> TouchpointMap:
        return self._maps()

    @property
    def intake(self) -> Intake:
        map_ = self._maps()
        with self._turn:
            if self._intake is None:
                self._intake, self._map = self._read_in(map_), map_
            elif map_ is not self._map:
                self._map = map_
                threading.Thread(target=self._read_anew, args=(map_,), name="map", daemon=True).start()
            return self._intake

    def _read_anew(self, map_: TouchpointMap) -> None:
        intake = self._read_in(map_)
        with self._turn:
            if self._map is map_:
                self._intake = intake


@dataclass(frozen=True, slots=True)
class Desk:
    """For one workspace, or for all; what was read of the map is the same for everyone."""

    database: Database
    reader: Reader
    sealer: Sealer
    teller: Teller
    clocks: Clocks = field(default_factory=Clocks)

    def warm_up(self) -> None:
        """Read what the first report would wait for."""
        intake = self.reader.intake
        with self.database.reading() as session:
            intake.look(session, now=datetime.now(UTC))

    @property
    def map(self) -> TouchpointMap:
        return self.reader.map

    def read(self, words: str, by: Person, *, now: datetime, names: Collection[str] = ()) -> Draft:
        """What the form is filled in with; `names` are masked too, and those of customers, of who may look them up.

        Raises `NotAllowed` for whoever is no employee.
        """
        tickets.must_be_employee(by.audiences)
        with self.database.reading() as session:
            names = (*names, *spoken.names_in(session, words, audiences=by.audiences))
            return self.reader.intake.read(session, words, role=role_of(by), place=by.place, now=now, names=names)

    def mask(self, words: str, names: Collection[str] = (), *, audiences: AbstractSet[str] = frozenset()) -> str:
        """The words without what is personal, and without customers' names, as far as who wrote them may know those."""
        with self.database.reading() as session:
            known = spoken.names_in(session, words, audiences=audiences)
        return self.reader.intake.masked(words, (*names, *known))

    def file(self, draft: Draft, form: Form, who: Reporter, *, now: datetime) -> Filed:
        """A ticket of its own. Raises `MoveRefused`."""
        with self.database.writing.begin() as session:
            return self.file_in(session, draft, form, who, now=now)

    def join(self, number: int, words: str, form: Form, who: Reporter, *, now: datetime) -> Filed:
        """One more report of a ticket; `words` are masked. Raises `NoSuchTicket` and `MoveRefused`."""
        with self.database.writing.begin() as session:
            return self.join_in(session, number, words, form, who, now=now)

    def file_in(self, session: Session, draft: Draft, form: Form, who: Reporter, *, now: datetime) -> Filed:
        """`file`, in the caller's transaction. That a page is unclear is said once: others join who said it first."""
        intake, map_ = self.reader.intake, self.map
        subject = Subject(
            form.kind,
            severity_of(form.kind, form.effect, minutes=form.minutes, frequency=form.frequency),
            tools=tuple(one for one in form.tools if one in map_.tools),
            touchpoint=form.touchpoint,
            partner=next((one for one in form.tools if one in map_.partners), ""),
            page=form.page if form.kind in OF_PAGES else "",
        )
        known = unclear(session, subject.page) if form.kind is Kind.UNCLEAR_POLICY else None
        if known is not None:
            return self.join_in(session, known, draft.words, form, who, now=now)
        subject = replace(subject, team=_team(form, subject, by_map=intake.team_of(subject)))
        filed = intake.file(session, draft, subject, said_of(draft.words, form), who, sealer=self.sealer, now=now)
        self.clocks.filed(session, filed.ticket, form.privacy, now=now)
        return filed

    def like(self, session: Session, number: int, *, now: datetime) -> list[tuple[int, str]]:
        """The numbers and titles of up to three other tickets that may well be the same, the most alike first."""
        return [(each, tickets.title(session, each)) for each in self.reader.intake.like(session, number, now=now)]

    def act_in(self, session: Session, number: int, one: Act, actor: Actor, *, now: datetime) -> Done:
        """A move, with what it does to the clock and everybody told, in the caller's transaction.

        Raises as `acting.act` does.
        """
        done = acting.act(session, number, one, actor, sealer=self.sealer, now=now)
        self.clocks.moved(session, done, now=now)
        self.teller.moved(session, done, actor, now=now)
        return done

    def join_in(self, session: Session, number: int, words: str, form: Form, who: Reporter, *, now: datetime) -> Filed:
        """`join`, in the caller's transaction. Whoever has what is resolved says that it still happens."""
        filed = filing.me_too(session, number, said_of(words, form), who, sealer=self.sealer, now=now)
        self.clocks.joined(session, filed.ticket, form.privacy, now=now)
        self.teller.joined(session, filed.ticket, now=now)
        if State(tickets.standing(session, filed.ticket).state) is State.RESOLVED:
            self.still_in(session, filed.ticket, actor_of(who), now=now)
        return filed

    def still_in(self, session: Session, number: int, actor: Actor, *, now: datetime) -> None:
        """A reporter says that it still happens; where enough do it is open again. In the caller's transaction.

        Raises `MoveRefused` where it is not resolved.
        """
        enough = acting.say_still(session, number, actor, still=True, sealer=self.sealer)
        self.act_in(session, number, Act(Event.STILL_HAPPENS), actor, now=now)
        if enough:
            self.act_in(session, number, Act(Event.REOPEN, STILL_SAID), THROUGHLINE, now=now)


def as_guessed(draft: Draft, privacy: Privacy) -> Form:
    """The form as somebody sends it who changes nothing."""
    guesses = draft.guesses
    return Form(
        kind=guesses.kind.value if guesses.kind else Kind.OTHER,
        tools=guesses.tools.value if guesses.tools else (),
        touchpoint=guesses.touchpoint.value if guesses.touchpoint else "",
        minutes=guesses.minutes.value if guesses.minutes else None,
        frequency=guesses.frequency.value if guesses.frequency else None,
        effect=guesses.effect.value if guesses.effect else CustomerEffect.NONE,
        privacy=privacy,
    )


def said_of(words: str, form: Form) -> Said:
    return Said(
        words,
        form.privacy,
        form.minutes,
        form.frequency,
        form.effect,
        customer=form.customer,
        evidence=form.evidence,
        code=form.code,
    )


def _team(form: Form, subject: Subject, *, by_map: str) -> str:
    """Whoever answers for the page; of anything else its owner by the map, else whoever else answers for it."""
    if subject.page:
        return form.team or by_map
    return by_map or (form.team if not form.page else "")


def role_of(by: Person) -> str:
    """One of their roles: guesses take one, and a report keeps one."""
    return min(by.roles, default="")


def reporter_of(by: Person, *, workspace: str, address: str = "") -> Reporter:
    """`address` is how they are known in every workspace; "" where that is not known."""
    return Reporter(by.id, workspace, by.name, role=role_of(by), place=by.place, address=address)


def actor_of(who: Reporter) -> Actor:
    """Somebody as a reporter, and as nothing else."""
    return Actor(who.id, who.workspace, who.name, address=who.address)
