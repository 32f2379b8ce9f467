"""Merchant leads: a partner brings one, sales work it."""

from sqlalchemy import select

from portal.demo.cast import Scene
from portal.extensions import db
from portal.leads import service as leads
from portal.models.lead import Lead
from portal.status import LeadStatus


def bring_lead(scene: Scene) -> None:
    """A draft; with `send` it goes to sales at once."""
    told = scene.told
    lead = leads.draft(scene.integration, leads.EMPTY | told["lead"], by=scene.me)
    if told.get("send", True):
        leads.submit(lead, by=scene.me)


def move_lead(scene: Scene) -> None:
    lead = _lead(scene)
    leads.advance(lead, LeadStatus(scene.told["to"]), text=scene.told.get("text", ""), seen=lead.status, by=scene.me)


def write_lead(scene: Scene) -> None:
    leads.update(_lead(scene), scene.told["text"], internal=scene.told.get("internal", False), by=scene.me)


def _lead(scene: Scene) -> Lead:
    of = (Lead.partner_id == scene.integration.partner_id, Lead.company == scene.told["company"])
    return db.session.scalars(select(Lead).where(*of)).one()
