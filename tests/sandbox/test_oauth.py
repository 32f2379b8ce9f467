"""Connecting a merchant to an app: with nothing but requests, with Authlib's Flask client, and everything that is refused."""

import json
import re
import threading
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from authlib.integrations.flask_client import OAuth, OAuthError
from flask import Flask, jsonify, session
from werkzeug.serving import make_server

from portal.sandbox.store.tables import metadata
from tests.sandbox.kit import VERSION, Api, wait_until

BACK = "https://partner.example.com/back?from=gocardless"
SIGN_UP = {
    "given_name": "Mia",
    "family_name": "Merchant",
    "organisation_name": "Corner Shop",
    "country_code": "GB",
    "password": "long enough",
}


@pytest.fixture
def partner(running):
    """An app of this running sandbox."""
    return register(running)


def register(running, **values):
    answer = requests.post(
        f"{running.url}/_sandbox/apps", json={"name": "Partner", "redirect_uris": [BACK], **values}, timeout=10
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


class Browser:
    """A person with cookies who fills in the first form that has what they want to send."""

    def __init__(self, base):
        self.base, self.http = base, requests.Session()

    def open(self, path, **parameters):
        return self.http.get(f"{self.base}{path}", params=parameters, allow_redirects=False, timeout=10)

    def send(self, answer, button, **values):
        """Posts the form whose action ends in ``button``."""
        action = next(a for a in re.findall(r'action="([^"]+)"', answer.text) if a.split("?")[0].endswith(button)).replace(
            "&amp;", "&"
        )
        token = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)[1]
        return self.http.post(f"{self.base}{action}", data={"csrf_token": token, **values}, allow_redirects=False, timeout=10)

    def follow(self, answer):
        return self.http.get(f"{self.base}{answer.headers['Location']}", allow_redirects=False, timeout=10)


def link(partner, **more):
    parameters = {
        "response_type": "code",
        "client_id": partner["client_id"],
        "redirect_uri": BACK,
        "scope": "read_write",
        "state": "s1",
        **more,
    }
    return {name: value for name, value in parameters.items() if value is not None}


def connect(running, partner, email="mia@example.com", **more):
    """From the partner's link to the code in the address that the merchant comes back to."""
    browser = Browser(running.url)
    entry = browser.open("/oauth/authorize", **link(partner, **more))
    consent = browser.follow(browser.send(entry, "sign-up", email=email, **SIGN_UP))
    back = browser.send(consent, "/oauth/authorize", decision="allow")
    assert back.status_code == 302
    return browser, parse_qs(urlsplit(back.headers["Location"]).query)


def exchange(running, partner, given, **more):
    form = {"grant_type": "authorization_code", "code": given, "redirect_uri": BACK, "client_id": partner["client_id"]}
    return requests.post(
        f"{running.url}/oauth/access_token", data={**form, "client_secret": partner["client_secret"], **more}, timeout=10
    )


_numbers = iter(range(10_000))


def someone():
    return f"merchant{next(_numbers)}@example.com"


def test_the_whole_way_with_requests_alone(running, partner):
    email = someone()
    _, back = connect(running, partner, email)
    assert (back["state"], back["from"]) == (["s1"], ["gocardless"])
    answer = exchange(running, partner, back["code"][0])
    token = answer.json()
    assert set(token) == {"access_token", "scope", "token_type", "organisation_id", "email", "active"}
    assert (token["scope"], token["token_type"], token["email"], token["active"]) == ("read_write", "bearer", email, True)
    assert (answer.headers["Cache-Control"], answer.headers["Pragma"]) == ("no-store", "no-cache")
    own = Api(running.app, token["access_token"])
    creditor = own.all("creditors")[0]
    assert (creditor["name"], creditor["verification_status"]) == ("Corner Shop", "action_required")
    again = exchange(running, partner, back["code"][0])
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize("encoding", ["form", "json", "multipart", "basic", "multipart twice"])
def test_the_code_is_exchanged_in_every_encoding(running, partner, encoding):
    _, back = connect(running, partner, someone())
    values = {"grant_type": "authorization_code", "code": back["code"][0], "redirect_uri": BACK}
    own = {"client_id": partner["client_id"], "client_secret": partner["client_secret"]}
    multipart = [(name, (None, value)) for name, value in {**values, **own}.items()]
    how = {
        "form": {"data": {**values, **own}},
        "json": {"json": {**values, **own}},
        "multipart": {"files": multipart},
        "multipart twice": {"files": [*multipart, ("redirect_uri", (None, BACK))]},
        "basic": {"data": values, "auth": tuple(own.values())},
    }[encoding]
    answer = requests.post(f"{running.url}/oauth/access_token", timeout=10, **how)
    assert answer.status_code == 200, answer.text
    assert answer.json()["organisation_id"].startswith("OR")


@pytest.mark.parametrize(
    ("changed", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"client_secret": ""}, 401, "invalid_client"),
        ({"code": "never given"}, 400, "invalid_grant"),
        ({"code": ""}, 400, "invalid_request"),
        ({"redirect_uri": "https://partner.example.com/other"}, 400, "invalid_grant"),
        ({"redirect_uri": ""}, 400, "invalid_request"),
        ({"grant_type": "client_credentials"}, 400, "unsupported_grant_type"),
        ({"grant_type": "refresh_token"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "invalid_request"),
    ],
)
def test_an_exchange_that_is_not_right_is_refused_and_uses_nothing_up(running, partner, changed, status, error):
    _, back = connect(running, partner, someone())
    answer = exchange(running, partner, back["code"][0], **changed)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.json()["error_description"]
    assert exchange(running, partner, back["code"][0]).status_code == 200


def test_a_code_is_one_apps_alone(running, partner):
    _, back = connect(running, partner, someone())
    other = register(running)
    assert exchange(running, other, back["code"][0]).json()["error"] == "invalid_grant"


def test_a_code_expires(tmp_path):
    from tests.sandbox.conftest import Running

    made = Running(tmp_path, code_minutes=0)
    try:
        own = register(made)
        _, back = connect(made, own)
        assert exchange(made, own, back["code"][0]).json()["error"] == "invalid_grant"
    finally:
        made.close()


def test_two_exchanges_at_once_give_one_token(running, partner):
    _, back = connect(running, partner, someone())
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(exchange(running, partner, back["code"][0]).status_code))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200] + [400] * 5


@pytest.mark.parametrize(
    "changed",
    [{"client_id": "nobody"}, {"client_id": None}, {"redirect_uri": "https://partner.example.com/back"}, {"redirect_uri": BACK + "/"},
     {"redirect_uri": "https://evil.example.com/"}, {"redirect_uri": None}],
)  # fmt: skip
def test_an_unknown_app_or_address_is_a_page_and_never_a_redirect(running, partner, changed):
    answer = Browser(running.url).open("/oauth/authorize", **link(partner, **changed))
    assert answer.status_code == 400
    assert "This link is not right" in answer.text
    assert "Location" not in answer.headers


@pytest.mark.parametrize(
    ("changed", "error"),
    [({"scope": "everything"}, "invalid_scope"), ({"scope": None}, "invalid_scope"), ({"scope": "read_write read_only"}, "invalid_scope"),
     ({"response_type": "token"}, "unsupported_response_type"), ({"response_type": None}, "invalid_request")],
)  # fmt: skip
def test_other_faults_in_the_link_go_back_to_the_app(running, partner, changed, error):
    answer = Browser(running.url).open("/oauth/authorize", **link(partner, **changed))
    assert answer.status_code == 302
    back = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert (back["error"], back["state"], back["from"]) == ([error], ["s1"], ["gocardless"])


def test_denying_goes_back_with_the_reason(running, partner):
    browser = Browser(running.url)
    entry = browser.open("/oauth/authorize", **link(partner))
    answer = browser.send(entry, "/oauth/authorize", decision="deny")
    back = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert (back["error"], back["state"]) == (["access_denied"], ["s1"])
    assert back["error_description"]
    assert "code" not in back


@pytest.mark.parametrize(
    ("parameters", "heading"),
    [({}, "Sign up"), ({"scope": "read_only"}, "Log in"), ({"initial_view": "login"}, "Log in"), ({"initial_view": "signup", "scope": "read_only"}, "Sign up"),
     ({"initial_view": "other"}, "Sign up"), ({"language": "xx", "access_type": "offline", "code_challenge": "x"}, "Sign up")],
)  # fmt: skip
def test_which_view_is_shown_first(running, partner, parameters, heading):
    answer = Browser(running.url).open("/oauth/authorize", **link(partner, **parameters))
    assert f"<h1>{heading} to connect with Partner</h1>" in answer.text


def test_the_link_fills_in_what_it_knows(running, partner):
    known = {
        "email": "known@example.com",
        "given_name": "Ada",
        "family_name": "L",
        "organisation_name": "Engines",
        "country_code": "de",
    }
    prefill = {f"prefill[{name}]": value for name, value in known.items()}
    answer = Browser(running.url).open("/oauth/authorize", **link(partner, **prefill))
    for value in ("known@example.com", "Ada", "Engines"):
        assert f'value="{value}"' in answer.text
    assert '<option value="DE" selected>' in answer.text
    login = Browser(running.url).open("/oauth/authorize", **link(partner, initial_view="login", **prefill))
    assert 'value="known@example.com"' in login.text


def test_an_account_can_be_used_again_for_another_app(running, partner):
    email = someone()
    connect(running, partner, email)
    other = register(running, name="Other")
    browser = Browser(running.url)
    entry = browser.open("/oauth/authorize", **link(other, initial_view="login"))
    wrong = browser.send(entry, "log-in", email=email, password="not this one")
    assert wrong.status_code == 422
    assert "The email address or the password is not right" in wrong.text
    consent = browser.follow(browser.send(entry, "log-in", email=email, password=SIGN_UP["password"]))
    assert "Allow Other to use your account" in consent.text
    taken = Browser(running.url)
    again = taken.send(taken.open("/oauth/authorize", **link(other)), "sign-up", email=email, **SIGN_UP)
    assert again.status_code == 422
    assert "There is already an account" in again.text


def test_a_form_without_its_token_is_refused(running, partner):
    answer = requests.post(f"{running.url}/oauth/authorize", params=link(partner), data={"decision": "allow"}, timeout=10)
    assert answer.status_code == 400


def test_a_read_only_token_reads_and_does_not_write(running, partner):
    _, back = connect(running, partner, someone(), scope="read_only", initial_view="signup")
    own = Api(running.app, exchange(running, partner, back["code"][0]).json()["access_token"])
    assert own.all("creditors")
    assert own.call("POST", "/customers", {"customers": {"company_name": "A"}}).status_code == 403


@pytest.mark.parametrize("basic", [True, False])
def test_looking_up_and_revoking_a_token(running, partner, basic):
    _, back = connect(running, partner, someone())
    token = exchange(running, partner, back["code"][0]).json()
    own = {"client_id": partner["client_id"], "client_secret": partner["client_secret"]}

    def ask(name, value, **credentials):
        how = {"auth": tuple(own.values())} if basic else {}
        return requests.post(
            f"{running.url}/oauth/{name}", data={"token": value, **({} if basic else own), **credentials}, timeout=10, **how
        )

    shown = ask("introspect", token["access_token"]).json()
    assert (shown["active"], shown["organisation_id"], shown["scope"]) == (True, token["organisation_id"], "read_write")
    assert ask("introspect", "unknown").json() == {"active": False}
    assert ask("revoke", "unknown").status_code == 200
    assert Api(running.app, token["access_token"]).all("creditors")
    assert ask("revoke", token["access_token"]).status_code == 200
    assert ask("introspect", token["access_token"]).json() == {"active": False}
    refused = Api(running.app, token["access_token"]).call("GET", "/creditors")
    error = refused.json["error"]
    assert (refused.status_code, error["type"], error["errors"][0]["reason"]) == (
        401,
        "invalid_api_usage",
        "access_token_revoked",
    )


def test_another_app_can_neither_see_nor_revoke_a_token(running, partner):
    _, back = connect(running, partner, someone())
    token = exchange(running, partner, back["code"][0]).json()["access_token"]
    other = register(running)
    own = {"client_id": other["client_id"], "client_secret": other["client_secret"], "token": token}
    assert requests.post(f"{running.url}/oauth/introspect", data=own, timeout=10).json() == {"active": False}
    requests.post(f"{running.url}/oauth/revoke", data=own, timeout=10)
    assert Api(running.app, token).all("creditors")


def test_tokens_codes_and_secrets_are_not_stored(running, partner):
    _, back = connect(running, partner, someone())
    code = back["code"][0]
    token = exchange(running, partner, code).json()["access_token"]
    running.house.log.flush()
    with running.house.database.reading() as conn:
        dump = "".join(str(row) for table in metadata.sorted_tables for row in conn.execute(table.select()))
    for secret in (token, code, partner["client_secret"], SIGN_UP["password"]):
        assert secret not in dump


def test_the_merchant_disconnects_and_the_app_hears_of_it(running, receiver):
    own = register(running, webhook_url=receiver.url, webhook_secret="a shared secret")
    browser, back = connect(running, own, someone())
    token = exchange(running, own, back["code"][0]).json()
    apps = browser.open("/account/apps")
    assert "Partner" in apps.text
    assert browser.send(apps, "disconnect").status_code == 303
    assert "No app is connected" in browser.open("/account/apps").text
    assert Api(running.app, token["access_token"]).call("GET", "/creditors").status_code == 401
    event = wait_until(
        lambda: [e for _, body in receiver.seen for e in json.loads(body)["events"] if e["resource_type"] == "organisations"]
    )[0]
    assert event == {
        "id": None,
        "created_at": event["created_at"],
        "action": "disconnected",
        "resource_type": "organisations",
        "links": {"organisation": token["organisation_id"]},
        "details": {
            "cause": "app_disconnected",
            "origin": "gocardless",
            "description": "Your app has been has disconnected from this organisation",
        },
        "metadata": {},
    }


def test_verification_moves_on_and_back(running, receiver):
    own = register(
        running,
        webhook_url=receiver.url,
        webhook_secret="a shared secret",
        post_onboarding_url="https://partner.example.com/done",
    )
    browser, back = connect(running, own, someone())
    api = Api(running.app, exchange(running, own, back["code"][0]).json()["access_token"])
    details = {"name": "Corner Shop Ltd", "company_number": "07495895", "description": "Cheese", "address_line1": "1 Street",
               "city": "London", "postal_code": "E1 1AA"}  # fmt: skip
    assert browser.send(browser.open("/verify"), "/verify", name="Only a name").status_code == 422
    assert browser.send(browser.open("/verify"), "/verify", **details).status_code == 303
    assert api.all("creditors")[0]["verification_status"] == "in_review"
    page = browser.open("/verify")
    assert "https://partner.example.com/done" in page.text
    assert browser.send(page, "review", verdict="approve").status_code == 303
    creditor = api.all("creditors")[0]
    assert (creditor["verification_status"], creditor["can_create_refunds"]) == ("successful", True)
    assert browser.send(browser.open("/verify"), "review", verdict="send_back").status_code == 303
    assert api.all("creditors")[0]["verification_status"] == "action_required"
    told = [e["details"]["property"] for e in api.all("events", "?resource_type=creditors")]
    assert told == ["verification_status"] * 3


def test_the_pages_need_somebody_who_is_signed_in(running):
    for path in ("/account/apps", "/verify"):
        answer = Browser(running.url).open(path)
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/account/log-in")


def test_authlibs_flask_client(running):
    """An app of its own that uses Authlib as its documentation says, over plain HTTP on this machine."""
    client = Flask("client")
    client.secret_key = "only for this test"
    server = make_server("127.0.0.1", 0, client, threaded=True)
    base = f"http://127.0.0.1:{server.port}"
    own = register(running, redirect_uris=[f"{base}/callback"])
    oauth = OAuth(client)
    oauth.register(
        "gocardless",
        client_id=own["client_id"],
        client_secret=own["client_secret"],
        authorize_url=f"{running.url}/oauth/authorize",
        access_token_url=f"{running.url}/oauth/access_token",
        client_kwargs={"scope": "read_write", "token_endpoint_auth_method": "client_secret_post"},
    )

    @client.get("/connect")
    def start():
        return oauth.gocardless.authorize_redirect(
            f"{base}/callback", initial_view="signup", **{"prefill[email]": "a@example.com"}
        )

    @client.get("/callback")
    def callback():
        try:
            return jsonify(oauth.gocardless.authorize_access_token())
        except OAuthError as error:
            return jsonify({"failed": error.error, "kept": sorted(session)})

    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        for decision in ("allow", "deny"):
            browser = Browser(running.url)
            first = browser.http.get(f"{base}/connect", allow_redirects=False, timeout=10)
            entry = browser.http.get(first.headers["Location"], timeout=10)
            assert 'value="a@example.com"' in entry.text
            consent = browser.follow(browser.send(entry, "sign-up", email=someone(), **SIGN_UP))
            back = browser.send(consent, "/oauth/authorize", decision=decision)
            answer = browser.http.get(back.headers["Location"], timeout=10).json()
            assert (
                answer.get("organisation_id", "").startswith("OR")
                if decision == "allow"
                else answer["failed"] == "access_denied"
            )
    finally:
        server.shutdown()
        server.server_close()


def test_version_is_the_only_other_header_that_a_connected_app_needs(running, partner):
    _, back = connect(running, partner, someone())
    token = exchange(running, partner, back["code"][0]).json()["access_token"]
    answer = requests.get(
        f"{running.url}/creditors?limit=1", headers={"Authorization": f"Bearer {token}", **VERSION}, timeout=10
    )
    assert len(answer.json()["creditors"]) == 1
