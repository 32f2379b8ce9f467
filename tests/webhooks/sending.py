"""Sending webhooks as GoCardless does, to an app of a test."""

import hashlib
import hmac
import json

import pytest
from sqlalchemy import select
from sqlalchemy.orm import undefer

from portal.extensions import db
from portal.models.delivery import Delivery
from portal.models.partner_app import PartnerApp
from portal.status import Environment
from portal.transaction import writing
from portal.webhooks import endpoints
from portal.worker import drain

SECRET = "ED7D658C-D8EB-4941-948B-3973214F2D49"


def sign(raw, secret=SECRET, algorithm="sha256"):
    return hmac.new(secret.encode(), raw, algorithm).hexdigest()


def event(**values):
    """As GoCardless writes one."""
    return {
        "id": "EV0001",
        "created_at": "2026-01-02T12:00:00.000Z",
        "resource_type": "payments",
        "action": "failed",
        "metadata": {},
        "details": {"origin": "bank", "cause": "insufficient_funds", "description": "The customer had not enough money."},
        "links": {"payment": "PM0001", "organisation": "OR0001"},
        **values,
    }


def webhook(*events, webhook_id="WB0001"):
    return json.dumps({"events": list(events), "meta": {"webhook_id": webhook_id}}, separators=(",", ":")).encode()


class Hook:
    """The receiving endpoint of one app."""

    def __init__(self, app, partner_id, *, name="Our app", secret=SECRET, environment=Environment.EMBEDDED, **values):
        self.app, self.partner_id = app, partner_id
        with app.app_context(), writing():
            made = PartnerApp(partner_id=partner_id, name=name, environment=environment, webhook_secret=secret, **values)
            db.session.add(made)
            db.session.flush()
            self.id, self.key = made.id, made.hook_key
        self.url = f"/hooks/{self.key}"

    def send(self, raw, header=..., **kwargs):
        """The answer; signed with the right secret unless a header is given, without one when it is None."""
        headers = {} if header is None else {"Webhook-Signature": sign(raw) if header is ... else header}
        headers |= kwargs.pop("headers", {})
        return self.app.test_client().post(
            self.url, data=raw, headers=headers, **{"content_type": "application/json", **kwargs}
        )

    def change(self, **values):
        with self.app.app_context(), writing():
            row = db.session.get(PartnerApp, self.id)
            for name, value in values.items():
                setattr(row, name, value)
        endpoints.forget()

    def read(self):
        drain(self.app)
        return self.deliveries()

    def deliveries(self):
        """All of the partner, oldest first, with headers and body."""
        with self.app.app_context():
            whole = select(Delivery).options(undefer(Delivery.headers), undefer(Delivery.body), undefer(Delivery.found_by))
            found = db.session.scalars(whole.where(Delivery.partner_id == self.partner_id).order_by(Delivery.id)).all()
            db.session.expunge_all()
            db.session.rollback()
            return found


@pytest.fixture
def hook(app, world):
    return Hook(app, world.partners["acme"])


def digest(raw, secret=SECRET):
    """The bytes of a signature."""
    return hmac.new(secret.encode(), raw, hashlib.sha256).digest()
