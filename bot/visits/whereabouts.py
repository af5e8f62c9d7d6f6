"""Where the page is served, as whoever serves it noted: the address of links is known before one is asked for."""

from pathlib import Path

FILE = "page-address"


def note(folder: Path, address: str) -> None:
    """It is served at this address from now on."""
    (folder / FILE).write_text(address, encoding="utf-8")


def forget(folder: Path, address: str) -> None:
    """It is not any more; another program that serves it meanwhile is left alone."""
    if noted(folder) == address:
        (folder / FILE).unlink(missing_ok=True)


def noted(folder: Path) -> str:
    """ "http://127.0.0.1:8023"; "" where nobody serves it."""
    try:
        return (folder / FILE).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""


def entrance(address: str, secret: str) -> str:
    """The link that opens it once."""
    return f"{address}/enter/{secret}"
