"""`portal run`: everything at once on this machine: portal, worker, and the sandbox beside them."""

import os
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from importlib.util import find_spec

import click

from portal import assets
from portal.commands import demo, listening
from portal.commands.application import application
from portal.commands.children import ChildDied, Household
from portal.commands.init import prepare
from portal.config import Settings
from portal.web import Portal

START = 120.0
"""Seconds until everything must have answered."""
SANDBOX_PORT = 5001


@click.command()
@click.option("--demo/--no-demo", "with_demo", default=True, help="Whether an empty database gets demo data.")
def run(*, with_demo: bool) -> None:
    """Start portal, worker and sandbox; Ctrl-C stops them all. Makes what is missing: keys, tables, demo data."""
    if os.environ.setdefault("PORTAL_ENVIRONMENT", "development") == "development":
        os.environ.setdefault("PORTAL_OUTGOING_LOOPBACK", "true")  # where a developer's own receiver listens
    app = application()
    sandbox_port = _sandbox_port()
    _refuse_taken(app.settings, sandbox_port)
    _prepare(app, with_demo=with_demo)
    try:
        _live(app, sandbox_port, demo.sign_ins(app))
    except ChildDied as died:
        raise click.ClickException(f"{died}\nEverything else was stopped.") from died


def _prepare(app: Portal, *, with_demo: bool) -> None:
    click.echo("Preparing.")
    if not assets.built():
        assets.build()
    prepare(app)
    if with_demo and demo.load(app):
        click.echo("The demo data is loaded.")


def _sandbox_port() -> int | None:
    """None when this checkout has no sandbox."""
    return int(os.environ.get("SANDBOX_PORT", SANDBOX_PORT)) if find_spec("portal.sandbox.__main__") else None


def _refuse_taken(settings: Settings, sandbox_port: int | None) -> None:
    wanted = [("PORTAL_PORT", settings.host, settings.port), ("SANDBOX_PORT", listening.LOOPBACK, sandbox_port)]
    for name, host, port in wanted:
        if port is not None and listening.taken(host, port):
            raise click.ClickException(
                f"Port {port} is taken by another program. Stop it, or choose another: {name}={port + 10}"
            )


def _live(app: Portal, sandbox_port: int | None, sign_ins: str) -> None:
    settings = app.settings
    with Household(settings.instance.resolve(), os.environ) as household:
        household.start("portal", "portal.cli", "serve")
        if sandbox_port:
            household.start("sandbox", "portal.sandbox")
            if _wait_until(household, lambda: _answers(listening.LOOPBACK, sandbox_port, "/healthz")):
                demo.introduce(app)
        household.start("worker", "portal.cli", "worker")
        if _wait_until(household, lambda: _answers(settings.host, settings.port, "/readyz")):
            click.echo(_welcome(settings, sandbox_port, sign_ins))
        while household.watch():
            time.sleep(0.2)
        click.echo("\nStopping.")
    click.echo("Stopped.")


def _wait_until(household: Household, ready: Callable[[], bool]) -> bool:
    """Whether it became ready before somebody asked to stop."""
    end = time.monotonic() + START
    while household.watch():
        if ready():
            return True
        if time.monotonic() > end:
            raise ChildDied("The portal does not become ready; /readyz says which part is missing.")
        time.sleep(0.2)
    return False


def _answers(host: str, port: int, path: str) -> bool:
    connection = HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _welcome(settings: Settings, sandbox_port: int | None, sign_ins: str) -> str:
    lines = [
        "",
        f"  Partner Portal   {settings.address}",
        f"  Mail             {settings.address}/development/inbox",
        *([f"  Sandbox          http://127.0.0.1:{sandbox_port}"] if sandbox_port else []),
        f"  Logs and data    {settings.instance.resolve()}",
        "",
        *([sign_ins, ""] if sign_ins else []),
        "  Ctrl-C stops everything.",
    ]
    return "\n".join(lines)
