"""Passing webhooks on: the same bytes and signature, tried again on the schedule, switched off after long failure."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal import clock
from portal.extensions import db
from portal.models.delivery import Forward
from portal.models.forwarding import Forwarding
from portal.models.outbox import Outbox, Task
from portal.models.partner_app import PartnerApp
from portal.status import Environment, OutboxState
from portal.transaction import writing
from portal.webhooks import schedule, switching
from portal.worker import drain
from tests.webhooks.sending import event, hook, sign, webhook  # noqa: F401 - a fixture

LOG = "/developers/webhooks"


@pytest.fixture
def app_key(app, hook):  # noqa: F811 - the fixture
    with app.app_context():
        return db.session.get(PartnerApp, hook.id).key


@pytest.fixture
def passing(app, alice, hook, receiver, app_key):  # noqa: F811 - the fixture
    """The hook's app passes everything on to the receiver."""
    hook.change(webhook_url=receiver.url)
    alice.post(f"{LOG}/apps/{app_key}/forwarding", data={"on": "y"})
    return receiver


def attempts(app):
    with app.app_context():
        return db.session.scalars(select(Forward).order_by(Forward.id)).all()


def state(app):
    with app.app_context():
        return db.session.scalars(select(Forwarding)).one()


def waiting(app):
    with app.app_context():
        rows = db.session.scalars(select(Outbox).where(Outbox.task == Task.FORWARD, Outbox.state == OutboxState.WAITING)).all()
        return [(row.next_at - clock.now(), json.loads(row.payload)) for row in rows]


def later(app, by=timedelta(days=1)):
    """What waits is due now."""
    with app.app_context(), writing():
        db.session.execute(update(Outbox).where(Outbox.state == OutboxState.WAITING).values(next_at=clock.now() - by))
        db.session.execute(update(Forwarding).values(paused_until=None))


def test_the_page_says_what_is_missing_and_publishes_the_schedule(alice, hook):  # noqa: F811 - the fixture
    page = alice.get(f"{LOG}/forwarding").text
    assert "The app has no webhook URL of its own yet." in page
    assert "Pass every webhook on</button>" not in page
    assert "<strong>5 seconds, 1 minute, 5 minutes, 30 minutes, 2 hours, 5 hours, 10 hours</strong>" in page
    assert len(schedule.WORDS) == schedule.TRIES == 8


def test_switching_on_and_off(app, alice, bob, hook, receiver, app_key, events):  # noqa: F811 - the fixture
    hook.change(webhook_url=receiver.url)
    on = bob.post(f"{LOG}/apps/{app_key}/forwarding", data={"on": "y"}, follow_redirects=True)
    assert "are passed on from now on" in on.text
    assert "Stop passing on" in on.text
    off = bob.post(f"{LOG}/apps/{app_key}/forwarding", follow_redirects=True)
    assert "are no longer passed on" in off.text
    assert [one[2] for one in events()] == [
        "switched passing on the webhooks of Our app on",
        "switched passing on the webhooks of Our app off",
    ]


@pytest.mark.parametrize(
    "url", ["", "http://10.0.0.1/x", "http://169.254.169.254/latest", "ftp://example.com", "http://localhost:1/hooks/x"]
)
def test_addresses_that_nothing_is_passed_on_to(app, alice, hook, app_key, url):  # noqa: F811 - the fixture
    hook.change(webhook_url=url)
    alice.post(f"{LOG}/apps/{app_key}/forwarding", data={"on": "y"})
    with app.app_context():
        assert db.session.scalars(select(Forwarding).where(Forwarding.on)).all() == []


def test_the_portal_s_own_address_would_go_round_in_circles(app, alice, hook, app_key):  # noqa: F811 - the fixture
    hook.change(webhook_url=f"{app.settings.address}/hooks/{hook.key}")
    assert "round in circles" in alice.get(f"{LOG}/forwarding").text


def test_live_apps_need_https(alice, hook):  # noqa: F811 - the fixture
    hook.change(environment=Environment.LIVE, webhook_url="http://example.com/webhooks")
    assert "https" in alice.get(f"{LOG}/forwarding").text


def test_another_partner_cannot_switch(app, carol, hook, receiver, app_key):  # noqa: F811 - the fixture
    assert carol.post(f"{LOG}/apps/{app_key}/forwarding", data={"on": "y"}).status_code == 404


def test_the_same_bytes_and_the_original_signature(app, hook, passing):  # noqa: F811 - the fixture
    raw = webhook(event()) + b" \n"
    hook.send(raw, headers={"Origin": "https://api-sandbox.gocardless.com", "User-Agent": "gocardless-webhook-service/1.2"})
    drain(app)
    ((headers, body),) = passing.got
    assert body == raw
    assert headers["Webhook-Signature"] == sign(raw)
    assert headers["User-Agent"] == "gocardless-webhook-service/1.2"
    assert headers["Origin"] == "https://api-sandbox.gocardless.com"
    (tried,) = attempts(app)
    assert (tried.status, tried.error, tried.attempt, tried.next_at) == (204, "", 1, None)
    assert tried.milliseconds > 0
    assert waiting(app) == []


def test_what_nobody_signed_stays_here(app, hook, passing):  # noqa: F811 - the fixture
    hook.send(webhook(event()), header="0" * 64)
    hook.send(webhook(event()), header=None)
    drain(app)
    assert passing.got == []


def test_nothing_goes_on_while_it_is_off(app, alice, hook, passing, app_key):  # noqa: F811 - the fixture
    alice.post(f"{LOG}/apps/{app_key}/forwarding")
    hook.send(webhook(event()))
    drain(app)
    assert passing.got == []


def test_what_already_waits_stays_when_it_is_switched_off(app, alice, hook, passing, app_key):  # noqa: F811 - the fixture
    passing.status = 500
    hook.send(webhook(event()))
    drain(app)
    alice.post(f"{LOG}/apps/{app_key}/forwarding")
    later(app)
    drain(app)
    assert len(passing.got) == 1


def test_tried_again_on_the_schedule_and_given_up_after_the_last(app, hook, passing):  # noqa: F811 - the fixture
    passing.status = 500
    hook.send(webhook(event()))
    drain(app)
    for n, gap in enumerate(schedule.GAPS, 1):
        ((left, payload),) = waiting(app)
        assert abs(left - gap) < timedelta(seconds=30)
        assert payload["number"] == n + 1
        later(app)
        drain(app)
    assert waiting(app) == []
    tried = attempts(app)
    assert [one.attempt for one in tried] == list(range(1, 9))
    assert tried[-1].next_at is None
    assert tried[0].error == "It answered 500 Internal Server Error; only 2xx counts as received."
    assert len({body for _, body in passing.got}) == 1


def test_a_success_ends_it(app, hook, passing):  # noqa: F811 - the fixture
    passing.status = 503
    hook.send(webhook(event()))
    drain(app)
    assert state(app).failing_since
    passing.status = 200
    later(app)
    drain(app)
    assert [one.status for one in attempts(app)] == [503, 200]
    assert state(app).failing_since is None
    assert waiting(app) == []


def test_redirects_are_not_followed(app, hook, passing):  # noqa: F811 - the fixture
    passing.status, passing.headers = 302, {"Location": passing.url + "/elsewhere"}
    hook.send(webhook(event()))
    drain(app)
    assert len(passing.got) == 1
    (tried,) = attempts(app)
    assert tried.status == 302
    assert "redirect" in tried.error


def test_while_nothing_answers_one_tries_and_the_others_wait(app, hook, passing):  # noqa: F811 - the fixture
    hook.change(webhook_url="http://127.0.0.1:9/nobody")
    for n in range(3):
        hook.send(webhook(event(id=f"EV{n}")))
    drain(app)
    (tried,) = attempts(app)
    assert tried.status is None
    assert tried.error
    assert sorted(payload["number"] for _, payload in waiting(app)) == [1, 1, 2]
    assert state(app).paused_until > clock.now()


def test_after_long_failure_it_is_switched_off_and_the_team_is_told(app, hook, passing, inbox, events):  # noqa: F811 - the fixture
    passing.status = 500
    hook.send(webhook(event()))
    drain(app)
    with app.app_context(), writing():
        db.session.execute(update(Forwarding).values(failing_since=clock.now() - switching.PATIENCE - timedelta(hours=1)))
    later(app)
    drain(app)
    after = state(app)
    assert (after.on, after.switched_by_id) == (False, None)
    letters = [path.read_text() for path in inbox.glob("*.eml")]
    assert {line for text in letters for line in text.splitlines() if line.startswith("To:")} == {
        "To: Alice Example <alice@example.com>",
        "To: Bob Example <bob@example.com>",
    }
    assert all("no longer passed on" in text for text in letters)
    kind, actor, sentence = events()[-1]
    assert (kind, actor) == ("forwarding_switched", "")
    assert "not one of the tries since" in sentence


def test_the_page_says_that_the_portal_switched_it_off(app, alice, hook, passing):  # noqa: F811 - the fixture
    with app.app_context(), writing():
        db.session.execute(update(Forwarding).values(on=False, switched_by_id=None, failing_since=clock.now()))
    assert "The portal switched it off" in alice.get(f"{LOG}/forwarding").text


def test_what_came_from_a_portal_does_not_go_on(app, hook, passing):  # noqa: F811 - the fixture
    hook.send(webhook(event()), headers={"Partner-Portal-Delivery": "some-other-one"})
    drain(app)
    assert passing.got == []


def test_a_webhook_that_is_gone_is_no_trouble(app, hook, passing):  # noqa: F811 - the fixture
    passing.status = 500
    hook.send(webhook(event()))
    drain(app)
    with app.app_context(), writing():
        from sqlalchemy import delete

        from portal.models.delivery import Delivery, DeliveryEvent

        for table in (Forward, DeliveryEvent, Delivery):
            db.session.execute(delete(table))
    later(app)
    drain(app)
    assert waiting(app) == []


def test_a_wake_that_comes_too_early_is_repeated(app, hook, passing):  # noqa: F811 - the fixture
    """The first retry is due in five seconds, long before the next sweep."""
    queue = app.extensions["queue"]
    passing.status = 500
    hook.send(webhook(event()))
    drain(app)
    with app.app_context():
        row = db.session.scalars(select(Outbox).where(Outbox.state == OutboxState.WAITING)).one()
    queue.ready().flush()
    queue._come_again(row.id)
    assert queue.ready().pending_count() + queue.ready().scheduled_count() == 1
    queue.ready().flush()
