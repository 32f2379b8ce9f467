"""The command line: `portal COMMAND`."""

import click

from portal.commands.assets import assets
from portal.commands.backup import backup
from portal.commands.certificate import certificate
from portal.commands.demo import demo
from portal.commands.init import init
from portal.commands.listen import listen
from portal.commands.run import run
from portal.commands.sandbox import sandbox
from portal.commands.secrets import secrets
from portal.commands.serve import serve
from portal.commands.staff import staff
from portal.commands.worker import worker

COMMANDS: list[click.Command] = [run, serve, worker, sandbox, init, demo, staff, secrets, assets, backup, certificate, listen]


@click.group(commands=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="partner-portal")
def main() -> None:
    """Run and look after the Partner Portal."""


if __name__ == "__main__":
    main()
