"""The end of a connection: whoever says so, the token is forgotten and the team told once."""

import pytest

from portal.connect import ending
from portal.extensions import db
from portal.models.delivery import Delivery
from portal.models.event import Event
from portal.models.outbox import Outbox, Task
from portal.models.partner_app import Connection
from portal.status import ConnectionStatus, Signature
from portal.transaction import writing


@pytest.fixture
def merchant(gocardless):
    return gocardless.merchant(gocardless.app(), name="Corner Shop")


def end(gocardless, merchant, **values):
    with gocardless.portal.app_context(), writing():
        return ending.disconnected(db.session.get(Connection, merchant.id), cause="The account was closed.", **values)


def delivery(gocardless, merchant):
    with gocardless.portal.app_context(), writing():
        known = db.session.get(Connection, merchant.id)
        row = Delivery(
            partner_id=known.partner_id, app_id=known.app_id, signature=Signature.VALID, answer=204, headers=[], body=b"{}"
        )
        db.session.add(row)
        db.session.flush()
        return row.id, row.key


def mails(gocardless):
    with gocardless.portal.app_context():
        return [row.title for row in db.session.query(Outbox).filter_by(task=Task.MAIL).order_by(Outbox.id)]


def test_by_a_webhook(gocardless, merchant, alice, carol):
    number, key = delivery(gocardless, merchant)
    assert end(gocardless, merchant, delivery_id=number) is True
    with gocardless.portal.app_context():
        known = db.session.get(Connection, merchant.id)
        assert (known.status, known.access_token) == (ConnectionStatus.DISCONNECTED, None)
        assert known.ended_delivery_id == number
        happened = db.session.query(Event).filter_by(kind="merchant_disconnected").one()
        assert (happened.payload["delivery"], happened.payload["cause"]) == (key, "The account was closed.")
    assert mails(gocardless) == [
        f"{who}@example.com: Corner Shop is no longer connected to Test app" for who in ("alice", "bob")
    ]
    page = alice.get(f"/developers/connections/{merchant.key}").get_data(as_text=True)
    assert "The account was closed." in page
    assert key in page
    assert "Disconnect this merchant" not in page
    assert carol.get(f"/developers/connections/{merchant.key}").status_code == 404
    assert "no longer connected" in alice.get("/updates").get_data(as_text=True)


def test_told_once_and_the_late_webhook_is_noted(gocardless, merchant):
    assert end(gocardless, merchant) is True
    number, _ = delivery(gocardless, merchant)
    assert end(gocardless, merchant, delivery_id=number, status=ConnectionStatus.REVOKED) is False
    assert len(mails(gocardless)) == 2
    with gocardless.portal.app_context():
        known = db.session.get(Connection, merchant.id)
        assert (known.status, known.ended_delivery_id) == (ConnectionStatus.DISCONNECTED, number)


def test_nothing_more_can_be_asked(gocardless, merchant, alice):
    end(gocardless, merchant)
    for verb in ("check", "disconnect"):
        assert alice.post(f"/developers/connections/{merchant.key}/{verb}").status_code == 409


def test_the_list(gocardless, alice, rita):
    app = gocardless.app()
    ended, waits = gocardless.merchant(app, name="Ended <b>"), gocardless.merchant(app, name="Waits", verified=False)
    end(gocardless, ended)
    page = alice.get("/developers/connections").get_data(as_text=True)
    for words in ("Ended &lt;b&gt;", "Waits", "Action required", "more details", "The account was closed."):
        assert words in page
    assert "Waits" not in alice.get("/developers/connections?status=disconnected").get_data(as_text=True)
    assert alice.get("/developers/connections?status=nonsense&app=%00&before=-1").status_code == 200
    assert waits.token not in page
