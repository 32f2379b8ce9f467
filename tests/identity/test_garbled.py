"""Addresses that no page of ours links to: an answer with words, never a fault."""

from io import BytesIO

import pytest

KEYS = ["a%00b", "%FF%FE", "x" * 5000, "..%2F..%2Fetc", "%E2%80%AEevil", "1 OR 1=1", "-1", "%F0%9F%A6%A6"]


@pytest.mark.parametrize("key", KEYS)
def test_names_in_addresses(alice, ada, key):
    assert alice.get(f"/team/{key}/remove").status_code == 404
    assert alice.post(f"/team/{key}/role", data={"role": "member"}).status_code == 404
    assert alice.post(f"/team/invitations/{key}/withdraw").status_code == 404
    assert alice.post(f"/security/devices/{key}/sign-out").status_code in (303, 404)
    assert ada.post(f"/staff/people/{key}/off").status_code == 404


@pytest.mark.parametrize("key", KEYS)
def test_links_of_mails(nobody, key):
    assert nobody.get(f"/invitation/{key}").status_code == 404
    assert nobody.get(f"/sign-in/forgotten-password/{key}").status_code in (302, 404)
    assert nobody.post(f"/sign-in/passkey/{key}", data={"credential": "{}"}).status_code in (302, 404)


@pytest.mark.parametrize(
    "path", ["/sign-in", "/settings", "/security/password", "/team/invite", "/security/passkeys", "/security/authenticator-app"]
)
@pytest.mark.parametrize("value", ["\x00", "\ud83d", "\x7f" * 100, "🦦" * 1000, "\u202e", "a" * 1_000_000])
def test_every_field_of_every_form(world, nobody, alice, path, value):
    fields = (
        "email",
        "password",
        "name",
        "time_zone",
        "scheme",
        "role",
        "new_password",
        "new_password_confirm",
        "code",
        "remember",
    )
    client = nobody if path == "/sign-in" else alice
    answer = client.post(path, data={field: value.encode("utf-8", "surrogatepass") for field in fields})
    assert answer.status_code in (400, 404, 413, 422), answer.status_code


@pytest.mark.parametrize("path", ["/sign-in", "/settings", "/team/invite", "/security/password", "/sign-in/forgotten-password"])
def test_fields_posted_as_files_and_twice(world, alice, nobody, path):
    client = nobody if path.startswith("/sign-in") else alice
    answer = client.post(
        path, data={"email": (BytesIO(b"x"), "x.txt"), "name": (BytesIO(b"x"), "x.txt")}, content_type="multipart/form-data"
    )
    assert answer.status_code in (302, 303, 400, 422)
    assert client.post(
        path, data="email=a&email=b&password=c&password=d", content_type="application/x-www-form-urlencoded"
    ).status_code in (302, 422)
