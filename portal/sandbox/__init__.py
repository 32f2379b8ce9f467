"""A GoCardless to build against: a server of its own that behaves like GoCardless's sandbox. Imports nothing above."""

import sys

from flask import Flask

from portal.sandbox import magic, wiring
from portal.sandbox.house import House
from portal.sandbox.settings import Settings

__all__ = ["Settings", "command", "create_sandbox"]
_ = magic  # imported so that the magic names take effect


def create_sandbox(settings: Settings | None = None) -> Flask:
    """The sandbox as a WSGI application; deliveries need :class:`portal.sandbox.worker.Worker` beside it."""
    house = House(settings or Settings())
    if house.database.is_sqlite:
        house.settings.instance.mkdir(parents=True, exist_ok=True)
    house.database.create()
    app = wiring.App("portal.sandbox", template_folder="templates", static_folder="static")
    app.extensions["sandbox"] = house
    wiring.configure(app, house)
    wiring.register(app, house.settings)
    return app


def command(settings: Settings | None = None) -> list[str]:
    """The argv that starts the sandbox as a process of its own; it reads the same SANDBOX_… variables."""
    del settings  # what is configured travels in the environment
    return [sys.executable, "-m", "portal.sandbox"]
