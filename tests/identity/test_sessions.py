"""The list of devices, and signing them out one by one or all at once."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal import clock
from portal.extensions import db
from portal.identity.devices import named
from portal.models.people import UserSession
from portal.transaction import writing

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"


def keys(app, world, name="alice"):
    with app.app_context():
        statement = select(UserSession).where(UserSession.user_id == world.users[name]).order_by(UserSession.id)
        return [(row.key, row.ended_at) for row in db.session.scalars(statement)]


def test_the_list_names_devices(world, app, sign_in, nobody):
    nobody.post(
        "/sign-in", data={"email": "alice", "password": "correct horse battery staple"}, headers={"User-Agent": FIREFOX}
    )
    sign_in(app.test_client())
    page = nobody.get("/security").text
    assert "Firefox on Windows" in page
    assert page.count("This device") == 1
    assert page.count("Sign out this device") == 1


def test_signing_out_another_device(app, world, alice, is_signed_in):
    other = world.client("alice")
    assert alice.post(f"/security/devices/{keys(app, world)[1][0]}/sign-out").location == "/security"
    assert is_signed_in(alice)
    assert not is_signed_in(other)


def test_somebody_elses_device_is_out_of_reach(app, world, alice, carol, is_signed_in):
    alice.post(f"/security/devices/{keys(app, world, 'carol')[0][0]}/sign-out")
    assert is_signed_in(carol)


def test_signing_out_everywhere(app, world, alice, is_signed_in, events):
    other, carol = world.client("alice"), world.client("carol")
    assert alice.post("/security/devices/sign-out").location == "/sign-in"
    assert not is_signed_in(alice)
    assert not is_signed_in(other)
    assert is_signed_in(carol)
    assert all(ended for _, ended in keys(app, world))
    assert ("security_event", "Alice Example", "signed out everywhere") in events()


def test_a_device_signs_in_again_after_a_month(alice, is_signed_in):
    assert is_signed_in(alice)
    with time_machine.travel(clock.now() + timedelta(days=31), tick=True):
        assert not is_signed_in(alice)


def test_last_seen_is_kept_by_what_the_person_does_not_by_what_they_read(app, world, alice):
    with app.app_context(), writing():
        db.session.scalar(select(UserSession)).seen_at = clock.now() - timedelta(days=1)
    alice.get("/settings")
    assert _age(app) > timedelta(hours=23)
    alice.post("/settings", data={"name": "Alice", "time_zone": "Europe/London", "scheme": ""})
    assert _age(app) < timedelta(minutes=1)


def _age(app):
    with app.app_context():
        return clock.now() - db.session.scalar(select(UserSession)).seen_at


def test_a_huge_agent_is_cut(app, world, nobody):
    nobody.post(
        "/sign-in",
        data={"email": "alice", "password": "correct horse battery staple"},
        headers={"User-Agent": "<b>" + "x" * 9000},
    )
    assert nobody.get("/security").status_code == 200


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile/15E148 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/142.0 Safari/537.36 Edg/142.0", "Edge on Mac"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/142.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.0", "A browser"),
        ("", "A browser"),
    ],
)
def test_names_of_devices(agent, words):
    assert named(agent) == words
