"""`portal demo`: believable data to look around in, put into an empty database."""

from importlib import import_module
from importlib.util import find_spec
from uuid import uuid4

import click
from flask_security import hash_password
from sqlalchemy import select

from portal.catalog import certification
from portal.commands.application import application
from portal.commands.init import prepare
from portal.extensions import db
from portal.models.integration import Integration, Section
from portal.models.partner import Partner, Profile
from portal.models.people import Membership, PartnerRole, StaffRole, User
from portal.transaction import writing
from portal.web import Portal

PASSWORD = "portal demo password"  # noqa: S105 - of people who do not exist


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
        if db.session.execute(select(User.id).limit(1)).first():
            db.session.rollback()
            return False
        _load()
    return True


def _load() -> None:
    if find_spec("portal.demo"):
        import_module("portal.demo").load()
        return
    with writing():
        _two_people()


def _two_people() -> None:
    catalog = certification()
    partner = Partner(name="Ledgerline", profile=Profile(trading_name="Ledgerline"))
    db.session.add(partner)
    db.session.flush()
    sections = [Section(key=section.key, position=n) for n, section in enumerate(catalog.sections)]
    db.session.add(Integration(partner_id=partner.id, catalog_version=catalog.version, sections=sections))
    membership = Membership(partner_id=partner.id, role=PartnerRole.ADMIN)
    db.session.add(_person("mira", "Mira Lang", membership=membership))
    db.session.add(_person("rosa", "Rosa Lind", staff_role=StaffRole.SOLUTIONS_ENGINEER))


def _person(username: str, name: str, **place: object) -> User:
    email, hashed = f"{username}@example.com", hash_password(PASSWORD)
    return User(username=username, email=email, name=name, password=hashed, fs_uniquifier=uuid4().hex, **place)


def sign_ins(app: Portal) -> str:
    """How to sign in to the demo data, as lines; empty when the data is not the demo's."""
    return ""
