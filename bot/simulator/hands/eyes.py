"""What each person sees of what was said. Tests of promises look through these eyes."""

from bot.simulator.hands.base import Hands
from bot.simulator.messages import SeenMessage, seen
from bot.simulator.sightings import Sighting


class Eyes(Hands):
    """Messages as they are in front of one person, and what that person has read."""

    def seen_by(self, person_id: str, channel_id: str, thread_ts: str | None = None) -> tuple[SeenMessage, ...]:
        """What this person can read here, oldest first: the channel with all its threads, or one thread.

        Nothing for someone who may not read the channel. A message for one person is there for that person only.
        """
        with self._lock:
            if not self.may_read(person_id, channel_id):
                return ()
            names = self.names
            visible = (one for one in self.messages(channel_id, thread_ts) if one.only_for in (None, person_id))
            return tuple(
                seen(
                    one,
                    names,
                    feedback=self._feedback.get((person_id, channel_id, one.ts), {}),
                    streaming=self.streams.is_live(channel_id, one.ts),
                )
                for one in visible
            )

    def ever_seen_by(self, person_id: str) -> tuple[Sighting, ...]:
        """Everything that this person could ever read, oldest first: messages, modals, Home, suggestions, statuses.

        Each version as it was then, also of what was changed or taken back since. What was said before somebody could
        read a channel is not in it: `seen_by` has that.
        """
        with self._lock:
            return self.sightings.of(self.person(person_id).id)

    def unread(self, person_id: str, channel_id: str) -> int:
        """How many messages of others this person has not had in front of them; replies count in their thread."""
        read_to = self._read_to.get((person_id, channel_id), self._start)
        messages = self.seen_by(person_id, channel_id)
        return sum(one.ts > read_to and one.author != person_id and one.thread_ts in (None, one.ts) for one in messages)

    def mark_read(self, person_id: str, channel_id: str) -> None:
        """This person has the channel in front of them."""
        if self.unread(person_id, channel_id):
            with self._change():
                self._read_to[person_id, channel_id] = self.messages(channel_id)[-1].ts
