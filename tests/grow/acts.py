"""What tests of Grow do again and again: open Grow, write an item, publish it."""

from sqlalchemy import select

from portal.extensions import db
from portal.grow import drafts, publishing
from portal.grow.values import fresh
from portal.models.content import ContentItem
from portal.models.integration import Integration
from portal.models.listing import Listing
from portal.models.partner import Profile
from portal.status import ContentKind, IntegrationStatus, ListingStatus

PROFILES = {
    "Acme Billing": {"schemes": ["bacs"], "category": "invoicing", "user_countries": ["GB"], "head_office": "GB"},
    "Birch Software": {"schemes": ["sepa_core"], "category": "membership", "user_countries": ["DE"], "head_office": "FR"},
}


def open_grow():
    """For both partners: Acme with Bacs in the United Kingdom, Birch with SEPA in Germany and France."""
    for profile in db.session.scalars(select(Profile)):
        profile.complete = True
        for name, value in PROFILES[profile.partner.name].items():
            setattr(profile, name, value)
        db.session.add(Listing(partner_id=profile.partner_id, status=ListingStatus.PUBLISHED))
    for integration in db.session.scalars(select(Integration)):
        integration.status = IntegrationStatus.LIVE


def write(world, title, *, kind="guide", body="Some words.", summary="In short.", by="pam", **values):
    """A saved draft."""
    item = drafts.new(ContentKind(kind), by=world.user(by))
    texts = {"en": {"title": title, "summary": summary, "body": body}} | values.pop("texts", {})
    drafts.save(item, {**fresh(), "texts": texts, **values}, number=item.number, by=world.user(by))
    return item


def publish(world, title, *, by="pam", **values):
    item = write(world, title, by=by, **values)
    publishing.publish(item, by=world.user(by))
    return item.key


def item_of(key):
    return db.session.scalars(select(ContentItem).where(ContentItem.key == key).execution_options(populate_existing=True)).one()
