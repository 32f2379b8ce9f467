"""What the tests of this room share."""

import json
import re
import time
from contextlib import contextmanager

import pytest
from sqlalchemy import event, select

from portal import timeline
from portal.extensions import db
from portal.models.event import Event
from portal.models.outbox import Outbox, Task
from tests.world import PASSWORD


@pytest.fixture
def statements(app):
    """`with statements() as seen:` collects the SQL that runs inside."""

    @contextmanager
    def collect():
        seen = []

        def note(_connection, _cursor, statement, *_):
            seen.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(engine, "before_cursor_execute", note)

    return collect


@pytest.fixture
def mails(app):
    """Every mail that waits in the outbox, oldest first: to, subject, text, html, and `link`, the first address in it."""

    def read():
        with app.app_context():
            rows = db.session.scalars(select(Outbox).where(Outbox.task == Task.MAIL).order_by(Outbox.id)).all()
            found = [json.loads(row.payload) for row in rows]
        return [{**mail, "link": _path(mail["text"])} for mail in found]

    return read


def _path(text):
    found = re.search(r"https?://[^/\s]+(/\S+)", text)
    return found.group(1).rstrip(".") if found else None


@pytest.fixture
def events(app):
    """What the audit log says: (kind, actor, sentence) of every happening, oldest first."""

    def read():
        with app.app_context():
            rows = db.session.scalars(select(Event).order_by(Event.id)).all()
            return [(row.kind, row.actor_name, timeline.read(row.kind, row.payload).sentence()) for row in rows]

    return read


@pytest.fixture
def make_stale():
    """The client's sign-in happened two hours ago."""

    def age(client):
        with client.session_transaction() as session:
            session["fs_paa"] = time.time() - 7200
            session.pop("fs_gexp", None)

    return age


@pytest.fixture
def sign_in():
    def enter(client, identity="alice", password=PASSWORD, **more):
        return client.post("/sign-in", data={"email": identity, "password": password, **more})

    return enter


@pytest.fixture
def is_signed_in():
    return lambda client: client.get("/settings").status_code == 200
