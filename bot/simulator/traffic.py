"""How the app is reached, and what is on its way to it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Traffic:
    """The app's open sockets, the address that is posted to instead of them, and what waits for an ack."""

    connections: int
    request_url: str
    under_way: int

    @property
    def is_connected(self) -> bool:
        """Whether the app hears anything."""
        return self.connections > 0 or bool(self.request_url)
