"""A partner's integration begins: ten empty sections in the newest catalog version."""

from portal.catalog import AccountFacts, applicable, certification
from portal.extensions import db
from portal.models.integration import Integration, Section
from portal.models.partner import Partner


def begin(partner: Partner) -> Integration:
    """Add the integration of a partner that has none yet."""
    catalog = certification()
    asked = applicable(catalog, {}, AccountFacts())
    integration = Integration(partner_id=partner.id, catalog_version=catalog.version)
    integration.sections = [
        Section(key=section.key, position=position, total=sum(question.key in asked for question in section.questions))
        for position, section in enumerate(catalog.sections)
    ]
    db.session.add(integration)
    db.session.flush()
    return integration
