"""The bare route that the sandbox is measured against: Flask and the driver, one row a request.

It shares no code with the portal and checks nothing. Like the sandbox it writes with WAL and synchronous=NORMAL: nothing is lost
when the process is killed. With FULL it would be several times slower, which would flatter the sandbox.
"""

import os
import sqlite3
import threading

from flask import Flask, Response, request


def create_bare() -> Flask:
    """The application; BARE_DATABASE says on which file."""
    app = Flask("bare", static_folder=None)
    here = threading.local()
    _connect().execute("CREATE TABLE IF NOT EXISTS row (id INTEGER PRIMARY KEY, body TEXT NOT NULL)")

    @app.post("/rows")
    def insert() -> Response:
        if not hasattr(here, "connection"):
            here.connection = _connect()
        made = here.connection.execute("INSERT INTO row (body) VALUES (?)", (request.get_data(as_text=True),)).lastrowid
        return Response(f'{{"id":{made}}}', 201, content_type="application/json")

    return app


def _connect() -> sqlite3.Connection:
    connection = sqlite3.connect(os.environ["BARE_DATABASE"], timeout=10, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}")
    return connection
