"""Another process keeps SQLite's one lock for longer than we wait: every door says so, and nothing is half done."""

import sqlite3

import pytest

from tests.sandbox.kit import make_app, merchant

REDIRECT = "https://partner.example.com/back"


@pytest.fixture
def locked(tmp_path):
    """A merchant, and the lock that somebody else has."""
    own = merchant(make_app(tmp_path, database_url="", database_patience=0.05))  # SQLite always
    wanted = own.create("billing_requests", {"mandate_request": {"scheme": "bacs"}})
    own.flow = own.create("billing_request_flows", {"redirect_uri": REDIRECT, "links": {"billing_request": wanted["id"]}})
    other = sqlite3.connect(tmp_path / "sandbox.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    own.free = lambda: other.execute("ROLLBACK")
    yield own
    other.close()


def test_the_api_says_to_try_again(locked):
    answer = locked.call("POST", "/customers", {"customers": {"company_name": "Acme"}})
    assert answer.status_code == answer.json["error"]["code"] == 503
    assert answer.json["error"]["type"] == "gocardless"
    assert answer.json["error"]["errors"][0]["reason"] == "service_unavailable"
    locked.free()
    assert locked.create("customers", {"company_name": "Acme"})
    assert [one["company_name"] for one in locked.all("customers")].count("Acme") == 1


def test_so_do_the_levers_the_token_endpoint_and_the_pages(locked):
    http = locked.http
    assert http.post("/_sandbox/apps", json={"name": "A", "redirect_uris": [REDIRECT]}).status_code == 503
    form = {"grant_type": "authorization_code", "code": "c", "redirect_uri": REDIRECT, "client_id": "x", "client_secret": "y"}
    token = http.post("/oauth/access_token", data=form)
    assert (token.status_code, token.json["error"]) == (503, "temporarily_unavailable")
    page = http.get(locked.flow["authorisation_url"])
    assert page.status_code == 503
    assert "try again" in page.text


def test_what_was_asked_meanwhile_is_in_the_log_later(locked):
    locked.call("POST", "/customers", {"customers": {"company_name": "Acme"}})
    locked.app.extensions["sandbox"].log.flush()
    locked.free()
    seen = locked.http.get(f"/_sandbox/requests?access_token={locked.token}").json["requests"]
    assert (seen[0]["path"], seen[0]["status"]) == ("/customers", 503)
