"""The page of the checks names every check there is. Write it anew with PORTAL_UPDATE_SNAPSHOTS=1."""

import os
from pathlib import Path

from portal.exam.nouns import FAMILIES
from portal.exam.table import CHECKS

PAGE = Path(__file__).parents[2] / "docs" / "checks.md"
BEGIN, END = "<!-- the table: written by tests/exam/test_checks_page.py -->", "<!-- the end of the table -->"


def test_the_page_names_every_check():
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    shown, _, after = rest.partition(END)
    if os.environ.get("PORTAL_UPDATE_SNAPSHOTS"):
        PAGE.write_text(f"{before}{BEGIN}\n{tables()}\n{END}{after}", encoding="utf-8")
        return
    assert shown.strip() == tables()


def tables():
    return "\n\n".join(f"### {name}\n\n{table(family)}" for family, name in FAMILIES.items())


def table(family):
    rows = [row(check) for check in CHECKS if check.family is family]
    return "\n".join(["| check | | expected |", "|---|---|---|", *rows])


def row(check):
    return f"| `{check.id}`<br>{check.title} | {'Refuse' if check.negative else ''} | {check.expected} |"
