"""What a partner can do with its listing: save the draft, use a logo, send it, take it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from portal import clock, mail, timeline
from portal.extensions import db
from portal.files.logo_upload import Received
from portal.launch import documents, drafting, features, landing, readiness
from portal.launch.fields import FIELDS
from portal.launch.forms import TypedListing
from portal.launch.versions import frozen
from portal.models.listing import Listing, Logo, SupportDocument
from portal.models.partner import Partner, Profile
from portal.models.people import StaffRole, User
from portal.refusals import IllegalMove, Missing, NotReady, StaleDraft
from portal.status import LISTING_MOVES, ListingStatus, move
from portal.timeline.launch import ListingSaved, ListingSent, ListingTakenBack, LogoUploaded

_LISTING = (
    select(Listing)
    .where(Listing.partner_id == bindparam("partner"))
    .options(joinedload(Listing.logo), joinedload(Listing.partner))
)
_PROFILE = select(Profile).where(Profile.partner_id == bindparam("partner")).options(joinedload(Profile.contacts))


@dataclass(frozen=True, slots=True)
class Launch:
    """All that Launch shows of one partner; read with four statements."""

    listing: Listing
    profile: Profile
    documents: Sequence[SupportDocument]
    features: list[str]
    """Those that the approved answers show."""

    @property
    def reasons(self) -> list[Missing]:
        """Why the listing cannot be sent."""
        return readiness.missing(
            self.listing.draft,
            logo=self.listing.logo is not None,
            documents=self.documents,
            schemes=self.profile.schemes,
            features=self.features,
        )

    @property
    def problems(self) -> dict[str, str]:
        """What is wrong with the texts, by field."""
        return readiness.problems(self.listing.draft, schemes=self.profile.schemes, features=self.features)

    @property
    def version(self) -> dict[str, Any]:
        """The draft, frozen as it is now."""
        return frozen(self.listing, self.documents)


def launch(partner: Partner) -> Launch:
    """Where this partner's launch stands. A listing that nobody has saved yet is drafted, and not stored."""
    values = {"partner": partner.id}
    profile = db.session.execute(_PROFILE, values).unique().scalar_one()
    answers = drafting.approved_answers(partner.id)
    listing = db.session.scalars(_LISTING, values).one_or_none() or _drafted(partner.id, drafting.first(profile, answers))
    return Launch(listing, profile, documents.present(partner.id), features.shown(answers))


def _drafted(partner_id: int, draft: dict[str, Any]) -> Listing:
    return Listing(
        partner_id=partner_id, status=ListingStatus.DRAFT, draft=draft, version=0, pending_number=0, logo=None, reason=""
    )


def stored(partner: Partner) -> Listing:
    """The listing as a row that can be changed, made from the first draft when there is none; others wait until we are done."""
    locked = select(Listing).where(Listing.partner_id == partner.id).with_for_update()
    listing = db.session.scalars(locked.execution_options(populate_existing=True)).one_or_none()
    if listing is None:
        listing = launch(partner).listing
        db.session.add(listing)
        db.session.flush()
    return listing


def save(partner: Partner, typed: TypedListing, *, by: User) -> Listing:
    """Store what was typed, valid or not. Raises StaleDraft when somebody else saved since, and the two differ."""
    listing = stored(partner)
    before, after = {field.name: listing.draft.get(field.name) for field in FIELDS}, typed.values
    changed = sorted(name for name in after if after[name] != before[name])
    if changed and typed.version != listing.version and listing.updated_by_id is not None:
        raise StaleDraft("Somebody else changed the listing since you opened it. Nothing of theirs was overwritten.")
    if changed or listing.updated_by_id is None:
        listing.draft, listing.version = dict(after), listing.version + 1
        listing.updated_at, listing.updated_by_id = clock.now(), by.id
    if changed:
        told = ListingSaved(before={name: before[name] for name in changed}, after={name: after[name] for name in changed})
        timeline.record(told, by=by, partner=partner)
    if "landing_url" in changed or (listing.landing is None and after["landing_url"]):
        landing.ask(listing)
    return listing


def look_again(partner: Partner) -> Listing:
    """Have the landing page looked at once more."""
    listing = stored(partner)
    landing.ask(listing)
    return listing


def use_logo(partner: Partner, received: Received, *, by: User) -> Logo:
    """The logo of the draft from now on; what is published keeps its own until the next publication."""
    listing = stored(partner)
    logo = Logo(
        partner_id=partner.id,
        original_name=received.name,
        original_kind=received.kind,
        width=received.width,
        height=received.height,
        sha256=received.sha256,
        large_key=received.keys["large"],
        small_key=received.keys["small"],
        social_key=received.keys["social"],
        uploaded_by_id=by.id,
    )
    db.session.add(logo)
    db.session.flush()
    listing.logo = logo
    timeline.record(LogoUploaded(name=logo.original_name, logo_key=logo.key), by=by, partner=partner)
    return logo


def send(partner: Partner, *, by: User) -> Listing:
    """Freeze the draft and ask the partner managers to publish it. Raises NotReady with every reason why it cannot be."""
    listing = stored(partner)
    now = launch(partner)
    if reasons := now.reasons:
        raise NotReady(reasons)
    update = listing.status in (ListingStatus.PUBLISHED, ListingStatus.UPDATE_PENDING)
    after = ListingStatus.UPDATE_PENDING if update else ListingStatus.READY
    listing.status = move(listing.status, after, LISTING_MOVES)
    listing.pending, listing.pending_number = now.version, listing.pending_number + 1
    listing.pending_at, listing.pending_by_id, listing.reason = clock.now(), by.id, ""
    event = timeline.record(ListingSent(update=update), by=by, partner=partner)
    what = "an update of its listing" if update else "its listing"
    mail.send(
        "listing_sent",
        to=mail.staff(StaffRole.PARTNER_MANAGER),
        subject=f"{partner.name} sent {what}",
        event=event,
        partner=partner.name,
        update=update,
    )
    return listing


def take_back(partner: Partner, *, by: User) -> Listing:
    """Do not have it published after all. Raises IllegalMove when nothing waits."""
    listing = stored(partner)
    if listing.pending is None:
        raise IllegalMove("Nothing waits to be published: it was decided a moment ago, or taken back already.")
    waited(listing)
    timeline.record(ListingTakenBack(), by=by, partner=partner)
    return listing


def waited(listing: Listing) -> None:
    """What waited does so no longer; what was before is again."""
    before = ListingStatus.PUBLISHED if listing.status is ListingStatus.UPDATE_PENDING else ListingStatus.DRAFT
    listing.status = move(listing.status, before, LISTING_MOVES)
    listing.pending = listing.pending_at = listing.pending_by_id = None
