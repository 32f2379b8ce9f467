"""`portal assets build`: static files bundled, compressed, and named after their contents."""

import click

from portal import assets as files


@click.group()
def assets() -> None:
    """Prepare the static files."""


@assets.command("build")
def build() -> None:
    """Bundle, compress and name them after their contents."""
    click.echo(f"{len(files.build())} files built in {files.STATIC / 'dist'}")
