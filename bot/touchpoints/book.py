"""The map of the knowledge folder, for whoever asks often."""

from collections.abc import Callable, Collection
from pathlib import Path

from bot.sound_files import SoundFile
from bot.touchpoints.loading import load_map
from bot.touchpoints.map import TouchpointMap


class MapBook:
    """Safe to use from several threads. `tracks` gives the keys of the tracks, None where they cannot be read."""

    def __init__(
        self,
        file: Path,
        *,
        teams: Collection[str],
        roles: Collection[str],
        tracks: Callable[[], Collection[str] | None],
    ) -> None:
        self._file, self._teams, self._roles, self._tracks = file, frozenset(teams), frozenset(roles), tracks
        self._sound = SoundFile(file, self.read, empty=TouchpointMap.empty(), called="touchpoints")

    def read(self) -> TouchpointMap:
        """The map as it stands in the file. Raises `MapFaulty`, or `SettingsError` for what is no YAML."""
        return load_map(
            self._file, teams=self._teams, roles=self._roles, tracks=self._tracks(), pages=self._file.parent
        )

    @property
    def map(self) -> TouchpointMap:
        """The last sound state of the file: a slip in it must not keep anybody from reporting friction."""
        return self._sound.sound
