"""Why the partner cannot go live yet: every reason with the place that mends it. Pure: what it is about is handed in."""

import re
from collections.abc import Iterator, Sequence

from portal.apps import addresses, credentials
from portal.apps.parts import host_of, private
from portal.apps.pasted import NAMES
from portal.models.partner_app import PartnerApp
from portal.refusals import Missing
from portal.status import IntegrationStatus

PROVISIONAL = re.compile(r"\b(test|testing|sandbox|demo|dev|staging)\b", re.IGNORECASE)
URLS = {"homepage_url": "homepage", "post_onboarding_url": "post-onboarding URL", "webhook_url": "webhook URL"}
NEEDED = ("homepage_url", "webhook_url")


def reasons(integration: IntegrationStatus, live: PartnerApp | None, others: Sequence[PartnerApp]) -> list[Missing]:
    """`live` is the app that would go live, `others` are the partner's other apps in use. Empty: nothing stands in the way."""
    found = [] if integration is IntegrationStatus.LIVE else [Missing("Get every Build section approved.", "build.overview")]
    if live is None:
        return [*found, Missing("Register your live app.", "apps.new")]
    return [*found, *_credentials(live, others), *_details(live), *_addresses(live), *_asked(live)]


def _credentials(live: PartnerApp, others: Sequence[PartnerApp]) -> Iterator[Missing]:
    if not live.client_secret:
        yield Missing("Paste the credentials of your live app.", "apps.credentials", app_key=live.key)
        return
    typed = {name: getattr(live, name) or "" for name in NAMES}
    known = credentials.Known.of(others)
    for name, fault in credentials.faults(typed, environment=live.environment, known=known).items():
        words = f"Live {NAMES[name]}: {fault.words}"
        yield Missing(words, "apps.show", anchor="credentials", app_key=live.key)


def _details(live: PartnerApp) -> Iterator[Missing]:
    if PROVISIONAL.search(live.name):
        words = f"The name “{live.name}” reads like a trial. Merchants see it on the consent screen."
        yield Missing(words, "apps.edit", anchor="name", app_key=live.key)
    if not live.terms_accepted_at:
        yield Missing("Accept the Partner Agreement for the live app.", "apps.edit", app_key=live.key)
    for name in NEEDED:
        if not getattr(live, name):
            yield Missing(f"Enter the {URLS[name]} of the live app.", "apps.edit", anchor=name, app_key=live.key)


def _addresses(live: PartnerApp) -> Iterator[Missing]:
    if not live.redirect_uris:
        yield Missing("Enter the redirect URIs of the live app.", "apps.edit", anchor="redirect_uris", app_key=live.key)
    every = [("redirect_uris", "redirect URI", uri) for uri in live.redirect_uris]
    every += [(name, words, getattr(live, name)) for name, words in URLS.items() if getattr(live, name)]
    for name, words, url in every:
        fault = addresses.fault(url, live=True)
        said = fault.words if fault else "Only this machine or its network can reach it." if private(host_of(url)) else ""
        if said:
            yield Missing(f"The {words} {url[:200]}: {said}", "apps.edit", anchor=name, app_key=live.key)


def _asked(live: PartnerApp) -> Iterator[Missing]:
    if live.checked_at is None:
        yield Missing("Run the read-only check.", "apps.go_live", anchor="check")
    elif any(row["stops"] for row in live.findings):
        yield Missing("Mend what the read-only check found, and run it again.", "apps.go_live", anchor="check")
