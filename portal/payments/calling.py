"""Calls of a run to the API, made without an open transaction: some are steps of their own, others only look."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from portal import gocardless, transaction
from portal.exchange import Exchange
from portal.models.run import Run, RunStep
from portal.payments import facts
from portal.payments.problems import PROBLEMS, code_of
from portal.runs import recording
from portal.status import RunStatus, StepStatus

Body = Mapping[str, Any]
Call = Callable[[Any], Any]
"""Takes the official client and answers a resource. It must read no row: nothing may begin a transaction meanwhile."""
VARIABLE = "ACCESS_TOKEN"
PASSING = frozenset({"too_many_calls", "unreachable", "timed_out", "server_failed"})
"""Trouble of a minute: a look that meets it is taken again."""


class CallFailed(Exception):
    """A call of the run did not succeed; the step that it was has its verdict already."""

    def __init__(self, code: str, cause: gocardless.GoCardlessError | None = None, *, passes: bool = False) -> None:
        super().__init__(code)
        self.code, self.cause, self.passes = code, cause, passes
        """`passes`: it may well be over in a minute, and nothing is lost by trying again."""


class Stopped(Exception):
    """A person stopped the run while a call was under way."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the API said: the resource as it stands in the answer, and the exchange."""

    body: Body
    exchange: Exchange | None


def ask(run: Run, call: Call) -> Answer:
    """Only looks: no step, nothing stored. Raises CallFailed."""
    token, environment, taken = _token(run), run.app.environment, list[Exchange]()
    transaction.checkpoint()
    try:
        found = call(gocardless.client(environment, token, recorder=taken.append))
    except gocardless.GoCardlessError as error:
        code = code_of(error)
        raise CallFailed(code, error, passes=code in PASSING) from error
    if run.status is RunStatus.STOPPED:
        raise Stopped
    return Answer(_body(found), taken[-1] if taken else None)


def step(run: Run, code: str, call: Call, verdict: Callable[[Body], str], learnt: Callable[[Body], Body]) -> None:
    """One call as a step: stored as begun, made, stored as finished together with what was learnt of it.

    A worker that died in it is followed by one that does it again, with the same idempotency key.
    """
    doing = _begun(run, code)
    token, environment, taken = _token(run), run.app.environment, list[Exchange]()
    transaction.checkpoint()
    try:
        found = _body(call(gocardless.client(environment, token, recorder=taken.append)))
    except gocardless.GoCardlessError as error:
        problem = code_of(error)
        _finish(run, doing, StepStatus.FAILED, verdict_of(problem, error), taken, token, problem=problem)
        raise CallFailed(problem, error, passes=problem == "too_many_calls") from error
    facts.learn(run, **learnt(found))
    _finish(run, doing, StepStatus.PASSED, verdict(found), taken, token)


def _begun(run: Run, code: str) -> RunStep:
    left = recording.latest(run, code)
    return left if left and left.status is StepStatus.RUNNING else recording.step(run, code)


def _finish(
    run: Run, doing: RunStep, status: StepStatus, verdict: str, taken: list[Exchange], token: str, *, problem: str = ""
) -> None:
    recording.finish(
        run,
        doing,
        status,
        verdict,
        problem=problem,
        exchange=taken[-1] if taken else None,
        secrets={VARIABLE: token},
    )
    stopped = run.status is RunStatus.STOPPED
    transaction.checkpoint()
    if stopped:
        raise Stopped


def verdict_of(problem: str, error: gocardless.GoCardlessError) -> str:
    """Our words, and those of the API where it said which field or why."""
    said = ""
    if isinstance(error, gocardless.ApiRefused):
        said = "; ".join(f"{field} {words}" for field, words in error.fields.items()) or error.message
    return f"{PROBLEMS[problem]} GoCardless said: {said}." if said else PROBLEMS[problem]


def _token(run: Run) -> str:
    token = run.connection.access_token if run.connection else None
    if token is None:
        raise CallFailed("connection_ended")
    return token


def _body(found: Any) -> Body:
    """The resource of an answer, or the whole of a list's."""
    body: Body = getattr(found, "attributes", None) or found.api_response.body
    return body


def secrets_of(run: Run) -> dict[str, str]:
    """What must not be shown of this run's exchanges, by the shell's name for it."""
    return {VARIABLE: _token(run)}
