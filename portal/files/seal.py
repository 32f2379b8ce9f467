"""Whether a place takes files now, asked of Build, whose sections these are."""

from portal.build import service as build
from portal.extensions import db
from portal.models.evidence import File
from portal.models.integration import Integration
from portal.refusals import Sealed

WORDS = "Files cannot be changed here now: this is under review or approved, or no correction was asked for."


def check(integration: Integration, section_key: str, question_key: str | None) -> None:
    """Raises Sealed."""
    if not build.may_edit(integration, section_key, question_key):
        raise Sealed(WORDS)


def may_remove(file: File) -> bool:
    """Whether the team may remove this file now."""
    integration = db.session.get_one(Integration, file.integration_id)
    return build.may_edit(integration, file.section_key, file.question_key)
