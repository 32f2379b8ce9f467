"""What tests of Launch, the directory and certificates do again and again: certify, fill in, send, publish."""

import io

from PIL import Image

from portal import clock, journey
from portal.files import logo_upload as logos
from portal.files.intake import Upload
from portal.launch import certificates, documents, publishing, service
from portal.launch.forms import TypedDocument, TypedListing
from portal.models.listing import Listing
from portal.status import IntegrationStatus, SectionStatus
from portal.transaction import writing
from tests.build import acts
from tests.world import complete_profile

GOOD = {
    "name": "Acme Billing",
    "summary": "Send invoices and collect them by Direct Debit.",
    "description": "Acme Billing sends invoices for small firms and collects them by Direct Debit, so that nobody has to ask for money.",
    "category": "invoicing",
    "more_categories": ["accounting"],
    "schemes": ["bacs"],
    "countries": ["GB", "IE"],
    "features": ["one_off"],
    "user_sizes": ["micro"],
    "industries": [],
    "languages": ["en"],
    "landing_url": "https://acme.example.com/gocardless",
    "start_url": "https://acme.example.com/start",
    "support_contact": "help@acme.example.com",
    "video_url": "",
    "story_url": "",
}
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 80">{}</svg>'
CIRCLE = SVG.format('<circle cx="40" cy="40" r="30" fill="#4338a8"/>').encode()


def png(width=1200, height=400, colour="#4338a8"):
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "PNG")
    return out.getvalue()


def submit(world, house):
    """Just enough that Launch can be edited."""
    integration = world.integration(house)
    complete_profile(world.partner(house))
    world.partner(house).profile.complete = True
    integration.status, integration.submitted_at = IntegrationStatus.SUBMITTED, clock.now()
    return integration


def certify(world, house, *, by="rita"):
    """Approved section by section, and then certified by the journey, as it happens. One answer is there, for a feature."""
    integration, admin = submit(world, house), world.user({"acme": "alice", "birch": "carol"}[house])
    if integration.certified_at is None:
        acts.say(integration, "endpoints_used", ("one_off",), by=admin)
    for section in integration.sections:
        section.status = SectionStatus.APPROVED
    journey.advance(integration, by=world.user(by))
    return integration


def fill(world, house, *, by, **changed):
    """Texts, logo and a link; nothing is sent."""
    partner, me = world.partner(house), world.user(by)
    values = {**GOOD, "name": partner.name, **changed}
    listing = service.save(partner, TypedListing(values, service.launch(partner).listing.version), by=me)
    service.use_logo(partner, logos.receive(Upload("logo.svg", io.BytesIO(CIRCLE))), by=me)
    link = TypedDocument("Set it up", "https://acme.example.com/help", ["en"], clock.now().date().isoformat(), with_file=False)
    documents.add(partner, link, by=me)
    return listing


def publish(world, house, *, by="alice", **changed):
    """All of it, from the certificate to the directory. The listing's key."""
    if certificates.of_partner(world.partners[house]) is None:
        certify(world, house)
    fill(world, house, by=by, **changed)
    listing = service.send(world.partner(house), by=world.user(by))
    publishing.publish(listing, number=listing.pending_number, by=world.user("pam"))
    return listing


def published(app, world, house="acme", by="alice", **changed):
    """The slug of a listing that is in the directory."""
    with app.app_context(), writing():
        return publish(world, house, by=by, **changed).slug


def listing_of(world, house) -> Listing:
    return service.launch(world.partner(house)).listing


def form(**changed):
    """The posted form; empty lists are not posted."""
    return {name: value for name, value in {**GOOD, "version": "1", **changed}.items() if value}
