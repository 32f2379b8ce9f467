"""What runs and webhooks have shown, beside the answers of the sections that ask about them."""

from datetime import timedelta

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from portal import clock
from portal.build.witness import SUBJECTS
from portal.catalog import certification
from portal.extensions import db
from portal.models.run import Run
from portal.status import Environment, RunKind, RunStatus, Signature
from portal.transaction import writing
from tests.developers.rows import app_of, connection_of, delivery_of, run_of
from tests.statements import MOST, counted

BILLING = RunKind.BILLING_REQUEST


def panel(answer):
    assert answer.status_code == 200
    return HTMLParser(answer.text).css_first("#witness")


def said(answer):
    return " ".join(panel(answer).text(separator=" ").split())


def links(answer):
    return [node.attributes["href"] for node in panel(answer).css("a")]


def test_only_these_sections_have_one(alice):
    with_one = {section.key for section in certification() if panel(alice.get(f"/build/{section.key}")) is not None}
    assert with_one == set(SUBJECTS) == {"oauth", "verification", "mandates", "payments", "webhooks"}


@pytest.mark.parametrize(
    ("section", "begin"),
    [
        ("oauth", "/developers/connect"), ("verification", "/developers/connect"), ("mandates", "/developers/payments"),
        ("payments", "/developers/payments"), ("webhooks", "/developers/webhooks"),
    ],
)  # fmt: skip
def test_before_anything_ran_it_says_what_will_be_here(bob, section, begin):
    answer = bob.get(f"/build/{section}")
    assert links(answer) == [begin]
    assert "shown here" in said(answer) or "every step" in said(answer)


def test_the_newest_of_its_kind(app, world, alice):
    with app.app_context(), writing():
        own = app_of(world.partners["acme"])
        run_of(own, words="The first.")
        connect = run_of(
            own, status=RunStatus.FAILED, words="The <b>state</b> differs.", started_at=clock.now() - timedelta(minutes=5)
        )
        paid = run_of(own, BILLING)
        merchant = connection_of(own, verification_status="in_review", checked_at=clock.now())
        hook = delivery_of(own, Signature.PREVIOUS)
    oauth = alice.get("/build/oauth")
    assert said(oauth).startswith("Connect test Failed 5 min ago The <b>state</b> differs. Embedded sandbox")
    assert links(oauth) == ["/developers/connect", f"/developers/runs/{connect.key}"]
    assert links(alice.get("/build/payments")) == links(alice.get("/build/mandates"))
    assert f"/developers/runs/{paid.key}" in links(alice.get("/build/mandates"))
    verification = alice.get("/build/verification")
    assert "In review" in said(verification)
    assert "Corner Shop" in said(verification)
    assert f"/developers/connections/{merchant.key}" in links(verification)
    webhooks = alice.get("/build/webhooks")
    assert "Signed with the previous secret" in said(webhooks)
    assert "payments paid out" in said(webhooks)
    assert f"/developers/webhooks/{hook.key}" in links(webhooks)


def test_it_is_never_of_yesterday(app, world, alice):
    """The questions are drawn once and kept; the witness is read each time."""
    alice.get("/build/oauth")
    with app.app_context(), writing():
        own = app_of(world.partners["acme"])
        run = run_of(own, status=RunStatus.RUNNING)
    assert "Running" in said(alice.get("/build/oauth"))
    with app.app_context(), writing():
        db.session.get(Run, run.id).status = RunStatus.PASSED
    assert "Passed" in said(alice.get("/build/oauth"))


def test_live_data_has_no_badge_of_a_sandbox(app, world, alice):
    with app.app_context(), writing():
        connection_of(app_of(world.partners["acme"], environment=Environment.LIVE), verification_status="a_new_one")
    answer = alice.get("/build/verification")
    assert "a_new_one" in said(answer)
    assert not panel(answer).css(".p-environment")


def test_another_partners_rows_are_not_shown(app, world, carol):
    with app.app_context(), writing():
        own = app_of(world.partners["acme"])
        run_of(own, words="Acme's own run")
        connection_of(own)
    assert "Acme" not in carol.get("/build/oauth").text
    assert "Corner Shop" not in carol.get("/build/verification").text


def test_reviewers_see_it_and_cannot_run_it(app, furnished):
    with app.app_context(), writing():
        partner = furnished.world.partner("acme")
        run = run_of(app_of(partner.id), words="As it should be.")
    rita, key = furnished.client("rita"), furnished.ids["acme"]["round_key"]
    answer = rita.get(f"/staff/reviews/{key}/oauth")
    assert "As it should be." in said(answer)
    assert links(answer)[-1] == f"/developers/runs/{run.key}"
    assert "/developers/connect" not in links(answer)
    assert rita.get(links(answer)[-1]).status_code == 200


@pytest.mark.parametrize("section", sorted(SUBJECTS))
def test_it_costs_one_statement(app, world, alice, section):
    with app.app_context(), writing():
        own = app_of(world.partners["acme"])
        for n in range(20):
            run_of(own)
            run_of(own, BILLING)
            connection_of(own, f"OR{n}")
            delivery_of(own)
    url, other = f"/build/{section}", "/build/refunds-sending"
    alice.get(url), alice.get(other)
    with counted() as ran:
        alice.get(url)
    with counted() as without:
        alice.get(other)
    assert len(ran) == len(without) + 1
    assert len([text for text in ran if not text.startswith(("PRAGMA", "BEGIN"))]) <= MOST
