"""Tables for spreadsheets: CSV in which no cell can be a formula."""

import csv
import io
from collections.abc import Iterable

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula at the beginning of a cell (OWASP, CSV injection)."""


def lines(table: Iterable[Iterable[object]]) -> str:
    written = io.StringIO()
    csv.writer(written).writerows([safe(cell) for cell in line] for line in table)
    return written.getvalue()


def safe(cell: object) -> object:
    """Text that a spreadsheet would calculate begins with an apostrophe instead."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
