"""`portal worker`: mails, file checks, reminders."""

import click

from portal.commands.application import application
from portal.worker.run import run


@click.command()
def worker() -> None:
    """Do what waits in the background: mails, file checks, reminders."""
    run(application())
