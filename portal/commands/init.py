"""`portal init`: the instance folder, its keys, the database with its tables."""

import click
from flask_migrate import upgrade

from portal.commands.application import application
from portal.web import Portal


def prepare(app: Portal) -> None:
    """Everything that must be there before the portal can answer; safe to repeat."""
    app.settings.instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    with app.app_context():
        upgrade()


@click.command()
def init() -> None:
    """Make the instance folder and its keys, and bring the database up to date."""
    app = application()
    prepare(app)
    click.echo(f"Ready: {app.settings.instance.resolve()}")
