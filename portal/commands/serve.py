"""`portal serve`: the web server."""

import os
import sys
from pathlib import Path

import click

from portal.commands.application import settings

CONFIGURATION = Path(__file__).parents[2] / "gunicorn.conf.py"


@click.command()
def serve() -> None:
    """Answer requests (gunicorn, configured by gunicorn.conf.py)."""
    settings()
    command = [sys.executable, "-m", "gunicorn", "--config", str(CONFIGURATION)]
    os.execv(command[0], command)  # noqa: S606 - gunicorn takes this process over, so that signals reach it
