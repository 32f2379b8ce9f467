"""One webhook: its verdict in words, its bytes, its events, what came before, and resending it."""

import json

import pytest
from sqlalchemy import select

from portal.extensions import db
from portal.models.delivery import Forward
from portal.models.outbox import Outbox, Task
from portal.status import ForwardKind, OutboxState, Signature
from portal.worker import drain
from tests.webhooks.sending import SECRET, Hook, event, hook, sign, webhook  # noqa: F401 - a fixture

LOG = "/developers/webhooks"


def waiting(app):
    with app.app_context():
        rows = db.session.scalars(select(Outbox).where(Outbox.task == Task.FORWARD, Outbox.state == OutboxState.WAITING)).all()
        return [json.loads(row.payload) for row in rows]


@pytest.fixture
def sent(hook):  # noqa: F811 - the fixture
    """`sent(body, …)` stores one webhook, has it read, and gives its page's address."""

    def send(raw, *args, **kwargs):
        hook.send(raw, *args, **kwargs)
        return f"{LOG}/{hook.read()[-1].key}"

    return send


def test_a_valid_one(alice, sent):
    page = alice.get(sent(webhook(event()))).text
    assert "The signature is valid." in page
    assert "made with the webhook secret of Our app" in page
    assert SECRET not in page
    assert "payments failed" in page
    assert "insufficient_funds" in page
    assert "Webhook-Signature" in page
    assert "204 in" in page


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (None, "The Webhook-Signature header is missing."),
        ("0" * 64, "No known mistake explains this signature"),
        (sign(webhook(event())).upper(), "The signature is right but in upper case."),
    ],
)
def test_why_a_signature_does_not_fit_and_what_to_do(alice, sent, header, words):
    page = alice.get(sent(webhook(event()), header=header)).text
    assert words in page
    assert SECRET not in page
    assert "It cannot be resent" in page


def test_before_it_was_read_the_reason_is_being_found_out(alice, hook):  # noqa: F811 - the fixture
    hook.send(webhook(event()), header="0" * 64)
    page = alice.get(f"{LOG}/{hook.deliveries()[0].key}").text
    assert "Why is being found out" in page


@pytest.mark.parametrize(
    "raw",
    [b"", b"\xff\xfe\x00", b"[" * 5000, b"null", b"{", b'{"events": 7}', b'{"events":[' + b"1," * 300 + b"1]}", b"x" * 200_000],
)
def test_whatever_came_is_shown(alice, sent, raw):
    url = sent(raw)
    assert alice.get(url).status_code == 200
    assert alice.get(f"{url}?panel=").status_code == 200
    assert alice.get(f"{url}/body").data == raw


def test_bytes_that_are_no_text_are_shown_in_hexadecimal(alice, sent):
    page = alice.get(sent(b"\xff\xfe\x00ABC")).text
    assert "00000000  ff fe 00 41 42 43" in page
    assert "...ABC" in page


def test_a_long_body_is_cut_on_the_page_and_whole_in_the_download(alice, sent):
    raw = webhook(*(event(id=f"EV{n:05}", details={"description": "d" * 500}) for n in range(250)))
    url = sent(raw)
    answer = alice.get(url)
    assert "Only the beginning is shown." in answer.text
    assert len(answer.text) < 900_000
    download = alice.get(f"{url}/body")
    assert download.data == raw
    assert download.mimetype == "application/octet-stream"
    assert "attachment" in download.headers["Content-Disposition"]


def test_a_body_too_large_says_so(alice, sent):
    page = alice.get(sent(b"x" * 1_000_001)).text
    assert "larger than 1 MB" in page


def test_repeated_and_late_events_are_marked_and_lead_to_what_came_before(alice, hook):  # noqa: F811 - the fixture
    hook.send(webhook(event(created_at="2026-01-02T12:00:05.000Z")))
    hook.send(
        webhook(
            event(created_at="2026-01-02T12:00:05.000Z"),
            event(id="EV0002", action="created", created_at="2026-01-02T12:00:00.000Z"),
        )
    )
    first, second = hook.read()
    page = alice.get(f"{LOG}/{second.key}").text
    assert "Seen before" in page
    assert "Out of order" in page
    assert f"{LOG}/{second.key}/compare/{first.key}" in page
    compared = alice.get(f"{LOG}/{second.key}/compare/{first.key}").text
    assert "p-differs" in compared
    assert "EV0002" in compared


def test_the_same_webhook_once_more_is_said_to_be_the_same(alice, hook):  # noqa: F811 - the fixture
    hook.send(webhook(event()))
    hook.send(webhook(event()))
    first, second = hook.read()
    page = alice.get(f"{LOG}/{second.key}/compare/{first.key}").text
    assert "the same byte for byte" in page
    assert "p-differs" not in page


def test_white_space_alone_is_said_to_be_white_space(alice, hook):  # noqa: F811 - the fixture
    hook.send(webhook(event()))
    hook.send(webhook(event()) + b" ")
    first, second = hook.read()
    assert "differ in white space" in alice.get(f"{LOG}/{second.key}/compare/{first.key}").text


def test_only_webhooks_of_one_partner_are_compared(app, world, alice, rita, hook):  # noqa: F811 - the fixture
    other = Hook(app, world.partners["birch"], secret="another")
    hook.send(webhook(event()))
    other.send(webhook(event()), header=sign(webhook(event()), "another"))
    mine, theirs = hook.read()[0].key, other.read()[0].key
    for reader in (alice, rita):
        assert reader.get(f"{LOG}/{mine}/compare/{theirs}").status_code == 404
    assert alice.get(f"{LOG}/{theirs}/compare/{mine}").status_code == 404


def test_a_test_webhook_is_received_and_marked(app, alice, hook):  # noqa: F811 - the fixture
    with app.app_context():
        from portal.models.partner_app import PartnerApp

        key = db.session.get(PartnerApp, hook.id).key
    answer = alice.post(f"{LOG}/apps/{key}/test")
    (one,) = hook.read()
    assert answer.location == f"{LOG}/{one.key}"
    assert one.signature is Signature.VALID
    assert "This is a test." in alice.get(answer.location).text
    assert ">test<" in alice.get(LOG).text
    assert b"No payment belongs to it" in one.body
    hook.change(webhook_secret=None)
    refused = alice.post(f"{LOG}/apps/{key}/test", follow_redirects=True)
    assert "no webhook secret yet" in refused.text
    assert len(hook.deliveries()) == 1


def test_a_test_of_another_partner_s_app_is_not_there(app, carol, hook):  # noqa: F811 - the fixture
    with app.app_context():
        from portal.models.partner_app import PartnerApp

        key = db.session.get(PartnerApp, hook.id).key
    assert carol.post(f"{LOG}/apps/{key}/test").status_code == 404
    assert hook.deliveries() == []


def test_resending_one(app, alice, hook, receiver, events):  # noqa: F811 - the fixture
    hook.change(webhook_url=receiver.url)
    hook.send(webhook(event()))
    (one,) = hook.read()
    answer = alice.post(f"{LOG}/{one.key}/resend", follow_redirects=True)
    assert "on the way to your own address" in answer.text
    drain(app)
    ((headers, body),) = receiver.got
    assert body == webhook(event())
    assert headers["Webhook-Signature"] == sign(body)
    assert headers["Partner-Portal-Reason"] == "resend"
    page = alice.get(f"{LOG}/{one.key}").text
    assert "Resent" in page
    assert "Alice Example" in page
    assert ("webhooks_resent", "Alice Example", "resent 1 webhook") in events()


def test_resending_signs_with_the_secret_of_today(app, alice, hook, receiver):  # noqa: F811 - the fixture
    hook.send(webhook(event()))
    (one,) = hook.read()
    hook.change(webhook_url=receiver.url, webhook_secret="the new one")
    alice.post(f"{LOG}/{one.key}/resend")
    drain(app)
    ((headers, body),) = receiver.got
    assert headers["Webhook-Signature"] == sign(body, "the new one")


def test_a_resend_that_fails_is_told_and_not_tried_again(app, alice, hook, receiver):  # noqa: F811 - the fixture
    receiver.status = 500
    hook.change(webhook_url=receiver.url)
    hook.send(webhook(event()))
    (one,) = hook.read()
    alice.post(f"{LOG}/{one.key}/resend")
    drain(app)
    assert "It answered 500" in alice.get(f"{LOG}/{one.key}").text
    assert waiting(app) == []


def test_resending_several_leaves_out_what_nobody_signed(app, alice, hook, receiver):  # noqa: F811 - the fixture
    hook.change(webhook_url=receiver.url)
    hook.send(webhook(event()))
    hook.send(webhook(event(id="EV2")))
    hook.send(webhook(event(id="EV3")), header="0" * 64)
    chosen = [one.key for one in hook.read()]
    answer = alice.post(f"{LOG}/resend?type=payments", data={"delivery": chosen}, follow_redirects=True)
    assert "2 webhooks are on the way" in answer.text
    assert "its signature did not fit" in answer.text
    assert answer.request.query_string == b"type=payments"
    drain(app)
    assert len(receiver.got) == 2


@pytest.mark.parametrize("chosen", [[], ["nowhere"], ["x"] * 51])
def test_choices_that_are_none(app, alice, hook, chosen):  # noqa: F811 - the fixture
    names = [f"{one}{n}" for n, one in enumerate(chosen)]
    answer = alice.post(f"{LOG}/resend", data={"delivery": names})
    assert answer.status_code == {0: 303, 1: 404, 51: 422}[len(chosen)]
    assert waiting(app) == []


def test_another_partner_s_webhook_is_not_there_to_be_resent(app, alice, carol, hook, receiver):  # noqa: F811 - the fixture
    hook.change(webhook_url=receiver.url)
    hook.send(webhook(event()))
    key = hook.read()[0].key
    assert carol.post(f"{LOG}/{key}/resend").status_code == 404
    assert carol.post(f"{LOG}/resend", data={"delivery": [key]}).status_code == 404
    assert waiting(app) == []
    drain(app)
    assert receiver.got == []


def test_attempts_of_a_listener_are_shown(app, alice, hook):  # noqa: F811 - the fixture
    from portal.transaction import writing

    hook.send(webhook(event()))
    (one,) = hook.read()
    with app.app_context(), writing():
        db.session.add(
            Forward(
                partner_id=one.partner_id,
                delivery_id=one.id,
                kind=ForwardKind.LISTENER,
                to="bob: http://localhost:3000",
                error="no answer within 10 seconds",
            )
        )
    page = alice.get(f"{LOG}/{one.key}").text
    assert "portal listen" in page
    assert "bob: http://localhost:3000" in page
    assert "no answer within 10 seconds" in page


def test_an_organisation_leads_to_its_connection(app, alice, hook):  # noqa: F811 - the fixture
    from portal.models.partner_app import Connection
    from portal.transaction import writing

    with app.app_context(), writing():
        made = Connection(partner_id=hook.partner_id, app_id=hook.id, organisation_id="OR0001", creditor_name="Blue Gym")
        db.session.add(made)
        db.session.flush()
        key = made.key
    hook.send(webhook(event()))
    page = alice.get(f"{LOG}/{hook.read()[0].key}").text
    assert f'/{key}"' in page
    assert "Blue Gym" in page
