"""A partner's own systems hear of status changes: signed, tried again, given up; and nobody else's."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

import portal
from portal import clock, timeline
from portal.extensions import db
from portal.models.event import Event
from portal.models.notification import StatusHook, StatusMessage
from portal.models.outbox import Outbox, Task
from portal.notifications import delivering, hooks, messages, stopping
from portal.status import StatusState
from portal.timeline.build import Certified, SectionApproved
from portal.transaction import writing
from portal.worker.delivery import drain
from tests.webhooks.conftest import receiver  # noqa: F401 - the fixture

DOCS = (Path(portal.__file__).parents[1] / "docs" / "notifications.md").read_text()
SAMPLE = re.search(r"```python\n(.*?)```", DOCS, re.DOTALL).group(1)


@pytest.fixture
def verified():
    """The sample of the documentation, as a reader would copy it."""
    names = {}
    exec(SAMPLE, names)
    return names["verified"]


def add(client, url, **form):
    return client.post("/developers/status-changes/new", data={"url": url, **form})


def secret_in(page):
    return re.search(r"whsec_[A-Za-z0-9+/=]+", page).group(0)


def key_of(app):
    with app.app_context():
        return db.session.scalars(select(StatusHook.key).order_by(StatusHook.id.desc())).first()


def happen(app, world, happening, house="acme", **place):
    with app.app_context(), writing():
        timeline.record(happening, by=world.user("rita"), integration=world.integration(house), **place)


def stored(app):
    with app.app_context():
        return db.session.scalars(select(StatusMessage).order_by(StatusMessage.id)).all()


def later(app):
    """What waits for its next try is due."""
    with app.app_context(), writing():
        for row in db.session.scalars(select(Outbox).where(Outbox.task == Task.STATUS)):
            row.next_at = clock.now()
    drain(app)


@pytest.fixture
def hooked(app, alice, receiver):  # noqa: F811 - the fixture
    """An address of Acme, and its secret."""
    return secret_in(add(alice, receiver.url).text)


def test_every_documented_type_is_sent_and_every_sent_type_documented():
    documented = set(re.findall(r"`([a-z]+\.[a-z_]+)`", DOCS.split("### Checking")[0])) - {"data.partner"}
    assert documented == {*messages.TYPES, messages.TEST}


def test_signed_so_that_the_documented_sample_takes_it(app, world, hooked, receiver, verified):  # noqa: F811 - the fixture
    happen(app, world, SectionApproved(2), section_key="oauth")
    drain(app)
    ((headers, body),) = receiver.got
    head = {name.lower(): value for name, value in headers.items()}
    said = verified(head, body, hooked)
    with app.app_context():
        assert said["data"] == {"partner": world.partner("acme").key, "section": "oauth", "round": 2}
    assert said["type"] == "section.approved"
    assert head["webhook-id"] == f"msg_{stored(app)[0].key}"
    for wrong in (
        {**head, "webhook-timestamp": "1"},
        {**head, "webhook-id": "msg_other"},
        {**head, "webhook-signature": "v1,AAAA"},
    ):
        with pytest.raises(ValueError, match=r"signed|old"):
            verified(wrong, body, hooked)
    with pytest.raises(ValueError, match=r"signed|old"):
        verified(head, body + b" ", hooked)
    assert stored(app)[0].state is StatusState.TAKEN


def test_only_the_own_partner_hears_and_only_what_it_wants(app, world, alice, carol, receiver):  # noqa: F811 - the fixture
    add(alice, receiver.url, types=["integration.certified"])
    add(carol, receiver.url)
    happen(app, world, SectionApproved(1), section_key="oauth")
    happen(app, world, Certified())
    happen(app, world, Certified(), house="birch")
    drain(app)
    with app.app_context():
        keys = {world.partner(name).key for name in ("acme", "birch")}
    assert [json.loads(body)["type"] for _, body in receiver.got] == ["integration.certified"] * 2
    assert {json.loads(body)["data"]["partner"] for _, body in receiver.got} == keys


def test_a_rotated_secret_and_the_one_before_are_both_good_for_a_day(app, world, alice, hooked, receiver, verified):  # noqa: F811 - the fixture
    new = secret_in(alice.post(f"/developers/status-changes/{key_of(app)}/rotate").text)
    assert new != hooked
    happen(app, world, Certified())
    drain(app)
    head = {name.lower(): value for name, value in receiver.got[-1][0].items()}
    assert verified(head, receiver.got[-1][1], new) == verified(head, receiver.got[-1][1], hooked)
    with app.app_context(), writing():
        hooks.tidy(clock.now() + timedelta(hours=25))
    happen(app, world, Certified())
    drain(app)
    head = {name.lower(): value for name, value in receiver.got[-1][0].items()}
    with pytest.raises(ValueError, match=r"signed|old"):
        verified(head, receiver.got[-1][1], hooked)
    assert verified(head, receiver.got[-1][1], new)


def test_tried_again_with_the_same_id_and_given_up_after_the_last(app, world, hooked, receiver, alice):  # noqa: F811 - the fixture
    receiver.status = 503
    happen(app, world, Certified())
    drain(app)
    for _ in range(len(delivering.GAPS) + 2):
        later(app)
    (message,) = stored(app)
    assert (message.state, len(message.tries)) == (StatusState.LOST, len(delivering.GAPS) + 1)
    assert len({head["webhook-id"] for head, _ in receiver.got}) == 1
    page = alice.get(f"/developers/status-changes/{key_of(app)}").text
    assert "503" in page
    assert "Not taken" in page
    receiver.status = 204
    assert alice.post(f"/developers/status-messages/{message.key}/resend").status_code == 303
    drain(app)
    assert stored(app)[0].state is StatusState.TAKEN
    assert len(delivering.WORDS) == len(delivering.GAPS) + 1


def test_after_long_failure_it_is_off_and_the_team_is_told(app, world, hooked, receiver, inbox, alice):  # noqa: F811 - the fixture
    receiver.status = 500
    happen(app, world, Certified())
    drain(app)
    with app.app_context(), writing():
        hook = db.session.scalars(select(StatusHook)).one()
        hook.failing_since -= stopping.PATIENCE
    later(app)
    page = alice.get(f"/developers/status-changes/{key_of(app)}").text
    assert "The portal switched this address off" in page
    drain(app)
    assert sum("Status changes are no longer sent" in path.read_text() for path in inbox.glob("*.eml")) == 2
    happen(app, world, Certified())
    assert len(stored(app)) == 1, "nothing is written for an address that is off"
    later(app)
    assert stored(app)[0].state is StatusState.LOST
    alice.post(f"/developers/status-changes/{key_of(app)}/switch", data={"on": "y"})
    receiver.status = 200
    happen(app, world, Certified())
    drain(app)
    assert stored(app)[-1].state is StatusState.TAKEN


def test_gone_switches_it_off_at_once(app, world, hooked, receiver):  # noqa: F811 - the fixture
    receiver.status = 410
    happen(app, world, Certified())
    drain(app)
    with app.app_context():
        assert db.session.scalars(select(StatusHook.on)).one() is False
        assert "410" in db.session.scalars(select(StatusHook.why_off)).one()


def test_a_test_is_sent_once_and_shown(app, alice, bob, hooked, receiver):  # noqa: F811 - the fixture
    key = key_of(app)
    assert alice.post(f"/developers/status-changes/{key}/test").status_code == 303
    assert alice.post(f"/developers/status-changes/{key}/test").status_code == 409
    drain(app)
    assert json.loads(receiver.got[0][1])["type"] == "test.ping"
    page = bob.get(f"/developers/status-changes/{key}").text
    assert "test.ping" in page
    assert "Taken" in page
    assert "Send a test" not in page
    assert hooked not in page


@pytest.mark.parametrize(
    "url",
    ["", "http://example.com/x", "https://10.0.0.1/x", "https://localhost/x", "https://user:pw@example.com/", "javascript:alert(1)", "https://a b.example.com", "https://example.com:22/"],
    ids=["empty", "plain", "private", "here", "password", "script", "space", "port"],
)  # fmt: skip
def test_addresses_that_are_refused(app, alice, url):
    answer = add(alice, url)
    assert answer.status_code == 422
    with app.app_context():
        assert db.session.scalars(select(StatusHook)).all() == []


def test_the_portal_itself_and_unknown_types_are_refused(app, alice):
    assert add(alice, app.settings.address + "/unsubscribe/x").status_code == 422
    assert add(alice, "https://example.com/x", types=["nothing.known"]).status_code == 422


def test_who_may(app, alice, bob, carol, rita, hooked):
    key = key_of(app)
    assert bob.get("/developers/status-changes").status_code == 200
    assert add(bob, "https://example.com/x").status_code == 403
    assert bob.post(f"/developers/status-changes/{key}/remove").status_code == 403
    assert carol.get(f"/developers/status-changes/{key}").status_code == 404
    assert carol.post(f"/developers/status-changes/{key}/rotate").status_code == 404
    assert rita.get(f"/developers/status-changes/{key}").status_code == 403
    for n in range(hooks.MOST - 1):
        assert add(alice, f"https://example.com/{n}").status_code == 200
    assert add(alice, "https://example.com/one-too-many").status_code == 409


def test_changed_and_removed(app, world, alice, hooked, receiver):  # noqa: F811 - the fixture
    key = key_of(app)
    assert alice.post(f"/developers/status-changes/{key}/edit", data={"url": "https://10.0.0.1/"}).status_code == 422
    assert (
        alice.post(f"/developers/status-changes/{key}/edit", data={"url": receiver.url, "types": ["grow.opened"]}).status_code
        == 303
    )
    assert "grow.opened" in alice.get(f"/developers/status-changes/{key}").text
    assert alice.post(f"/developers/status-changes/{key}/edit", data={"url": receiver.url}).status_code == 303
    happen(app, world, Certified())
    assert alice.post(f"/developers/status-changes/{key}/remove").status_code == 303
    drain(app)
    assert receiver.got == []
    with app.app_context():
        told = db.session.scalars(select(Event).where(Event.kind == "status_hook_changed")).all()
        assert {row.payload["what"].partition(" ")[0] for row in told} == {"added", "changed", "removed"}
        assert not [row for row in told if receiver.url in json.dumps(row.payload)], "an address may hold a key"
