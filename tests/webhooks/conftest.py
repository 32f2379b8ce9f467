"""A receiver of the partner's own, and what the audit log says."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlalchemy import select

from portal import outgoing, timeline
from portal.extensions import db
from portal.models.event import Event
from tests.webhooks.sending import hook  # noqa: F401 - a fixture of this room


class Receiver:
    """A program that takes webhooks: `got` holds (headers, body) of each, `status` is its answer."""

    def __init__(self):
        self.got, self.status, self.headers, self.path = [], 204, {}, "/webhooks"
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}{self.path}"

    def _handler(receiver):  # noqa: N805 - the handler's own self is another
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((dict(self.headers), body))
                self.send_response(receiver.status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                """Say nothing."""

        return Handler

    def stop(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def receiver(app):
    """Reachable, because this machine may be called for the time of the test."""
    outgoing.configure(loopback=True)
    made = Receiver()
    yield made
    made.stop()
    outgoing.configure(loopback=app.settings.outgoing_loopback)


@pytest.fixture
def events(app):
    """(kind, actor, sentence) of every happening, oldest first."""

    def read():
        with app.app_context():
            rows = db.session.scalars(select(Event).order_by(Event.id)).all()
            return [(row.kind, row.actor_name, timeline.read(row.kind, row.payload).sentence()) for row in rows]

    return read
