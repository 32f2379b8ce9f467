"""The worker as a process: killed in the middle again and again, it loses nothing and sends everything at least once."""

import asyncio
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import func, select

from portal import outbox
from portal.extensions import db
from portal.models.outbox import Beat, Outbox, Task
from portal.status import OutboxState
from portal.transaction import writing
from tests.waiting import free_port, until

MAILS = 24
KILLS = 3


@pytest.fixture
def stored(app):
    """Mails waiting to be sent; their Message-IDs."""
    with app.app_context():
        with writing():
            rows = [
                outbox.enqueue(
                    Task.MAIL,
                    {"to": f"p{n}@example.com", "name": "", "subject": f"Mail {n}", "text": "x\n" * 200, "html": "<p>x</p>"},
                    title=f"Mail {n}",
                )
                for n in range(MAILS)
            ]
        ids = {f"<{row.key}@example.com>" for row in rows}
        db.session.rollback()
    return ids


@contextmanager
def worker(settings, **more):
    """A real worker process on the database of the tests, ended by SIGKILL."""
    environment = {
        **os.environ,
        "PORTAL_ENVIRONMENT": "test",
        "PORTAL_INSTANCE": str(settings.instance),
        "PORTAL_DATABASE_URL": settings.database,
        "PORTAL_REDIS_URL": settings.redis_url,
        "PORTAL_OUTBOX_LEASE": "1",
        **more,
    }
    process = subprocess.Popen([sys.executable, "-m", "portal.cli", "worker"], env=environment, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


class Postman:
    """A mail server that is slow to say yes, so that a worker can be killed between delivery and answer."""

    def __init__(self):
        self.received, self.seconds = [], 0.3

    async def handle_DATA(self, server, session, envelope):
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.received.append(message["Message-ID"])
        await asyncio.sleep(self.seconds)
        return "250 OK"


@pytest.fixture
def postman():
    handler = Postman()
    handler.port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    yield handler
    controller.stop()


def asked(app, statement):
    """Asked in a transaction that ends at once: an open one would keep the worker from writing."""
    with app.app_context():
        found = db.session.scalar(statement)
        db.session.rollback()
        return found


def undone(app):
    return asked(app, select(func.count()).where(Outbox.state != OutboxState.DONE))


def test_killed_between_delivery_and_answer_a_mail_server_gets_every_mail(app, settings, stored, postman):
    smtp = {"PORTAL_MAIL_TRANSPORT": "smtp", "PORTAL_SMTP_HOST": "127.0.0.1", "PORTAL_SMTP_PORT": str(postman.port)}
    for _ in range(KILLS):
        before = len(postman.received)
        with worker(settings, **smtp):
            until(lambda before=before: len(postman.received) > before)
    assert undone(app)
    time.sleep(1.1)  # the leases of the killed end
    postman.seconds = 0
    with worker(settings, **smtp):
        until(lambda: not undone(app))
    assert set(postman.received) == stored
    assert len(postman.received) > MAILS, "a worker was killed before the answer, so something must have come twice"


def test_killed_while_writing_files_no_mail_is_lost_or_half(app, settings, stored, inbox):
    for n in range(KILLS):
        with worker(settings):
            until(lambda n=n: len(list(inbox.glob("*.eml"))) > n)
    time.sleep(1.1)  # the leases of the killed end
    with worker(settings):
        until(lambda: not undone(app))
    mails = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in inbox.glob("*.eml")]
    assert {mail["Message-ID"] for mail in mails} == stored
    assert len(mails) == MAILS
    assert all(mail.get_body(("html",)).get_content() == "<p>x</p>\n" for mail in mails)


def test_a_worker_gives_a_sign_of_life_and_stops_when_told(app, settings, stored, inbox):
    with worker(settings) as process:
        until(lambda: asked(app, select(Beat.at).where(Beat.name == "worker")))
        until(lambda: not undone(app))
        process.terminate()
        assert process.wait(timeout=30) == 0
