"""On your own machine: the embedded sandbox, started if nobody has, with this app registered at it."""

import json
import os
import secrets
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import requests

from examples.partner_app.settings import Settings, kept, read

SANDBOX = "http://127.0.0.1:5001"
START = 60


def settings(stack: ExitStack) -> Settings:
    """Read from the environment; without a client id the app registers itself at the embedded sandbox.

    A sandbox that had to be started ends with the stack.
    """
    if "GOCARDLESS_CLIENT_ID" in os.environ:
        return read()
    sandbox = os.environ.get("GOCARDLESS_CONNECT_URL", SANDBOX)
    folder = Path(os.environ.get("PARTNER_APP_FOLDER", "instance/partner_app"))
    if not answers(sandbox):
        start(stack, folder)
    given = {"GOCARDLESS_CONNECT_URL": sandbox, "GOCARDLESS_API_URL": sandbox, "GOCARDLESS_VERIFY_URL": f"{sandbox}/verify"}
    wanted = read({**os.environ, **given, **credentials(folder)})
    register(sandbox, wanted)
    return wanted


def credentials(folder: Path) -> dict[str, str]:
    """The same at every start, so that merchants stay connected."""
    names = ("GOCARDLESS_CLIENT_ID", "GOCARDLESS_CLIENT_SECRET", "GOCARDLESS_WEBHOOK_SECRET")
    fresh = {name: secrets.token_urlsafe(24) for name in names}
    made: dict[str, str] = json.loads(kept(folder / "credentials.json", json.dumps(fresh)))
    return made


def register(sandbox: str, wanted: Settings) -> None:
    """The sandbox's lever; at GoCardless you do this once, in the dashboard."""
    app = {
        "name": "Example partner",
        "redirect_uris": [wanted.redirect_uri],
        "webhook_url": wanted.webhook_url,
        "client_id": wanted.client_id,
        "client_secret": wanted.client_secret,
        "webhook_secret": wanted.webhook_secret,
    }
    requests.post(f"{sandbox}/_sandbox/apps", json=app, timeout=10).raise_for_status()


def answers(sandbox: str) -> bool:
    with suppress(requests.RequestException):
        return requests.get(f"{sandbox}/healthz", timeout=2).ok
    return False


def start(stack: ExitStack, folder: Path) -> None:
    """At its usual address. Raises TimeoutError when it does not come up."""
    environment = {"SANDBOX_INSTANCE": str(folder), **os.environ}
    process = subprocess.Popen([sys.executable, "-m", "portal.sandbox"], env=environment)
    stack.callback(process.wait)
    stack.callback(process.terminate)
    end = time.monotonic() + START
    while not answers(SANDBOX):
        if process.poll() is not None or time.monotonic() > end:
            raise TimeoutError("The sandbox did not start.")
        time.sleep(0.2)
