"""What a partner manager decides about a listing: publish what was sent, decline it with a reason, take it out of the directory."""

import re
import unicodedata

from sqlalchemy import select

from portal import clock, mail, timeline
from portal.extensions import db
from portal.launch import certificates, directory
from portal.launch.service import waited
from portal.launch.versions import changes
from portal.models.listing import Listing
from portal.models.people import StaffRole, User
from portal.refusals import IllegalMove, Invalid, Missing, NotReady, StaleDraft
from portal.status import LISTING_MOVES, CertificateState, ListingStatus, move
from portal.timeline.launch import ListingDeclined, ListingPublished, ListingWithdrawn

LONGEST_REASON = 2000
NOT_CERTIFIED = Missing("The integration is not certified, or its certificate does not hold.", "listings.index")
NOT_A_SLUG = {"sitemap", "search", "certificates"}


def publish(listing: Listing, *, number: int, by: User) -> None:
    """Show visitors what was sent. Raises NotReady without a valid certificate, StaleDraft when a newer version was sent since."""
    _take(listing, number)
    certificate = certificates.of_partner(listing.partner_id)
    if certificate is None or certificate.state() is not CertificateState.VALID:
        raise NotReady([NOT_CERTIFIED])
    version = listing.pending or {}
    changed = [change.label for change in changes(listing.published, version)] if listing.published else []
    listing.status = move(listing.status, ListingStatus.PUBLISHED, LISTING_MOVES)
    listing.slug = listing.slug or free_slug(str(version["name"]))
    listing.published, listing.published_at, listing.reason = version, clock.now(), ""
    listing.pending = listing.pending_at = listing.pending_by_id = None
    db.session.flush()
    directory.refresh(listing, certificate)
    event = timeline.record(ListingPublished(slug=listing.slug, changed=changed), by=by, partner=listing.partner)
    _tell_team(listing, "listing_published", "Your listing is published", event, slug=listing.slug, changed=changed)


def decline(listing: Listing, *, number: int, reason: str, by: User) -> None:
    """Give the listing back with a reason; what is published stays so. Raises Invalid without one, StaleDraft as publish does."""
    _check_reason(reason)
    _take(listing, number)
    waited(listing)
    listing.reason = reason
    event = timeline.record(ListingDeclined(text=reason), by=by, partner=listing.partner)
    _tell_team(listing, "listing_declined", "Your listing needs another look", event, reason=reason)


def withdraw(listing: Listing, *, reason: str, by: User) -> None:
    """Take it out of the directory, with what waits. The partner's own team may, and partner managers. Raises Invalid without a reason."""
    _check_reason(reason)
    _lock(listing)
    if listing.published is None:
        raise IllegalMove("This listing is not in the directory.")
    listing.status = move(listing.status, ListingStatus.WITHDRAWN, LISTING_MOVES)
    listing.published = listing.pending = listing.pending_at = listing.pending_by_id = None
    listing.reason = reason
    db.session.flush()
    directory.refresh(listing, None)
    event = timeline.record(ListingWithdrawn(text=reason), by=by, partner=listing.partner)
    if by.is_staff:
        _tell_team(listing, "listing_withdrawn", "Your listing was taken out of the directory", event, reason=reason)
    else:
        to = mail.staff(StaffRole.PARTNER_MANAGER)
        subject = f"{listing.partner.name} withdrew its listing"
        mail.send("listing_left", to=to, subject=subject, event=event, partner=listing.partner.name, reason=reason)


def _tell_team(listing: Listing, template: str, subject: str, event: object, **words: object) -> None:
    mail.send(template, to=mail.team(listing.partner_id), subject=subject, event=event, partner=listing.partner.name, **words)  # type: ignore[arg-type]  # an Event, and words of the template


def _take(listing: Listing, number: int) -> None:
    """Two managers take turns, and each decides on the version that the page showed."""
    _lock(listing)
    if listing.pending is None:
        raise IllegalMove("Nothing waits here any more: it was decided or taken back a moment ago.")
    if number != listing.pending_number:
        raise StaleDraft("The partner sent a newer version since you opened this page. Look at it before you decide.")


def _lock(listing: Listing) -> None:
    db.session.refresh(listing, with_for_update=True)


def _check_reason(reason: str) -> None:
    if not reason:
        raise Invalid({"reason": "Enter the reason. The partner reads it."})
    if len(reason) > LONGEST_REASON:
        raise Invalid({"reason": f"Use at most {LONGEST_REASON:,} characters."})


def free_slug(name: str) -> str:
    """The name in plain letters, with a number when it is taken."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = "-".join(re.findall(r"[a-z0-9]+", plain))[:60].strip("-") or "partner"
    taken = {*NOT_A_SLUG, *db.session.scalars(select(Listing.slug).where(Listing.slug.startswith(stem, autoescape=True)))}
    return next(slug for count in range(1, 100_000) if (slug := stem if count == 1 else f"{stem}-{count}") not in taken)
