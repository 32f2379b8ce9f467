"""The people and partners that tests speak of by name."""

import hashlib
import secrets
import time
import uuid
from dataclasses import dataclass, field

from flask_security import hash_password

from portal.catalog import certification
from portal.extensions import db
from portal.models.integration import Integration, Section
from portal.models.partner import Contact, Partner, Profile
from portal.models.people import Membership, PartnerRole, StaffRole, User, UserSession
from portal.transaction import writing

PASSWORD = "correct horse battery staple"
HOUSES = {"acme": "Acme Billing", "birch": "Birch Software"}
PEOPLE = {
    "alice": ("acme", PartnerRole.ADMIN),
    "bob": ("acme", PartnerRole.MEMBER),
    "carol": ("birch", PartnerRole.ADMIN),
    "rita": (None, StaffRole.SOLUTIONS_ENGINEER),
    "ruth": (None, StaffRole.SOLUTIONS_ENGINEER),
    "pam": (None, StaffRole.PARTNER_MANAGER),
    "sam": (None, StaffRole.SALES),
    "ada": (None, StaffRole.ADMINISTRATOR),
}


@dataclass
class World:
    """Ids of what was stored; nouns are read anew inside a test's own application context."""

    app: object
    users: dict[str, int] = field(default_factory=dict)
    partners: dict[str, int] = field(default_factory=dict)
    integrations: dict[str, int] = field(default_factory=dict)

    def client(self, name):
        """A client signed in as this person, through a real session row."""
        client = self.app.test_client()
        token = secrets.token_urlsafe(24)
        with self.app.app_context(), writing():
            user = db.session.get(User, self.users[name])
            db.session.add(
                UserSession(
                    user_id=user.id, token_hash=hashlib.sha256(token.encode()).hexdigest(), address="127.0.0.1", agent="tests"
                )
            )
            uniquifier = user.fs_uniquifier
        with client.session_transaction() as session:
            session.update(_user_id=uniquifier, _fresh=True, fs_paa=time.time(), device=token)
        return client

    def user(self, name):
        return db.session.get(User, self.users[name])

    def partner(self, name):
        return db.session.get(Partner, self.partners[name])

    def integration(self, name):
        return db.session.get(Integration, self.integrations[name])


def build_world(app) -> World:
    world = World(app)
    with app.app_context(), writing():
        for key, name in HOUSES.items():
            partner = Partner(name=name)
            partner.profile = Profile(trading_name=name)
            db.session.add(partner)
            db.session.flush()
            world.partners[key] = partner.id
            world.integrations[key] = _integration(partner).id
        hashed = hash_password(PASSWORD)
        for name, (house, role) in PEOPLE.items():
            world.users[name] = _user(world, name, house, role, hashed).id
    return world


def _integration(partner):
    catalog = certification()
    integration = Integration(partner_id=partner.id, catalog_version=catalog.version)
    integration.sections = [Section(key=section.key, position=n) for n, section in enumerate(catalog.sections)]
    db.session.add(integration)
    db.session.flush()
    return integration


def _user(world, name, house, role, hashed):
    user = User(
        email=f"{name}@example.com",
        username=name,
        name=name.capitalize() + " Example",
        password=hashed,
        fs_uniquifier=uuid.uuid4().hex,
        staff_role=role if house is None else None,
    )
    if house:
        user.membership = Membership(partner_id=world.partners[house], role=role)
    db.session.add(user)
    db.session.flush()
    return user


def complete_profile(partner):
    """My Account as a partner would have filled it in; marks nothing."""
    profile = partner.profile
    profile.legal_name, profile.trading_name = f"{partner.name} Ltd", partner.name
    profile.website = "https://example.com"
    profile.description = (
        "Invoices, subscriptions and reminders for small firms that want to be paid on time, in one calm place."
    )
    profile.category, profile.use_cases = "invoicing", ["invoicing"]
    profile.head_office, profile.time_zone = "GB", "Europe/London"
    profile.user_types, profile.user_sizes = ["company"], ["micro"]
    profile.user_countries, profile.schemes = ["GB"], ["bacs", "faster_payments"]
    profile.contacts = [
        Contact(first_name="Alice", last_name="Example", email="alice@example.com", roles=["primary"], review_mails=True)
    ]
