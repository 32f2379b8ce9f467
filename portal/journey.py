"""The stage gates, each said once and able to say why it is shut; advance() moves an integration on when it is time."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, bindparam, case, func, select

from portal import clock, mail, timeline
from portal.build import service as build
from portal.build import submission
from portal.extensions import db, rows
from portal.launch import certificates
from portal.models.certificate import Certificate
from portal.models.columns import among
from portal.models.event import Audience
from portal.models.feed import some_unread
from portal.models.integration import Integration, Section
from portal.models.listing import Listing
from portal.models.partner import Profile
from portal.models.people import StaffRole, User
from portal.refusals import Missing
from portal.reviews import service as reviews
from portal.status import INTEGRATION_MOVES, IntegrationStatus, ListingStatus, SectionStatus, move
from portal.timeline.build import Certified
from portal.timeline.launch import GrowOpened

DONE = (SectionStatus.COMPLETE, SectionStatus.UNDER_REVIEW, SectionStatus.APPROVED)


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a partner stands; read with one statement."""

    account_complete: bool
    status: IntegrationStatus
    confirmed: bool
    total: int
    done: int
    """Sections that need nothing from the partner now: complete, under review or approved."""
    approved: int
    attention: int
    started: int
    unread: int = 0
    """What this reader has not read yet, at most feed.MOST_COUNTED."""
    listing: ListingStatus | None = None
    """None: nobody has saved one yet."""
    certificate_key: str | None = None

    @property
    def submitted(self) -> bool:
        return self.status is not IntegrationStatus.DRAFT

    @property
    def certified(self) -> bool:
        return self.status is IntegrationStatus.LIVE

    @property
    def launch_complete(self) -> bool:
        """The listing is in the directory, with or without an update that waits."""
        return self.listing in (ListingStatus.PUBLISHED, ListingStatus.UPDATE_PENDING)


def _sections(*statuses: SectionStatus) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((among(Section.status, statuses), 1), else_=0)), 0)


_UNREAD = some_unread(timeline.feed_kinds(Audience.PARTNER))
_STAGE = (
    select(
        Profile.complete,
        Integration.status,
        Integration.confirmed_at.is_not(None),
        func.count(Section.id),
        _sections(*DONE),
        _sections(SectionStatus.APPROVED),
        _sections(SectionStatus.ATTENTION_NEEDED),
        _sections(*(status for status in SectionStatus if status is not SectionStatus.NOT_STARTED)),
        select(func.count()).select_from(_UNREAD).scalar_subquery(),
        Listing.status,
        Certificate.key,
    )
    .join(Integration, Integration.partner_id == Profile.partner_id)
    .join(Section, Section.integration_id == Integration.id)
    .outerjoin(Listing, Listing.partner_id == Profile.partner_id)
    .outerjoin(Certificate, Certificate.partner_id == Profile.partner_id)
    .where(Profile.partner_id == bindparam("partner"))
    .group_by(Profile.complete, Integration.status, Integration.confirmed_at, Listing.status, Certificate.key)
)


def stage(partner_id: int, *, reader: User | None = None) -> Stage:
    """Where this partner stands now, and how much the reader has not read."""
    values = {"partner": partner_id, "user": reader.id if reader else 0}
    return Stage(*rows(_STAGE, values).one())


ACCOUNT_OPEN = Missing("Complete My Account.", "account.show")
BUILD_OPEN = Missing("Get every Build section approved.", "build.overview")
LAUNCH_OPEN = Missing("Complete Launch.", "launch.show")


def launch_reasons(now: Stage) -> list[Missing]:
    """Why Launch can only be read and not edited yet; empty when it is open (product.md H3)."""
    return [] if now.submitted else [Missing("Submit your integration for review.", "build.overview")]


def grow_reasons(now: Stage) -> list[Missing]:
    """Why Grow is locked; empty when it is open (product.md H3)."""
    steps = ((now.account_complete, ACCOUNT_OPEN), (now.certified, BUILD_OPEN), (now.launch_complete, LAUNCH_OPEN))
    return [reason for done, reason in steps if not done]


def waits_for_account(now: Stage) -> bool:
    """Whether completing My Account is all that is missing for the submission."""
    return not now.submitted and now.confirmed and now.done == now.total and not now.account_complete


def advance(integration: Integration, *, by: User) -> bool:
    """Submit or certify when it is time; the answer says whether something moved."""
    now = _stage_locked(integration)
    if now.submitted:
        reviews.settle(integration, by=by)
    if not now.submitted and now.confirmed and now.account_complete and now.done == now.total:
        submission.submit(integration, [section.key for section in integration.sections], by=by)
        return True
    if now.submitted and not now.certified and now.approved == now.total:
        _certify(integration, by)
        return True
    return False


def published(integration: Integration, *, by: User) -> bool:
    """The listing was published: Grow opens when nothing else is missing. True when it did."""
    if grow_reasons(stage(integration.partner_id)):
        return False
    timeline.record(GrowOpened(), by=by, integration=integration)
    return True


def answered(integration: Integration, section_key: str, *, by: User) -> None:
    """The partner wrote in a section's feed: the clock that waits for that runs again."""
    reviews.partner_answered(integration, [section_key], by=by)


def account_changed(integration: Integration, *, by: User) -> bool:
    """My Account was saved: questions may have become asked, and the integration may be ready to go. True when it was submitted."""
    build.reconcile(integration, by=by, mandatory_only=True)
    return advance(integration, by=by)


def _stage_locked(integration: Integration) -> Stage:
    """Two people finishing at once take turns, so that each sees what the other did."""
    db.session.flush()
    db.session.execute(select(Integration.id).where(Integration.id == integration.id).with_for_update(key_share=True))
    db.session.refresh(integration, ["status", "confirmed_at"])
    return stage(integration.partner_id)


def _certify(integration: Integration, by: User) -> None:
    integration.status = move(integration.status, IntegrationStatus.LIVE, INTEGRATION_MOVES)
    integration.certified_at = clock.now()
    event = timeline.record(Certified(), by=by, integration=integration)
    mail.send(
        "certified",
        to=mail.team(integration.partner_id),
        subject="Your integration is certified",
        event=event,
        partner=integration.partner.name,
    )
    certificates.issue(integration, by=by)
    _tell_managers(integration)


def _tell_managers(integration: Integration) -> None:
    """A listing that was sent before can be published now."""
    now = stage(integration.partner_id)
    if now.listing is ListingStatus.READY:
        name = integration.partner.name
        to = mail.staff(StaffRole.PARTNER_MANAGER)
        mail.send("listing_sent", to=to, subject=f"{name} is certified; its listing waits", partner=name, update=False)
