"""`portal sandbox`: the GoCardless next door, alone."""

import os
import sys

import click


@click.command()
def sandbox() -> None:
    """Start the sandbox alone, at http://127.0.0.1:5001 (SANDBOX_PORT); docs/sandbox.md says how to use it."""
    command = [sys.executable, "-m", "portal.sandbox"]  # by its name: the portal imports nothing of it
    os.execv(command[0], command)  # noqa: S606 - the sandbox takes this process over, so that signals reach it
