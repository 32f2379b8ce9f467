"""`portal staff add`: the first account of a new portal, or any other member of staff."""

from uuid import uuid4

import click
from flask_security import hash_password
from sqlalchemy import or_, select

from portal.commands.application import application
from portal.extensions import db
from portal.mail.address import deliverable
from portal.models.people import StaffRole, User
from portal.transaction import writing

LEAST = 12


@click.group()
def staff() -> None:
    """Look after staff accounts."""


@staff.command("add")
@click.option("--name", required=True, help="As colleagues and partners read it.")
@click.option("--email", required=True)
@click.option("--username", required=True)
@click.option("--role", required=True, type=click.Choice([role.value for role in StaffRole]))
@click.password_option(help="Asked for when left out, so that it stays out of the shell's history.")
def add(name: str, email: str, username: str, role: str, password: str) -> None:
    """Add a member of staff, who sets up a second factor at the first sign-in."""
    _check(email, password)
    app = application()
    with app.app_context(), writing():
        if db.session.execute(select(User.id).where(or_(User.email == email, User.username == username))).first():
            raise click.ClickException("Somebody has this e-mail address or username already.")
        person = User(name=name, email=email, username=username, staff_role=StaffRole(role), fs_uniquifier=uuid4().hex)
        person.password = hash_password(password)
        db.session.add(person)
    click.echo(f"{name} can sign in at {app.settings.address}/sign-in")


def _check(email: str, password: str) -> None:
    if deliverable(email) is None:
        raise click.ClickException(f"{email} is no e-mail address.")
    if len(password) < LEAST:
        raise click.ClickException(f"The password needs at least {LEAST} characters.")
