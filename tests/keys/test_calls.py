"""What a key opens: the right one its own partner, every other one nothing, always in the same words."""

from contextlib import closing, contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, select, update

from portal import bearer, clock
from portal.extensions import db
from portal.models.api_key import ApiKey
from portal.transaction import writing

ABOUT = "/api/v1/key"


def used_at(app):
    with app.app_context():
        return db.session.scalars(select(ApiKey.used_at)).one()


def test_a_key_says_whose_it_is(token, call):
    answer = call(token("acme"), ABOUT)
    assert answer.status_code == 200
    assert answer.json["partner"] == "Acme Billing"
    assert call(token("birch", by="carol"), ABOUT).json["partner"] == "Birch Software"


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer pk_wrong",
        "Basic cGs6",
        "bearer  x",
        "Bearer " + "x" * 5000,
        "pk_only",
        "Bearer pk_\xe9",
    ],
)
def test_anything_else_hears_the_same(app, world, token, header):
    token("acme")
    answer = app.test_client().get(ABOUT, headers={"Authorization": header} if header is not None else {})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json == app.test_client().get(ABOUT).json


def test_a_revoked_key_is_as_good_as_none(app, token, call):
    made = token("acme")
    with app.app_context(), writing():
        db.session.scalars(select(ApiKey)).one().revoked_at = clock.now()
    assert call(made, ABOUT).json == app.test_client().get(ABOUT).json


def test_a_session_opens_nothing_here(alice):
    answer = alice.get(ABOUT)
    assert (answer.status_code, answer.is_json) == (401, True)


def test_the_last_use_is_noted_once_a_minute(app, token, call):
    made = token("acme")
    assert used_at(app) is None
    call(made, ABOUT)
    first = used_at(app)
    assert clock.now() - first < timedelta(seconds=20)
    call(made, ABOUT)
    assert used_at(app) == first
    with app.app_context(), writing():
        db.session.scalars(select(ApiKey)).one().used_at = clock.now() - timedelta(minutes=2)
    call(made, ABOUT)
    assert clock.now() - used_at(app) < timedelta(seconds=20)


def test_a_busy_database_does_not_keep_anybody_out(app, token, call):
    """Another process is writing and does not stop: on SQLite nobody else can write meanwhile, on PostgreSQL nobody this row."""
    made = token("acme")
    with impatient(app) as engine, engine.connect() as other:
        other.execute(update(ApiKey).values(name="renamed meanwhile"))
        assert call(made, ABOUT).status_code == 200
        other.rollback()
    assert used_at(app) is None


@contextmanager
def impatient(app):
    """Connections of this process hardly wait for another's write."""
    with app.app_context():
        engine = db.engine
    words = "PRAGMA busy_timeout=1" if engine.dialect.name == "sqlite" else "SET lock_timeout = 1"

    def hurry(connection, *_):
        with closing(connection.cursor()) as cursor:
            cursor.execute(words)

    event.listen(engine, "checkout", hurry)
    yield engine
    event.remove(engine, "checkout", hurry)
    engine.dispose()


def test_too_many_calls_are_told_to_wait(app, token, call, monkeypatch):
    monkeypatch.setattr(bearer, "CALLS", type(bearer.CALLS)(2))
    made = token("acme")
    assert [call(made, ABOUT).status_code for _ in range(3)] == [200, 200, 429]
    refused = call(made, ABOUT)
    assert refused.headers["Retry-After"] == "60"
    assert "Wait a minute" in refused.json["error"]["message"]
    assert call(token("acme", name="other"), ABOUT).status_code == 200


def test_too_many_wrong_keys_from_one_place_are_told_to_wait(app, world, call, monkeypatch):
    monkeypatch.setattr(bearer, "MISSES", type(bearer.MISSES)(2))
    assert [call(f"pk_{n}", ABOUT).status_code for n in range(3)] == [401, 401, 429]


@pytest.mark.parametrize(("path", "status"), [("/api/", 404), ("/api/v1/nowhere", 404), ("/api/v9/key", 404)])
def test_programs_are_told_in_json_what_is_not_there(app, world, path, status):
    answer = app.test_client().get(path)
    assert (answer.status_code, answer.is_json) == (status, True)
    assert answer.json["error"]["status"] == status


def test_a_wrong_method_is_told_in_json(app, world):
    answer = app.test_client().post(ABOUT, csrf=False)
    assert (answer.status_code, answer.is_json) == (405, True)
