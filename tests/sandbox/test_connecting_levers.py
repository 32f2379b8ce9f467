"""The levers for connecting: codes without a merchant at the pages, faults of the token endpoint, and what the log knows of both."""

import pytest

from tests.sandbox.kit import make_app

BACK = "https://partner.example.com/back"


class Partner:
    """An app and its levers."""

    def __init__(self, sandbox):
        self.http = sandbox.test_client()
        self.app = self.http.post("/_sandbox/apps", json={"name": "Partner", "redirect_uris": [BACK]}).json

    @property
    def id(self):
        return self.app["client_id"]

    def lever(self, name, **values):
        return self.http.post(f"/_sandbox/apps/{self.id}/{name}", json=values)

    def exchange(self, code, **changed):
        own = {name: self.app[name] for name in ("client_id", "client_secret")}
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, **own, **changed}
        return self.http.post("/oauth/access_token", data=form)

    def seen(self, **query):
        return self.http.get("/_sandbox/requests", query_string={"client_id": self.id, **query}).json


@pytest.fixture
def partner(sandbox):
    return Partner(sandbox)


def test_a_code_of_a_new_merchant_is_exchanged_once(partner):
    made = partner.lever("codes", redirect_uri=BACK).json
    token = partner.exchange(made["code"])
    assert token.status_code == 200
    assert (token.json["organisation_id"], token.json["scope"]) == (made["organisation_id"], "read_write")
    assert token.json["email"] == f"{made['organisation_id'].lower()}@example.com"
    assert partner.exchange(made["code"]).json["error"] == "invalid_grant"


def test_a_code_of_a_merchant_that_is_there(partner):
    merchant = partner.http.post("/_sandbox/organisations", json={"name": "A", "country_code": "GB"}).json["organisation_id"]
    for scope in ("read_only", "read_write"):
        made = partner.lever("codes", redirect_uri=BACK, scope=scope, organisation_id=merchant)
        assert made.status_code == 201
        token = partner.exchange(made.json["code"]).json
        assert (token["organisation_id"], token["scope"]) == (merchant, scope)


def test_a_code_can_be_over_already(partner):
    code = partner.lever("codes", redirect_uri=BACK, minutes=0).json["code"]
    assert partner.exchange(code).json["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("values", "status"),
    [({}, 422), ({"redirect_uri": BACK + "/"}, 422), ({"redirect_uri": BACK, "organisation_id": "OR1"}, 422),
     ({"redirect_uri": BACK, "scope": "everything"}, 422), ({"redirect_uri": BACK, "minutes": -1}, 422)],
)  # fmt: skip
def test_no_code_without_what_it_takes(partner, values, status):
    assert partner.lever("codes", **values).status_code == status


def test_no_levers_for_an_app_that_is_not_registered(sandbox):
    http = sandbox.test_client()
    assert http.post("/_sandbox/apps/nobody/codes", json={"redirect_uri": BACK}).status_code == 404
    assert http.post("/_sandbox/apps/nobody/token_faults", json={"kind": "500"}).status_code == 404


@pytest.mark.parametrize(("kind", "status", "error"), [("500", 500, "server_error"), ("timeout", 504, "server_error")])
def test_the_token_endpoint_fails_as_ordered_and_uses_no_code_up(partner, kind, status, error):
    code = partner.lever("codes", redirect_uri=BACK).json["code"]
    assert partner.lever("token_faults", kind=kind, count=2).status_code == 201
    for _ in range(2):
        answer = partner.exchange(code)
        assert (answer.status_code, answer.json["error"]) == (status, error)
    assert partner.exchange(code).status_code == 200


def test_the_token_endpoint_answers_what_is_no_json(partner):
    code = partner.lever("codes", redirect_uri=BACK).json["code"]
    partner.lever("token_faults", kind="html")
    partner.lever("token_faults", kind="empty")
    html, empty = partner.exchange(code), partner.exchange(code)
    assert (html.status_code, html.mimetype, "<html>" in html.text) == (502, "text/html", True)
    assert (empty.status_code, empty.get_data()) == (200, b"")
    assert partner.exchange(code).status_code == 200


def test_a_slow_token_endpoint_answers_well(partner):
    code = partner.lever("codes", redirect_uri=BACK).json["code"]
    partner.lever("token_faults", kind="slow", milliseconds=60)
    assert partner.exchange(code).status_code == 200
    assert partner.seen()["requests"][0]["milliseconds"] >= 60


def test_what_was_ordered_can_be_forgotten_and_is_one_apps_alone(sandbox, partner):
    other = Partner(sandbox)
    other.lever("token_faults", kind="500", count=5)
    code = partner.lever("codes", redirect_uri=BACK).json["code"]
    partner.lever("token_faults", kind="500", count=5)
    partner.lever("token_faults", kind="none")
    assert partner.exchange(code).status_code == 200
    assert other.exchange("any").status_code == 500


@pytest.mark.parametrize("values", [{}, {"kind": "429"}, {"kind": "500", "count": 0}, {"kind": "slow", "milliseconds": -1}])
def test_faults_that_make_no_sense_are_refused(partner, values):
    assert partner.lever("token_faults", **values).status_code == 422


def test_every_call_of_the_token_endpoint_is_in_the_log_failed_or_not(partner):
    partner.lever("token_faults", kind="500")
    partner.exchange("first-unknown-code")
    partner.exchange("second-unknown-code")
    partner.http.post("/oauth/access_token", data={"client_id": partner.id})
    basic = {"grant_type": "authorization_code", "code": "third-unknown-code", "redirect_uri": BACK}
    partner.http.post("/oauth/access_token", data=basic, auth=(partner.id, "wrong"))
    partner.exchange(partner.lever("codes", redirect_uri=BACK).json["code"])
    seen = partner.seen(since=0)["requests"]
    assert [(one["path"], one["status"]) for one in seen] == [
        ("/oauth/access_token", status) for status in (500, 400, 400, 401, 200)
    ]
    assert "…code" in seen[0]["body"]
    assert partner.app["client_secret"] not in str(seen)


def test_visits_of_the_authorization_page_are_in_the_log(partner):
    link = {
        "response_type": "code",
        "client_id": partner.id,
        "redirect_uri": BACK,
        "scope": "read_write",
        "state": "s1",
        "prefill[email]": "a@example.com",
    }
    partner.http.get("/oauth/authorize", query_string=link)
    partner.http.get("/oauth/authorize", query_string={**link, "redirect_uri": "https://elsewhere.example.com/"})
    partner.http.get("/oauth/authorize", query_string={**link, "scope": "everything"})
    seen = partner.seen(since=0)["requests"]
    assert [(one["method"], one["path"], one["status"]) for one in seen] == [
        ("GET", "/oauth/authorize", status) for status in (200, 400, 302)
    ]
    assert "state=s1" in seen[0]["query"]
    assert [one["client_id"] for one in seen] == [partner.id] * 3


def test_the_log_since_a_mark_is_read_oldest_first(partner):
    for number in range(3):
        partner.exchange(f"code-number-{number}")
    first = partner.seen(since=0, limit=2)
    assert [one["number"] for one in first["requests"]] == sorted(one["number"] for one in first["requests"])
    rest = partner.seen(since=first["requests"][-1]["number"])
    assert ["…er-2" in one["body"] for one in rest["requests"]] == [True]
    assert partner.seen(since=rest["mark"])["requests"] == []
    assert [one["number"] for one in partner.seen()["requests"]] == sorted(
        (one["number"] for one in partner.seen(since=0)["requests"]), reverse=True
    )


def test_the_log_names_the_organisation_of_a_call(partner):
    made = partner.lever("codes", redirect_uri=BACK).json
    token = partner.exchange(made["code"]).json["access_token"]
    partner.http.get("/creditors", headers={"Authorization": f"Bearer {token}", "GoCardless-Version": "2015-07-06"})
    assert partner.seen()["requests"][0]["organisation_id"] == made["organisation_id"]


@pytest.mark.parametrize("since", ["soon", "-1", "1.5", "9" * 30])
def test_a_mark_that_is_none_is_refused(partner, since):
    assert partner.http.get("/_sandbox/requests", query_string={"client_id": partner.id, "since": since}).status_code == 400


@pytest.mark.parametrize("client_id", ["x" * 500, "a\0b", "\N{SNOWMAN}", ""])
def test_strange_client_ids_are_only_strange(sandbox, client_id):
    http = sandbox.test_client()
    assert http.post("/oauth/access_token", data={"client_id": client_id, "code": "x"}).status_code == 400
    assert http.get("/oauth/authorize", query_string={"client_id": client_id}).status_code == 400
    assert http.get("/_sandbox/requests", query_string={"client_id": client_id or "x"}).status_code == 200


def test_an_empty_log_stands_at_nothing(tmp_path):
    http = make_app(tmp_path).test_client()
    assert http.get("/_sandbox/requests?client_id=none").json == {"requests": [], "mark": 0}
