"""Views as Slack keeps them: the modals that people have open, a stack for each, and their Homes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.simulator.errors import SlackError
from bot.simulator.events import new_id
from bot.simulator.forms import Answers, carried_over, unfilled
from bot.simulator.messages import with_ids
from bot.simulator.people import Installation

Json = dict[str, Any]

# Slack's documented limit on views in one modal.
MAX_STACK = 3


@dataclass(frozen=True)
class KeptView:
    """One view in front of one person. `faults` are by block_id; `trouble` is what Slack itself says of a sent form."""

    person: str
    body: Json
    id: str
    hash: str
    root: str
    previous: str | None = None
    answers: Answers = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    trouble: str = ""
    sending: bool = False

    @property
    def blocks(self) -> list[Json]:
        """What it consists of; every block and everything to press or fill in has its ids."""
        return list(self.body["blocks"])

    @property
    def external_id(self) -> str:
        """The app's own name for it, if it gave one."""
        return str(self.body.get("external_id", ""))

    @property
    def title(self) -> str:
        """What stands above it; a Home has none."""
        return str(self.body["title"]["text"]) if "title" in self.body else ""

    def shown(self, installation: Installation) -> Json:
        """The view in the JSON that Slack uses for it, in answers and in payloads alike."""
        bot = installation.bot
        # Slack names everything, also what was not given.
        blank: Json = {
            "title": None,
            "submit": None,
            "close": None,
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "clear_on_close": False,
            "notify_on_close": False,
        }
        return {
            **blank,
            **self.body,
            "id": self.id,
            "team_id": installation.team.id,
            "state": {"values": {block_id: dict(inner) for block_id, inner in self.answers.items()}},
            "hash": self.hash,
            "root_view_id": self.root,
            "previous_view_id": self.previous,
            "app_id": bot.app_id,
            "app_installed_team_id": installation.team.id,
            "bot_id": bot.bot_id,
        }


def kept(body: Json, *, person: str, under: KeptView | None = None) -> KeptView:
    """A new view as Slack keeps it; `under` is the one that it covers."""
    whole = _completed(body)
    view_id = new_id("V")
    return KeptView(
        person,
        whole,
        view_id,
        new_id(""),
        root=under.root if under else view_id,
        previous=under.id if under else None,
        answers=unfilled(whole["blocks"]),
    )


def changed(view: KeptView, body: Json) -> KeptView:
    """The same view with other contents; what was filled in stays where the field does."""
    whole = _completed(body)
    return replace(
        view,
        body=whole,
        hash=new_id(""),
        answers=carried_over(view.answers, whole["blocks"]),
        faults={},
        trouble="",
        sending=False,
    )


class Modals:
    """The modals that are open; `shown` is told of each version of each. Not locked: the workspace is."""

    def __init__(self, shown: Callable[[KeptView], None]) -> None:
        self._shown = shown
        self._stacks: dict[str, tuple[KeptView, ...]] = {}

    def stack(self, person_id: str) -> tuple[KeptView, ...]:
        """The views of this person's modal, the one in front last; nothing where no modal is open."""
        return self._stacks.get(person_id, ())

    def top(self, person_id: str) -> KeptView | None:
        """The view in front."""
        return next(iter(self.stack(person_id)[-1:]), None)

    def find(self, *, view_id: str = "", external_id: str = "") -> KeptView | None:
        """An open view by Slack's id or by the app's own."""
        for stack in self._stacks.values():
            for view in stack:
                if view.id == view_id or (external_id and view.external_id == external_id):
                    return view
        return None

    def open(self, person_id: str, body: Json) -> KeptView:
        """Show a modal. One that was open is gone. Raises SlackError `duplicate_external_id`."""
        self._check_external_id(body)
        view = kept(body, person=person_id)
        self._stacks[person_id] = (view,)
        self._shown(view)
        return view

    def push(self, person_id: str, body: Json) -> KeptView:
        """Show a view above the one in front. Raises SlackError `not_found`, `push_limit_reached`."""
        stack = self.stack(person_id)
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= MAX_STACK:
            raise SlackError("push_limit_reached")
        self._check_external_id(body)
        view = kept(body, person=person_id, under=stack[-1])
        self._stacks[person_id] = (*stack, view)
        self._shown(view)
        return view

    def change(self, view: KeptView, body: Json) -> KeptView:
        """Put other contents into an open view. Raises SlackError `duplicate_external_id`."""
        if body.get("external_id", "") != view.external_id:
            self._check_external_id(body)
        return self.put(changed(view, body))

    def put(self, view: KeptView) -> KeptView:
        """Keep another version of an open view; one that was closed meanwhile stays closed."""
        stack = self.stack(view.person)
        self._stacks[view.person] = tuple(view if one.id == view.id else one for one in stack)
        self._shown(view)
        return view

    def close(self, view: KeptView) -> None:
        """Take a view away, and what is above it."""
        stack = self.stack(view.person)
        ids = [one.id for one in stack]
        if view.id in ids:
            self._stacks[view.person] = stack[: ids.index(view.id)]

    def clear(self, person_id: str) -> None:
        """Take this person's whole modal away."""
        self._stacks.pop(person_id, None)

    def _check_external_id(self, body: Json) -> None:
        if body.get("external_id") and self.find(external_id=body["external_id"]):
            raise SlackError("duplicate_external_id")


def _completed(body: Json) -> Json:
    """The view with all ids, and with what Slack adds to text objects."""
    whole: Json = _spelled_out({**body, "blocks": list(with_ids(tuple(body["blocks"])))})
    return whole


def _spelled_out(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, list):
        return [_spelled_out(one) for one in value]
    if not isinstance(value, dict):
        return value
    whole = {name: _spelled_out(inner) for name, inner in value.items()}
    default = {"plain_text": {"emoji": True}, "mrkdwn": {"verbatim": False}}.get(str(value.get("type")), {})
    # A piece of rich text may be called `text` too, but has another type.
    return {**default, **whole} if "text" in value else whole
