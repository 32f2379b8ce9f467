"""Every planted fault is found by the check that should find it, no other check fails because of it, the model passes everything."""

import os
from itertools import groupby
from pathlib import Path

import pytest

from portal.exam.nouns import Verdict
from portal.exam.table import BY_ID
from tests.examples.serving import Serving
from tests.zoo import callbacks, endpoint, links, usage  # noqa: F401 - they enter their mutants
from tests.zoo.examining import PREVIOUS, examined
from tests.zoo.planting import MUTANTS

PAGE = Path(__file__).parents[2] / "docs" / "zoo.md"
BEGIN, END = "<!-- the table: written by tests/zoo/test_zoo.py -->", "<!-- the end of the table -->"
pytestmark = pytest.mark.usefixtures("_loopback")


def serving(folder, sandbox, **settings):
    return Serving(folder, sandbox.url, **{"previous_webhook_secret": PREVIOUS, **settings})


def cages():
    """On PostgreSQL, where nothing of this is different, one of each family stands for all."""
    for _, family in groupby(MUTANTS.values(), key=lambda mutant: mutant.family):
        for number, mutant in enumerate(family):
            yield pytest.param(mutant, id=mutant.name, marks=pytest.mark.sqlite if number else ())


def test_the_model_passes_everything(sandbox_server, tmp_path):
    with serving(tmp_path, sandbox_server) as model:
        said = examined(model)
    assert {key: found for key, found in said.items() if found.verdict is not Verdict.PASSED} == {}
    assert said.keys() == BY_ID.keys()


@pytest.mark.parametrize("mutant", list(cages()))
def test_the_fault_is_found(mutant, sandbox_server, tmp_path, monkeypatch):
    mutant.plant(monkeypatch)
    with serving(tmp_path, sandbox_server, **mutant.settings) as example:
        said = examined(example, mutant.patience)
    expected = dict.fromkeys(BY_ID, Verdict.PASSED) | mutant.also | {mutant.check: mutant.verdict}
    wrong = {
        key: found for key, found in said.items() if found.verdict is not expected[key] and not excused(key, said, expected)
    }
    assert wrong == {}
    assert said[mutant.check].verdict is mutant.verdict


def excused(key, said, expected):
    """Whether a check was left out because one that it needs has failed or was left out, as was to be expected.

    Where no merchant can be connected any more, everything that needs one is left out.
    """
    missing = {other for other, verdict in expected.items() if verdict in (Verdict.FAILED, Verdict.SKIPPED)}
    stranded = said["callbacks.connected"].verdict is not Verdict.PASSED
    return said[key].verdict is Verdict.SKIPPED and (stranded or not missing.isdisjoint(needed(key)))


def needed(key):
    """The checks that this one needs, and those that they need."""
    return {name for need in BY_ID[key].needs for name in (need, *needed(need))}


def test_the_zoo_is_large_and_every_family_is_in_it():
    assert len(MUTANTS) >= 45
    assert {mutant.family for mutant in MUTANTS.values()} == {check.family.value for check in BY_ID.values()}
    assert {mutant.check for mutant in MUTANTS.values()} <= BY_ID.keys()


def test_the_page_shows_the_zoo():
    before, _, rest = PAGE.read_text().partition(BEGIN)
    shown, _, after = rest.partition(END)
    if os.environ.get("PORTAL_UPDATE_SNAPSHOTS"):
        PAGE.write_text(f"{before}{BEGIN}{table()}{END}{after}")
        return
    assert shown == table()


def table():
    """The zoo in Markdown: fault, check, verdict."""
    lines = ["", "", "| fault | check | verdict |", "| --- | --- | --- |"]
    order = list(BY_ID)
    for mutant in sorted(MUTANTS.values(), key=lambda one: (order.index(one.check), one.fault)):
        found = [(mutant.check, mutant.verdict), *mutant.also.items()]
        checks = "<br>".join(f"`{key}` {BY_ID[key].title}" for key, _ in found)
        lines.append(f"| {mutant.fault} | {checks} | {'<br>'.join(verdict.value for _, verdict in found)} |")
    return "\n".join([*lines, "", ""])
