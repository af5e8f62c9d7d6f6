"""The tracks of the knowledge folder, for whoever asks often."""

from collections.abc import Collection
from pathlib import Path

from bot.customers.tracks.rules import Track, load_tracks
from bot.sound_files import SoundFile


class TrackBook:
    """Safe to use from several threads."""

    def __init__(self, file: Path, *, teams: Collection[str]) -> None:
        self._file = file
        self._teams = frozenset(teams)
        self._sound: SoundFile[tuple[Track, ...]] = SoundFile(file, self.read, empty=(), called="tracks")

    def read(self) -> tuple[Track, ...]:
        """The tracks as they stand in the file. Raises `SettingsError` with the line at fault."""
        return load_tracks(self._file, teams=self._teams)

    @property
    def tracks(self) -> tuple[Track, ...]:
        """The last sound state of the file: a slip in it must not take a card from whoever serves a customer."""
        return self._sound.sound
