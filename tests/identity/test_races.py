"""What happens when two come at the same moment: links, codes and places are given once. And nobody waits for a hash."""

import threading
import time

import pytest
from sqlalchemy import func, select

from portal.extensions import db
from portal.identity.passwords import Unhurried
from portal.models.people import Membership, PartnerRole, User
from portal.transaction import writing
from tests.identity.test_second_factors import code_now, make_codes, set_up

NEW = "violet otters read maps"


def at_once(*calls):
    """Run each in a thread of its own, started together; what they returned, in order."""
    barrier, answers = threading.Barrier(len(calls)), [None] * len(calls)

    def run(n, call):
        barrier.wait()
        answers[n] = call()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def half_signed_in(app, sign_in, count=4):
    clients = [app.test_client() for _ in range(count)]
    for client in clients:
        sign_in(client)
    return clients


@pytest.fixture
def with_app(app, world, alice):
    set_up(app, alice)
    with app.app_context(), writing():
        world.user("alice").tf_last_counter -= 10
    return alice


def test_a_reset_link(app, world, nobody, mails, sign_in):
    nobody.post("/sign-in/forgotten-password", data={"email": "alice"})
    nobody.post("/sign-in/forgotten-password", data={"email": "alice@example.com"})
    link = mails()[0]["link"]
    words = [f"{NEW} number {n}" for n in range(4)]
    calls = [lambda w=w: app.test_client().post(link, data={"password": w, "password_confirm": w}).location for w in words]
    assert at_once(*calls).count("/sign-in") == 1
    assert [sign_in(app.test_client(), password=w).status_code for w in words].count(302) == 1


def test_an_invitation(app, alice, mails):
    alice.post("/team/invite", data={"name": "Dana", "email": "dana@example.com", "role": "member"})
    link = mails()[0]["link"]
    data = {"name": "Dana", "time_zone": "Europe/Paris", "password": NEW, "password_confirm": NEW}
    codes = at_once(*[lambda: app.test_client().post(link, data=data).status_code for _ in range(4)])
    assert codes.count(303) == 1
    assert set(codes) <= {303, 409, 410}
    with app.app_context():
        assert db.session.scalar(select(func.count(User.id)).where(User.email == "dana@example.com")) == 1


def test_a_code(app, world, with_app, sign_in, is_signed_in):
    clients, code = half_signed_in(app, sign_in), code_now(app, world)
    at_once(*[lambda c=c: c.post("/sign-in/code", data={"code": code}) for c in clients])
    assert [is_signed_in(client) for client in clients].count(True) == 1


def test_a_recovery_code(app, world, with_app, sign_in, is_signed_in):
    code = make_codes(with_app)[0]
    clients = half_signed_in(app, sign_in)
    at_once(*[lambda c=c: c.post("/sign-in/recovery-code", data={"code": code}) for c in clients])
    assert [is_signed_in(client) for client in clients].count(True) == 1


def test_the_last_two_admins(app, world, alice):
    with app.app_context(), writing():
        world.user("bob").membership.role = PartnerRole.ADMIN
        keys = [world.user(name).key for name in ("alice", "bob")]
    bob = world.client("bob")
    calls = [
        lambda c=c, k=k: c.post(f"/team/{k}/role", data={"role": "member"}).status_code
        for c, k in ((alice, keys[1]), (bob, keys[0]))
    ]
    at_once(*calls)
    with app.app_context():
        admins = select(func.count(Membership.id)).where(
            Membership.role == PartnerRole.ADMIN, Membership.partner_id == world.partners["acme"]
        )
        assert db.session.scalar(admins) == 1


def test_many_guesses(app, world):
    codes = at_once(
        *[
            lambda: app.test_client().post("/sign-in", data={"email": "alice", "password": "wrong wrong wrong"}).status_code
            for _ in range(16)
        ]
    )
    assert set(codes) == {422, 429}
    assert codes.count(422) <= 10


class Watching:
    """Passlib's own context, noting whether a transaction was open while it worked."""

    def __init__(self, context, seen):
        self._context, self._seen = context, seen

    def __getattr__(self, name):
        work = getattr(self._context, name)
        if name not in ("hash", "verify", "dummy_verify"):
            return work

        def watched(*args, **kwargs):
            self._seen.append((name, db.session().in_transaction()))
            return work(*args, **kwargs)

        return watched


@pytest.fixture
def hashing(app):
    library, seen = app.extensions["security"], []
    before = library.pwd_context
    library.pwd_context = Unhurried(Watching(before, seen))
    yield seen
    library.pwd_context = before


def test_no_hash_is_made_while_a_transaction_is_open(app, world, alice, nobody, mails, sign_in, make_stale, hashing):
    sign_in(nobody)
    sign_in(app.test_client(), "knave")
    make_stale(alice)
    alice.post("/sign-in/again", data={"password": "correct horse battery staple"})
    alice.post("/team/invite", data={"name": "Dana", "email": "dana@example.com", "role": "member"})
    data = {"name": "Dana", "time_zone": "Europe/Paris", "password": NEW, "password_confirm": NEW}
    assert app.test_client().post(mails()[0]["link"], data=data).status_code == 303
    present = {"password": "correct horse battery staple", "new_password": NEW, "new_password_confirm": NEW}
    assert alice.post("/security/password", data=present).location == "/security"
    app.test_client().post("/sign-in/forgotten-password", data={"email": "bob@example.com"})
    other = "six slow green turtles"
    assert (
        app.test_client().post(mails()[-1]["link"], data={"password": other, "password_confirm": other}).location == "/sign-in"
    )
    assert {name for name, _ in hashing} >= {"hash", "verify", "dummy_verify"}
    assert not [name for name, inside in hashing if inside]


class Crowded:
    """Passlib's own context, counting how many work at the same time."""

    def __init__(self, context):
        self._context, self._inside, self.most, self._lock = context, 0, 0, threading.Lock()

    def verify(self, *args):
        with self._lock:
            self._inside += 1
            self.most = max(self.most, self._inside)
        time.sleep(0.02)  # long enough for the others to come
        with self._lock:
            self._inside -= 1
        return self._context.verify(*args)


def test_four_hashes_at_a_time(app):
    with app.app_context():
        context = app.extensions["security"].pwd_context
        hashed, crowded = context.hash("violet otters read maps"), Crowded(context._context)
    unhurried = Unhurried(crowded)
    at_once(*[lambda: unhurried.verify("violet otters read maps", hashed) for _ in range(12)])
    assert 1 <= crowded.most <= 4


@pytest.mark.parametrize("page", ["/sign-in", "/sign-in/forgotten-password", "/sign-in/forgotten-username"])
@pytest.mark.parametrize("identity", ["alice@example.com", "knave@example.com"])
def test_known_and_unknown_accounts_cost_one_hash_each(app, world, hashing, page, identity):
    app.test_client().post(page, data={"email": identity, "password": "wrong wrong wrong"})
    assert len(hashing) == 1
