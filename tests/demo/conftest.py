"""The demo data, loaded once for all tests of this folder."""

import pytest
from sqlalchemy import select

from portal import demo
from portal.extensions import Base, db
from portal.models.people import User
from tests.world import World


@pytest.fixture(autouse=True)
def _clean_tables():
    """Replaces the cleaning after each test: these tests only read, and share one load."""
    return


@pytest.fixture(scope="module")
def played(app):
    """The world of the demo data: its people by username."""
    with app.app_context():
        demo.load()
        users = dict(db.session.execute(select(User.username, User.id)).all())
        db.session.rollback()
    yield World(app, users=users)
    with app.app_context(), db.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            for table in reversed(Base.metadata.sorted_tables):
                connection.execute(table.delete())
        else:
            names = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
            connection.exec_driver_sql(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
