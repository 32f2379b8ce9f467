"""What the integration checks say of a question: worked out from their newest verdicts, kept with the section as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

from portal.catalog import Question, Section
from portal.exam.proof import STALE, Stale
from portal.status import CheckVerdict, ProofState

SPEAKING = (CheckVerdict.PASSED, CheckVerdict.FAILED, CheckVerdict.WARNING)
"""The others say nothing about an integration."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The newest verdict of one check; `result` is the key of its page."""

    check: str
    title: str
    verdict: CheckVerdict
    words: str
    at: str
    result: str
    stale: str = ""
    """Code of portal.exam.proof.Stale, empty while it holds."""

    @property
    def proves(self) -> bool:
        return self.verdict is CheckVerdict.PASSED and not self.stale

    @property
    def stale_words(self) -> str:
        return STALE[Stale(self.stale)] if self.stale else ""


@dataclass(frozen=True, slots=True)
class Proof:
    """All that the checks of one question say together."""

    state: ProofState
    at: str
    """When it became so: of the oldest verdict that it rests on, or of the newest failure."""
    of: int
    """How many checks the question has."""
    checks: tuple[Checked, ...]
    """Those that said something, in the catalog's order."""

    @property
    def since(self) -> datetime:
        return datetime.fromisoformat(self.at)

    @property
    def failed(self) -> tuple[Checked, ...]:
        return tuple(one for one in self.checks if one.verdict is CheckVerdict.FAILED)

    @property
    def passed(self) -> int:
        return sum(one.proves for one in self.checks)

    @property
    def rests_on(self) -> Checked:
        """The check whose page tells most about the state."""
        worst = self.failed or tuple(one for one in self.checks if one.stale) or self.checks
        return min(worst, key=lambda one: one.at)

    def plain(self) -> dict[str, Any]:
        return asdict(self) | {"checks": [asdict(one) for one in self.checks]}

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        checks = tuple(Checked(**{**one, "verdict": CheckVerdict(one["verdict"])}) for one in kept["checks"])
        return cls(ProofState(kept["state"]), kept["at"], kept["of"], checks)


def read_all(kept: Mapping[str, Any]) -> dict[str, Proof]:
    """By question, as a section keeps them."""
    return {key: Proof.read(one) for key, one in kept.items()}


def proofs_of(section: Section, said: Mapping[str, Checked]) -> dict[str, Proof]:
    """What the checks say of a section's questions; nothing of a question that no check spoke of yet."""
    found = ((question.key, proof(question, said)) for question in section.questions)
    return {key: one for key, one in found if one is not None}


def proof(question: Question, said: Mapping[str, Checked]) -> Proof | None:
    """Proven is a question when all its checks passed and hold; one failure outweighs everything, however old it is."""
    here = tuple(said[name] for name in question.checks if name in said and said[name].verdict in SPEAKING)
    if not here:
        return None
    state = _state(question, here)
    since = [one.at for one in here if one.verdict is CheckVerdict.FAILED]
    return Proof(state, max(since) if since else min(one.at for one in here), len(question.checks), here)


def _state(question: Question, here: tuple[Checked, ...]) -> ProofState:
    verdicts = {one.verdict for one in here}
    if CheckVerdict.FAILED in verdicts:
        return ProofState.FAILED
    if len(here) < len(question.checks) or verdicts != {CheckVerdict.PASSED}:
        return ProofState.PARTIAL
    return ProofState.PROVEN if all(one.proves for one in here) else ProofState.STALE


def replaces_screenshot(question: Question, proofs: Mapping[str, Proof]) -> bool:
    """Whether this question needs no screenshot because a run has shown it."""
    found = proofs.get(question.key) if question.proof_replaces_screenshot else None
    return found is not None and found.state is ProofState.PROVEN
