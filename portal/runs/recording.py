"""A run as it happens: begun, step by step, over. Every change makes the version grow, so that a waiting page sees it."""

import json
from collections.abc import Mapping
from typing import Any

from portal import clock
from portal.exchange import Exchange
from portal.extensions import db
from portal.models.partner_app import Connection, PartnerApp
from portal.models.people import User
from portal.models.run import Run, RunStep
from portal.runs import curl, masking
from portal.status import RunKind, RunStatus, StepStatus

GOES_ON = (RunStatus.WAITING, RunStatus.RUNNING)


def begin(
    kind: RunKind,
    app: PartnerApp,
    *,
    by: User,
    parameters: Mapping[str, Any],
    words: str = "",
    status: RunStatus = RunStatus.WAITING,
    connection: Connection | None = None,
    secret: Mapping[str, Any] | None = None,
) -> Run:
    """A stored run. `words` say what it waits for; `secret` is what only the next step may read."""
    run = Run(
        partner_id=app.partner_id,
        app_id=app.id,
        connection_id=connection.id if connection else None,
        kind=kind,
        status=status,
        words=words,
        parameters=dict(parameters),
        secret=json.dumps(secret) if secret is not None else None,
        started_by_id=by.id,
    )
    db.session.add(run)
    db.session.flush()
    return run


def step(run: Run, code: str, *, status: StepStatus = StepStatus.RUNNING, verdict: str = "") -> RunStep:
    """The next step of the run, begun now; WAITING when a person must do something, who and what is in the verdict."""
    made = RunStep(position=len(run.steps), code=code, status=status, verdict=verdict, started_at=clock.now())
    run.steps.append(made)
    goes_on(run, RunStatus.WAITING if status is StepStatus.WAITING else RunStatus.RUNNING)
    return made


def latest(run: Run, code: str) -> RunStep | None:
    """The newest step of this code."""
    return next((one for one in reversed(run.steps) if one.code == code), None)


def finish(
    run: Run,
    done: RunStep,
    status: StepStatus,
    verdict: str,
    *,
    problem: str = "",
    exchange: Exchange | None = None,
    secrets: Mapping[str, str] | None = None,
) -> None:
    """How the step went. What was exchanged is kept masked; `secrets` are those that were in it by the shell's name for each."""
    secrets = secrets or {}
    done.status, done.problem, done.verdict = status, problem, masking.text(verdict, known=secrets.values())
    done.ended_at = clock.now()
    if exchange is not None:
        done.request, done.response = masked(exchange, secrets)
        done.milliseconds = round(exchange.milliseconds, 1)
    touch(run)


def goes_on(run: Run, status: RunStatus, words: str = "") -> None:
    """It waits for somebody, or is at work (again)."""
    run.status, run.words, run.ended_at = status, words, None
    touch(run)


def over(run: Run, status: RunStatus, words: str = "") -> None:
    """Passed, failed or stopped; what only the next step needed is forgotten."""
    run.status, run.words, run.ended_at, run.secret = status, words, clock.now(), None
    touch(run)


def touch(run: Run) -> None:
    """The version grows in the database, so that two writers never leave the same one behind."""
    run.version = Run.version + 1


def masked(exchange: Exchange, secrets: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Request and response as they may be stored and shown; the response is None when nothing came back."""
    known = tuple(secrets.values())
    request = {
        "method": exchange.method,
        "url": masking.url(exchange.url, known=known),
        "headers": masking.headers(exchange.request_headers, known=known),
        "body": masking.body(exchange.request_body, _kind(exchange.request_headers), known=known),
        "curl": masking.text(curl.command(exchange, secrets), known=known),
    }
    if exchange.status is None:
        return request, None
    response = {
        "status": exchange.status,
        "headers": masking.headers(exchange.response_headers, known=known),
        "body": masking.body(exchange.response_body, _kind(exchange.response_headers), known=known),
    }
    return request, response


def _kind(headers: Mapping[str, str]) -> str:
    return next((value for name, value in headers.items() if name.lower() == "content-type"), "")
