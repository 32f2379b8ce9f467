"""Every reason why one cannot go live, each by itself."""

import pytest

from portal import clock
from portal.apps.readiness import reasons
from portal.models.partner_app import PartnerApp
from portal.status import Environment, IntegrationStatus

KEY = "k" * 22


def live(**values):
    right = {
        "environment": Environment.LIVE,
        "key": KEY,
        "name": "Acme Billing",
        "homepage_url": "https://acme.com",
        "redirect_uris": ["https://app.acme.com/callback"],
        "post_onboarding_url": "",
        "webhook_url": "https://app.acme.com/webhooks",
        "client_id": "b3nXp0Yw8LqTz5RkVh2J",
        "client_secret": "s9TqW4eZkL1mNbVcXoPa",
        "webhook_secret": "w7RtYuIoPaSdFgHjKlZx",
        "terms_accepted_at": clock.now(),
        "checked_at": clock.now(),
        "findings": [],
    }
    return PartnerApp(**{**right, **values})


def why(app, *, integration=IntegrationStatus.LIVE, others=()):
    return reasons(integration, app, others)


def test_nothing_stands_in_the_way():
    assert why(live()) == []


def test_without_a_live_app():
    assert [(one.endpoint, one.words) for one in why(None)] == [("apps.new", "Register your live app.")]


@pytest.mark.parametrize("status", [one for one in IntegrationStatus if one is not IntegrationStatus.LIVE])
def test_before_certification(status):
    assert [one.endpoint for one in why(live(), integration=status)] == ["build.overview"]


WRONG = [
    ({"client_secret": None}, "Paste the credentials", "apps.credentials", ""),
    ({"client_id": "AP0001A2B3C4D5"}, "the id of an app", "apps.show", "credentials"),
    ({"client_id": "sandbox_abcdefghijkl"}, "access token, and of sandbox", "apps.show", "credentials"),
    ({"webhook_secret": None}, "Paste the webhook secret", "apps.show", "credentials"),
    ({"webhook_secret": "s9TqW4eZkL1mNbVcXoPa"}, "are the same", "apps.show", "credentials"),
    ({"name": "Acme test app"}, "reads like a trial", "apps.edit", "name"),
    ({"homepage_url": ""}, "Enter the homepage", "apps.edit", "homepage_url"),
    ({"webhook_url": ""}, "Enter the webhook URL", "apps.edit", "webhook_url"),
    ({"webhook_url": "http://app.acme.com/webhooks"}, "Use https", "apps.edit", "webhook_url"),
    ({"webhook_url": "https://localhost/webhooks"}, "Nobody outside can reach", "apps.edit", "webhook_url"),
    ({"redirect_uris": []}, "Enter the redirect URIs", "apps.edit", "redirect_uris"),
    ({"redirect_uris": ["https://127.0.0.1/cb"]}, "Nobody outside can reach", "apps.edit", "redirect_uris"),
    ({"redirect_uris": ["https://app.acme.com/cb", "http://app.acme.com/cb"]}, "Use https", "apps.edit", "redirect_uris"),
    ({"post_onboarding_url": "https://10.1.2.3/"}, "Nobody outside can reach", "apps.edit", "post_onboarding_url"),
    ({"terms_accepted_at": None}, "Partner Agreement", "apps.edit", ""),
    ({"checked_at": None}, "Run the read-only check", "apps.go_live", "check"),
    ({"findings": [{"stops": "yes"}]}, "Mend what the read-only check found", "apps.go_live", "check"),
]


@pytest.mark.parametrize(("values", "words", "endpoint", "anchor"), WRONG)
def test_a_reason(values, words, endpoint, anchor):
    (reason,) = why(live(**values))
    assert words in reason.words
    assert (reason.endpoint, reason.anchor) == (endpoint, anchor)
    assert endpoint == "apps.go_live" or reason.app_key == KEY


def test_secrets_of_the_sandbox_are_not_those_of_live():
    sandbox = live(environment=Environment.GOCARDLESS, client_id="sandboxClientId00001", client_secret="sandboxClientSecret1")
    (reason,) = why(live(), others=[sandbox])
    assert "webhook secret of another of your apps (GoCardless sandbox)" in reason.words
    (reason,) = why(live(client_id=sandbox.client_id, webhook_secret="aWebhookSecretOfLive"), others=[sandbox])
    assert "GoCardless sandbox" in reason.words


def test_a_finding_that_stops_nothing_is_no_reason():
    assert why(live(findings=[{"stops": ""}])) == []
