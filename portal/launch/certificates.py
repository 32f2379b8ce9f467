"""Certificates: issued when an integration is certified, suspended and restored by administrators, signed whenever they are shown."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import joinedload

from portal import clock, mail, signing, timeline
from portal.catalog import Level, certification
from portal.exam.held import held
from portal.extensions import db
from portal.launch import directory
from portal.models.certificate import Certificate
from portal.models.columns import new_key
from portal.models.integration import Integration
from portal.models.listing import Listing
from portal.models.people import User
from portal.refusals import IllegalMove, Invalid
from portal.status import IntegrationStatus
from portal.timeline.launch import CertificateIssued, CertificateRestored, CertificateSuspended

FORMAT = "partner-portal-certificate/1"
ISSUER = "GoCardless Partner Portal"
LONGEST_REASON = 500
_OF_PARTNER = select(Certificate).where(Certificate.partner_id == bindparam("partner"))
_WITHOUT = (
    select(Integration)
    .outerjoin(Certificate, Certificate.integration_id == Integration.id)
    .where(Integration.status == IntegrationStatus.LIVE, Integration.certified_at.is_not(None), Certificate.id.is_(None))
    .options(joinedload(Integration.partner))
    .order_by(Integration.certified_at, Integration.id)
)


class _Term:
    """How long a certificate holds; told once when the application is made."""

    months = 12


def configure(months: int) -> None:
    _Term.months = months


def of_partner(partner_id: int) -> Certificate | None:
    return db.session.scalars(_OF_PARTNER, {"partner": partner_id}).one_or_none()


def issue(integration: Integration, *, by: User | None) -> Certificate:
    """Of an integration that was just certified. Certified once more, it gets the new dates and keeps address and number."""
    if integration.certified_at is None:
        raise IllegalMove("This integration is not certified.")
    certificate = of_partner(integration.partner_id)
    if certificate is None:
        certificate = Certificate(
            key=new_key(),
            integration_id=integration.id,
            partner_id=integration.partner_id,
            number=_number(integration.certified_at),
        )
    certificate.certified_at, certificate.issued_at = integration.certified_at, clock.now()
    certificate.valid_until = months_after(integration.certified_at, _Term.months)
    certificate.content = _content(integration, certificate)
    db.session.add(certificate)  # not before it is whole: what it holds is looked up on the way
    db.session.flush()
    timeline.record(CertificateIssued(number=certificate.number), by=by, integration=integration)
    _show(certificate)
    return certificate


def issue_missing() -> Sequence[Certificate]:
    """For those who were certified before there were certificates. Safe to repeat."""
    return [issue(integration, by=None) for integration in db.session.scalars(_WITHOUT).all()]


def suspend(certificate: Certificate, *, reason: str, by: User) -> None:
    """It holds no longer, and everybody reads why. Raises Invalid without a reason, IllegalMove when it is suspended already."""
    if not reason or len(reason) > LONGEST_REASON:
        raise Invalid({"reason": f"Enter the reason, in up to {LONGEST_REASON} characters. Everybody can read it."})
    db.session.refresh(certificate, with_for_update=True)
    if certificate.suspended_at is not None:
        raise IllegalMove("This certificate is suspended already.")
    certificate.suspended_at, certificate.suspended_by_id, certificate.suspension = clock.now(), by.id, reason
    happened = CertificateSuspended(number=certificate.number, text=reason)
    event = timeline.record(happened, by=by, integration=certificate.integration)
    _show(certificate)
    mail.send(
        "certificate_suspended",
        to=mail.team(certificate.partner_id),
        subject="Your certificate was suspended",
        event=event,
        certificate_key=certificate.key,
        number=certificate.number,
        reason=reason,
    )


def restore(certificate: Certificate, *, by: User) -> None:
    """It holds again until its own end. Raises IllegalMove when it is not suspended."""
    db.session.refresh(certificate, with_for_update=True)
    if certificate.suspended_at is None:
        raise IllegalMove("This certificate is not suspended.")
    certificate.suspended_at = certificate.suspended_by_id = None
    certificate.suspension = ""
    event = timeline.record(CertificateRestored(number=certificate.number), by=by, integration=certificate.integration)
    _show(certificate)
    mail.send(
        "certificate_restored",
        to=mail.team(certificate.partner_id),
        subject="Your certificate is valid again",
        event=event,
        certificate_key=certificate.key,
        number=certificate.number,
    )


def document(certificate: Certificate) -> dict[str, Any]:
    """What was certified and whether it holds now, signed. The same as long as nothing changes."""
    state = certificate.state()
    since = certificate.suspended_at or (certificate.issued_at if state == "valid" else certificate.valid_until)
    status = {"state": state.value, "since": _told(since), "reason": certificate.suspension}
    return signing.sign({"certificate": certificate.content, "status": status})


def _show(certificate: Certificate) -> None:
    """The directory follows at once."""
    db.session.flush()
    listing = db.session.scalars(select(Listing).where(Listing.partner_id == certificate.partner_id)).one_or_none()
    if listing is not None and listing.published is not None:
        directory.refresh(listing, certificate)


def _number(at: datetime) -> str:
    """Counted through the year. Two at once: the database takes one, the other is tried again by the caller."""
    year = f"GC-{at.year}-"
    last = db.session.scalar(select(func.max(Certificate.number)).where(Certificate.number.startswith(year)))
    return f"{year}{int(last.removeprefix(year)) + 1 if last else 1:05d}"


def _content(integration: Integration, certificate: Certificate) -> dict[str, Any]:
    catalog = certification(integration.catalog_version)
    return {
        "format": FORMAT,
        "issuer": ISSUER,
        "number": certificate.number,
        "url": _link(certificate),
        "partner": integration.partner.name,
        "catalog_version": integration.catalog_version,
        "certified_at": _told(certificate.certified_at),
        "issued_at": _told(certificate.issued_at),
        "valid_until": _told(certificate.valid_until),
        "sections": [
            {
                "key": section.key,
                "title": section.title,
                "questions": len(section.questions),
                "mandatory": sum(question.level is Level.MANDATORY for question in section.questions),
            }
            for section in catalog
        ],
        "proofs": held(
            integration.partner_id,
            {check for question in catalog.questions for check in question.checks},
            now=certificate.certified_at,
        ),
    }


def _link(certificate: Certificate) -> str:
    return mail.link("public.certificate", certificate_key=certificate.key)


def _told(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def months_after(day: datetime, months: int) -> datetime:
    """The same day that many months later, or the last of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return day.replace(year=day.year + years, month=month + 1, day=last)
        except ValueError:
            continue
    return day + timedelta(days=30 * months)
