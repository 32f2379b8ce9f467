"""Alive means that the process answers; ready means that each part works, and which one does not is named."""

from datetime import timedelta

import pytest

from portal import clock, storage
from portal.extensions import db
from portal.models.outbox import Beat
from portal.transaction import writing
from portal.worker.periodic import beat


@pytest.fixture
def worker(app):
    beat(app)


def test_ready(nobody, worker):
    answer = nobody.get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {"status": "ready", "database": "ok", "storage": "ok", "worker": "ok"}


def test_no_worker_yet(nobody):
    answer = nobody.get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"status": "not ready", "database": "ok", "storage": "ok", "worker": "failed"}


def test_a_worker_that_fell_silent(app, nobody):
    with app.app_context(), writing():
        db.session.add(Beat(name="worker", at=clock.now() - timedelta(minutes=5)))
    assert nobody.get("/readyz").json["worker"] == "failed"


def test_no_storage(nobody, worker, monkeypatch, tmp_path):
    (tmp_path / "uploads").write_text("a file where the folder should be")
    monkeypatch.setattr(storage._Place, "store", None)
    monkeypatch.setattr(storage._Place, "url", str(tmp_path / "uploads"))
    answer = nobody.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["storage"] == "failed"
    monkeypatch.setattr(storage._Place, "store", None)


def test_no_database(app, nobody, worker, monkeypatch):
    def broken(*_, **__):
        raise ConnectionError("the database is away")

    monkeypatch.setattr(db.session, "execute", broken)
    answer = nobody.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["database"] == "failed"
    assert nobody.get("/healthz").status_code == 200
