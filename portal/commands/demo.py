"""`portal demo`: believable data to look around in, put into an empty database."""

from contextlib import suppress

import click
from sqlalchemy import select

from portal import demo as data
from portal.apps.sandbox import NotAnswering
from portal.commands.application import application
from portal.commands.init import prepare
from portal.demo import next_door
from portal.extensions import db
from portal.models.people import User
from portal.web import Portal


@click.command()
def demo() -> None:
    """Fill an empty database with partners at different stages, and say how to sign in."""
    app = application()
    prepare(app)
    if not load(app):
        raise click.ClickException("The database is not empty; the demo data would mix with what is there.")
    click.echo(sign_ins(app))


def load(app: Portal) -> bool:
    """Put the demo data into an empty database; False when somebody is there already."""
    with app.app_context():
        empty = db.session.execute(select(User.id).limit(1)).first() is None
        db.session.rollback()
        if empty:
            data.load()
    return empty


def introduce(app: Portal) -> None:
    """Tell the sandbox next door of the demo's apps and merchants, so that they can be used."""
    with app.app_context(), suppress(NotAnswering):
        if data.loaded():
            next_door.introduce(app.settings)
        db.session.rollback()


def sign_ins(app: Portal) -> str:
    """How to sign in to the demo data, as lines; empty when the data is not the demo's."""
    with app.app_context():
        known = data.loaded()
        db.session.rollback()
        return str(data.sign_ins()) if known else ""
