"""The public key of a portal, as it was saved to a file: what commands check signatures with."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


def option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command its `--key`."""
    told = "The public key: /.well-known/partner-portal-keys.json of the portal, saved to a file."
    return click.option("--key", "keys", type=FILE, required=True, help=told)(command)


def public(file: Path) -> str:
    """Raises a ClickException when there is none in it."""
    try:
        return str(json.loads(file.read_bytes())["keys"][0]["x"])
    except (ValueError, KeyError, IndexError, TypeError) as wrong:
        raise click.ClickException(f"{file} holds no public key of a portal.") from wrong
