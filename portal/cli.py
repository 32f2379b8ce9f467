"""The command line: `portal COMMAND`."""

from importlib import import_module
from typing import cast

import click

NAMES = (
    "run", "serve", "worker", "sandbox", "init", "demo", "staff", "secrets", "assets", "backup", "certificate", "proof", "listen", "exam",
)  # fmt: skip
"""In the order of the help; each is a file of portal.commands with a command of the same name."""


class Commands(click.Group):
    """Imports a command when it is asked for: a listener needs nothing of the portal and starts in a moment."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(NAMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in NAMES:
            return None
        return cast("click.Command", getattr(import_module(f"portal.commands.{cmd_name}"), cmd_name))


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="partner-portal")
def main() -> None:
    """Run and look after the Partner Portal."""


if __name__ == "__main__":
    main()
