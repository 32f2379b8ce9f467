"""What Acme and Birch have of Launch in the furnished world."""

from datetime import timedelta

from sqlalchemy import select

from portal import clock
from portal.catalog import certification
from portal.extensions import db
from portal.launch import landing
from portal.launch import service as launch
from portal.launch.landing import Finding
from portal.launch.versions import frozen
from portal.models.certificate import Certificate
from portal.models.integration import Integration
from portal.models.listing import Logo, SupportDocument
from portal.status import DocumentKind, ListingStatus
from portal.storage import current as storage


def launch_of(mark, partner, by, *, picture):
    """A listing that waits for the partner managers, and a certificate. Nothing of it is in the directory."""
    logo = Logo(
        partner_id=partner.id, original_name=f"{mark}.svg", original_kind="image/svg+xml", width=1, height=1, sha256=mark,
        large_key=storage().put(picture), small_key=storage().put(picture), social_key=storage().put(picture), uploaded_by_id=by.id,
    )  # fmt: skip
    document = SupportDocument(
        partner_id=partner.id, kind=DocumentKind.FILE, title=f"{mark} manual", languages=["en"], reviewed_on=clock.now().date(),
        original_name=f"{mark}.pdf", media_type="application/pdf", size=len(picture), storage_key=storage().put(picture), added_by_id=by.id,
    )  # fmt: skip
    db.session.add_all((logo, document))
    db.session.flush()
    listing = launch.stored(partner)
    listing.draft = {**listing.draft, "name": f"{mark} listing", "landing_url": f"https://{mark}.example.com/landing"}
    listing.logo, listing.updated_by_id, listing.status = logo, by.id, ListingStatus.READY
    listing.pending, listing.pending_number, listing.pending_at = frozen(listing, [document]), 1, clock.now()
    found = [Finding("warning", f"{mark} does not name GoCardless.")]
    listing.landing = landing.told(listing.draft["landing_url"], found, clock.now())
    key, until = f"certificate-of-{mark}", clock.now() + timedelta(days=300)
    content = {
        "partner": partner.name,
        "catalog_version": certification().version,
        "issuer": "us",
        "number": key[:20],
        "sections": [],
        "proofs": [
            {
                "check": "links.state",
                "title": f"{mark} sends a state",
                "passed_at": "2026-11-20T10:00:00Z",
                "suite": "1",
                "trace_sha256": "0",
            },
        ],
    }
    certificate = Certificate(
        key=key, number=f"GC-2026-{mark}", content=content, certified_at=clock.now(), valid_until=until, partner_id=partner.id,
        integration_id=db.session.scalars(select(Integration.id).where(Integration.partner_id == partner.id)).one(),
    )  # fmt: skip
    db.session.add(certificate)
    db.session.flush()
    return {
        "listing_key": listing.key, "logo_key": logo.key, "document_key": document.key, "certificate_key": key, "size": "small",
    }  # fmt: skip
