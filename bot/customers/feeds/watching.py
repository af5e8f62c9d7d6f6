"""A folder in which exports are laid: each is imported once, and moved to done/ or, with the reason, to refused/."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fnmatch import fnmatch
from pathlib import Path

from bot.customers.feeds.feed import Feed
from bot.customers.feeds.rejects import beside
from bot.customers.feeds.reporting import ImportReport
from bot.errors import ImportRefused, SettingsError

DONE, REFUSED, WORKING = "done", "refused", "working"
# A file that was written to a moment ago may be half there.
SETTLES = timedelta(seconds=10)
_UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart", ".rejected.jsonl", ".reason.txt")

Import = Callable[[Path, Feed], Sequence[ImportReport]]


@dataclass(frozen=True, slots=True)
class Handled:
    """What became of one file; `reason` says why it was refused."""

    file: str
    moved_to: Path
    reports: tuple[ImportReport, ...] = ()
    reason: str = ""


@dataclass(slots=True)
class WatchedFolder:
    """`alone`: held while files are imported, so that of two processes only one does."""

    folder: Path
    feeds: Sequence[Feed]
    import_file: Import
    alone: Callable[[], AbstractContextManager[None]]
    _sizes: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.folder.is_dir():
            raise SettingsError(f"There is no folder {self.folder}. Make it, or name another one.")
        if without := [feed.source for feed in self.feeds if not feed.files]:
            raise SettingsError(
                f'The mapping of {", ".join(without)} does not say which files are its own. Add `files: ["crm-*.csv"]`.'
            )
        for name in (DONE, REFUSED, WORKING):
            (self.folder / name).mkdir(mode=0o700, exist_ok=True)

    def sweep(self, *, now: datetime) -> list[Handled]:
        """Import what is there and whole; customers before interactions. Raises `AlreadyRunning`."""
        with self.alone():
            self._take_up_again()
            return [self._handle(file, now) for file in self._whole(now)]

    def _take_up_again(self) -> None:
        """What a process left that died: whoever is alone knows that nobody is at it."""
        for file in (self.folder / WORKING).iterdir():
            if file.is_file() and not file.name.endswith(_UNFINISHED):
                file.rename(_free(self.folder / file.name))

    def _whole(self, now: datetime) -> list[Path]:
        files = [file for file in self.folder.iterdir() if file.is_file() and not _is_unfinished(file)]
        sizes = {file.name: file.stat().st_size for file in files}
        still = [
            file
            for file in files
            if now.timestamp() - file.stat().st_mtime >= SETTLES.total_seconds()
            and self._sizes.get(file.name, sizes[file.name]) == sizes[file.name]
        ]
        self._sizes = sizes
        return sorted(still, key=lambda file: (not any(feed.records for feed in self._of(file)), file.stat().st_mtime))

    def _of(self, file: Path) -> list[Feed]:
        return [feed for feed in self.feeds if any(fnmatch(file.name, pattern) for pattern in feed.files)]

    def _handle(self, file: Path, now: datetime) -> Handled:
        taken = file.rename(_free(self.folder / WORKING / file.name))
        try:
            reports = tuple(self.import_file(taken, self._one_feed(file)))
        except ImportRefused as fault:
            moved = self._move(taken, REFUSED, now)
            reason = str(fault).replace(str(taken), file.name)
            moved.with_name(f"{moved.name}.reason.txt").write_text(f"{reason}\n", encoding="utf-8")
            return Handled(file.name, moved, reason=reason)
        return Handled(file.name, self._move(taken, DONE, now), reports)

    def _one_feed(self, file: Path) -> Feed:
        feeds = self._of(file)
        if len(feeds) != 1:
            sources = ", ".join(feed.source for feed in feeds)
            claim = f"The mappings of {sources} all claim" if feeds else "No mapping claims"
            raise ImportRefused(f"{claim} {file.name}. Mend `files:` in them, and lay the file there again.")
        return feeds[0]

    def _move(self, file: Path, to: str, now: datetime) -> Path:
        moved = file.rename(_free(self.folder / to / f"{now:%Y%m%d-%H%M%S}-{file.name}"))
        if (rejects := beside(file)).exists():
            rejects.rename(beside(moved))
        return moved


def _is_unfinished(file: Path) -> bool:
    return file.name.startswith((".", "~")) or file.name.endswith(_UNFINISHED)


def _free(path: Path) -> Path:
    """This path, or one with a number where it is taken."""
    number = 1
    free = path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free
