"""`portal proof verify FILE`: whether a proof is genuine, without asking anybody."""

from pathlib import Path

import click

from portal import signing
from portal.commands import published_key
from portal.exam import proof as proofs


@click.group()
def proof() -> None:
    """Check proofs of integration checks."""


@proof.command()
@click.argument("file", type=published_key.FILE)
@published_key.option
def verify(file: Path, keys: Path) -> None:
    """Check the signature and the trace of the proof in FILE (as it was downloaded) with the portal's public key."""
    public = published_key.public(keys)
    try:
        found = proofs.verify(file.read_bytes(), public)
    except signing.NotGenuine as wrong:
        raise click.ClickException(f"Not genuine. {wrong}") from wrong
    click.echo(
        f"Genuine. {found['check']} passed on {found['at']}, suite {found['suite']}, catalog {found['catalog_version']}."
    )
    click.echo(f"Partner {found['partner']}, app {found['app']}, {found['environment']}. {found['words']}")
