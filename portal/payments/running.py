"""A billing request run from its first call to the payout: what comes next, taken one after the other until somebody must be waited for.

What is done stands in the run's facts and steps, so that a worker that died in the middle is followed by one that goes on.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import joinedload, selectinload

from portal import clock, gocardless
from portal.connect import ending
from portal.extensions import db
from portal.models.partner_app import Connection
from portal.models.run import Run
from portal.outbox import Job
from portal.payments import asking, calling, facts, saying, simulating, waits, watching
from portal.payments.calling import CallFailed, Stopped
from portal.payments.choices import Ask
from portal.payments.problems import PROBLEMS
from portal.runs import recording
from portal.status import RunStatus, StepStatus

LOST = ("failed", "cancelled", "charged_back", "customer_approval_denied")
MOST_PAUSES = 5
_WHOLE = (
    selectinload(Run.steps),
    joinedload(Run.app),
    joinedload(Run.connection).joinedload(Connection.app),
)


@dataclass(slots=True)
class Going:
    """One job's work on a run: how often this phase has looked already."""

    run: Run
    payload: Mapping[str, Any] = field(default_factory=dict)

    def looks(self, phase: str) -> int:
        return int(self.payload.get("looks", 0)) if self.payload.get("phase") == phase else 0


def go_on(job: Job) -> None:
    """The worker's part. A job that was planned before somebody asked for something else does nothing."""
    run = db.session.get(Run, job.payload["run"], options=_WHOLE)
    if run is None or run.status is RunStatus.STOPPED or job.payload["turn"] != waits.turn(run):
        return
    going = Going(run, job.payload)
    try:
        _go(going)
    except Stopped:
        return
    except CallFailed as failure:
        _failed(going, failure)


def _go(going: Going) -> None:
    run = going.run
    if name := going.payload.get("simulate"):
        simulating.simulate(run, name)
        going.payload = {"look": True}
    if going.payload.get("look"):
        watching.everything(run)
    if all(part(going) for part in PARTS):
        recording.over(run, RunStatus.PASSED, saying.passed(run.facts))


def _create_request(going: Going) -> bool:
    run = going.run
    if "billing_request" not in run.facts:
        body, key = asking.billing_request(run.parameters), asking.key(run, "request")
        calling.step(
            run,
            "request",
            lambda client: client.billing_requests.create(params=body, headers=key),
            saying.request_made,
            lambda made: {"billing_request": facts.billing_request(made)},
        )
        if creditor := run.facts["billing_request"]["creditor"]:
            facts.learn(run, creditor={"id": creditor, "status": ""})
            watching.look(run, "creditor")
    return True


def _create_flow(going: Going) -> bool:
    run = going.run
    if "flow" not in run.facts:
        body, key = asking.flow(run.parameters, run.facts["billing_request"]["id"]), asking.key(run, "flow")
        calling.step(
            run,
            "flow",
            lambda client: client.billing_request_flows.create(params=body, headers=key),
            saying.flow_made,
            lambda made: {"flow": facts.flow(made)},
        )
    return True


def _await_payer(going: Going) -> bool:
    run = going.run
    waiting = recording.latest(run, "payer")
    if waiting and waiting.status is StepStatus.PASSED:
        return True
    if waiting is None or waiting.status is not StepStatus.WAITING:
        waiting = recording.step(run, "payer", status=StepStatus.WAITING, verdict=saying.payer_must(run.facts))
    id_ = run.facts["billing_request"]["id"]
    answer = calling.ask(run, lambda client: client.billing_requests.get(id_))
    changed = facts.learn(run, billing_request=facts.billing_request(answer.body))
    status = run.facts["billing_request"]["status"]
    if status == "fulfilled":
        return _fulfilled(run, answer)
    if changed:
        waiting.verdict = saying.payer_must(run.facts)
    if status == "cancelled":
        return _lost(run, "request_cancelled")
    if clock.now() >= datetime.fromisoformat(run.facts["flow"]["expires_at"]):
        return _lost(run, "flow_expired")
    _waits(run, saying.FOR_PAYER)
    return False if waits.look_again(run, "payer", going.looks("payer")) else _lost(run, "not_in_time")


def _waits(run: Run, words: str) -> None:
    """For somebody, from now on; said once."""
    if run.status is not RunStatus.WAITING or run.words != words:
        recording.goes_on(run, RunStatus.WAITING, words)


def _lost(run: Run, problem: str) -> bool:
    waiting = recording.latest(run, "payer")
    if waiting:
        recording.finish(run, waiting, StepStatus.FAILED, PROBLEMS[problem], problem=problem)
    recording.over(run, RunStatus.FAILED, PROBLEMS[problem])
    return False


def _fulfilled(run: Run, answer: calling.Answer) -> bool:
    waiting = recording.latest(run, "payer")
    if waiting:
        recording.finish(run, waiting, StepStatus.PASSED, saying.PAYER_DONE)
    done = recording.step(run, "fulfilled")
    secrets = calling.secrets_of(run)
    recording.finish(run, done, StepStatus.PASSED, saying.fulfilled(run.facts), exchange=answer.exchange, secrets=secrets)
    return True


def _read_mandate(going: Going) -> bool:
    run, id_ = going.run, going.run.facts["billing_request"]["mandate"]
    if id_ and "mandate" not in run.facts:
        calling.step(
            run,
            "mandate",
            lambda client: client.mandates.get(id_),
            saying.mandate_read,
            lambda made: {"mandate": facts.mandate(made)},
        )
    return True


def _take_payment(going: Going) -> bool:
    """Read the payment that the request made, or collect the amount on the mandate."""
    run, id_ = going.run, going.run.facts["billing_request"]["payment"]
    if "payment" in run.facts:
        return True
    if id_:
        calling.step(run, "payment", lambda client: client.payments.get(id_), saying.payment_read, _payment)
    elif run.parameters["ask"] == Ask.MANDATE and run.parameters["amount"]:
        body, key = asking.payment(run.parameters, run.facts["mandate"]["id"]), asking.key(run, "charge")
        calling.step(
            run, "charge", lambda client: client.payments.create(params=body, headers=key), saying.payment_read, _payment
        )
    return True


def _payment(made: calling.Body) -> calling.Body:
    return {"payment": facts.payment(made)}


def _see_events(going: Going) -> bool:
    run = going.run
    seen = recording.latest(run, "events")
    if seen and seen.status in (StepStatus.PASSED, StepStatus.WARNING):
        return True
    doing = seen or recording.step(run, "events")
    answer = watching.look_at_events(run)
    missing = saying.missing_events(run.facts)
    if missing and going.looks("events") < MOST_PAUSES:
        waits.look_again(run, "events", going.looks("events"))
        return False
    status = StepStatus.WARNING if missing else StepStatus.PASSED
    recording.finish(
        run,
        doing,
        status,
        saying.events_seen(run.facts, missing),
        exchange=answer.exchange if answer else None,
        secrets=calling.secrets_of(run),
    )
    return True


def _await_payout(going: Going) -> bool:
    run = going.run
    if "payment" not in run.facts or run.facts.get("payout"):
        return True
    if watching.look(run, "payment", "mandate"):
        watching.look_at_events(run)
    if run.facts["payment"]["payout"]:
        return _paid_out(run)
    if run.facts["payment"]["status"] in LOST:
        return _end_of_wait(run, StepStatus.WARNING, saying.no_payout(run.facts))
    waiting = recording.latest(run, "payout")
    if waiting is None or waiting.status is not StepStatus.WAITING:
        waiting = recording.step(run, "payout", status=StepStatus.WAITING)
    waiting.verdict = saying.payout_waits(run.facts)
    _waits(run, saying.FOR_BANKS)
    if waits.look_again(run, "payout", going.looks("payout")):
        return False
    return _end_of_wait(run, StepStatus.SKIPPED, saying.NOT_WAITED)


def _paid_out(run: Run) -> bool:
    id_, waiting = run.facts["payment"]["payout"], recording.latest(run, "payout")
    if waiting and waiting.status is StepStatus.WAITING:
        waiting.status = StepStatus.RUNNING
    calling.step(
        run, "payout", lambda client: client.payouts.get(id_), saying.payout_read, lambda made: {"payout": facts.payout(made)}
    )
    watching.look_at_events(run)
    return True


def _end_of_wait(run: Run, status: StepStatus, verdict: str) -> bool:
    waiting = recording.latest(run, "payout")
    if waiting is None or waiting.status is not StepStatus.WAITING:
        waiting = recording.step(run, "payout")
    recording.finish(run, waiting, status, verdict)
    return True


PARTS: tuple[Callable[[Going], bool], ...] = (
    _create_request,
    _create_flow,
    _await_payer,
    _read_mandate,
    _take_payment,
    _see_events,
    _await_payout,
)
"""Each says whether the run may go on to the next; what is done already is not done again."""


def _failed(going: Going, failure: CallFailed) -> None:
    run, pauses = going.run, int(going.payload.get("pauses", 0))
    if failure.passes and pauses < MOST_PAUSES:
        known = {name: going.payload[name] for name in ("phase", "looks", "simulate", "look") if name in going.payload}
        waits.later(run, waits.PAUSE, pauses=pauses + 1, **known)
        recording.goes_on(run, RunStatus.RUNNING, PROBLEMS[failure.code])
        return
    if isinstance(failure.cause, gocardless.TokenRevoked) and run.connection:
        ending.disconnected(run.connection, cause=ending.REFUSED)
    for left in run.steps:
        if left.status in (StepStatus.WAITING, StepStatus.RUNNING):
            recording.finish(run, left, StepStatus.FAILED, PROBLEMS[failure.code], problem=failure.code)
    recording.over(run, RunStatus.FAILED, PROBLEMS[failure.code])
