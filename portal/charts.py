"""A question, and the table that answers it; where a script can, it draws the columns that have a series."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Cell = tuple[str, float | None]
"""As it is read, and as it is drawn."""
Row = tuple[str, Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` are (words, series): good, bad, back, open, first, second name a colour and a pattern; empty is not drawn."""

    id: str
    question: str
    kind: Literal["stacked", "bars", "lines"]
    heading: str
    columns: tuple[tuple[str, str], ...]
    rows: Sequence[Row]
    unit: str
