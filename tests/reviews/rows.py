"""Many rounds at once, as bare rows: for queues, counts and races."""

from datetime import UTC, datetime, timedelta

from portal.catalog import certification
from portal.extensions import db
from portal.models.integration import Integration, Section
from portal.models.partner import Partner
from portal.models.review import Round, RoundSection
from portal.status import IntegrationStatus, RoundStatus, SectionStatus

FIRST_DUE = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
EMPTY = {"catalog": "2026-11", "account": {}, "asked": [], "answers": {}, "comment": "", "files": []}


def add_rounds(count, *, name="Firm", due=FIRST_DUE, step=timedelta(hours=1), sections=("app-setup", "webhooks"), **values):
    """One partner, integration and round each, due one after the other; stored in the open transaction."""
    found = []
    for number in range(count):
        partner = Partner(name=f"{name} {number:03}")
        integration = Integration(partner_id=0, catalog_version=certification().version, status=IntegrationStatus.SUBMITTED)
        db.session.add(partner)
        db.session.flush()
        integration.partner_id = partner.id
        integration.sections = [
            Section(key=key, position=place, status=SectionStatus.UNDER_REVIEW) for place, key in enumerate(sections)
        ]
        db.session.add(integration)
        db.session.flush()
        review = Round(
            integration_id=integration.id,
            number=values.get("number", 1),
            catalog_version=certification().version,
            due_at=due + number * step,
            **{key: value for key, value in values.items() if key != "number"},
        )
        review.sections = [RoundSection(section_key=key, snapshot=EMPTY) for key in sections]
        db.session.add(review)
        found.append(review)
    db.session.flush()
    return found


def add_closed(days, *, stopped_at, number=1):
    """Answered rounds that took so many working days each."""
    for taken in days:
        add_rounds(
            1, name="Past", status=RoundStatus.CLOSED, stopped_at=stopped_at, days_taken=taken, minutes_left=0, number=number
        )
