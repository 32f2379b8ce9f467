"""The steps that talk to GoCardless: each takes plain values, makes its calls on one line, and says how it went. No database."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from portal import clock, gocardless
from portal.connect import problems, verification
from portal.connect.choices import WRONG
from portal.connect.line import Line, OAuthRefused
from portal.runs.masking import text
from portal.status import StepStatus

CODE_LIVES = timedelta(minutes=10)
"""RFC 6749, section 4.1.2; GoCardless names no time."""
LONGEST_ID = 64


@dataclass(frozen=True, slots=True, repr=False)
class Situation:
    """What a step knows. `attempt` grows when the worker has to try again."""

    line: Line
    token: str = ""
    code: str = ""
    returned_at: datetime | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    organisation_id: str = ""
    creditor_id: str = ""
    scope: str = ""
    attempt: int = 1

    @property
    def secrets(self) -> dict[str, str]:
        """By the name that a curl command gives them."""
        known = {"CLIENT_SECRET": self.line.client_secret, "ACCESS_TOKEN": self.token, "CODE": self.code}
        return {name: secret for name, secret in known.items() if secret}


@dataclass(frozen=True, slots=True, repr=False)
class Outcome:
    """How a step went. `learnt` are values of the connection; `token` is a fresh one; `lost` when the token is good for nothing."""

    status: StepStatus
    verdict: str
    problem: str = ""
    learnt: Mapping[str, str] = field(default_factory=dict)
    token: str = ""
    lost: bool = False


class Incomplete(gocardless.GoCardlessError):
    """The answer lacks what the step came for."""


def do(code: str, situation: Situation) -> Outcome:
    """Make the step; every way to fail is an outcome, too."""
    try:
        return STEPS[code](situation)
    except Incomplete as missing:
        return _failed("incomplete", str(missing))
    except gocardless.GoCardlessError as error:
        problem, detail = problems.of(error)
        return _failed(problem, detail, lost=problem == "revoked")


def _failed(problem: str, detail: str = "", *, lost: bool = False) -> Outcome:
    return Outcome(StepStatus.FAILED, problems.words(problem, detail), problem, lost=lost)


def _warned(problem: str, detail: str = "", **more: Any) -> Outcome:
    return Outcome(StepStatus.WARNING, problems.words(problem, detail), problem, **more)


def exchanged(now: Situation) -> Outcome:
    sent_from = str(now.parameters.get("redirect_uri", ""))
    wrong = now.parameters.get("mistake")
    try:
        answer = _line(now).exchange(now.code, redirect_uri=sent_from + (WRONG if wrong == "redirect" else ""))
    except OAuthRefused as refusal:
        return _refused(now, refusal)
    token, organisation = _said(answer, "access_token", longest=4000), _said(answer, "organisation_id")
    scope, asked = str(answer.get("scope") or ""), str(now.parameters.get("scope", ""))
    learnt = {"organisation_id": organisation, "scope": text(scope)[:20], "email": text(str(answer.get("email") or ""))[:320]}
    if scope != asked:
        return _warned("wrong_scope", f"{scope or 'none'}, not {asked}", learnt=learnt, token=token)
    verdict = f"GoCardless gave a token for organisation {organisation} with the scope {scope}. The portal keeps it encrypted."
    return Outcome(StepStatus.PASSED, verdict, learnt=learnt, token=token)


def _line(now: Situation) -> Line:
    if now.parameters.get("mistake") == "secret":
        now.line.client_secret += WRONG
    return now.line


def _refused(now: Situation, refusal: OAuthRefused) -> Outcome:
    """Which of the reasons for invalid_grant it was, as far as it can be known from here."""
    problem, detail = problems.of(refusal)
    if problem != "code_refused":
        return _failed(problem, detail)
    if now.attempt > 1:
        return _failed("interrupted")
    if "redirect" in refusal.description.lower():
        return _failed("wrong_redirect")
    late = now.returned_at is not None and clock.now() - now.returned_at >= CODE_LIVES
    return _failed("code_expired" if late else "code_refused", detail)


def again(now: Situation) -> Outcome:
    """The same code once more: a refusal is what should happen."""
    try:
        now.line.exchange(now.code, redirect_uri=str(now.parameters.get("redirect_uri", "")))
    except OAuthRefused as refusal:
        if refusal.error != "invalid_grant":
            raise
        return Outcome(StepStatus.PASSED, problems.words("code_used") + " That is how it should be.", "code_used")
    return Outcome(StepStatus.WARNING, "GoCardless took the same code twice.", "")


def looked_up(now: Situation) -> Outcome:
    try:
        answer = now.line.look_up(_token(now))
    except (OAuthRefused, gocardless.NotJson) as error:
        if error.status in (404, 405):
            return _warned("look_up_unknown", str(error.status))
        raise
    if answer.get("active") is not True:
        return Outcome(StepStatus.FAILED, problems.words("inactive"), "inactive", lost=True)
    organisation, scope = str(answer.get("organisation_id") or ""), str(answer.get("scope") or "")
    if organisation and now.organisation_id and organisation != now.organisation_id:
        return _failed("other_organisation", f"{organisation}, not {now.organisation_id}")
    if scope and now.scope and scope != now.scope:
        return _warned("wrong_scope", f"{scope}, not {now.scope}")
    return Outcome(
        StepStatus.PASSED, f"Active, for organisation {organisation or now.organisation_id}, with the scope {scope}."
    )


def creditor(now: Situation) -> Outcome:
    listed = _read(lambda: now.line.api(_token(now)).creditors.list(params={"limit": 1}).records)
    if not listed:
        return _warned("no_creditor")
    learnt = _learnt(listed[0])
    verdict = f"{learnt['creditor_name'] or 'A creditor without a name'} ({learnt['creditor_id']})."
    return Outcome(StepStatus.PASSED, verdict, learnt=learnt)


def verified(now: Situation) -> Outcome:
    if not now.creditor_id:
        return _warned("no_creditor")
    learnt = _learnt(_read(lambda: now.line.api(_token(now)).creditors.get(now.creditor_id)))
    state = verification.status(learnt["verification_status"])
    return Outcome(StepStatus.PASSED, f"{state.words}. {state.next}", learnt=learnt)


def revoked(now: Situation) -> Outcome:
    now.line.revoke(_token(now))
    return Outcome(StepStatus.PASSED, "GoCardless revoked the token. The portal has forgotten it.", lost=True)


def refused(now: Situation) -> Outcome:
    try:
        _read(lambda: now.line.api(_token(now)).creditors.list(params={"limit": 1}).records)
    except gocardless.ApiRefused as refusal:
        if refusal.status != 401:
            raise
        verdict = f"HTTP 401, {refusal.reason or refusal.message}: this is what your product sees after a disconnection."
        return Outcome(StepStatus.PASSED, verdict)
    return _failed("still_valid")


def _token(now: Situation) -> str:
    if not now.token:
        raise Incomplete("a token to ask with: the portal has forgotten it")
    return now.token


def _said(answer: Mapping[str, Any], name: str, *, longest: int = LONGEST_ID) -> str:
    value = answer.get(name)
    if not (isinstance(value, str) and value.isprintable() and 0 < len(value) <= longest):
        raise Incomplete(f"a usable {name}")
    return value


def _read(ask: Callable[[], Any]) -> Any:
    """The library trusts the shape of an answer; what it stumbles over is named."""
    try:
        return ask()
    except (AttributeError, TypeError, LookupError, ValueError) as error:
        raise Incomplete("the shape that the API reference promises") from error


def _learnt(of: Any) -> dict[str, str]:
    values = _read(lambda: dict(of.attributes))
    identity = _said(values, "id")
    name, state = str(values.get("name") or ""), str(values.get("verification_status") or "")
    return {"creditor_id": identity, "creditor_name": text(name)[:200], "verification_status": text(state)[:40]}


STEPS: Mapping[str, Callable[[Situation], Outcome]] = {
    "exchanged": exchanged,
    "again": again,
    "looked_up": looked_up,
    "creditor": creditor,
    "verification": verified,
    "revoked": revoked,
    "refused": refused,
}
