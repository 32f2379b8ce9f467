"""`portal backup FOLDER`: a copy of database, files and keys, taken while the portal runs."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import click

from portal.commands.application import settings
from portal.config import Settings


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def backup(folder: Path) -> None:
    """Copy database, uploaded files and keys into FOLDER, which must be new or empty."""
    current = settings()
    if folder.exists() and any(folder.iterdir()):
        raise click.ClickException(f"{folder} is not empty: give each backup a folder of its own.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _files(current, folder)
    _database(current, folder)
    _files(current, folder)
    _keys(current, folder)
    click.echo(f"Backed up to {folder}. To restore, stop the portal and make this folder its PORTAL_INSTANCE.")


def _database(current: Settings, folder: Path) -> None:
    """SQLite's own online copy, consistent whatever is written meanwhile; the sandbox's world too where there is one."""
    if current.database_url:
        click.echo("The database is a server's: back it up with its own tools (pg_dump).")
    elif not (current.instance / "portal.sqlite").exists():
        raise click.ClickException(f"There is no database at {current.instance / 'portal.sqlite'}.")
    for name in ("portal.sqlite", "sandbox.sqlite"):
        if (current.instance / name).exists():
            with closing(sqlite3.connect(current.instance / name)) as live, closing(sqlite3.connect(folder / name)) as copy:
                live.backup(copy)


def _files(current: Settings, folder: Path) -> None:
    """Files never change once written: before the database those it may name, after it those that came meanwhile."""
    if current.storage_url:
        click.echo("Files are in a bucket: back it up with the bucket's own means.")
        return
    for file in (current.instance / "uploads").rglob("*"):
        target = folder / file.relative_to(current.instance)
        if file.is_file() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, target)


def _keys(current: Settings, folder: Path) -> None:
    """Without the keys the encrypted columns of the copy cannot be read; keys of the environment are not copied."""
    for key in (*current.instance.glob("*.txt"), *current.instance.glob("*.key")):
        shutil.copy2(key, folder / key.name)
