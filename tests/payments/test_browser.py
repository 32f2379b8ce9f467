"""The pages of payments in Chromium: a payer's whole way and back, charts that say what their tables say, and axe."""

import pytest

from portal.transaction import writing
from portal.worker import drain
from tests.browser import accessible
from tests.payments.history import remember


@pytest.fixture
def history(app, merchant):
    with app.app_context(), writing():
        remember(merchant.id, 600)
    return merchant


def test_a_payer_goes_through_the_hosted_pages_and_comes_back(app, visit, merchant, live):
    page = visit("alice")
    page.goto("/developers/payments")
    accessible(page)
    page.get_by_role("button", name="Start the run").click()
    page.wait_for_url("**/developers/runs/*")
    run = page.url
    drain(app)
    page.goto(run)
    accessible(page)
    page.get_by_role("link", name="Open the payer's pages").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Sort code").fill("200000")
    page.get_by_label("Account number").fill("55779911")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url(run)
    assert page.get_by_text("outcome=success").is_visible()
    drain(app)
    page.goto(run)
    page.get_by_role("button", name="Mandate activated").click()
    page.wait_for_url(run)
    drain(app)
    page.goto(run)
    assert page.get_by_role("button", name="Payment charged back").is_visible()
    accessible(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_charts_are_drawn_from_their_tables(visit, history, scheme):
    page = visit("alice", color_scheme=scheme)
    page.goto("/developers/insight")
    page.wait_for_function("Object.keys(globalThis.Chart?.instances ?? {}).length === 4")
    shown = page.evaluate("Chart.getChart(document.querySelector('#success canvas')).data.datasets[0].data")
    page.locator("#success summary").click()
    cells = page.locator("#success tbody tr td:nth-child(2)").all_inner_texts()
    assert [str(number) for number in shown] == cells
    page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true })")
    accessible(page)


def test_without_a_script_the_tables_say_it_all(visit, history):
    page = visit("alice", java_script_enabled=False)
    page.goto("/developers/insight")
    assert page.locator("#causes table").is_visible()
    assert not page.locator("#causes canvas").is_visible()
    page.get_by_role("button", name="Refresh now").click()
    assert page.get_by_text("Asked for").is_visible()
