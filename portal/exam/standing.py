"""How an exam stands, and what its next experiment works with."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal import gocardless
from portal.config import Settings
from portal.exam import running
from portal.exam.nouns import Check, Experiment, Judgement
from portal.exam.rig import AppUnderTest, Limits, Rig, TestSettings
from portal.exam.sandbox import Sandbox
from portal.exam.showing import Issued, Known
from portal.models.exam import Exam, ExamSettings
from portal.models.partner_app import PartnerApp
from portal.status import CheckVerdict, Environment


@dataclass(frozen=True, slots=True)
class Standing:
    """The checks of an exam, what some of them said, which experiments were made, and which wait for people."""

    checks: tuple[Check, ...]
    said: Mapping[str, CheckVerdict]
    done: frozenset[str]
    waits: Mapping[str, Mapping[str, Any]]


def following(now: Standing, experiments: Sequence[Experiment]) -> Experiment | None:
    """The next one that waits for nobody; otherwise the one that was looked at least; None when all are made."""
    left = [one for one in experiments if one.name not in now.done]
    ready = (one for one in left if one.name not in now.waits and _may_begin(one, now))
    waiting = sorted((one for one in left if one.name in now.waits), key=lambda one: now.waits[one.name]["looks"])
    return next(ready, None) or next(iter(waiting), None) or next(iter(left), None)


def _may_begin(experiment: Experiment, now: Standing) -> bool:
    """Whether everything that its checks need from others is judged."""
    own = [check for check in now.checks if check.experiment == experiment.name]
    here = {check.id for check in own}
    return all(need in now.said or need in here for check in own for need in check.needs)


def worth(experiment: Experiment, now: Standing) -> bool:
    """Whether any of its checks may still say something: one whose needs have not passed never will."""
    said = judgements(now)
    own = [check for check in now.checks if check.experiment == experiment.name and check.id not in now.said]
    here = {check.id for check in own}
    return any(running.blocked(check, said) is None for check in own if not here & {*check.needs})


def judgements(now: Standing) -> dict[str, Judgement]:
    return {name: Judgement(verdict, "") for name, verdict in now.said.items()}


class NotingSandbox(Sandbox):
    """Remembers the codes that it issued, so that a command can ask for another."""

    def __init__(self, url: str, client_id: str, token: str = "") -> None:
        super().__init__(url, client_id, token)
        self.issued: list[Issued] = []
        self._guarded = bool(token)

    def _lever(self, path: str, **values: Any) -> dict[str, Any]:
        made = super()._lever(path, **values)
        if path.endswith("/codes") and "code" in made:
            self.issued.append(Issued(str(made["code"]), f"{self.url}/_sandbox/{path}", values, guarded=self._guarded))
        return made


@dataclass(frozen=True, slots=True)
class Prepared:
    """What an experiment works with."""

    rig: Rig = field(repr=False)
    sandbox: NotingSandbox | None = field(repr=False)

    def known(self) -> Known:
        return Known(self.rig.secrets, tuple(self.sandbox.issued) if self.sandbox else ())


def prepare(exam: Exam, declared: ExamSettings | None, settings: Settings) -> Prepared:
    """Plain values of the app and its settings: no row is needed any more when the experiment is made."""
    sandbox = _sandbox(exam.app, settings)
    rig = Rig(
        app=_app(exam.app),
        settings=_declared(declared),
        limits=Limits.of(settings.exam_patience),
        sandbox=sandbox,
        places={environment: place for environment in Environment if (place := _place(environment))},
        carried=json.loads(exam.carried) if exam.carried else {},
    )
    return Prepared(rig, sandbox)


def _app(app: PartnerApp) -> AppUnderTest:
    return AppUnderTest(
        client_id=app.client_id,
        client_secret=app.client_secret or "",
        redirect_uris=tuple(app.redirect_uris),
        webhook_url=app.webhook_url,
        webhook_secret=app.webhook_secret or "",
        previous_webhook_secret=app.previous_webhook_secret,
        environment=app.environment,
    )


def _declared(row: ExamSettings | None) -> TestSettings:
    if row is None:
        return TestSettings()
    return TestSettings(
        connect_url=row.connect_url,
        login_url=row.login_url,
        action_url=row.action_url,
        test_header=(row.header_name, row.header_value) if row.header_name and row.header_value else None,
        link=row.link,
    )


def _sandbox(app: PartnerApp, settings: Settings) -> NotingSandbox | None:
    if app.environment is not Environment.EMBEDDED or not _place(Environment.EMBEDDED):
        return None
    token = settings.embedded_levers_token.get_secret_value()
    return NotingSandbox(gocardless.place(Environment.EMBEDDED).api_url, app.client_id, token)


def _place(environment: Environment) -> str:
    try:
        return gocardless.place(environment).connect_url
    except gocardless.NotHere:
        return ""
