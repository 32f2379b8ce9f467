"""The running sandbox: settings, database and the counters in memory, held together for one application."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import current_app
from sqlalchemy import Connection, select

from portal.sandbox import clock
from portal.sandbox.api.limits import Limiter
from portal.sandbox.api.log import RequestLog
from portal.sandbox.settings import Settings
from portal.sandbox.store.engine import Database
from portal.sandbox.store.tables import state
from portal.sandbox.store.world import World

_shift = select(state.c.shift)


class House:
    """One per application; found by :func:`here`."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database = Database(settings.engine_url, settings.database_patience)
        self.limiter = Limiter(settings.rate_limit)
        self.log = RequestLog(self.database, settings.request_log_limit)

    def world(self, conn: Connection, organisation: str, **more: Any) -> World:
        shift = conn.execute(_shift).scalar_one()
        return World(conn, organisation, clock.shifted(shift), self.settings, **more)

    @contextmanager
    def change(self, organisation: str, **more: Any) -> Iterator[World]:
        """A world whose changes are kept when the block ends well."""
        with self.database.writing() as conn:
            world = self.world(conn, organisation, **more)
            yield world
            world.finish()

    @contextmanager
    def look(self, organisation: str, **more: Any) -> Iterator[World]:
        """A world to read from."""
        with self.database.reading() as conn:
            yield self.world(conn, organisation, **more)


def here() -> House:
    house: House = current_app.extensions["sandbox"]
    return house
