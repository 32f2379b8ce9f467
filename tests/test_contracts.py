"""The import contracts name modules one by one; a new one must not slip through."""

import tomllib
from pathlib import Path

import portal

CONTRACTS = tomllib.loads((Path(portal.__file__).parents[1] / "pyproject.toml").read_text())["tool"]["importlinter"][
    "contracts"
]


def contract(words):
    return next(one for one in CONTRACTS if words in one["name"])


def children():
    folder = Path(portal.__file__).parent
    modules = {path.stem for path in folder.glob("*.py")} | {path.parent.name for path in folder.glob("*/__init__.py")}
    return {f"portal.{name}" for name in modules - {"__init__", "sandbox"}}


def test_the_sandbox_may_import_nothing_of_the_portal():
    assert set(contract("sandbox stands alone")["forbidden_modules"]) == children()


def test_the_pages_of_every_room_are_protected():
    top = Path(portal.__file__).parent
    rooms = {name for name in children() if any((top / name.split(".")[1]).glob("routes*"))}
    assert {f"{room}.routes" for room in rooms} == set(contract("Nobody imports pages")["protected_modules"])
