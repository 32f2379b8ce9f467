"""The kinds of run: what each is called, its steps with their titles and clauses, and what its own room adds to the common page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from portal.catalog.guides import guides
from portal.catalog.nouns import Guide
from portal.models.people import User
from portal.models.run import Run, RunStep
from portal.status import RunKind


@dataclass(frozen=True, slots=True)
class StepWords:
    """A step's title, what it does in a sentence, and the key of the guide that asks for it (catalog/guides.toml)."""

    title: str
    words: str
    guide: str

    @property
    def clause(self) -> Guide:
        return guides()[self.guide]


def _nothing(_run: Run, _me: User) -> object:
    return None


@dataclass(frozen=True, slots=True)
class Kind:
    """What a room says of its runs."""

    words: str
    """What one is called, such as "Connect test"."""
    steps: Mapping[str, StepWords]
    """By code, in the order in which they usually come."""
    usual: tuple[str, ...]
    """The steps that every run takes: those to come are shown before they begin."""
    panel: str = ""
    """A template that the run's page includes beside the steps; it reads `run`, `me` and `about`."""
    turn: str = ""
    """The same above the steps, while the run goes on: whose turn it is, and what to do."""
    todos: Mapping[str, str] = field(default_factory=dict)
    """What to do about a step's problem, by its code."""
    below: str = ""
    """Another, below the steps, for what needs room."""
    about: Callable[[Run, User], object] = _nothing
    """What these templates need besides the run."""
    again: str = ""
    """The endpoint of a POST with run_key that begins another run with the same settings."""
    stop: Callable[[Run], None] = field(default=lambda _run: None)
    """Forget what only the going run needed, when a person stops it."""


KINDS: dict[RunKind, Kind] = {}


def register(kind: RunKind, of: Kind) -> None:
    KINDS[kind] = of


def words_of(run: Run, code: str) -> StepWords:
    return KINDS[run.kind].steps[code]


def to_come(run: Run, steps: list[RunStep]) -> list[StepWords]:
    """The usual steps that have not begun; none once the run is over."""
    kind, begun = KINDS[run.kind], {step.code for step in steps}
    return [] if run.ended_at else [kind.steps[code] for code in kind.usual if code not in begun]
