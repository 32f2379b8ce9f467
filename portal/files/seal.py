"""Whether a place takes files now: a section under review or approved does not, one that needs attention only where it was asked."""

from sqlalchemy import bindparam, select

from portal.extensions import db
from portal.models.integration import Integration, Section
from portal.refusals import Sealed
from portal.status import SectionStatus

OPEN = frozenset({SectionStatus.NOT_STARTED, SectionStatus.IN_PROGRESS, SectionStatus.COMPLETE})
_SECTION = (
    select(Section)
    .where(Section.integration_id == bindparam("integration"), Section.key == bindparam("section"))
    .execution_options(populate_existing=True)
)


def locked(integration: Integration, section_key: str) -> Section:
    """The section's row, held until the end of the transaction: uploads to one section are counted one after the other."""
    values = {"integration": integration.id, "section": section_key}
    return db.session.execute(_SECTION.with_for_update(), values).scalar_one()


def may_edit(section: Section, question_key: str | None) -> bool:
    if section.status is SectionStatus.ATTENTION_NEEDED:
        return question_key is None or question_key in section.open_questions
    return section.status in OPEN


def check(section: Section, question_key: str | None) -> None:
    """Raises Sealed."""
    if not may_edit(section, question_key):
        raise Sealed("Files cannot be changed here now: this is under review or approved, or no correction was asked for.")
