"""The worker's part of a connect test: one step, its result stored together with what it led to, and the next step begun.

Safe to do twice: a step that is over is not made again, and a code that our own first try may have spent is not blamed on the app.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal import transaction
from portal.config import Settings
from portal.connect import connections, ending, problems, service
from portal.connect.doing import Outcome, Situation, do
from portal.connect.line import Line
from portal.extensions import db
from portal.models.partner_app import Connection
from portal.models.run import Run, RunStep
from portal.outbox import Job
from portal.runs import recording
from portal.status import ConnectionStatus, RunKind, RunStatus, StepStatus

AT_ONCE = 100
REVOKED = "It was revoked by your team, through the portal."


@dataclass(frozen=True, slots=True)
class Task:
    """What one outbox row asks for: this step, then the others."""

    run_id: int
    code: str
    then: tuple[str, ...]


def go_on(job: Job, _settings: Settings) -> None:
    """Make the next step; the call itself holds no transaction."""
    steps = list(job.payload["steps"])
    task = Task(job.payload["run"], steps[0], tuple(steps[1:]))
    situation = _situation(task, job.attempt)
    transaction.release()
    if situation is not None:
        _store(task, situation, do(task.code, situation))


def give_up(now: datetime) -> None:
    """End the tests whose merchants never came back."""
    waiting = select(Run).where(Run.kind == RunKind.CONNECT, Run.status == RunStatus.WAITING)
    stale = (
        waiting.where(Run.started_at < now - service.GOOD_FOR).order_by(Run.id).limit(AT_ONCE).with_for_update(skip_locked=True)
    )
    for run in db.session.scalars(stale):
        away = recording.latest(run, "sent")
        words = problems.words("never_back")
        if away is not None and away.status is StepStatus.WAITING:
            recording.finish(run, away, StepStatus.FAILED, words, problem="never_back")
        recording.over(run, RunStatus.FAILED, words)


def _situation(task: Task, attempt: int) -> Situation | None:
    """Plain values for the step; None when it was stopped or is over."""
    run = db.session.scalars(
        select(Run).where(Run.id == task.run_id).options(joinedload(Run.app), joinedload(Run.connection))
    ).one_or_none()
    if run is None or _going(run, task.code) is None:
        return None
    kept: dict[str, Any] = json.loads(run.secret) if run.secret else {}
    known = run.connection
    return Situation(
        line=Line(run.app.environment, run.app.client_id, run.app.client_secret or ""),
        token=str(kept.get("token") or (known and known.access_token) or ""),
        code=str(kept.get("code", "")),
        returned_at=datetime.fromisoformat(kept["returned_at"]) if "returned_at" in kept else None,
        parameters=dict(run.parameters),
        organisation_id=known.organisation_id if known else "",
        creditor_id=known.creditor_id if known else "",
        scope=known.scope if known else "",
        attempt=attempt,
    )


def _going(run: Run, code: str) -> RunStep | None:
    step = recording.latest(run, code)
    return step if step is not None and step.status is StepStatus.RUNNING else None


def _store(task: Task, situation: Situation, outcome: Outcome) -> None:
    run = db.session.scalars(select(Run).where(Run.id == task.run_id).with_for_update()).one()
    if outcome.token:
        run.connection = connections.connected(run, outcome)
    elif run.connection is not None and outcome.learnt:
        connections.learnt(run.connection, outcome.learnt)
    step = _going(run, task.code)
    if step is None:
        return  # a person stopped the run meanwhile; what came in is kept all the same
    secrets = situation.secrets | ({"ACCESS_TOKEN": outcome.token} if outcome.token else {})
    recording.finish(
        run, step, outcome.status, outcome.verdict, problem=outcome.problem, exchange=situation.line.last, secrets=secrets
    )
    if outcome.lost and run.connection is not None:
        _end(run, run.connection, task, situation)
    _after(run, task, outcome)


def _end(run: Run, connection: Connection, task: Task, situation: Situation) -> None:
    """The token is good for nothing. The step that shows the API refusing it still needs it, and nobody else may have it."""
    if task.code == "revoked":
        run.secret = json.dumps({"token": situation.token})
        ending.disconnected(connection, cause=REVOKED, status=ConnectionStatus.REVOKED, by=run.started_by)
    else:
        ending.disconnected(connection, cause=ending.REFUSED)


def _after(run: Run, task: Task, outcome: Outcome) -> None:
    passed = outcome.status is not StepStatus.FAILED
    if passed and task.then:
        if task.code == "exchanged" and "again" not in task.then:
            run.secret = None
        service.go_on(run, task.then)
        return
    run.facts = {**run.facts, **_facts(run), **({"passed": "yes"} if passed else {})}
    recording.over(run, RunStatus.PASSED if run.facts.get("passed") else RunStatus.FAILED, _words(run, task, outcome))


def _facts(run: Run) -> dict[str, str]:
    known = run.connection
    return {"organisation": known.organisation_id, "creditor": known.creditor_id} if known else {}


def _words(run: Run, task: Task, outcome: Outcome) -> str:
    who = run.connection and (run.connection.creditor_name or run.connection.organisation_id)
    if outcome.status is StepStatus.FAILED:
        return outcome.verdict
    return f"{who} is disconnected." if task.code in ("revoked", "refused") else f"{who} is connected."
