"""The map of the knowledge folder, for whoever asks often."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from bot.sound_files import SoundFile
from bot.touchpoints.identity import Former
from bot.touchpoints.loading import load_map
from bot.touchpoints.map import TouchpointMap


class MapBook:
    """Safe to use from several threads. `tracks` gives the keys of the tracks, None where they cannot be read.

    `former` gives what ids meant in the versions before: a map that uses one for something else is not sound.
    """

    def __init__(
        self,
        file: Path,
        *,
        teams: Collection[str],
        roles: Collection[str],
        tracks: Callable[[], Collection[str] | None],
        former: Callable[[], Mapping[str, Former]] = dict,
    ) -> None:
        self._file, self._teams, self._roles = file, frozenset(teams), frozenset(roles)
        self._tracks, self._former = tracks, former
        self._sound = SoundFile(file, self.read, empty=TouchpointMap.empty(), called="touchpoints")

    def read(self) -> TouchpointMap:
        """The map as it stands in the file. Raises `MapFaulty`, or `SettingsError` for what is no YAML."""
        return load_map(
            self._file,
            teams=self._teams,
            roles=self._roles,
            tracks=self._tracks(),
            pages=self._file.parent,
            former=self._former(),
        )

    @property
    def map(self) -> TouchpointMap:
        """The last sound state of the file: a slip in it must not keep anybody from reporting friction."""
        return self._sound.sound
