"""The pages of Build share one blueprint."""

from flask import Blueprint, abort

from portal.build.draft import catalog_of
from portal.catalog import Section
from portal.models.integration import Integration

bp = Blueprint("build", __name__, url_prefix="/build")


def find(integration: Integration, section_key: str) -> Section:
    """The section of the integration's own version of the certification, or 404."""
    found = next((section for section in catalog_of(integration) if section.key == section_key), None)
    return found or abort(404)
