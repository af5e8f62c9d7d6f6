"""What people see of the app at work, and the suggestions that they may take."""

from bot.simulator.agent import Prompts
from bot.simulator.errors import NotInWorkspace
from bot.simulator.hands.speech import SpeechHands
from bot.simulator.streams import Phase


class AgentHands(SpeechHands):
    """Status, suggestions, titles, and answers that are still being written."""

    def status_seen_by(self, person_id: str, channel_id: str, thread_ts: str) -> str:
        """What stands under a thread while the app works on it; nothing when it does not."""
        with self._lock:
            status = self.agent.status(channel_id, thread_ts)
            return status.words if status and self.may_read(person_id, channel_id) else ""

    def prompts_of(self, person_id: str) -> Prompts | None:
        """What is suggested to this person in the direct message with the app."""
        with self._lock:
            return self.agent.prompts(self.direct(person_id).id)

    def take_prompt(self, person_id: str, title: str) -> str:
        """Take a suggestion: say what stands behind it. Returns the ts of what was said."""
        suggested = self.prompts_of(person_id)
        prompts = suggested.prompts if suggested else ()
        for one in prompts:
            if one.title == title:
                return self.say(person_id, self.direct(person_id).id, one.message)
        there = ", ".join(repr(one.title) for one in prompts) or "none"
        raise NotInWorkspace(f"Nothing is suggested as {title!r}. There are: {there}.")

    def title_of(self, channel_id: str, thread_ts: str) -> str:
        """How the app named a conversation in its direct message."""
        with self._lock:
            return self.agent.titles.get((channel_id, thread_ts), "")

    def stop_stream(self, person_id: str, channel_id: str, ts: str) -> None:
        """Press stop on an answer that is still being written."""
        with self._change():
            if not (self.may_read(person_id, channel_id) and self.streams.is_live(channel_id, ts)):
                raise NotInWorkspace(f"Nothing is being written in message {ts} of {channel_id}.")
            self.streams.stop(channel_id, ts, phase=Phase.STOPPED_BY_USER)
