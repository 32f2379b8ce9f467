"""`portal listen`: brings webhooks to a program on this machine. A plain command: it needs nothing of the portal's configuration."""

import signal
import socket
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

import click

from portal.listener import place
from portal.listener.asking import Away, Portal, Refused
from portal.listener.loop import Listener
from portal.listener.telling import plain


@click.command()
@click.option("--to", required=True, help="Where your program takes webhooks, such as http://localhost:3000/webhooks.")
@click.option(
    "--portal", "address", default="http://localhost:5000", show_default=True, envvar="PORTAL_URL", help="Where the portal is."
)
@click.option("--key", envvar="PORTAL_API_KEY", help="An API key; better kept in PORTAL_API_KEY than typed.")
@click.option("--from", "begin", type=click.Choice(["last", "now", "start"]), default="last", show_default=True)
@click.option("--state", type=click.Path(dir_okay=False, path_type=Path), help="The file that keeps the place.")
def listen(*, to: str, address: str, key: str | None, begin: str, state: Path | None) -> None:
    """Pass each webhook on to a program on this machine, byte for byte, and show how it answers.

    It goes on from where it stopped (--from last), whatever happened in between: a webhook may come twice, none is lost.
    Ctrl-C stops it.
    """
    _check(to, "--to")
    _check(address, "--portal")
    if not key:
        raise click.UsageError("Set PORTAL_API_KEY to an API key; admins create them in the portal at /developers/keys.")
    for stopping in (signal.SIGINT, signal.SIGTERM):  # named, because a shell's background job begins with Ctrl-C ignored
        signal.signal(stopping, _interrupted)
    portal = Portal(address.rstrip("/"), key.strip())
    listener = Listener(portal, to, state or place.usual(address, key, to), _say, plain(socket.gethostname()))
    try:
        _begin(listener, begin)
        listener.run()
    except Refused as refused:
        raise click.ClickException(plain(refused)) from refused
    except KeyboardInterrupt:
        click.echo("\nStopped. The next start goes on from here.")


def _begin(listener: Listener, begin: str) -> None:
    listener.cursor = {"now": "", "start": "0"}.get(begin, place.read(listener.cursor_file))
    try:
        partner = plain(listener.portal.about()["partner"])
        _say(f"Webhooks of {partner} go to {listener.to}. Ctrl-C stops.")
    except Away as away:
        _say(f"{away}. Trying until it does.")


def _check(address: str, option: str) -> None:
    """Raises a usage error for what is no http(s) address."""
    try:
        parts = urlsplit(address)
        right = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        right = False
    if not right:
        raise click.BadParameter("this must be an address such as http://localhost:3000/webhooks", param_hint=option)


def _say(words: str) -> None:
    click.echo(words)


def _interrupted(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
