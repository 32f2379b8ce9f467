"""A mutant: the example with one fault planted, the check that must find it, and what that check must say."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.exam.nouns import Verdict

PATIENCE = 0.5
"""Seconds instead of GoCardless's ten."""
MUTANTS: dict[str, "Mutant"] = {}


@dataclass(frozen=True)
class Mutant:
    """`also` are other checks that cannot but see the same fault. `settings` are the example's where the fault is one of
    them; `patience` is another where the fault is one of time."""

    name: str
    fault: str
    check: str
    verdict: Verdict
    plant: Callable[[Any], None]
    also: Mapping[str, Verdict] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    patience: float = PATIENCE

    @property
    def family(self) -> str:
        return self.check.partition(".")[0]


def mutant(check, fault, *, verdict=Verdict.FAILED, also=(), patience=PATIENCE, **settings):
    """Enters a function in the zoo that plants its fault with pytest's monkeypatch. `also`: ids of checks that fail, or ids with verdicts."""

    def enter(plant):
        assert plant.__name__ not in MUTANTS, f"two mutants are called {plant.__name__}"
        others = also if isinstance(also, Mapping) else dict.fromkeys(also, Verdict.FAILED)
        MUTANTS[plant.__name__] = Mutant(plant.__name__, fault, check, verdict, plant, others, settings, patience)
        return plant

    return enter
