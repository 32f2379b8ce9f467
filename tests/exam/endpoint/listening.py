"""Small webhook endpoints: one that does as it should, bent in one place for each test, and some that are no endpoints at all."""

import hashlib
import hmac
import json
import socket
import threading
from contextlib import contextmanager

from flask import Flask, request
from werkzeug.serving import make_server

from portal.exam.nouns import Environment
from portal.exam.rig import AppUnderTest, Limits, Rig, TestSettings
from tests.browser import Quiet

SECRET, PREVIOUS = "the secret of the endpoint", "the secret before that"
QUICK = Limits(answer=2.0, page=2.0, slow=0.1, settle=0.02, follow=0.3)
HASTY = Limits(answer=0.2, page=0.2, slow=0.1, settle=0.02, follow=0.2)


class Endpoint:
    """`bent` may replace any of the functions by name."""

    def __init__(self, **bent):
        self.seen = []
        for name, other in bent.items():
            setattr(self, name, other)

    def genuine(self, body, headers):
        signature = headers.get("Webhook-Signature", "").encode()
        return any(hmac.compare_digest(self.signed(body, secret).encode(), signature) for secret in (SECRET, PREVIOUS))

    @staticmethod
    def signed(body, secret=SECRET):
        return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()

    def keep(self, body):
        """What to answer to a genuine one."""
        try:
            self.seen += json.loads(body)["events"]
        except (ValueError, LookupError, TypeError):
            return "", 400
        return "", 204

    refusal = ("The signature is not right.", 498)

    def receive(self):
        body = request.get_data()
        return self.keep(body) if self.genuine(body, request.headers) else self.refusal


@contextmanager
def served(endpoint):
    """Its address."""
    app = Flask("endpoint")
    app.add_url_rule("/hook", view_func=endpoint.receive, methods=["POST"])
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}/hook"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Wild:
    """Takes connections and does with each what it was made for; counts them."""

    def __init__(self, behave):
        self.behave, self.visits = behave, 0
        self.over = threading.Event()
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listening.getsockname()[1]}/hook"
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                visitor, _ = self.listening.accept()
            except OSError:
                return
            self.visits += 1
            threading.Thread(target=self.entertain, args=(visitor,), daemon=True).start()

    def entertain(self, visitor):
        with visitor:
            try:
                visitor.recv(65_536)
                self.behave(visitor, self.over)
            except OSError:
                return

    def close(self):
        self.over.set()
        self.listening.close()


def hang(_visitor, over):
    over.wait(30)


def flood(visitor, over):
    visitor.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
    while not over.is_set():
        visitor.sendall(b"x" * 65_536)


def garbage(visitor, _over):
    visitor.sendall(b"\x00\xff I speak no HTTP \r\n\r\n")


def drip(visitor, over):
    visitor.sendall(b"HTTP/1.1 200 OK\r\n")
    while not over.wait(0.02):
        visitor.sendall(b"X-Drop: 1\r\n")


def break_off(visitor, _over):
    visitor.sendall(b"HTTP/1.1 2")


def rig(url, limits=QUICK):
    """Of an app at GoCardless's own sandbox, where there are no levers."""
    app = AppUnderTest("client", "secret", ("https://example.com/",), url, SECRET, PREVIOUS, Environment.GOCARDLESS)
    return Rig(app, TestSettings(test_header=("X-Test-Key", "the key of the tests")), limits, None, {})
