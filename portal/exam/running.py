"""Makes experiments and has their observations judged. Nothing raises: whatever the other side does is an observation."""

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from portal.exam.nouns import Check, Experiment, Judgement, Observation, Skip, Verdict, Wait, skipped
from portal.exam.rig import Rig
from portal.exam.sandbox import SandboxFailed
from portal.exam.table import BY_ID, BY_NAME, CHECKS, EXPERIMENTS

log = logging.getLogger(__name__)
GOOD = (Verdict.PASSED, Verdict.WARNING)
SETTINGS = {
    "connect_url": "the page that sends a user to authorise",
    "login_url": "the page for merchants who have an account already",
    "action_url": "a test hook",
    "link": "a link",
    "test_header": "a test header",
    "webhook_url": "a webhook address",
    "webhook_secret": "a webhook secret",
    "previous_webhook_secret": "a webhook secret before this one",
}
DECLARED, ENVIRONMENT, SKIPPED, BROKEN = "declared", "environment", "skipped", "broken"
"""What `perform` adds to an observation, and what stands for one that could not be made."""


class Judged(Protocol):
    """Anything with a verdict: a Judgement, or a row that keeps one."""

    @property
    def verdict(self) -> Verdict: ...


def with_needs(checks: Iterable[Check]) -> list[Check]:
    """The checks with all that they need before them, in the table's order."""
    wanted: set[str] = set()
    left = [check.id for check in checks]
    while left:
        check = BY_ID[left.pop()]
        left += [name for name in check.needs if name not in wanted]
        wanted.add(check.id)
    return [check for check in CHECKS if check.id in wanted]


def experiments(checks: Iterable[Check]) -> list[Experiment]:
    """The experiments that these checks judge, in the order in which they are made."""
    named = {check.experiment for check in checks}
    return [experiment for experiment in EXPERIMENTS if experiment.name in named]


def perform(rig: Rig, experiment: Experiment) -> Observation | Wait:
    """Make the experiment. What could not be made is said in its observation; a Wait is tried again later."""
    if hindrance := _hindrance(rig, experiment):
        return _told(rig, {SKIPPED: hindrance})
    try:
        return _told(rig, experiment.run(rig))
    except Wait as wait:
        return wait
    except Skip as reason:
        return _told(rig, {SKIPPED: reason.words})
    except SandboxFailed as problem:
        return _told(rig, {BROKEN: str(problem)})
    except Exception:
        log.exception("The experiment %s failed", experiment.name)
        return _told(rig, {BROKEN: "The check itself failed. That is not your fault; it was written down."})


def judge(check: Check, observations: Mapping[str, Observation | Wait], results: Mapping[str, Judged]) -> Judgement:
    """What the check says: of what was seen, or of why nothing was."""
    if (hindered := blocked(check, results)) is not None:
        return hindered
    seen = observations.get(check.experiment)
    if seen is None:
        return skipped("Its experiment was not made.")
    if isinstance(seen, Wait):
        return Judgement(Verdict.WAITING, f"{seen.who}: {seen.what}")
    for reason in (SKIPPED, BROKEN):
        if reason in seen:
            return skipped(str(seen[reason]))
    return _unfit(check, seen) or _judged(check, seen)


def blocked(check: Check, results: Mapping[str, Judged]) -> Judgement | None:
    """Why a check is not worth its experiment: something that it needs has not passed. None when nothing stands in its way."""
    for name in check.needs:
        found = results.get(name)
        if found is not None and found.verdict in GOOD:
            continue
        title = f"“{BY_ID[name].title}”" if name in BY_ID else name
        if found is not None and found.verdict is Verdict.WAITING:
            return Judgement(Verdict.WAITING, f"Waits for {title}.")
        return skipped(
            f"It needs {title}, which was not checked." if found is None else f"It needs {title}, which has not passed."
        )
    return None


def examine(rig: Rig, checks: Sequence[Check] = CHECKS) -> dict[str, Judgement]:
    """Everything in order: each experiment once, and only when a check of it may still say something. Waits are not waited for."""
    observations: dict[str, Observation | Wait] = {}
    results: dict[str, Judgement] = {}
    for check in with_needs(checks):
        if check.experiment not in observations and blocked(check, results) is None:
            observations[check.experiment] = perform(rig, BY_NAME[check.experiment])
        results[check.id] = judge(check, observations, results)
    return results


def declared(rig: Rig) -> list[str]:
    """The names of what is there to work with."""
    found: dict[str, Any] = {name: getattr(rig.settings, name, "") or getattr(rig.app, name, "") for name in SETTINGS}
    return [name for name, value in found.items() if value]


def _hindrance(rig: Rig, experiment: Experiment) -> str:
    if rig.app.environment not in experiment.environments:
        return "It only works with the embedded sandbox, which can be told what to do."
    missing = [name for name in experiment.settings if name not in declared(rig)]
    return _undeclared(missing) if missing else ""


def _unfit(check: Check, seen: Observation) -> Judgement | None:
    if seen[ENVIRONMENT] not in {one.value for one in check.environments}:
        return skipped("It only works with the embedded sandbox, which can be told what to do.")
    missing = [name for name in check.settings if name not in seen[DECLARED]]
    return skipped(_undeclared(missing)) if missing else None


def _undeclared(names: Sequence[str]) -> str:
    return f"You have not declared {' and '.join(SETTINGS.get(name, name) for name in names)}."


def _judged(check: Check, seen: Observation) -> Judgement:
    try:
        return check.judge(seen)
    except Exception:
        log.exception("The check %s could not judge", check.id)
        return skipped("What was seen could not be judged. That is not your fault; it was written down.")


def _told(rig: Rig, seen: Observation) -> Observation:
    """As JSON keeps it, with what there was to work with."""
    kept: dict[str, Any] = json.loads(json.dumps(dict(seen), default=str))
    return kept | {DECLARED: declared(rig), ENVIRONMENT: rig.app.environment.value}
