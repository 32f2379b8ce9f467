"""What can be done with My Account: save a draft, complete it."""

from typing import Any

from portal import clock, timeline
from portal.account import readiness
from portal.account.fields import FIELDS
from portal.account.forms import Typed, TypedContact
from portal.extensions import db
from portal.models.partner import Contact, Profile
from portal.models.people import User
from portal.refusals import NotReady, StaleDraft
from portal.timeline.account import AccountCompleted, ProfileSaved


def save(profile: Profile, typed: Typed, *, by: User) -> None:
    """Store what was typed, valid or not. A complete account that is no longer valid is complete no more.

    Raises StaleDraft when somebody else saved since the form was opened and the two differ.
    """
    before = picture(profile)
    after = typed_picture(typed)
    if before == after:
        return
    if typed.version != profile.version:
        raise StaleDraft("Somebody else changed My Account since you opened it. Nothing of theirs was overwritten.")
    _store(profile, typed, by)
    changed = sorted(name for name in after if after[name] != before[name])
    timeline.record(
        ProfileSaved(before={name: before[name] for name in changed}, after={name: after[name] for name in changed}),
        by=by,
        partner=profile.partner,
    )
    if profile.complete and readiness.missing(profile):
        profile.complete = False


def complete(profile: Profile, *, by: User) -> None:
    """Say that My Account is complete; raises NotReady with every reason why it is not."""
    reasons = readiness.missing(profile)
    if reasons:
        profile.complete = False
        raise NotReady(reasons)
    if not profile.complete:
        profile.complete = True
        timeline.record(AccountCompleted(), by=by, partner=profile.partner)


def picture(profile: Profile) -> dict[str, Any]:
    """All fields as plain values, to compare and to keep in the history."""
    fields: dict[str, Any] = {field.name: getattr(profile, field.name) for field in FIELDS}
    return fields | {"contacts": [_contact_picture(contact) for contact in profile.contacts]}


def typed_picture(typed: Typed) -> dict[str, Any]:
    contacts = [
        {**row.texts, "roles": row.roles, "review_mails": row.review_mails, "wants_login": row.wants_login}
        for row in typed.contacts
    ]
    return {**typed.values, "contacts": contacts}


def _contact_picture(contact: Contact) -> dict[str, Any]:
    names = ("first_name", "last_name", "email", "phone", "job_title", "roles", "review_mails", "wants_login")
    return {name: getattr(contact, name) for name in names}


def _store(profile: Profile, typed: Typed, by: User) -> None:
    for name, value in typed.values.items():
        setattr(profile, name, value)
    profile.contacts = [_row(contact, position) for position, contact in enumerate(typed.contacts)]
    profile.updated_at, profile.updated_by_id = clock.now(), by.id
    if typed.values["trading_name"]:
        profile.partner.name = str(typed.values["trading_name"])[:120]
    db.session.flush()


def _row(typed: TypedContact, position: int) -> Contact:
    return Contact(
        position=position, roles=typed.roles, review_mails=typed.review_mails, wants_login=typed.wants_login, **typed.texts
    )
