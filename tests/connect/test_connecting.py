"""The whole connect test against a real sandbox: every step, every way to fail, and what is kept of it."""

import os
import re
import subprocess
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import time_machine

from portal import clock
from portal import gocardless as door
from portal.connect.problems import PROBLEMS
from portal.extensions import db
from portal.models.event import Event
from portal.models.outbox import Outbox, Task
from portal.models.partner_app import Connection, PartnerApp
from portal.models.run import Run, RunStep
from portal.status import ConnectionStatus, Environment
from portal.transaction import writing
from portal.worker import drain, periodic
from tests.connect.play import Play, come_back, connect, connection, look, run_key, start, steps
from tests.developers_world import CALLBACK
from tests.sandbox.conftest import Running
from tests.waiting import free_port

ALL = ["link", "sent", "returned", "exchanged", "looked_up", "creditor", "verification"]


@pytest.fixture
def app_row(gocardless):
    return gocardless.app()


def test_the_whole_way(gocardless, alice, app_row):
    address = start(alice, app_row, email="owner@example.com", country_code="gb", language="fr", initial_view="signup")
    sent = parse_qs(urlsplit(address).query)
    assert address.startswith(f"{gocardless.url}/oauth/authorize?")
    assert (sent["client_id"], sent["scope"], sent["response_type"]) == ([app_row.client_id], ["read_write"], ["code"])
    assert (sent["prefill[email]"], sent["prefill[country_code]"]) == (["owner@example.com"], ["GB"])
    assert (sent["language"], sent["initial_view"], sent["redirect_uri"]) == (
        ["fr"],
        ["signup"],
        ["http://localhost" + CALLBACK],
    )
    back = come_back(alice, Play(gocardless).decide(address))
    key = run_key(back)
    assert look(gocardless, key)[0] == "running"
    drain(gocardless.portal)
    status, words, seen = look(gocardless, key)
    assert (status, words) == ("passed", "Corner Shop is connected.")
    assert seen == [(code, "passed", "") for code in ALL]
    kept = connection(gocardless)
    assert (kept.creditor_name, kept.verification_status, kept.scope) == ("Corner Shop", "action_required", "read_write")
    assert gocardless.portal.test_client().get("/healthz").status_code == 200
    page = alice.get(f"/developers/runs/{key}").get_data(as_text=True)
    for words in ("Corner Shop", "Action required", "Revoke the token", "Repeat it with curl", "Verification page"):
        assert words in page


def test_no_secret_is_kept_or_shown(gocardless, alice, rita, app_row):
    address = start(alice, app_row)
    state = parse_qs(urlsplit(address).query)["state"][0]
    back = Play(gocardless).decide(address)
    code = parse_qs(urlsplit(back).query)["code"][0]
    key = run_key(come_back(alice, back))
    drain(gocardless.portal)
    pages = [client.get(f"/developers/runs/{key}").get_data(as_text=True) for client in (alice, rita)]
    with gocardless.portal.app_context():
        token = db.session.query(Connection).one().access_token
        rows = [str(vars(one)) for one in db.session.query(RunStep)] + [str(vars(db.session.query(Run).one()))]
        rows += [str(vars(one)) for one in db.session.query(Event)]
        assert db.session.query(Run).one().secret is None
    assert len(token) > 20
    for secret in (token, code, state.rpartition(".")[2], app_row.client_secret):
        assert not any(secret in text for text in (*pages, *rows)), secret


def test_curl_really_repeats_it(gocardless, alice, app_row):
    key = connect(alice, gocardless, app_row)
    with gocardless.portal.app_context():
        token = db.session.query(Connection).one().access_token
    known = {**os.environ, "CLIENT_SECRET": app_row.client_secret, "ACCESS_TOKEN": token, "CODE": "spent"}
    answers = {}
    for code, step in steps(gocardless, key).items():
        if step.request and step.request["curl"]:
            ran = subprocess.run(
                ["sh", "-c", step.request["curl"]], check=False, env=known, capture_output=True, text=True, timeout=20
            )
            answers[code] = ran.stdout
    assert set(answers) == {"exchanged", "looked_up", "creditor", "verification"}
    assert "invalid_grant" in answers["exchanged"]
    assert '"active":true' in answers["looked_up"].replace(" ", "")
    assert "Corner Shop" in answers["creditor"]
    assert "action_required" in answers["verification"]


def test_connecting_again_keeps_the_row(gocardless, alice, app_row):
    merchant = Play(gocardless)
    for _ in range(2):
        run_key(come_back(alice, merchant.decide(start(alice, app_row))))
        drain(gocardless.portal)
    kept = connection(gocardless)
    assert kept.status is ConnectionStatus.CONNECTED
    with gocardless.portal.app_context():
        happened = [event.payload["again"] for event in db.session.query(Event).filter_by(kind="merchant_connected")]
    assert happened == [False, True]


def test_denied(gocardless, alice, app_row):
    status, words, seen = look(gocardless, connect(alice, gocardless, app_row, "deny"))
    assert (status, words) == ("failed", PROBLEMS["denied"].words)
    assert seen[-1] == ("returned", "failed", "denied")


MISTAKES = {
    "secret": ("exchanged", "wrong_secret"),
    "redirect": ("exchanged", "wrong_redirect"),
    "scope": ("returned", "sent_back"),
    "state": ("returned", "state_mismatch"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistakes_on_purpose(gocardless, alice, app_row, mistake):
    key = connect(alice, gocardless, app_row, mistake=mistake)
    status, _, seen = look(gocardless, key)
    assert status == "failed"
    code, problem = MISTAKES[mistake]
    assert seen[-1] == (code, "failed", problem)
    page = alice.get(f"/developers/runs/{key}").get_data(as_text=True)
    assert PROBLEMS[problem].todo.split("'")[0][:40] in page
    assert "on purpose" in page


def test_the_same_code_twice(gocardless, alice, app_row):
    status, _, seen = look(gocardless, connect(alice, gocardless, app_row, mistake="reuse"))
    assert status == "passed"
    assert ("again", "passed", "code_used") in seen


def test_an_unknown_client_waits_and_is_stopped(gocardless, alice, app_row):
    address = start(alice, app_row, mistake="client")
    answer = Play(gocardless).browser.http.get(address, timeout=10)
    assert answer.status_code >= 400
    with gocardless.portal.app_context():
        key = db.session.query(Run).one().key
    assert alice.post(f"/developers/runs/{key}/stop").status_code == 303
    assert look(gocardless, key)[0] == "stopped"
    assert alice.post(f"/developers/runs/{key}/stop").status_code == 409


def returned(gocardless, alice, app_row):
    """A run whose code waits for the worker."""
    return run_key(come_back(alice, Play(gocardless).decide(start(alice, app_row))))


def test_an_expired_code(gocardless, alice, app_row):
    key = returned(gocardless, alice, app_row)
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=True):
        drain(gocardless.portal)
    assert look(gocardless, key)[2][-1] == ("exchanged", "failed", "code_expired")


def test_a_code_that_somebody_else_used(gocardless, alice, app_row):
    address = start(alice, app_row)
    back = Play(gocardless).decide(address)
    key = run_key(come_back(alice, back))
    spent = {"grant_type": "authorization_code", "code": parse_qs(urlsplit(back).query)["code"][0]}
    spent |= {
        "client_id": app_row.client_id,
        "client_secret": app_row.client_secret,
        "redirect_uri": "http://localhost" + CALLBACK,
    }
    import requests

    assert requests.post(f"{gocardless.url}/oauth/access_token", data=spent, timeout=10).ok
    drain(gocardless.portal)
    assert look(gocardless, key)[2][-1] == ("exchanged", "failed", "code_refused")


def test_our_own_second_try_is_not_blamed_on_the_app(gocardless, alice, app_row):
    """The worker died after the exchange and before the commit: its row comes again, the code is spent."""
    key = returned(gocardless, alice, app_row)
    with gocardless.portal.app_context(), writing():
        db.session.query(Outbox).filter_by(task=Task.CONNECT).one().attempts = 1
        run = db.session.query(Run).one()
        run.secret = run.secret.replace('"code": "', '"code": "spent-')
    drain(gocardless.portal)
    assert look(gocardless, key)[2][-1] == ("exchanged", "failed", "interrupted")


def test_a_step_is_not_made_twice(gocardless, alice, app_row):
    key = connect(alice, gocardless, app_row)
    before = look(gocardless, key)
    with gocardless.portal.app_context(), writing():
        run = db.session.query(Run).one()
        from portal import outbox

        outbox.enqueue(Task.CONNECT, {"run": run.id, "steps": ["exchanged", "looked_up"]}, title="again")
    drain(gocardless.portal)
    assert look(gocardless, key) == before


def test_an_app_whose_secret_went_meanwhile(gocardless, alice, app_row):
    key = returned(gocardless, alice, app_row)
    with gocardless.portal.app_context(), writing():
        db.session.get(PartnerApp, app_row.id).client_id = "nobody-knows-this-one"
    drain(gocardless.portal)
    assert look(gocardless, key)[2][-1] == ("exchanged", "failed", "wrong_secret")


def test_nobody_answers(gocardless, alice, app_row, sandbox_settings):
    key = returned(gocardless, alice, app_row)
    door.configure(sandbox_settings.model_copy(update={"embedded_connect_url": f"http://127.0.0.1:{free_port()}"}))
    drain(gocardless.portal)
    assert look(gocardless, key)[2][-1] == ("exchanged", "failed", "unreachable")
    assert "no answer" in alice.get(f"/developers/runs/{key}").get_data(as_text=True)


def test_the_environment_went_away(gocardless, alice, app_row, sandbox_settings):
    key = returned(gocardless, alice, app_row)
    door.configure(sandbox_settings.model_copy(update={"embedded_connect_url": "none"}))
    drain(gocardless.portal)
    assert look(gocardless, key)[2][-1] == ("exchanged", "failed", "app_changed")
    assert alice.get(f"/developers/runs/{key}").status_code == 200


FAULTS = {"500": "server_failed", "429": "too_many", "html": "server_failed", "empty": "not_json", "timeout": "server_failed"}


@pytest.mark.parametrize(
    ("fault", "problem"), [("500", "server_failed"), ("429", "too_many"), ("html", "not_json"), ("empty", "not_json")]
)
def test_faults_of_the_api(gocardless, alice, app_row, fault, problem):
    merchant = gocardless.merchant(app_row)
    gocardless.fault(merchant, fault)
    key = run_key(alice.post(f"/developers/connections/{merchant.key}/check"))
    drain(gocardless.portal)
    status, _, seen = look(gocardless, key)
    assert (status, seen[-1]) == ("failed", ("creditor", "failed", problem))
    again = run_key(alice.post(f"/developers/connections/{merchant.key}/check"))
    drain(gocardless.portal)
    assert look(gocardless, again)[0] == "passed"


def test_look_up_read_and_revoke_by_button(gocardless, alice, app_row, inbox):
    key = connect(alice, gocardless, app_row)
    for button in ("look-up", "read"):
        assert run_key(alice.post(f"/developers/connect/runs/{key}/{button}")) == key
        assert alice.post(f"/developers/connect/runs/{key}/{button}").status_code == 409
        drain(gocardless.portal)
    alice.post(f"/developers/connect/runs/{key}/revoke")
    drain(gocardless.portal)
    status, words, seen = look(gocardless, key)
    assert (status, words) == ("passed", "Corner Shop is disconnected.")
    assert seen[-2:] == [("revoked", "passed", ""), ("refused", "passed", "")]
    refused = steps(gocardless, key)["refused"]
    assert refused.response["status"] == 401
    assert "access_token_revoked" in refused.verdict
    kept = connection(gocardless)
    assert (kept.status, kept.access_token) == (ConnectionStatus.REVOKED, None)
    assert alice.post(f"/developers/connect/runs/{key}/look-up").status_code == 409
    assert "Revoke the token" not in alice.get(f"/developers/runs/{key}").get_data(as_text=True)
    assert len(list(inbox.glob("*"))) >= 2
    with gocardless.portal.app_context():
        assert db.session.query(Run).one().secret is None


def test_a_token_that_the_merchant_took_back(gocardless, alice, app_row):
    key = connect(alice, gocardless, app_row)
    with gocardless.portal.app_context():
        token = db.session.query(Connection).one().access_token
    import requests

    own = {"client_id": app_row.client_id, "client_secret": app_row.client_secret, "token": token}
    assert requests.post(f"{gocardless.url}/oauth/revoke", data=own, timeout=10).ok
    alice.post(f"/developers/connect/runs/{key}/read")
    drain(gocardless.portal)
    status, words, seen = look(gocardless, key)
    assert seen[-1] == ("creditor", "failed", "revoked")
    assert (status, words) == ("passed", PROBLEMS["revoked"].words)
    assert connection(gocardless).status is ConnectionStatus.DISCONNECTED


def test_the_look_up_says_inactive(gocardless, alice, app_row):
    merchant = gocardless.merchant(app_row)
    import requests

    own = {"client_id": app_row.client_id, "client_secret": app_row.client_secret, "token": merchant.token}
    assert requests.post(f"{gocardless.url}/oauth/revoke", data=own, timeout=10).ok
    key = run_key(alice.post(f"/developers/connections/{merchant.key}/check"))
    drain(gocardless.portal)
    assert look(gocardless, key)[2] == [("looked_up", "failed", "inactive")]
    assert connection(gocardless).access_token is None


def test_stopped_while_the_worker_is_away(gocardless, alice, app_row):
    key = returned(gocardless, alice, app_row)
    alice.post(f"/developers/runs/{key}/stop")
    drain(gocardless.portal)
    status, _, seen = look(gocardless, key)
    assert (status, seen[-1]) == ("stopped", ("exchanged", "skipped", ""))


def test_live_answers_304_until_something_changed(gocardless, alice, app_row):
    key = returned(gocardless, alice, app_row)
    page = alice.get(f"/developers/runs/{key}").get_data(as_text=True)
    version = re.search(r'data-version="(\d+)"', page)[1]
    assert alice.get(f"/developers/runs/{key}/live?version={version}").status_code == 304
    drain(gocardless.portal)
    fresh = alice.get(f"/developers/runs/{key}/live?version={version}")
    assert fresh.status_code == 200
    assert 'data-over="yes"' in fresh.get_data(as_text=True)


def test_the_callbacks_own_words(gocardless, alice, bob, carol, rita, nobody, app_row):
    address = start(alice, app_row)
    back = Play(gocardless).decide(address)
    for client, status in ((nobody, 400), (bob, 404), (carol, 404), (rita, 404)):
        answer = come_back(client, back)
        assert answer.status_code == status
        text = answer.get_data(as_text=True)
        assert app_row.client_id not in text
        assert parse_qs(urlsplit(back).query)["code"][0] not in text
    assert come_back(alice, CALLBACK + "?code=x").status_code == 400
    assert come_back(alice, CALLBACK + "?code=x&state=unknown.state").status_code == 404
    assert come_back(alice, CALLBACK + "?" + urlencode({"code": "x", "state": "a\0b.c"})).status_code == 404
    assert come_back(alice, back).status_code == 303
    assert come_back(alice, back).status_code == 409


def test_another_browser_of_the_same_person(gocardless, world, alice, app_row):
    back = Play(gocardless).decide(start(alice, app_row))
    key = run_key(come_back(world.client("alice"), back))
    assert look(gocardless, key)[2][-1] == ("returned", "failed", "other_session")


def test_a_state_that_was_changed_on_the_way(gocardless, alice, app_row):
    back = Play(gocardless).decide(start(alice, app_row))
    key = run_key(come_back(alice, back.replace("&state=", "&x=1&state=") + "x"))
    assert look(gocardless, key)[2][-1] == ("returned", "failed", "state_mismatch")


def test_too_late(gocardless, alice, app_row):
    back = Play(gocardless).decide(start(alice, app_row))
    with gocardless.portal.app_context(), writing():
        db.session.query(Run).one().started_at = clock.now() - timedelta(minutes=61)
    key = run_key(come_back(alice, back))
    assert look(gocardless, key)[2][-1] == ("returned", "failed", "too_late")


def test_merchants_who_never_come_back(gocardless, alice, app_row):
    back = Play(gocardless).decide(start(alice, app_row))
    start(alice, app_row)
    with gocardless.portal.app_context(), writing():
        stale = db.session.query(Run).order_by(Run.id).first()
        stale.started_at = clock.now() - timedelta(minutes=61)
        key = stale.key
    periodic.end_connect_tests(gocardless.portal)
    status, _, seen = look(gocardless, key)
    assert (status, seen[-1]) == ("failed", ("sent", "failed", "never_back"))
    with gocardless.portal.app_context():
        assert [run.status.value for run in db.session.query(Run).order_by(Run.id)] == ["failed", "waiting"]
        assert db.session.query(Run).filter_by(key=key).one().secret is None
    assert come_back(alice, back).status_code == 409


def test_neither_code_nor_error(gocardless, alice, app_row):
    state = parse_qs(urlsplit(start(alice, app_row)).query)["state"][0]
    key = run_key(come_back(alice, f"{CALLBACK}?state={state}"))
    assert look(gocardless, key)[2][-1] == ("returned", "failed", "no_code")


def test_a_browser_keeps_few_tests_that_were_not_finished(gocardless, alice, app_row):
    for _ in range(6):
        start(alice, app_row)
    with alice.session_transaction() as session:
        assert len([key for key in session if key.startswith("_state_connect_")]) == 3


def test_hostile_settings(gocardless, alice, app_row):
    for values in (
        {"scope": "everything"}, {"initial_view": "<script>"}, {"language": "xx"}, {"mistake": "all"}, {"email": "x"},
        {"country_code": "GBR"}, {"given_name": "x" * 300}, {"app": "nobody"},
    ):  # fmt: skip
        answer = alice.post("/developers/connect", data={"app": app_row.key, "scope": "read_only", **values})
        assert answer.status_code == 422, values
        assert "There is a problem" in answer.get_data(as_text=True)
    assert alice.get("/developers/connect?app=%00&scope=%00&email=%3Cscript%3E").status_code == 200
    with gocardless.portal.app_context():
        assert db.session.query(Run).count() == 0


def test_the_start_page(gocardless, alice, app_row):
    page = alice.get(f"/developers/connect?app={app_row.key}&scope=read_only&email=a@example.com")
    text = page.get_data(as_text=True)
    assert "made-when-you-press-the-button" in text
    assert "prefill%5Bemail%5D=a%40example.com" in text
    assert f"form-action 'self' {gocardless.url}" in page.headers["Content-Security-Policy"]
    shown = alice.post("/developers/connect/link", data={"app": app_row.key, "scope": "read_only", "language": "de"})
    assert shown.status_code == 303
    assert "scope=read_only" in shown.headers["Location"]


def test_other_partners_and_staff(gocardless, alice, carol, rita, app_row, world):
    key = connect(alice, gocardless, app_row)
    merchant = connection(gocardless).key
    for path in (f"/developers/runs/{key}", f"/developers/runs/{key}/live", f"/developers/connections/{merchant}",
                 f"/developers/runs/compare?left={key}&right={key}"):  # fmt: skip
        assert carol.get(path).status_code == 404
        assert rita.get(path).status_code == 200
    for path in (
        f"runs/{key}/stop",
        f"connect/runs/{key}/revoke",
        f"connections/{merchant}/disconnect",
        f"connect/again/{key}",
    ):
        assert carol.post(f"/developers/{path}").status_code == 404
        assert rita.post(f"/developers/{path}").status_code == 403
    assert carol.post("/developers/connect", data={"app": app_row.key, "scope": "read_only"}).status_code == 422
    with gocardless.portal.app_context():
        house = world.partner("acme").key
    assert "Corner Shop" in rita.get(f"/staff/partners/{house}/runs").get_data(as_text=True)
    assert "Corner Shop" in rita.get(f"/staff/partners/{house}/connections").get_data(as_text=True)
    assert "Revoke" not in rita.get(f"/developers/runs/{key}").get_data(as_text=True)


def test_again_with_the_same_settings(gocardless, alice, app_row):
    key = connect(alice, gocardless, app_row, scope="read_only", language="fr", initial_view="signup")
    assert look(gocardless, key)[0] == "passed"
    answer = alice.post(f"/developers/connect/again/{key}")
    assert f"app={app_row.key}" in answer.headers["Location"]
    assert "language=fr" in answer.headers["Location"]
    assert alice.get(answer.headers["Location"]).status_code == 200


@pytest.fixture(scope="module")
def another_sandbox(tmp_path_factory):
    made = Running(tmp_path_factory.mktemp("another-sandbox"))
    yield made
    made.close()


def test_only_the_settings_tell_one_gocardless_from_another(gocardless, alice, another_sandbox, sandbox_settings):
    """An app of GoCardless's own sandbox, which for this test is a second one on another port."""
    elsewhere = {"gocardless_connect_url": another_sandbox.url, "gocardless_api_url": another_sandbox.url}
    door.configure(sandbox_settings.model_copy(update=elsewhere))
    there = type(gocardless)(gocardless.portal, another_sandbox, gocardless.world)
    app = there.app(environment=Environment.GOCARDLESS)
    key = connect(alice, there, app)
    assert look(there, key)[0] == "passed"
    taken = steps(there, key)
    assert all(
        step.request["url"].startswith(another_sandbox.url) for code, step in taken.items() if code not in ("sent", "returned")
    )
    alice.post(f"/developers/connect/runs/{key}/revoke")
    drain(there.portal)
    assert look(there, key)[2][-1] == ("refused", "passed", "")
    assert "GoCardless sandbox" in alice.get(f"/developers/runs/{key}").get_data(as_text=True)
