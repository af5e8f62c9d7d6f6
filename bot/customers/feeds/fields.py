"""What a line of a mapping file takes from a row: columns by their paths, constants, and words put in other words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Taken:
    """From these columns; `values` puts other words in place of the export's, `constant` stands in every row."""

    columns: tuple[str, ...] = ()
    constant: str = ""
    values: Mapping[str, str] | None = None

    def all(self, row: Row) -> list[str]:
        """Every value that is there, in the order of the columns; a list in the row gives several."""
        if self.constant:
            return [self.constant]
        found: list[str] = []
        for column in self.columns:
            value = row.get(column)
            if isinstance(value, str):  # as every column of a CSV is
                if text := " ".join(value.split()):
                    found.append(text)
            else:
                found += [text for each in at_path(row, column) if (text := as_text(each))]
        return found if self.values is None else [self.values.get(text.casefold(), "") or text for text in found]

    def text(self, row: Row, *, between: str = " ") -> str:
        return between.join(self.all(row))


def at_path(row: Any, path: str) -> Iterator[Any]:  # noqa: ANN401 - whatever JSON holds
    """What stands at "address.zip", or in each of a list at "items.name"; a column may have dots in its name."""
    if isinstance(row, list):
        for each in row:
            yield from at_path(each, path)
    elif not path:
        yield row
    elif isinstance(row, Mapping):
        if path in row:
            yield from at_path(row[path], "")
            return
        head, _, rest = path.partition(".")
        if rest and head in row:
            yield from at_path(row[head], rest)


def as_text(value: Any) -> str:  # noqa: ANN401 - as above
    """As people write it; "" for nothing, and for what has columns of its own."""
    if isinstance(value, str):
        return " ".join(value.split())
    if value is None or isinstance(value, Mapping | list):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
