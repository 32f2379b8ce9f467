"""Marks a section complete, or corrected when the reviewers asked for corrections."""

from portal import clock, timeline
from portal.build import reopening, rows
from portal.build.draft import catalog_of, draft
from portal.build.progress import DRAFTING, section_progress
from portal.build.submission import missing_corrections
from portal.models.integration import Integration, Section
from portal.models.people import User
from portal.refusals import Missing, NotReady, Sealed
from portal.status import SectionStatus
from portal.timeline.build import SectionMarkedComplete


def mark_complete(integration: Integration, section_key: str, *, by: User) -> bool:
    """Set the mark; true when it was the last one that was missing. Once more changes nothing.

    Raises Sealed while the section is with the reviewers, NotReady with everything that is missing.
    """
    sections = rows.take(integration)
    row = rows.one(sections, section_key)
    reasons = _missing(integration, row)
    if reasons:
        raise NotReady(reasons)
    if row.marked_at is None:
        row.marked_at, row.marked_by_id = clock.now(), by.id
        timeline.record(SectionMarkedComplete(), by=by, integration=integration, section_key=row.key)
        reopening.reconcile(integration, by=by)
    return all(one.status is SectionStatus.COMPLETE for one in sections)


def _missing(integration: Integration, row: Section) -> list[Missing]:
    if row.status is SectionStatus.ATTENTION_NEEDED:
        return missing_corrections(integration, row)
    if row.status not in DRAFTING:
        raise Sealed("This section is with the reviewers or approved. Nothing can be changed in it now.")
    catalog = catalog_of(integration)
    return list(section_progress(catalog, catalog.section(row.key), draft(integration)).missing)
