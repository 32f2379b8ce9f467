"""The minimal receiver that the portal's is measured against: a raw Flask route, an HMAC, one INSERT and one commit a request.

It shares no code with the portal. Like the portal it writes with WAL and synchronous=FULL: nothing is lost when the power goes.
"""

import hashlib
import hmac
import os
import sqlite3
import threading

from flask import Flask, Response, request


def create_receiver() -> Flask:
    """The application; RECEIVER_DATABASE says on which file, RECEIVER_SECRET what webhooks are signed with."""
    app = Flask("receiver", static_folder=None)
    here, secret = threading.local(), os.environ["RECEIVER_SECRET"].encode()
    _connect().execute("CREATE TABLE IF NOT EXISTS webhook (id INTEGER PRIMARY KEY, body BLOB NOT NULL)")

    @app.post("/hooks")
    def receive() -> Response:
        body = request.get_data()
        expected = hmac.new(secret, body, hashlib.sha256).hexdigest().encode()
        if not hmac.compare_digest(expected, request.headers.get("Webhook-Signature", "").encode()):
            return Response(status=498)
        if not hasattr(here, "connection"):
            here.connection = _connect()
        here.connection.execute("BEGIN IMMEDIATE")
        here.connection.execute("INSERT INTO webhook (body) VALUES (?)", (body,))
        here.connection.execute("COMMIT")
        return Response(status=204)

    return app


def _connect() -> sqlite3.Connection:
    connection = sqlite3.connect(os.environ["RECEIVER_DATABASE"], timeout=10, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    return connection
