"""Each seeded mistake is named by its own code, and a right configuration has nothing to say."""

import pytest

from portal import clock
from portal.apps import comparing
from portal.apps.links import ask_of
from portal.apps.preflight import Ask, Surroundings, look
from portal.gocardless import Place
from portal.models.partner_app import PartnerApp
from portal.status import Environment

CALLBACK = "http://localhost:5000/developers/connect/callback"
HOOK = "http://localhost:5000/hooks/k7SdmQ"
RIGHT = Ask()
OWN = "https://app.acme.example.com/callback"
PLACES = {
    Environment.EMBEDDED: Place("http://127.0.0.1:5001", "http://127.0.0.1:5001"),
    Environment.GOCARDLESS: Place("https://connect-sandbox.gocardless.com", "https://api-sandbox.gocardless.com"),
    Environment.LIVE: Place("https://connect.gocardless.com", "https://api.gocardless.com"),
}


def an_app(**values):
    """A right one, but for what is said."""
    right = {
        "environment": Environment.GOCARDLESS,
        "name": "Acme Billing",
        "redirect_uris": [OWN, CALLBACK],
        "client_id": "b3nXp0Yw8LqTz5RkVh2J",
        "client_secret": "s9TqW4eZkL1mNbVcXoPa",
        "webhook_secret": "w7RtYuIoPaSdFgHjKlZx",
        "webhook_url": "https://app.acme.com/webhooks",
        "post_onboarding_url": "https://app.acme.com/welcome",
        "terms_accepted_at": clock.now(),
    }
    return PartnerApp(**{**right, **values})


def surroundings(app, siblings=(), place=None):
    return Surroundings(place or PLACES[app.environment], CALLBACK, HOOK, PLACES, siblings)


def found(app, ask=RIGHT, **around):
    return look(app, surroundings(app, **around), ask)


def codes(*args, **kwargs):
    return {finding.code for finding in found(*args, **kwargs)}


@pytest.mark.parametrize("environment", [Environment.EMBEDDED, Environment.GOCARDLESS])
def test_nothing_to_say_about_a_right_configuration(environment):
    assert found(an_app(environment=environment)) == []
    assert found(an_app(environment=environment), Ask(redirect_uri=OWN, scope="read_only")) == []


ASKED = {
    "redirect_scheme": "http://app.acme.example.com/callback",
    "redirect_host_case": "https://App.acme.example.com/callback",
    "redirect_www": "https://www.app.acme.example.com/callback",
    "redirect_host": "https://app.acme.example.org/callback",
    "redirect_port": "https://app.acme.example.com:443/callback",
    "redirect_trailing_slash": "https://app.acme.example.com/callback/",
    "redirect_encoding": "https://app.acme.example.com/%63allback",
    "redirect_path_case": "https://app.acme.example.com/Callback",
    "redirect_path": "https://app.acme.example.com/callbacks",
    "redirect_query": "https://app.acme.example.com/callback?tenant=7",
    "redirect_fragment": "https://app.acme.example.com/callback#top",
    "redirect_white_space": "https://app.acme.example.com/callback ",
    "redirect_user": "https://acme@app.acme.example.com/callback",
    "redirect_localhost": "http://127.0.0.1:5000/developers/connect/callback",
}


@pytest.mark.parametrize(("code", "asked"), ASKED.items())
def test_a_redirect_uri_that_is_not_the_registered_one(code, asked):
    assert codes(an_app(), Ask(redirect_uri=asked)) == {code}


CONFIGURED = {
    "retired": {"retired_at": clock.now()},
    "terms": {"terms_accepted_at": None},
    "redirect_none": {"redirect_uris": []},
    "callback_missing": {"redirect_uris": [OWN]},
    "redirect_trailing_slash": {"redirect_uris": [OWN, CALLBACK + "/"]},
    "redirect_scheme": {"redirect_uris": [OWN, CALLBACK.replace("http", "https")]},
    "redirect_port": {"redirect_uris": [OWN, CALLBACK.replace("5000", "8000")]},
    "redirect_localhost": {"redirect_uris": [OWN, CALLBACK.replace("localhost", "127.0.0.1")]},
    "redirect_twice": {"redirect_uris": [OWN, OWN, CALLBACK]},
    "redirect_too_many": {"redirect_uris": [CALLBACK, *(f"{OWN}/{n}" for n in range(20))]},
    "redirect_bad_http": {"redirect_uris": [CALLBACK, "http://app.acme.com/callback"]},
    "redirect_bad_fragment": {"redirect_uris": [CALLBACK, OWN + "#"]},
    "redirect_bad_wildcard": {"redirect_uris": [CALLBACK, "https://*.acme.com/callback"]},
    "redirect_bad_unseen": {"redirect_uris": [CALLBACK, OWN + "\u200b"]},
    "redirect_bad_unicode_host": {"redirect_uris": [CALLBACK, "https://bücher.example/callback"]},
    "client_id_missing": {"client_id": ""},
    "client_id_space": {"client_id": "b3nXp0Yw8LqTz5RkVh2J "},
    "client_id_unseen": {"client_id": "b3nXp0Yw8LqTz5RkVh2J\ufeff"},
    "client_id_label": {"client_id": "Client ID"},
    "client_id_number": {"client_id": "AP0001A2B3C4D5"},
    "client_id_token": {"client_id": "live_kjhKJHkjhKJHkjhKJH"},
    "client_secret_missing": {"client_secret": None},
    "client_secret_client_id": {"client_secret": "b3nXp0Yw8LqTz5RkVh2J"},
    "webhook_secret_missing": {"webhook_secret": None},
    "secrets_same": {"webhook_secret": "s9TqW4eZkL1mNbVcXoPa"},
    "webhook_missing": {"webhook_url": ""},
    "webhook_http": {"webhook_url": "http://app.acme.com/webhooks"},
    "webhook_private": {"webhook_url": "https://192.168.1.7/webhooks"},
    "webhook_not_called": {"webhook_url": "https://app.acme.com:9000/webhooks"},
    "webhook_loop": {"webhook_url": HOOK},
    "post_onboarding_http": {"post_onboarding_url": "http://app.acme.com/welcome"},
    "post_onboarding_private": {"post_onboarding_url": "https://intranet/welcome"},
}


@pytest.mark.parametrize(("code", "values"), CONFIGURED.items())
def test_a_mistake_in_the_configuration(code, values):
    assert codes(an_app(**values)) == {code}


def test_a_webhook_url_that_is_a_redirect_uri():
    assert codes(an_app(webhook_url=OWN)) == {"webhook_is_redirect"}
    assert "webhook_is_redirect" in codes(an_app(webhook_url=CALLBACK))


@pytest.mark.parametrize("scope", ["", "full", "read_write read_only", "READ_WRITE", "read_write "])
def test_a_scope_that_is_none(scope):
    assert codes(an_app(), Ask(scope=scope)) == {"scope_unknown"}


def test_credentials_of_another_environment():
    live = an_app(
        environment=Environment.LIVE, client_id="liveClientId00000001", client_secret="x" * 9 + "yz123456", webhook_secret=None
    )
    app = an_app(client_id=live.client_id)
    assert codes(app, siblings=[live]) == {"client_id_environment"}
    assert "Live" in found(app, siblings=[live])[0].words
    assert codes(an_app(client_secret=live.client_secret), siblings=[live]) == {"client_secret_other_app"}


def test_a_webhook_secret_of_another_app():
    other = an_app(
        client_id="anotherClientId00001", client_secret="anotherClientSecret1", webhook_secret="anotherWebhookSecret"
    )
    assert codes(an_app(webhook_secret="anotherWebhookSecret"), siblings=[other]) == {"webhook_secret_other_app"}
    assert codes(an_app(webhook_secret="anotherClientSecret1"), siblings=[other]) == {"webhook_secret_other_kind"}


@pytest.mark.parametrize(
    ("code", "place"),
    [
        ("connect_host_mixed", Place("https://connect.gocardless.com", "https://api-sandbox.gocardless.com")),
        ("api_host_mixed", Place("https://connect-sandbox.gocardless.com", "https://api.gocardless.com")),
        ("api_path", Place("https://connect-sandbox.gocardless.com", "https://api-sandbox.gocardless.com/v1")),
        ("connect_http", Place("http://connect-sandbox.gocardless.com", "https://api-sandbox.gocardless.com")),
    ],
)
def test_hosts_that_are_set_wrongly(code, place):
    assert code in codes(an_app(), place=place)


def test_two_sandboxes_on_two_ports_of_one_machine_are_not_mixed_up():
    app = an_app(environment=Environment.EMBEDDED)
    assert found(app, place=Place("http://127.0.0.1:5777", "http://127.0.0.1:5777")) == []


def test_runs_are_not_for_live_apps():
    assert "live" in codes(an_app(environment=Environment.LIVE, redirect_uris=[OWN]))


def test_a_link_of_the_product_itself():
    app = an_app()
    right = (
        f"https://connect-sandbox.gocardless.com/oauth/authorize?response_type=code&client_id={app.client_id}&scope=read_write"
    )
    right += "&redirect_uri=https%3A%2F%2Fapp.acme.example.com%2Fcallback&state=x"
    assert found(app, ask_of(right)) == []
    assert codes(app, ask_of(right.replace("connect-sandbox", "connect"))) == {"link_host"}
    assert "Live" in found(app, ask_of(right.replace("connect-sandbox", "connect")))[0].words
    assert codes(app, ask_of(right.replace("Yw8L", "Yw8l"))) == {"link_client_id"}
    assert codes(app, ask_of(right.replace("&scope=read_write", "&scope=all"))) == {"scope_unknown"}
    assert codes(app, ask_of(right.replace("callback", "callback%2F"))) == {"redirect_trailing_slash"}
    assert codes(app, ask_of(right.replace("https://connect", "http://connect"))) == {"link_scheme"}
    assert codes(app, ask_of(right.replace("/oauth/authorize", "/oauth/authorise"))) == {"link_path"}
    assert codes(app, ask_of(right.replace("response_type=code", "response_type=token"))) == {"link_response_type"}
    assert codes(app, ask_of(right.replace("&state=x", ""))) == {"link_no_state"}
    assert codes(app, ask_of(right.replace("redirect_uri", "redirect_url"))) == {"link_no_redirect_uri"}
    assert codes(app, ask_of(right.replace("client_id", "client"))) == {"link_no_client_id"}


@pytest.mark.parametrize(
    "pasted", ["", "\x00", "http://[::1", "?" + "&" * 5000 + "a=b", "https://h/?client_id=%ff%fe", "🦆" * 3000]
)
def test_whatever_is_pasted_is_looked_at(pasted):
    found(an_app(), ask_of(pasted))


def test_the_caret_stands_below_the_first_difference():
    lines = comparing.caret("https://a.example/callback", "https://a.example/Callback").splitlines()
    assert len(lines) == 3
    assert (lines[0][lines[2].index("^")], lines[1][lines[2].index("^")]) == ("c", "C")


@pytest.mark.parametrize("tail", ["", "x" * 5000])
def test_the_caret_of_a_long_address_and_of_one_that_goes_on(tail):
    one = "https://a.example/" + "p" * 500
    lines = comparing.caret(one + "a" + tail, one + "b" + tail).splitlines()
    at = lines[2].index("^")
    assert (lines[0][at], lines[1][at]) == ("a", "b")
    assert max(map(len, lines)) < 300
    shorter = comparing.caret(one, one + "/").splitlines()
    assert shorter[1][shorter[2].index("^")] == "/"


def test_invisible_characters_are_drawn():
    detail = comparing.caret("https://a.example/cb", "https://a.example/cb\r\n")
    assert "␍␊" in detail


def test_no_secret_is_in_any_finding():
    secrets = {"s9TqW4eZkL1mNbVcXoPa", "w7RtYuIoPaSdFgHjKlZx"}
    for values in CONFIGURED.values():
        for finding in found(an_app(**values)):
            assert not any(secret in repr(finding) for secret in secrets)


def test_what_stops_a_run_comes_first():
    kinds = [finding.stops for finding in found(an_app(webhook_url="", client_secret=None))]
    assert kinds == sorted(kinds, reverse=True)
    assert len(kinds) == 2
