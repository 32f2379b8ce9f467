"""The usual mix-ups of pasted credentials, each in its own words and none of them with the secret."""

import pytest

from portal.apps.credentials import Known, client_id_fault, faults, secret_fault, token_fault
from portal.status import Environment

SANDBOX, LIVE = Environment.GOCARDLESS, Environment.LIVE
RIGHT = {"client_id": "b3nXp0Yw8LqTz5RkVh2J", "client_secret": "s9TqW4eZkL1mNbVcXoPa", "webhook_secret": "w7RtYuIoPaSdFgHjKlZx"}

FORMS = {
    "missing": ["", None],
    "space": [" {}", "{}\t", "{}\r\n", "\n{}"],
    "unseen": ["\ufeff{}", "{}\u200b", "\u00a0{}", "{}\u2028", "ab\u00ad{}", "\x00{}", "{}\u202e"],
    "quotes": ['"{}"', "'{}'", "“{}”", "`{}`", '{}"'],
    "label": [
        "Client ID",
        "client_secret",
        "Webhook secret: {}",
        "GC_CLIENT_SECRET={}",
        "GOCARDLESS_CLIENT_ID = {}",
        "Webhook endpoint secret",
    ],
    "masked": ["••••••••••••", "********", "…{}", "xxxxxxxxxxxxxxxx"],
    "placeholder": ["<your client id>", "your-client-secret", "{{client_secret}}", "changeme-changeme", "CHANGE_ME_PLEASE"],
    "address": ["https://manage-sandbox.gocardless.com/developers"],
    "header": ["Bearer {}", "Basic {}"],
    "email": ["dev@acme.example.com"],
    "several": ["{} {}", "{}\n{}", "copy this one"],
    "character": ["{}é", "ключ{}"],
    "number": ["AP0001A2B3C4D5", "OR123456789", "CR000123ABC", "WE0001A2B3C4D5"],
    "short": ["abc1234", "x"],
    "long": ["a1" * 300],
    "token": ["sandbox_{}", "live_{}", "sesh_sandbox_{}"],
}
CASES = [(code, form) for code, forms in FORMS.items() for form in forms if form is not None]


@pytest.mark.parametrize(("code", "form"), CASES)
@pytest.mark.parametrize("kind", RIGHT)
def test_a_mix_up_is_named(kind, code, form):
    value = form.replace("{}", "q8Zr5TnLm2Vb7KxW")
    found = (
        client_id_fault(value, environment=SANDBOX)
        if kind == "client_id"
        else secret_fault(value, kind, client_id="other", environment=SANDBOX)
    )
    assert found is not None
    assert found.code == code
    assert "q8Zr" not in found.words


def test_right_ones_pass():
    assert faults(RIGHT, environment=SANDBOX) == {}
    assert faults(RIGHT, environment=LIVE) == {}


@pytest.mark.parametrize("made", ["sample", "tokens"])
def test_what_the_sandbox_makes_passes(made):
    import secrets

    for _ in range(300):
        typed = {
            "client_id": secrets.token_urlsafe(24),
            "client_secret": secrets.token_urlsafe(36),
            "webhook_secret": secrets.token_urlsafe(30),
        }
        assert faults(typed, environment=SANDBOX) == {}


def codes_of(**values):
    known = values.pop("known", Known())
    return {
        name: fault.code
        for name, fault in faults(RIGHT | values, environment=values.pop("environment", SANDBOX), known=known).items()
    }


def test_one_value_in_two_fields():
    assert codes_of(client_secret=RIGHT["client_id"]) == {"client_secret": "client_id"}
    assert codes_of(webhook_secret=RIGHT["client_secret"]) == {"webhook_secret": "same"}


def test_values_of_other_apps():
    known = Known({"otherClientId0000001": LIVE}, {"otherClientSecret001": LIVE}, {"otherWebhookSecret01": SANDBOX})
    assert codes_of(known=known, client_id="otherClientId0000001") == {"client_id": "environment"}
    assert codes_of(known=known, client_id="otherClientSecret001") == {"client_id": "secret"}
    assert codes_of(known=known, client_secret="otherClientSecret001") == {"client_secret": "other_app"}
    assert codes_of(known=known, webhook_secret="otherWebhookSecret01") == {"webhook_secret": "other_app"}
    assert codes_of(known=known, webhook_secret="otherClientSecret001") == {"webhook_secret": "other_kind"}
    assert codes_of(known=known, client_secret="otherWebhookSecret01") == {"client_secret": "other_kind"}
    assert codes_of(known=known, client_secret="otherClientId0000001") == {"client_secret": "client_id"}
    assert codes_of(known=Known({RIGHT["client_id"]: SANDBOX})) == {"client_id": "taken"}


def test_what_is_known_of_others_is_not_printed():
    known = Known({}, {"otherClientSecret001": LIVE}, {"otherWebhookSecret01": SANDBOX})
    assert "other" not in repr(known)


def test_a_token_of_the_wrong_environment_is_named_so():
    words = [
        client_id_fault(f"{prefix}_q8Zr5TnLm2Vb7KxW", environment=environment).words
        for prefix in ("live", "sandbox")
        for environment in (LIVE, SANDBOX)
    ]
    assert ["this app is not" in one for one in words] == [False, True, True, False]


@pytest.mark.parametrize(
    ("token", "code"),
    [
        ("live_q8Zr5TnLm2Vb7KxW", None),
        ("q8Zr5TnLm2Vb7KxWq8Zr5TnLm2Vb7KxW", None),
        ("sandbox_q8Zr5TnLm2Vb7KxW", "environment"),
        ("Bearer live_q8Zr5TnLm2Vb7KxW", "header"),
        (" live_q8Zr5TnLm2Vb7KxW", "space"),
        ("live_q8\r\nX-Evil: 1", "several"),
        ("live_é", "character"),
        ("short", "size"),
    ],
)
def test_a_pasted_live_token(token, code):
    found = token_fault(token, live=True)
    assert (found and found.code) == code
