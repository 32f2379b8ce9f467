"""The command line: `portal COMMAND`."""

import click

from portal.commands import COMMANDS


@click.group(commands=list(COMMANDS), context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="partner-portal")
def main() -> None:
    """Run and look after the Partner Portal."""


if __name__ == "__main__":
    main()
