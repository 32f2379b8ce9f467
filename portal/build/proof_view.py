"""What the integration checks say of a question, as its card shows it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row

from portal import clock
from portal.build.contradictions import Contradiction, contradiction, doubt
from portal.build.proving import Proof, read_all, replaces_screenshot
from portal.catalog import Question, Value
from portal.status import PROOF, Look, ProofState

NOTHING = "{}"


@dataclass(frozen=True, slots=True)
class Shown:
    """The badge of a question and what belongs to it. `days` is how long ago it became so."""

    proof: Proof
    days: int
    replaces: bool
    """No screenshot is needed."""
    against: Contradiction | None = None
    doubt: bool = False

    @property
    def look(self) -> Look:
        return PROOF[self.proof.state]

    @property
    def proven(self) -> bool:
        return self.proof.state is ProofState.PROVEN


@dataclass(frozen=True, slots=True)
class Seen:
    """All that the checks say of one section."""

    proofs: Mapping[str, Proof]
    explanations: Mapping[str, Mapping[str, Any]]

    def of(self, question: Question, value: Value | None) -> Shown | None:
        proof = self.proofs.get(question.key)
        if proof is None:
            return None
        against = contradiction(question, value, proof, self.explanations.get(question.key))
        replaces = replaces_screenshot(question, self.proofs)
        return Shown(proof, _days(proof), replaces, against, doubt(question, value, proof))


def seen(row: Row[Any]) -> Seen:
    """From a row of reading.section_rows."""
    return Seen(read_all(json.loads(row.proofs or NOTHING)), json.loads(row.explanations or NOTHING))


def fingerprint(row: Row[Any]) -> tuple[object, ...]:
    """Differs when the badges do; they tell the days since a run."""
    shown = row.proofs or NOTHING
    return shown, row.explanations, _today() if shown != NOTHING else None


def _days(proof: Proof) -> int:
    return max(0, (_today() - proof.since.date()).days)


def _today() -> date:
    return clock.now().date()
