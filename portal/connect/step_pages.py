"""Buttons of a finished test, and what its panel shows."""

from dataclasses import dataclass

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from portal import gocardless
from portal.connect import choices, leaving, link, service, verification
from portal.connect.blueprint import bp
from portal.connect.kind import READS, STEPS, USUAL
from portal.connect.problems import PROBLEMS
from portal.connect.verification import Status
from portal.gates import Gate, gate
from portal.models.people import User
from portal.models.run import Run
from portal.runs.kinds import Kind, register
from portal.status import ConnectionStatus, RunKind


@dataclass(frozen=True, slots=True)
class About:
    """What the panel of a connect test shows besides the run."""

    status: Status
    verify: str
    """The page where the merchant completes verification; empty when there is nothing to complete."""
    leave: str
    """The way back to GoCardless, for the browser that began a test that still waits."""
    connected: bool
    mistake: str


def about(run: Run, me: User) -> About:
    known = run.connection
    code = known.verification_status if known else ""
    return About(
        status=verification.status(code),
        verify=_verify(run) if code == "action_required" else "",
        leave=_leave(run, me),
        connected=known is not None and known.status is ConnectionStatus.CONNECTED,
        mistake=dict(choices.MISTAKES).get(run.parameters.get("mistake", ""), ""),
    )


def _verify(run: Run) -> str:
    return verification.page(run.app.environment) if run.app.environment in gocardless.available() else ""


def _leave(run: Run, me: User) -> str:
    state = service.state_of(run, me=me, device=leaving.device())
    if not state or run.app.environment not in gocardless.available():
        return ""
    return link.build(run.app, choices.restored(run.parameters), redirect_uri=str(run.parameters["redirect_uri"]), state=state)


register(
    RunKind.CONNECT,
    Kind(
        "Connect test",
        STEPS,
        USUAL,
        panel="connect/panel.html",
        turn="connect/turn.html",
        todos={code: problem.todo for code, problem in PROBLEMS.items()},
        about=about,
        again="connect.again",
    ),
)


@bp.post("/developers/connect/runs/<run_key>/look-up")
@gate(Gate.WORK)
def look_up(run: Run) -> ResponseReturnValue:
    service.ask(run, ["looked_up"])
    return redirect(url_for("runs.show", run_key=run.key), 303)


@bp.post("/developers/connect/runs/<run_key>/read")
@gate(Gate.WORK)
def read(run: Run) -> ResponseReturnValue:
    service.ask(run, [code for code in READS if code != "looked_up"])
    return redirect(url_for("runs.show", run_key=run.key), 303)


@bp.post("/developers/connect/runs/<run_key>/revoke")
@gate(Gate.WORK)
def revoke(run: Run) -> ResponseReturnValue:
    """Then the API is asked once more, to see it refuse."""
    service.ask(run, ["revoked", "refused"])
    return redirect(url_for("runs.show", run_key=run.key), 303)
