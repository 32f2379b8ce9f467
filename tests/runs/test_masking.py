"""No secret survives, whatever it is written in; what is no secret does."""

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.runs import masking

TOKEN = "sandbox_8fJ2kLmNpQrStUvWxYz0123456789abcd"
SECRET = "Zq9-client+secret/with=odd&characters_77"


def gone(kept, secret=TOKEN):
    assert secret not in kept
    assert secret[4:-4] not in kept


def test_ends_tell_two_long_secrets_apart():
    assert masking.mask(TOKEN) == "sand…abcd"
    assert masking.mask("0123456789abcdef") == "01…ef"


@pytest.mark.parametrize("short", ["", "x", "hunter2", "123456789012345"])
def test_nothing_of_a_short_one(short):
    assert masking.mask(short) == "…"


@pytest.mark.parametrize(
    "name",
    ["access_token", "Access-Token", "accessToken", "token", "code", "client_secret", "webhook_secret", "password", "X-Api-Key",
     "Authorization", "Cookie", "Set-Cookie", "state", "X-CSRFToken", "refresh_token", "session_token", "previous_client_secret"],
)  # fmt: skip
def test_secret_names(name):
    assert masking.is_secret(name)


@pytest.mark.parametrize(
    "name",
    ["branch_code", "country_code", "bank_code", "postal_code", "status", "token_type", "client_id", "organisation_id", "email",
     "verification_status", "Content-Type", "X-Request-Id", "Idempotency-Key", "GoCardless-Version", "reason", "scope", "tokens_used"],
)  # fmt: skip
def test_names_that_are_not(name):
    assert not masking.is_secret(name)


def test_headers():
    basic = base64.b64encode(f"client-id:{SECRET}".encode()).decode()
    kept = masking.headers(
        {
            "Authorization": f"Bearer {TOKEN}",
            "authorization": f"Basic {basic}",
            "Cookie": f"a={TOKEN}",
            "Accept": "application/json",
        }
    )
    assert kept == {
        "Authorization": "Bearer sand…abcd",
        "authorization": "Basic …",
        "Cookie": "…",
        "Accept": "application/json",
    }


def test_an_address_in_a_header():
    kept = masking.headers({"Location": f"https://example.com/back?code={TOKEN}&x=1", "Referer": f"/back?state={TOKEN}"})
    assert kept == {"Location": "https://example.com/back?code=sand…abcd&x=1", "Referer": "/back?state=sand…abcd"}


def test_addresses():
    assert masking.url(f"https://x.example.com/a/b?code={TOKEN}&scope=read_write#access_token={TOKEN}") == (
        "https://x.example.com/a/b?code=sand…abcd&scope=read_write#access_token=sand…abcd"
    )
    assert masking.url("https://user:pass@x.example.com:8443/a") == "https://…@x.example.com:8443/a"
    assert masking.url("https://x.example.com/?data%5Btoken%5D=" + TOKEN) == "https://x.example.com/?data%5Btoken%5D=sand…abcd"
    assert masking.url("https://x.example.com/?prefill%5Bemail%5D=a%40b.example.com") == (
        "https://x.example.com/?prefill%5Bemail%5D=a%40b.example.com"
    )
    gone(masking.url(f"https://[broken/?code={TOKEN}", known=[TOKEN]))


def test_forms():
    sent = f"grant_type=authorization_code&code={TOKEN}&client_secret=Zq9%2Dclient%2Bsecret%2Fwith%3Dodd%26characters_77&redirect_uri=https%3A%2F%2Fx"
    kept = masking.body(sent, "application/x-www-form-urlencoded;charset=UTF-8")
    assert kept == "grant_type=authorization_code&code=sand…abcd&client_secret=Zq9-…s_77&redirect_uri=https%3A%2F%2Fx"


def test_json():
    answer = {
        "access_token": TOKEN,
        "scope": "read_write",
        "nested": [{"webhook_secret": SECRET, "code": "abc"}],
        "active": True,
    }
    kept = json.loads(masking.body(json.dumps(answer), "application/json"))
    assert kept == {
        "access_token": "sand…abcd",
        "scope": "read_write",
        "nested": [{"webhook_secret": "Zq9-…s_77", "code": "…"}],
        "active": True,
    }


def test_the_status_in_an_error_stays_and_a_number_for_a_password_does_not():
    kept = json.loads(masking.body('{"error": {"code": 401, "message": "Unauthorized"}, "password": 123456, "token": null}'))
    assert kept == {"error": {"code": 401, "message": "Unauthorized"}, "password": "…", "token": None}


@pytest.mark.parametrize(
    "said",
    [
        f"<p>access_token={TOKEN}</p>",
        f"'client_secret': '{TOKEN}'",
        f'{{"access_token": "{TOKEN}", "cut off',
        f"Authorization: Bearer {TOKEN}",
        f"authorization: {TOKEN}",
        f"https://x.example.com/cb?state=1&code={TOKEN}",
        f"X-Api-Key={TOKEN}",
        json.dumps({"detail": json.dumps({"access_token": TOKEN})}),
        json.dumps({"detail": f"you sent code={TOKEN}"}),
        json.dumps([f"token={TOKEN}"]),
        json.dumps({"access_token": {"token": TOKEN}}),
        json.dumps({"data[token]": TOKEN}),
    ],
)
def test_in_any_text(said):
    gone(masking.body(said))


@pytest.mark.parametrize(
    "said",
    [
        "The code is not known, was used before, or its time is over.",
        "Missing code, redirect_uri in request.",
        "Basic authentication failed for this client.",
        '{"error_description": "Send the client_secret: in the body or with HTTP Basic"}',
    ],
)
def test_sentences_stay(said):
    assert said.strip('{}"').split('": "')[-1] in masking.body(said)


def test_what_is_known_goes_wherever_it_stands():
    said = f"You are {SECRET}, or {SECRET.replace('+', '%2B').replace('/', '%2F').replace('=', '%3D').replace('&', '%26')}."
    kept = masking.body(said, known=[SECRET])
    gone(kept, SECRET)
    assert "Zq9%2D" not in kept
    assert masking.text("a b", known=["a", ""]) == "a b"


@settings(max_examples=50)
@given(st.recursive(st.text() | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_any_document_with_a_known_secret_in_it(document):
    said = json.dumps({"echo": [document, {"x": TOKEN}]})
    gone(masking.body(said, "application/json", known=[TOKEN]))


@given(st.text(), st.text())
def test_never_fails(said, kind):
    masking.body(said, kind)
    masking.url(said)
    masking.headers({"X": said, "Authorization": said})


@pytest.mark.parametrize("depth", [50, 900, 20_000])
def test_however_deep(depth):
    gone(masking.body('{"a":' * depth + f'{{"access_token": "{TOKEN}"}}' + "}" * depth))


def test_long_bodies_are_cut():
    assert len(masking.body("x" * 500_000)) == masking.LONGEST
