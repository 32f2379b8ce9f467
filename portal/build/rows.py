"""Takes the rows of an integration that a verb is about to change, so that two at once take turns."""

from sqlalchemy import bindparam, select

from portal.extensions import db
from portal.models.integration import Integration, Section
from portal.refusals import Gone

_INTEGRATION = (
    select(Integration)
    .where(Integration.id == bindparam("integration"))
    .with_for_update(key_share=True, of=Integration)
    .execution_options(populate_existing=True)
)
_SECTIONS = (
    select(Section)
    .where(Section.integration_id == bindparam("integration"))
    .order_by(Section.position, Section.id)
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)


def take(integration: Integration) -> list[Section]:
    """The sections, fresh and held until the end of the transaction; the integration too.

    Everything that changes an integration takes it first. Readers and new rows that refer to it do not wait.
    """
    db.session.flush()
    values = {"integration": integration.id}
    db.session.scalars(_INTEGRATION, values).one()
    return list(db.session.scalars(_SECTIONS, values))


def one(sections: list[Section], key: str) -> Section:
    """Raises Gone when this integration has no such section (any more)."""
    found = next((section for section in sections if section.key == key), None)
    if found is None:
        raise Gone("This section is not part of the certification any more.")
    return found
