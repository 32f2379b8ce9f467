"""Pre-flight: names the mistakes of an app's configuration before a run meets them. Pure: what must be asked is in asking.py."""

from portal.apps.finding import Finding
from portal.apps.looks.addresses import onboarding, redirect, registered_list, webhook
from portal.apps.looks.configuration import client, hosts, life, scope, secrets
from portal.apps.looks.links import link
from portal.apps.surroundings import Ask, Surroundings
from portal.models.partner_app import PartnerApp

__all__ = ["Ask", "Finding", "Surroundings", "look"]
AS_THE_PORTAL = Ask()
LOOKS = (life, client, secrets, redirect, registered_list, scope, hosts, link, webhook, onboarding)


def look(app: PartnerApp, around: Surroundings, ask: Ask = AS_THE_PORTAL) -> list[Finding]:
    """Everything that can be seen without asking anybody, what stops a run first. Empty when nothing is wrong."""
    found = [finding for one in LOOKS for finding in one(app, around, ask)]
    return sorted(found, key=lambda finding: not finding.stops)
