"""Billing request runs at a real sandbox, from the first call to the payout."""

from datetime import timedelta

import pytest

from portal import clock
from portal import gocardless as door
from portal.extensions import db
from portal.models.outbox import Outbox
from portal.models.partner_app import Connection
from portal.payments import asking, service, waits, watching
from portal.payments.choices import Ask
from portal.payments.problems import PROBLEMS
from portal.refusals import IllegalMove, Invalid
from portal.runs import recording
from portal.runs import service as any_run
from portal.status import ConnectionStatus, OutboxState, RunStatus, StepStatus
from portal.transaction import writing
from portal.worker import drain
from tests.payments import payer


def agreed(runs, gocardless, **how):
    """A run whose payer has agreed, and where the worker has gone on as far as it can."""
    key = runs.start(**how)
    payer.agree(gocardless.client(runs.merchant), runs.seen(key)[2]["billing_request"]["id"])
    runs.look(key)
    return key


def test_a_mandate_and_a_payment_on_it(runs, gocardless, merchant):
    key = runs.start()
    status, words, facts, steps = runs.seen(key)
    assert (status, steps) == ("waiting", [("request", "passed"), ("flow", "passed"), ("payer", "waiting")])
    assert "must open the link" in words
    assert payer.finish(facts["flow"]["url"]).startswith("http://localhost/developers/payments/return?outcome=success&id=BRF")
    runs.look(key)
    _, _, facts, steps = runs.seen(key)
    assert steps[2:] == [
        ("payer", "passed"),
        ("fulfilled", "passed"),
        ("mandate", "passed"),
        ("charge", "passed"),
        ("events", "passed"),
        ("payout", "waiting"),
    ]
    runs.act(key, service.simulate, "mandate_activated")
    runs.act(key, service.simulate, "payment_paid_out")
    status, words, facts, steps = runs.seen(key)
    assert (status, words) == ("passed", "The payment is paid out.")
    assert steps[7:] == [("simulated", "passed"), ("simulated", "passed"), ("payout", "passed")]
    assert facts["payout"]["status"] == "paid"
    told = [f"{one['type']} {one['action']}" for one in facts["events"]]
    assert [one for one in told if one.startswith(("mandates", "payments", "payouts"))] == [
        "mandates created",
        "payments created",
        "mandates submitted",
        "mandates active",
        "payments submitted",
        "payments confirmed",
        "payments paid_out",
        "payouts paid",
    ]


def test_an_instant_payment_with_a_mandate_at_the_test_bank(runs, gocardless):
    key = runs.start(Ask.BOTH, amount=2550)
    assert "outcome=success" in payer.finish(runs.seen(key)[2]["flow"]["url"])
    runs.look(key)
    _, _, facts, steps = runs.seen(key)
    assert [code for code, _ in steps] == ["request", "flow", "payer", "fulfilled", "mandate", "payment", "events", "payout"]
    assert (facts["payment"]["amount"], facts["payment"]["scheme"]) == (2550, "faster_payments")


def test_a_mandate_without_an_amount_ends_with_its_events(runs, gocardless):
    key = agreed(runs, gocardless, amount=0)
    status, words, _, steps = runs.seen(key)
    assert (status, words) == ("passed", "The mandate is pending submission; no payment was asked for.")
    assert steps[-1] == ("events", "passed")


def test_every_exchange_is_kept_without_the_token(runs, gocardless, merchant):
    key = agreed(runs, gocardless)
    with runs.app.app_context():
        steps = runs.get(key).steps
        kept = str([(step.request, step.response, step.verdict) for step in steps])
        assert steps[0].request["method"] == "POST"
        assert "$ACCESS_TOKEN" in steps[0].request["curl"] or "${ACCESS_TOKEN}" in steps[0].request["curl"]
        assert steps[0].response["status"] == 201
    assert merchant.token not in kept


def test_the_payer_who_returns_makes_the_run_go_on_at_once(runs, gocardless, alice):
    key = runs.start()
    flow = runs.seen(key)[2]["flow"]
    payer.agree(gocardless.client(runs.merchant), runs.seen(key)[2]["billing_request"]["id"])
    drain(runs.app)
    assert runs.seen(key)[3][-1] == ("payer", "waiting")
    answer = alice.get(f"/developers/payments/return?outcome=success&id={flow['id']}")
    assert (answer.status_code, answer.location) == (302, f"/developers/runs/{key}")
    drain(runs.app)
    assert ("fulfilled", "passed") in runs.seen(key)[3]


def test_looks_become_rarer_and_end(runs):
    key, moment = runs.start(), clock.now()
    for _ in waits.GAPS:
        with runs.app.app_context():
            moment = db.session.query(Outbox.next_at).filter_by(state=OutboxState.WAITING).scalar()
        with clock.at(moment):
            assert drain(runs.app) == 1
    status, words, _, steps = runs.seen(key)
    assert (status, words, steps[-1]) == ("failed", PROBLEMS["not_in_time"], ("payer", "failed"))
    assert 3000 < sum(waits.GAPS) < 4000
    runs.look(key)
    assert runs.seen(key)[0] == "waiting"


def test_a_run_that_was_stopped_does_nothing_more(runs, gocardless):
    key = runs.start()
    runs.act(key, any_run.stop)
    assert runs.seen(key)[0] == "stopped"
    with clock.at(clock.now() + timedelta(hours=1)):
        drain(runs.app)
    assert runs.seen(key)[3][-1] == ("payer", "skipped")
    for verb, arguments in ((service.look_again, ()), (service.simulate, ("payment_failed",))):
        with runs.app.app_context(), writing(), pytest.raises(IllegalMove):
            verb(runs.get(key), *arguments)


def test_a_worker_that_died_in_a_call_is_followed_by_one_that_finds_what_it_made(runs, gocardless):
    """The first creation had reached GoCardless, the answer had not reached the row."""
    key = runs.start(go=False)
    with runs.app.app_context(), writing():
        run = runs.get(key)
        recording.step(run, "request")
        body, sent = asking.billing_request(run.parameters), asking.key(run, "request")
        first = gocardless.client(runs.merchant).billing_requests.create(params=body, headers=sent).id
    drain(runs.app)
    _, _, facts, steps = runs.seen(key)
    assert facts["billing_request"]["id"] == first
    assert [code for code, _ in steps] == ["request", "flow", "payer"]


def test_only_the_last_plan_counts(runs):
    key = runs.start()
    with runs.app.app_context(), writing():
        run = runs.get(key)
        service.look_again(run)
        service.look_again(run)
    drain(runs.app)
    assert [code for code, _ in runs.seen(key)[3]].count("payer") == 1
    with runs.app.app_context():
        assert db.session.query(Outbox).filter(Outbox.state == OutboxState.WAITING, Outbox.next_at > clock.now()).count() <= 2


@pytest.mark.parametrize(
    ("fault", "problem"),
    [("500", "server_failed"), ("html", "not_json"), ("empty", "not_json")],
)
def test_what_goes_wrong_at_gocardless_has_its_own_words(runs, gocardless, merchant, fault, problem):
    gocardless.fault(merchant, fault)
    status, words, _, steps = runs.seen(runs.start())
    assert (status, words, steps) == ("failed", PROBLEMS[problem], [("request", "failed")])


def test_looking_again_leaves_a_waiting_run_waiting(runs):
    key = runs.start()
    runs.look(key)
    status, words, _, steps = runs.seen(key)
    assert (status, steps[-1]) == ("waiting", ("payer", "waiting"))
    assert "must open the link" in words
    runs.act(key, service.simulate, "creditor_verification_status_in_review")
    assert runs.seen(key)[0] == "waiting"
    assert runs.seen(key)[3][-2:] == [("simulated", "passed"), ("payer", "waiting")]


def test_a_simulator_is_run_once_whatever_happens_to_the_worker_afterwards(runs, gocardless, merchant, monkeypatch):
    key = agreed(runs, gocardless)
    runs.act(key, service.simulate, "mandate_activated")
    look = watching.everything
    monkeypatch.setattr(watching, "everything", lambda run: 1 / 0)
    runs.act(key, service.simulate, "payment_failed")
    monkeypatch.setattr(watching, "everything", look)
    with clock.at(clock.now() + timedelta(minutes=5)):
        drain(runs.app)
    _, _, facts, steps = runs.seen(key)
    assert facts["payment"]["status"] == "failed"
    assert [code for code, _ in steps].count("simulated") == 2


def test_a_simulator_that_gocardless_refuses_does_not_end_the_run(runs, gocardless, merchant):
    key = agreed(runs, gocardless)
    with runs.app.app_context(), writing():
        service.simulate(runs.get(key), "mandate_activated")
    api = gocardless.client(merchant)
    api.mandates.cancel(runs.seen(key)[2]["mandate"]["id"])
    drain(runs.app)
    status, _, facts, steps = runs.seen(key)
    assert (facts["mandate"]["status"], ("simulated", "failed") in steps, status) == ("cancelled", True, "passed")


def test_a_failed_run_can_be_taken_up_again(runs, gocardless, merchant):
    gocardless.fault(merchant, "500")
    key = runs.start()
    runs.look(key)
    status, _, _, steps = runs.seen(key)
    assert (status, [code for code, _ in steps]) == ("waiting", ["request", "request", "flow", "payer"])


def test_the_rate_limit_makes_a_run_wait_and_go_on(runs, gocardless, merchant):
    gocardless.fault(merchant, "429")
    key = runs.start()
    status, words, _, _ = runs.seen(key)
    assert (status, words) == ("running", PROBLEMS["too_many_calls"])
    with clock.at(clock.now() + timedelta(seconds=waits.PAUSE + 1)):
        drain(runs.app)
    assert runs.seen(key)[3][-1] == ("payer", "waiting")


def test_a_token_that_may_only_read(runs, gocardless):
    reader = gocardless.merchant(gocardless.app(), scope="read_only")
    status, words, _, _ = runs.seen(runs.start(merchant=reader))
    assert (status, words) == ("failed", PROBLEMS["insufficient_permissions"])


def test_nobody_answers(runs, sandbox_settings):
    runs.app.settings = sandbox_settings.model_copy(update={"embedded_api_url": "http://127.0.0.1:9"})
    door.configure(runs.app.settings)
    key = runs.start()
    assert runs.seen(key)[:2] == ("failed", PROBLEMS["unreachable"])


def test_a_revoked_token_ends_the_connection(runs, gocardless, merchant):
    key = runs.start()
    with runs.app.app_context(), writing():
        db.session.get(Connection, merchant.id).access_token = "sandbox_of_nobody"
    runs.look(key)
    status, words, _, steps = runs.seen(key)
    assert (status, words, steps[-1]) == ("failed", PROBLEMS["revoked"], ("payer", "failed"))
    with runs.app.app_context():
        ended = db.session.get(Connection, merchant.id)
        assert (ended.status, ended.access_token) == (ConnectionStatus.DISCONNECTED, None)
    with pytest.raises(Invalid):
        runs.start(go=False)
    runs.look(key)
    assert runs.seen(key)[1] == PROBLEMS["connection_ended"]


def test_a_link_that_has_expired(runs):
    key = runs.start()
    with clock.at(clock.now() + timedelta(days=8)):
        runs.look(key)
    assert runs.seen(key)[:2] == ("failed", PROBLEMS["flow_expired"])


def test_a_request_that_was_cancelled(runs, gocardless, merchant):
    key = runs.start()
    gocardless.client(merchant).billing_requests.cancel(runs.seen(key)[2]["billing_request"]["id"])
    runs.look(key)
    assert runs.seen(key)[:2] == ("failed", PROBLEMS["request_cancelled"])


def test_a_mandate_that_the_bank_refuses_is_not_charged(runs, gocardless, merchant):
    key = runs.start()
    known = runs.seen(key)[2]["billing_request"]["id"]
    api = gocardless.client(merchant)
    payer.agree(api, known)
    mandate = api.billing_requests.get(known).links.mandate_request_mandate
    api.scenario_simulators.run("mandate_failed", params={"links": {"resource": mandate}})
    runs.look(key)
    status, words, _, steps = runs.seen(key)
    assert (status, words, steps[-1]) == ("failed", PROBLEMS["wrong_state"], ("charge", "failed"))


def test_the_steps_of_a_run_are_in_its_table():
    from portal.payments.steps import STEPS, USUAL

    assert set(USUAL) <= set(STEPS)
    assert all(step.clause.url.startswith("https://") for step in STEPS.values())


def test_again_makes_another_run_with_the_same_choices(runs, world):
    key = runs.start(amount=4200)
    with runs.app.app_context(), writing():
        other = service.again(runs.get(key), by=world.user("bob"))
        assert other.parameters == runs.get(key).parameters
        assert (other.started_by_id, other.status) == (world.users["bob"], RunStatus.RUNNING)


def test_waiting_steps_name_who_must_do_what(runs):
    with runs.app.app_context():
        step = runs.get(runs.start()).steps[-1]
        assert (step.status, "the bank account and the confirmation" in step.verdict) == (StepStatus.WAITING, True)
