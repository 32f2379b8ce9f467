"""Reads the stories in data/ and puts their steps into one order of time."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from portal import clock, office
from portal.demo import others
from portal.demo.calendar import Calendar
from portal.demo.house import House
from portal.grow import starters

DATA = Path(__file__).parent / "data"
NAMES = ("moorings", "oakfield", "ledgerline", "clubhouse", "fieldnote", "brightbooks")
Told = Mapping[str, Any]
WRITER = "priya"
WRITING, PICTURES = timedelta(minutes=50), timedelta(minutes=20)
"""How long before a section is finished its answers are saved and its evidence is attached."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that somebody did. Without a house it concerns no partner."""

    at: datetime
    does: str
    by: str
    told: Told
    house: House | None = None


@cache
def read(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


def staff() -> list[dict[str, Any]]:
    people: list[dict[str, Any]] = read("staff")["person"]
    return people


def main_stories() -> list[dict[str, Any]]:
    return [read(f"stories/{name}") for name in NAMES]


def all_steps() -> list[Step]:
    """Everything that happened, oldest first."""
    calendar = Calendar(clock.now(), office.current())
    more = read("others")
    told = [*main_stories(), *others.stories(more["partner"], read("remarks")), *others.stopped(more["stopped"])]
    steps = [*_staff_steps(calendar), *_registrations(calendar), *_content(calendar)]
    for story in told:
        steps += _partner_steps(story, calendar)
    return sorted(steps, key=lambda step: step.at)


def _staff_steps(calendar: Calendar) -> Iterator[Step]:
    begun = calendar.moment("290d 09:00")
    for number, person in enumerate(staff()):
        yield Step(begun + timedelta(minutes=number), "employ", "", person)
    for number, reply in enumerate(read("staff")["reply"]):
        yield Step(calendar.moment(f"{60 - number}d 16:00"), "reply", reply["by"], reply)


def _registrations(calendar: Calendar) -> Iterator[Step]:
    for told in read("registrations")["registration"]:
        yield Step(calendar.moment(told["at"]), "register", "", told)
        if "declined" in told:
            yield Step(calendar.moment(told["declined"]), "decline", told["by"], told)


def _content(calendar: Calendar) -> Iterator[Step]:
    for number, starter in enumerate(starters.starters()):
        yield Step(
            calendar.moment(f"{starter.head['demo_days']}d 10:{number:02}"), "write content", WRITER, {"starter": starter.name}
        )


def _partner_steps(story: Told, calendar: Calendar) -> Iterator[Step]:
    house = House(story, read("answers"))
    yield Step(calendar.moment(story["registration"]["at"]), "register", "", house.registration(), house)
    for told in (*story["step"], *read("developers").get(story["partner"]["product"], ())):
        at = calendar.moment(told["at"])
        if told["does"] == "finish":
            yield Step(at - WRITING, "save", told["by"], told, house)
            yield Step(at - PICTURES, "attach", told["by"], told, house)
            yield Step(at, "complete", told["by"], told, house)
        else:
            yield Step(at, told["does"], told["by"], told, house)
