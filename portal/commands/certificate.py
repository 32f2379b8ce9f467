"""`portal certificate verify FILE`: whether a certificate is genuine, without asking anybody."""

from pathlib import Path
from typing import Any

import click

from portal import clock, signing
from portal.commands import published_key


@click.group()
def certificate() -> None:
    """Check certificates."""


@certificate.command()
@click.argument("file", type=published_key.FILE)
@published_key.option
def verify(file: Path, keys: Path) -> None:
    """Check the signature of the certificate in FILE (the JSON of its page) with the portal's public key."""
    public = published_key.public(keys)
    try:
        document = signing.read(file.read_bytes())
        signing.verify(document, public)
    except signing.NotGenuine as wrong:
        raise click.ClickException(f"Not genuine. {wrong}") from wrong
    _tell(document)


def _tell(document: dict[str, Any]) -> None:
    what, status = document["certificate"], document["status"]
    click.echo(
        f"Genuine. {what['number']}: {what['partner']}, catalog {what['catalog_version']}, valid until {what['valid_until']}."
    )
    if status["state"] == "valid" and what["valid_until"] <= f"{clock.now():%Y-%m-%dT%H:%M:%SZ}":
        click.echo("It has expired since it was fetched.")
        raise SystemExit(3)
    reason = f": {status['reason']}" if status["reason"] else ""
    click.echo(f"When it was fetched it was {status['state']} since {status['since']}{reason}.")
    if status["state"] != "valid":
        raise SystemExit(3)
