"""What the tests of this room share."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event

from portal.extensions import db


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
