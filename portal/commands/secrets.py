"""`portal secrets rotate`: encrypts every kept secret anew with the newest key, so that older keys can be taken away."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import click
from cryptography.fernet import InvalidToken
from sqlalchemy import LargeBinary, bindparam, select, type_coerce, update

from portal import vault
from portal.commands.application import application
from portal.extensions import Base, db
from portal.identity.second_factors import AuthenticatorApp
from portal.models.columns import Encrypted
from portal.models.people import User
from portal.transaction import writing

BATCH = 200
Renew = Callable[[Any], bytes | str | None]
"""The value encrypted with the newest key; None when it is so already."""


@dataclass
class Count:
    """What became of the values of one column."""

    renewed: int = 0
    left: int = 0
    unreadable: int = 0

    def words(self) -> str:
        lost = f", {self.unreadable} cannot be read with any key" if self.unreadable else ""
        return f"{self.renewed} encrypted anew, {self.left} were already{lost}"


@click.group()
def secrets() -> None:
    """Look after what is encrypted at rest."""


@secrets.command("rotate")
def rotate() -> None:
    """Encrypt everything with the first of PORTAL_ENCRYPTION_KEYS.

    Put the new key before the old ones, restart the portal, run this, then take the old keys away. It may be stopped and
    started again at any time, and the portal goes on meanwhile.
    """
    app = application()
    with app.app_context():
        counts = rotate_all(app.extensions["security"].totp_factory)
    for name, count in sorted(counts.items()):
        click.echo(f"{name}: {count.words()}")
    if any(count.unreadable for count in counts.values()):
        raise click.ClickException("Some values cannot be read. Keep the old keys, and add the one that is missing.")
    click.echo("Everything is encrypted with the newest key. The older ones can be taken out of PORTAL_ENCRYPTION_KEYS.")


def rotate_all(codes: AuthenticatorApp) -> dict[str, Count]:
    """By column, what was done; `codes` knows the keys of authenticator apps, whose secrets their library encrypts in its own way."""
    columns = [
        column for table in Base.metadata.sorted_tables for column in table.columns if isinstance(column.type, Encrypted)
    ]
    counts = {str(column): _rotate(column, vault.reseal) for column in columns}
    own = User.__table__.c.tf_totp_secret
    return counts | {str(own): _rotate(own, codes.renewed)}


def _rotate(column: Any, renew: Renew) -> Count:
    """One column of a table, in batches, each a short transaction of its own."""
    count, last = Count(), 0
    while True:
        with writing():
            rows = _batch(column, last)
            for number, value in rows:
                _renew(column, renew, number, value, count)
        if len(rows) < BATCH:
            return count
        last = rows[-1][0]


def _batch(column: Any, after: int) -> list[tuple[int, bytes | str]]:
    """The next rows that hold something, as it is stored, locked where rows can be."""
    key = column.table.c.id
    stored = type_coerce(column, LargeBinary) if isinstance(column.type, Encrypted) else column
    wanted = select(key, stored).where(key > after, column.is_not(None)).order_by(key).limit(BATCH).with_for_update()
    return [(number, value) for number, value in db.session.execute(wanted)]


def _renew(column: Any, renew: Renew, number: int, value: bytes | str, count: Count) -> None:
    try:
        fresh = renew(value)
    except (InvalidToken, KeyError, ValueError):
        count.unreadable += 1
        return
    if fresh is None:
        count.left += 1
        return
    kind = LargeBinary() if isinstance(fresh, bytes) else column.type
    changing = update(column.table).where(column.table.c.id == number).values({column: bindparam("fresh", fresh, kind)})
    db.session.execute(changing)
    count.renewed += 1
