"""The connect test as verbs: begin, come back, read again, disconnect, stop. The worker makes the calls (portal.connect.work)."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from portal import clock, outbox
from portal.connect import problems
from portal.connect.choices import WRONG, Choices
from portal.connect.kind import READS
from portal.models.outbox import Task
from portal.models.partner_app import Connection, PartnerApp
from portal.models.people import User
from portal.models.run import Run
from portal.refusals import IllegalMove
from portal.runs import masking, recording
from portal.status import ConnectionStatus, Environment, RunKind, RunStatus, StepStatus

GOOD_FOR = timedelta(hours=1)
"""How long a merchant may be away."""
AWAY = "Sign up or log in as the merchant at GoCardless, then allow the connection. This page goes on by itself."


@dataclass(frozen=True, slots=True, repr=False)
class Returned:
    """What the merchant's browser brought back, as it came; `device` tells the browser session apart."""

    address: str
    device: str
    state: str = ""
    code: str = ""
    error: str = ""
    description: str = ""


def new_state(run_key: str) -> str:
    """Names the run, so that it is found again, and cannot be guessed."""
    return f"{run_key}.{secrets.token_urlsafe(24)}"


def run_key_in(state: str) -> str:
    return state.rpartition(".")[0]


def refuse_unready(app: PartnerApp) -> None:
    """Raises IllegalMove for an app that no test can be made with."""
    if app.retired_at is not None:
        raise IllegalMove("This app is retired: it starts no tests.")
    if app.environment is Environment.LIVE:
        raise IllegalMove("Tests are made in a sandbox, never with a live app.")
    if not (app.client_id and app.client_secret):
        raise IllegalMove("This app has no client id or no client secret yet.")


def begin(app: PartnerApp, choices: Choices, *, by: User, redirect_uri: str, device: str) -> tuple[Run, str]:
    """A run that waits for the merchant, and the state for its link. Raises IllegalMove."""
    refuse_unready(app)
    parameters = {**choices.stored(), "redirect_uri": redirect_uri}
    run = recording.begin(RunKind.CONNECT, app, by=by, parameters=parameters, words=AWAY)
    state = new_state(run.key)
    run.secret = json.dumps({"state": state, "device": _hashed(device)})
    return run, state


def sent(run: Run, link: str) -> None:
    """The first two steps: the link, and the merchant who leaves with it."""
    built = recording.step(run, "link")
    recording.finish(run, built, StepStatus.PASSED, f"It asks for {run.parameters['scope']} and leads back to the portal.")
    built.request = {"method": "GET", "url": masking.url(link), "headers": {}, "body": "", "curl": ""}
    recording.step(run, "sent", status=StepStatus.WAITING, verdict=AWAY)
    recording.goes_on(run, RunStatus.WAITING, AWAY)


def state_of(run: Run, *, me: User, device: str) -> str:
    """The state of a test that still waits, for the browser session that began it; empty for anybody else."""
    kept = _kept(run)
    mine = run.started_by_id == me.id and hmac.compare_digest(str(kept.get("device", "")), _hashed(device))
    return str(kept.get("state", "")) if mine and run.status is RunStatus.WAITING else ""


def returned(run: Run, back: Returned) -> None:
    """The merchant is back: compare the state, keep the code encrypted, let the worker go on. Nothing is asked of GoCardless here."""
    away = recording.latest(run, "sent")
    if away is not None and away.status is StepStatus.WAITING:
        seconds = max(1, round((clock.now() - away.started_at).total_seconds()))
        recording.finish(run, away, StepStatus.PASSED, f"The merchant came back after {seconds} s.")
    kept, problem = _kept(run), ""
    came = recording.step(run, "returned")
    problem, detail = _fault(run, back, kept)
    came.request = {"method": "GET", "url": masking.url(back.address), "headers": {}, "body": "", "curl": ""}
    if problem:
        recording.finish(run, came, StepStatus.FAILED, problems.words(problem, detail), problem=problem)
        recording.over(run, RunStatus.FAILED, came.verdict)
        return
    recording.finish(run, came, StepStatus.PASSED, "The state is the one that was sent, and a code came with it.")
    run.secret = json.dumps({"code": back.code, "returned_at": clock.now().isoformat()})
    twice = ["again"] if run.parameters.get("mistake") == "reuse" else []
    go_on(run, ["exchanged", *twice, *READS])


def _fault(run: Run, back: Returned, kept: dict[str, Any]) -> tuple[str, str]:
    """The code of what is wrong with a return, the state first; empty codes when nothing is."""
    expected = str(kept.get("state", "")) + (WRONG if run.parameters.get("mistake") == "state" else "")
    if not back.state:
        return "state_missing", ""
    if not hmac.compare_digest(back.state.encode(), expected.encode()):
        return "state_mismatch", ""
    if not hmac.compare_digest(str(kept.get("device", "")), _hashed(back.device)):
        return "other_session", ""
    if clock.now() - run.started_at > GOOD_FOR:
        return "too_late", ""
    if back.error:
        said = masking.text(f"{back.error}: {back.description}" if back.description else back.error)
        return ("denied" if back.error == "access_denied" else "sent_back"), said[:200]
    return ("", "") if back.code else ("no_code", "")


def go_on(run: Run, steps: Sequence[str]) -> None:
    """The next of these steps begins; the worker makes it, and the others after it."""
    recording.step(run, steps[0])
    outbox.enqueue(Task.CONNECT, {"run": run.id, "steps": list(steps)}, title=f"Connect test {run.key}: {steps[0]}")


def ask(run: Run, steps: Sequence[str]) -> None:
    """Make these steps once more in a run that is over. Raises IllegalMove."""
    if run.status in recording.GOES_ON:
        raise IllegalMove("This run is still going on.")
    if run.connection is None:
        raise IllegalMove("Nothing was connected in this run, so that there is nothing to ask about.")
    _refuse_ended(run.connection)
    go_on(run, steps)


def ask_about(connection: Connection, steps: Sequence[str], *, by: User) -> Run:
    """A run of its own that makes these steps for a connection. Raises IllegalMove."""
    refuse_unready(connection.app)
    _refuse_ended(connection)
    run = recording.begin(
        RunKind.CONNECT,
        connection.app,
        by=by,
        parameters={"only": list(steps)},
        status=RunStatus.RUNNING,
        connection=connection,
    )
    go_on(run, steps)
    return run


def _refuse_ended(connection: Connection) -> None:
    if connection.status is not ConnectionStatus.CONNECTED:
        raise IllegalMove("This organisation is no longer connected.")


def _kept(run: Run) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(run.secret) if run.secret else {}
    return kept


def _hashed(device: str) -> str:
    return hashlib.sha256(device.encode()).hexdigest()
