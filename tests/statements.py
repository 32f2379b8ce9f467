"""Counts the SQL statements of a request, so that no page asks more of the database than it should."""

import threading
from contextlib import contextmanager

from sqlalchemy import event
from sqlalchemy.engine import Engine

MOST = 10
"""On any page, whatever the data."""


@contextmanager
def counted():
    """The statements that this thread runs inside, as a list of their texts; a server or a sandbox may be busy beside it."""
    ran, here = [], threading.get_ident()

    def note(conn, cursor, statement, parameters, context, executemany):
        if threading.get_ident() == here and not statement.startswith("BEGIN"):
            ran.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield ran
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def statements_of(client, url, **kwargs):
    """How many statements a GET takes; the answer must be a page."""
    with counted() as ran:
        answer = client.get(url, **kwargs)
    assert answer.status_code == 200, f"{url} answered {answer.status_code}"
    return len(ran)
