"""The first page of the developers' area: where one stands, what is next, and nothing that is not so."""

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from portal.status import ConnectionStatus, Environment, RunKind, RunStatus, Signature
from portal.transaction import writing
from tests.developers.rows import app_of, connection_of, delivery_of, run_of
from tests.statements import MOST, counted

PAGE = "/developers"


@pytest.fixture
def storing(app, world):
    """`with storing() as acme:` gives the partner's id, and stores what is made inside."""
    from contextlib import contextmanager

    @contextmanager
    def open_one(house="acme"):
        with app.app_context(), writing():
            yield world.partners[house]

    return open_one


def parsed(answer):
    assert answer.status_code == 200
    return HTMLParser(answer.text)


def ticked(answer):
    """The titles of the first steps that are done."""
    steps = parsed(answer).css(".p-steps .p-step")
    return [one.css_first("strong").text() for one in steps if one.css_first(".p-step-state")]


def words(answer):
    return " ".join(parsed(answer).css_first("main").text(separator=" ").split())


def test_a_new_partner_sees_what_will_be_here_and_how_to_begin(alice):
    answer = alice.get(PAGE)
    assert ticked(answer) == []
    said = words(answer)
    for empty in ("Nothing has run yet", "None has come in yet", "No merchant is connected yet", "There is no app yet"):
        assert empty in said
    following = parsed(answer).css_first(".p-next")
    assert "Register an app" in following.text()
    assert following.css_first("a").attributes["href"] == "/developers/apps/new"
    assert not parsed(answer).css(".p-environment"), "no data of any world is shown"


def test_rows_tick_the_steps_off(alice, storing):
    with storing() as acme:
        app = app_of(acme)
    assert ticked(alice.get(PAGE)) == ["Register an app"]
    with storing():
        run_of(app)
    assert ticked(alice.get(PAGE)) == ["Register an app", "Connect a merchant"]
    with storing():
        merchant = connection_of(app, verification_status="successful")
        run_of(app, RunKind.BILLING_REQUEST)
        delivery_of(app)
    answer = alice.get(PAGE)
    done = ["Register an app", "Connect a merchant", "See a merchant verified", "Take a payment", "Receive a webhook"]
    assert ticked(answer) == done
    assert "Lose a merchant" in parsed(answer).css_first(".p-next").text()
    with storing() as acme:
        connection_of(app, "OR2", status=ConnectionStatus.REVOKED)
        app_of(acme, environment=Environment.LIVE)
    answer = alice.get(PAGE)
    assert len(ticked(answer)) == 7
    assert "7 of 7 done" in words(answer)
    assert not parsed(answer).css(".p-next")
    assert f"/developers/connections/{merchant.key}" in answer.text


@pytest.mark.parametrize(
    "what",
    [
        lambda app: run_of(app, status=RunStatus.FAILED),
        lambda app: run_of(app, status=RunStatus.WAITING),
        lambda app: run_of(app, RunKind.BILLING_REQUEST, RunStatus.STOPPED),
        lambda app: connection_of(app, verification_status="in_review"),
        lambda app: delivery_of(app, Signature.INVALID),
        lambda app: delivery_of(app, Signature.MISSING),
    ],
)
def test_what_did_not_work_ticks_nothing(alice, storing, what):
    with storing() as acme:
        what(app_of(acme, client_id=""))
    assert ticked(alice.get(PAGE)) == []


def test_an_app_that_was_retired_or_has_no_secret_ticks_nothing(alice, storing):
    from portal import clock

    with storing() as acme:
        app_of(acme, retired_at=clock.now())
        app_of(acme, client_secret=None)
    assert ticked(alice.get(PAGE)) == []
    assert "Waiting for its credentials" not in words(alice.get(PAGE)), "it has its id"


def test_the_newest_run_of_each_kind_with_its_verdict_and_world(alice, storing):
    with storing() as acme:
        app = app_of(acme, name="Billing <b>")
        run_of(app, words="the older")
        newest = run_of(app, status=RunStatus.FAILED, words="The state <script>does not</script> fit.")
        paid = run_of(app, RunKind.BILLING_REQUEST)
    answer = alice.get(PAGE)
    assert "the older" not in answer.text
    assert "The state &lt;script&gt;does not" in answer.text
    assert f"/developers/runs/{newest.key}" in answer.text
    assert f"/developers/runs/{paid.key}" in answer.text
    assert [node.text() for node in parsed(answer).css(".p-head .p-environment")] == ["Embedded sandbox"]


def test_the_health_of_the_webhooks(alice, storing):
    with storing() as acme:
        app = app_of(acme)
        for minutes in range(4):
            delivery_of(app, minutes=minutes)
    assert "The last 4 were verified" in words(alice.get(PAGE))
    with storing():
        forged = delivery_of(app, Signature.INVALID, summary={})
    answer = alice.get(PAGE)
    assert "1 of the last 5 had no valid signature" in words(answer)
    assert f"/developers/webhooks/{forged.key}" in answer.text
    assert ticked(answer)[-1] == "Receive a webhook"
    with storing():
        for _ in range(20):
            delivery_of(app)
        delivery_of(app, problem="No JSON.")
    assert "1 of the last 20 could not be understood" in words(alice.get(PAGE))


def test_another_partner_sees_nothing_of_it(carol, storing):
    with storing() as acme:
        app = app_of(acme, name="Acme's own")
        connection_of(app)
        run_of(app, words="Acme's run")
        delivery_of(app)
    answer = carol.get(PAGE)
    assert ticked(answer) == []
    assert "Acme" not in answer.text
    assert "Corner Shop" not in answer.text


def test_no_secret_is_shown(alice, storing):
    with storing() as acme:
        app = app_of(acme, client_secret="a-client-secret", webhook_secret="a-webhook-secret")
        connection_of(app, access_token="an-access-token")
    text = alice.get(PAGE).text
    assert not [one for one in ("a-client-secret", "a-webhook-secret", "an-access-token") if one in text]


def test_few_statements_whatever_there_is(alice, storing):
    alice.get(PAGE)
    with counted() as little:
        alice.get(PAGE)
    with storing() as acme:
        for n in range(30):
            app = app_of(acme)
            connection_of(app, f"OR{n}")
            run_of(app)
            delivery_of(app)
    with counted() as much:
        alice.get(PAGE)
    assert len(little) == len(much)
    assert len([text for text in much if not text.startswith(("PRAGMA", "BEGIN"))]) <= MOST


def test_staff_find_a_partners_pages_from_the_partner(rita, world, app, storing):
    with storing() as acme:
        app_of(acme)
    with app.app_context():
        key = world.partner("acme").key
    page = parsed(rita.get(f"/staff/partners/{key}"))
    wanted = [f"/staff/partners/{key}/{part}" for part in ("apps", "runs", "connections", "webhooks", "insight")]
    assert set(wanted) <= {node.attributes.get("href") for node in page.css("main a")}
    for url in wanted:
        answer = rita.get(url)
        assert answer.status_code == 200, url
        assert not HTMLParser(answer.text).css(".p-subnav"), "a partner's tabs would refuse them"
