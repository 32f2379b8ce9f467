"""What developers did: apps, connect tests, billing request runs, webhooks that came in, API keys. The sandbox is not asked.

Runs and webhooks are played from a tape; their apps say that they live in the embedded sandbox, which is where the tape was made.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from portal import clock, gocardless
from portal.apps import reading, service
from portal.apps.details import Details
from portal.apps.service import Credentials
from portal.connect import connections, ending
from portal.connect.doing import Outcome
from portal.demo.cast import Scene
from portal.demo.tape import Tape, recorded
from portal.extensions import db
from portal.keys import service as keys
from portal.models.columns import new_key
from portal.models.delivery import Delivery
from portal.models.partner import Partner
from portal.models.partner_app import Connection, PartnerApp
from portal.models.run import Run
from portal.runs import recording
from portal.status import ConnectionStatus, Environment, RunKind, RunStatus, StepStatus
from portal.web import settings
from portal.webhooks import disconnecting, receiving
from portal.webhooks.endpoints import Endpoint

SANDBOX = "http://127.0.0.1:5001"
"""Where the embedded sandbox usually is; for a portal that has none."""
MARKED = "Demo data: its merchants are made up, its runs and webhooks were recorded once."
MILLISECONDS = 2.4
AGENT = "gocardless-webhook-service/1.2"


def register(scene: Scene) -> None:
    """The partner's app in the embedded sandbox."""
    domain = scene.house.domain
    service.register(
        db.session.get_one(Partner, scene.house.partner_id),
        Details(
            name=scene.told["name"],
            description=f"{scene.told['description']} {MARKED}",
            homepage_url=f"https://{domain}",
            redirect_uris=[reading.callback(settings()), f"https://staging.{domain}/gocardless/return"],
            post_onboarding_url=f"https://staging.{domain}/gocardless/welcome",
            webhook_url="",
        ),
        environment=Environment.EMBEDDED,
        key=new_key(),
        hook_key=new_key(),
        credentials=Credentials(*(secrets.token_urlsafe(size) for size in (24, 36, 30))),
        by=scene.me,
    )


def run(scene: Scene) -> None:
    """A run from the tape, and the webhooks that came while it went on."""
    told = recorded(scene.told["recorded"])
    kind, app = RunKind(told["kind"]), app_of(scene)
    known = connection_of(scene, app) if kind is RunKind.BILLING_REQUEST else None
    made = recording.begin(kind, app, by=scene.me, parameters={}, status=RunStatus.RUNNING, connection=known)
    tape = _tape(scene, app, known or _stranger(scene), made.key)
    made.parameters = tape.play(told["parameters"])
    if scene.told["recorded"] == "connected":
        made.connection = connections.connected(made, _token(tape))
    for step in told["steps"]:
        _step(made, tape, step)
    made.facts = tape.play(told["facts"])
    with clock.at(tape.after(told["seconds"])):
        recording.over(made, RunStatus(told["status"]), tape.play(told["words"]))
        db.session.flush()
    for webhook in told["webhooks"]:
        _arrive(app, tape, webhook)


def _step(made: Run, tape: Tape, told: Mapping[str, Any]) -> None:
    with clock.at(tape.after(told["began"])):
        step = recording.step(made, told["code"])
    with clock.at(tape.after(told["ended"])):
        verdict, problem = tape.play(told["verdict"]), told["problem"]
        recording.finish(made, step, StepStatus(told["status"]), verdict, problem=problem)
        step.request, step.response = tape.play(told["request"]), tape.play(told["response"])
        step.milliseconds = told["milliseconds"]
        db.session.flush()


def _token(tape: Tape) -> Outcome:
    learnt = {
        "organisation_id": tape.values["organisation"],
        "email": tape.values["email"],
        "scope": "read_write",
        "creditor_id": tape.values["creditor"],
        "creditor_name": tape.values["merchant"],
        "verification_status": "successful",
    }
    return Outcome(StepStatus.PASSED, "", learnt=learnt, token="sandbox_" + secrets.token_urlsafe(30))


def forge(scene: Scene) -> None:
    """Somebody sent a webhook without knowing the secret; or with the client secret, as happens."""
    app = app_of(scene)
    tape = _tape(scene, app, connection_of(scene, app), new_key())
    wrong = {"client secret": app.client_secret or "", "nothing": ""}[scene.told["signed"]]
    _arrive(app, tape, recorded("failed")["webhooks"][-1], secret=wrong)


def leave(scene: Scene) -> None:
    """The merchant disconnects: GoCardless says so by webhook, and the token is forgotten."""
    app = app_of(scene)
    known = connection_of(scene, app)
    delivery = _arrive(app, _tape(scene, app, known, new_key()), recorded("left")["webhooks"][0])
    ending.disconnected(known, cause=disconnecting.CAUSES["app_disconnected"], delivery_id=delivery.id)


def make_key(scene: Scene) -> None:
    keys.create(db.session.get_one(Partner, scene.house.partner_id), name=scene.told["name"], by=scene.me)


def _arrive(app: PartnerApp, tape: Tape, told: Mapping[str, Any], *, secret: str | None = None) -> Delivery:
    """A webhook as the receiver stores it; the worker's part is done when all stories are told."""
    raw = tape.play(told["body"]).encode()
    key = app.webhook_secret if secret is None else secret
    signature = hmac.new(key.encode(), raw, hashlib.sha256).hexdigest() if key else ""
    headers = [
        ("User-Agent", AGENT),
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(raw))),
        ("Origin", tape.values["sandbox"]),
        *([("Webhook-Signature", signature)] if signature else []),
    ]
    endpoint = Endpoint(app.id, app.partner_id, (app.webhook_secret or "").encode(), b"", None)
    made = Delivery(**receiving.row(endpoint, raw, headers, at=tape.after(told["after"])), milliseconds=MILLISECONDS)
    db.session.add(made)
    db.session.flush()
    return made


def app_of(scene: Scene) -> PartnerApp:
    """The newest of this partner."""
    mine = select(PartnerApp).filter_by(partner_id=scene.house.partner_id).order_by(PartnerApp.id.desc()).limit(1)
    return db.session.scalars(mine).one()


def connection_of(scene: Scene, app: PartnerApp) -> Connection:
    mine = select(Connection).filter_by(app_id=app.id, creditor_name=scene.told["merchant"], status=ConnectionStatus.CONNECTED)
    return db.session.scalars(mine).one()


def _stranger(scene: Scene) -> Connection:
    """A merchant who is not connected yet: never stored as it is."""
    name, tail = scene.told.get("merchant", ""), secrets.token_hex(6).upper()
    address = name.lower().replace(" ", "").replace("&", "and")
    return Connection(
        organisation_id="OR" + tail, creditor_id="CR" + tail, creditor_name=name, email=f"office@{address}.example"
    )


def _tape(scene: Scene, app: PartnerApp, merchant: Connection, key: str) -> Tape:
    values = {
        "portal": settings().address,
        "sandbox": sandbox_address(),
        "client_id": app.client_id,
        "app": app.name,
        "run": key,
        "merchant": merchant.creditor_name,
        "email": merchant.email,
        "organisation": merchant.organisation_id,
        "creditor": merchant.creditor_id,
    }
    return Tape(values, clock.now(), salt=key)


def sandbox_address() -> str:
    try:
        return gocardless.place(Environment.EMBEDDED).api_url
    except gocardless.NotHere:
        return SANDBOX
