"""How many names of people are masked, and what else is: our own sentences, strangers' tickets, pages, reports.

python tests/benchmarks/personal_names.py [all]

With `all` it lists what is missed in the held-out sentences and the tickets, too: whoever looks must write new ones.
"""

import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from bot.personal import Span
from bot.personal.persons import Roster, names_in
from bot.personal.persons.name_list import name_list

sys.path.insert(0, str(Path(__file__).parent.parent))
from name_figures import SHARED, Names, measured, own, pages, raisers, reports, tickets


def tell(
    title: str, texts: Iterable[tuple[str, Names]], finder: Callable[[str], Iterable[Span]], *, listed: str
) -> None:
    figures = measured(texts, finder)
    if figures.found or figures.missed:
        print(f"{title}: {figures}")  # noqa: T201
    else:
        print(f"{title}: {figures.others_masked} of {figures.others} words ({figures.share_of_others:.2%})")  # noqa: T201
    if listed == "listed":
        for kind, lines in (("missed", figures.missed), ("wrong", figures.wrong)):
            for line in lines:
                print(f"    {kind}: {line}")  # noqa: T201


def main() -> None:
    rest = "listed" if sys.argv[1:] == ["all"] else "counted"
    start = time.perf_counter()
    entries = len(name_list())
    print(f"{entries} entries read in {time.perf_counter() - start:.2f} s")  # noqa: T201
    tell("own sentences, looked at", own("dev"), names_in, listed="listed")
    tell("own sentences, held out", own("held_out"), names_in, listed=rest)
    tell("own sentences, against the rules", own("fresh"), names_in, listed="listed")
    tell("own sentences, unseen", own("unseen"), names_in, listed=rest)
    tell("pages of the knowledge", pages(), names_in, listed="listed")
    if not SHARED.is_dir():
        print("The shared data is not beside this checkout: no tickets, no reports.")  # noqa: T201
        return
    tell("60 reports of friction", reports(), names_in, listed="listed")
    tell("tickets of strangers", tickets(), names_in, listed=rest)
    roster = Roster.of(raisers())
    tell("the same, with a roster", tickets(), lambda text: names_in(text, known=roster), listed=rest)
    text = "\n".join(text for text, _ in own("dev"))[:20_000]
    start = time.perf_counter()
    names_in(text, known=roster)
    print(f"{len(text)} characters in {time.perf_counter() - start:.3f} s")  # noqa: T201


if __name__ == "__main__":
    main()
