"""Registering interest in the partner programme."""

from portal import mail, timeline
from portal.extensions import db
from portal.models.partner import Registration
from portal.models.people import StaffRole
from portal.public.forms import TypedInterest
from portal.timeline.account import InterestRegistered


def register_interest(typed: TypedInterest) -> Registration:
    """Store a registration and tell the partner managers; a second one of the same company is kept too, people decide."""
    registration = Registration(**typed.values)
    db.session.add(registration)
    db.session.flush()
    event = timeline.record(InterestRegistered(company=registration.company), by=None)
    mail.send(
        "interest_registered",
        to=mail.staff(StaffRole.PARTNER_MANAGER),
        subject=f"{registration.company} registered interest",
        event=event,
        registration=registration,
    )
    mail.send(
        "interest_received",
        to=[mail.Recipient(registration.email, registration.contact_name)],
        subject="We have your registration",
        event=event,
        registration=registration,
    )
    return registration
