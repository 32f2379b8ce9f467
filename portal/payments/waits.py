"""How long a run waits between two looks, and when it stops looking by itself."""

from datetime import timedelta

from portal import clock, outbox
from portal.models.outbox import Outbox, Task
from portal.models.run import Run

GAPS = (2, 2, 3, 5, 8, 13, 20, 30, 45, *(60,) * 58)
"""Seconds; together about an hour, which the page says."""
PAUSE = 60
"""Seconds until a rate limit has passed."""


def now(run: Run, **payload: object) -> Outbox:
    """Go on at once. What an earlier call planned for this run is void: there is one plan at a time."""
    run.facts = {**run.facts, "turn": turn(run) + 1}
    return outbox.enqueue(
        Task.BILLING, {"run": run.id, "turn": turn(run), **payload}, title=f"Go on with billing request run {run.key[:8]}"
    )


def later(run: Run, seconds: float, **payload: object) -> None:
    now(run, **payload).next_at = clock.now() + timedelta(seconds=seconds)


def turn(run: Run) -> int:
    return int(run.facts.get("turn", 0))


def look_again(run: Run, phase: str, looks: int) -> bool:
    """Plan the next look of this phase after so many; False when it was the last."""
    if looks >= len(GAPS):
        return False
    later(run, GAPS[looks], phase=phase, looks=looks + 1)
    return True
