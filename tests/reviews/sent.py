"""Integrations that were submitted, and what partners do to them between two rounds."""

from contextlib import contextmanager

from portal import clock
from portal.build import submission
from portal.catalog import certification
from portal.extensions import db, transaction_kind
from portal.models.evidence import File
from portal.models.integration import Answer
from portal.status import FileState, SectionStatus
from tests.world import complete_profile


@contextmanager
def trying(app):
    """An application context whose changes are never stored."""
    with app.app_context():
        token = transaction_kind.set("write")
        try:
            yield
        finally:
            db.session.rollback()
            transaction_kind.reset(token)


SIMPLE = {
    "app-setup": "app_profile_complete",
    "verification": "status_checked_after_connect",
    "webhooks": "signature_verified",
    "readiness": "idempotency",
}
"""By section, a question that a plain yes answers."""
PEOPLE = {"acme": "alice", "birch": "carol"}


def submit(world, house, *, sections=None, answers=None):
    """Hand the sections over, with a plain yes wherever that is an answer."""
    integration, by = world.integration(house), world.user(PEOPLE[house])
    complete_profile(integration.partner)
    for key in SIMPLE.values():
        answer(integration, key, "yes", by=by)
    for key, value in (answers or {}).items():
        answer(integration, key, value, by=by)
    keys = sections or [section.key for section in certification().sections]
    for section in integration.sections:
        section.status = SectionStatus.COMPLETE
    integration.confirmed_at = clock.now()
    db.session.flush()
    return submission.submit(integration, keys, by=by)


def answer(integration, question_key, value, *, by, comment=""):
    """Store an answer as saving does."""
    section = certification().section_of(question_key).key
    place = {"integration_id": integration.id, "question_key": question_key}
    row = db.session.query(Answer).filter_by(**place).one_or_none() or Answer(**place, section_key=section, version=0)
    row.value, row.comment, row.version = value, comment, row.version + 1
    row.updated_at, row.updated_by_id = clock.now(), by.id
    db.session.add(row)
    db.session.flush()
    return row


def attach(integration, question_key, name="consent.png", sha="a" * 64, by=None):
    """A ready file, without its bytes."""
    file = File(
        partner_id=integration.partner_id,
        integration_id=integration.id,
        section_key=certification().section_of(question_key).key,
        question_key=question_key,
        original_name=name,
        media_type="image/png",
        size=1234,
        sha256=sha,
        storage_key=f"test/{name}",
        state=FileState.READY,
        uploaded_by_id=by.id if by else None,
    )
    db.session.add(file)
    db.session.flush()
    return file


def status_of(integration, section_key):
    db.session.flush()
    return next(section for section in integration.sections if section.key == section_key).status
