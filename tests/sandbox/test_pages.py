"""Every hosted page in a real browser: with scripts off, as a person goes through it, and with axe on each state."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.browser import accessible, at, next_page
from tests.sandbox.conftest import Running
from tests.sandbox.kit import merchant, wait_until

BACK = "https://partner.example.com/back"
PERSON = {"given_name": "Pia", "family_name": "Payer", "email": "pia@example.com"}
ADDRESS = {"address_line1": "1 Street", "city": "London", "postal_code": "E1 1AA", "country_code": "GB"}


@pytest.fixture
def open_page(browser, running):
    """A browser profile of its own; the partner's site answers with a word. Complaints on the console are failures."""
    contexts, complaints = [], []

    def open_one(**options):
        context = browser.new_context(base_url=running.url, **options)
        context.route(
            "https://partner.example.com/**",
            lambda route: route.fulfill(body="<title>partner</title><h1>Back</h1>", content_type="text/html"),
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert [text for text in complaints if "status of 4" not in text] == []


@pytest.fixture(params=["scripts off", "dark, with axe"])
def page(request, open_page):
    """The same way twice: once as people without scripts go it, once looked at by axe in the dark."""
    if request.param == "scripts off":
        made = open_page(java_script_enabled=False)
        made.look = lambda: None
    else:
        made = open_page(color_scheme="dark", viewport={"width": 390, "height": 844})
        made.look = lambda: look(made)
    return made


def look(page):
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "the page scrolls sideways"
    assert page.locator("h1").count() == 1


def fill(page, **values):
    for label, value in values.items():
        field = page.locator(f"#{label}")
        field.select_option(value) if field.evaluate("e => e.tagName") == "SELECT" else field.fill(value)


def press(page, name):
    """The next page is there when this returns."""
    page.look()
    with next_page(page):
        page.get_by_role("button", name=name, exact=True).click()


def arrived(page):
    page.wait_for_url("https://partner.example.com/**")
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def request_for(own, **wanted):
    return own.create("billing_requests", wanted or {"mandate_request": {"scheme": "bacs"}})


def flow_for(own, request, **values):
    return own.create(
        "billing_request_flows",
        {"redirect_uri": BACK, "exit_uri": BACK + "/exit", "links": {"billing_request": request["id"]}, **values},
    )


def partner(running, **values):
    return requests.post(
        f"{running.url}/_sandbox/apps", json={"name": "Partner", "redirect_uris": [BACK], **values}, timeout=10
    ).json()


def test_a_merchant_signs_up_allows_and_disconnects(page, running):
    app = partner(running)
    email = f"{app['client_id'][:12].lower()}@example.com".replace("_", "x").replace("-", "x")
    page.goto(f"/oauth/authorize?response_type=code&client_id={app['client_id']}&redirect_uri={BACK}&scope=read_write&state=s")
    press(page, "Sign up")
    page.locator("main", has_text="There is a problem").wait_for()
    fill(
        page,
        given_name="Mia",
        family_name="Merchant",
        organisation_name="Corner Shop",
        country_code="GB",
        email=email,
        password="long enough",
    )
    press(page, "Sign up")
    page.locator("main", has_text="Corner Shop").wait_for()
    press(page, "Allow access")
    back = arrived(page)
    assert back["state"] == "s"
    form = {"grant_type": "authorization_code", "code": back["code"], "redirect_uri": BACK}
    own = (app["client_id"], app["client_secret"])
    assert requests.post(f"{running.url}/oauth/access_token", data=form, auth=own, timeout=10).ok
    page.goto("/account/apps")
    press(page, "Disconnect Partner")
    page.locator("main", has_text="No app is connected").wait_for()
    page.look()
    page.goto("/verify")
    fill(page, company_number="07495895", description="Cheese", address_line1="1 Street", city="London", postal_code="E1 1AA")
    press(page, "Send these details")
    page.locator("main", has_text="in_review").wait_for()
    press(page, "Approve the details")
    page.locator("main", has_text="successful").wait_for()
    press(page, "Ask for more details")
    assert "action_required" in page.locator("main").inner_text()
    page.goto("/account/apps")
    press(page, "Log out")
    at(page, "/account/log-in")
    fill(page, email=email, password="long enough")
    press(page, "Log in")
    at(page, "/account/apps")


def test_a_merchant_denies(page, running):
    app = partner(running)
    page.goto(f"/oauth/authorize?response_type=code&client_id={app['client_id']}&redirect_uri={BACK}&scope=read_only&state=s")
    press(page, "Go back to Partner without connecting")
    assert arrived(page)["error"] == "access_denied"


def test_a_link_that_is_not_right_is_a_page(page, running):
    page.goto(f"/oauth/authorize?response_type=code&client_id=nobody&redirect_uri={BACK}&scope=read_write")
    assert "This link is not right" in page.locator("h1").inner_text()
    page.look()


def test_a_payer_sets_up_a_direct_debit(page, running):
    own = merchant(running.app)
    flow = flow_for(own, request_for(own))
    page.goto(flow["authorisation_url"])
    press(page, "Continue")
    assert "Enter first name" in page.locator("main").inner_text()
    fill(page, **PERSON, **ADDRESS)
    press(page, "Continue")
    fill(page, branch_code="12", account_number="55779911")
    press(page, "Continue")
    assert "Sort code is the wrong length" in page.locator("main").inner_text()
    fill(page, branch_code="200000", account_number="55779911")
    press(page, "Continue")
    summary = page.locator("dl").inner_text()
    assert "Pia Payer" in summary
    assert "BARCLAYS BANK PLC, ending 11" in summary
    press(page, "Confirm")
    assert arrived(page) == {"outcome": "success", "id": flow["id"]}
    mandate = own.all("mandates")[0]
    assert own.one("customers", mandate["links"]["customer"])["given_name"] == "Pia"
    told = [action for kind, action in own.events() if kind == "billing_requests"]
    assert told == [
        "created",
        "flow_created",
        "flow_visited",
        "collect_customer_details",
        "collect_bank_account",
        "payer_details_confirmed",
        "fulfilled",
    ]
    page.goto(flow["authorisation_url"])
    assert "Thank you" in page.locator("h1").inner_text()
    page.look()


def test_what_is_filled_in_and_locked_can_not_be_changed(page, running):
    own = merchant(running.app)
    flow = flow_for(own, request_for(own), lock_customer_details=True, prefilled_customer={**PERSON, **ADDRESS})
    page.goto(flow["authorisation_url"])
    assert page.locator("#given_name").count() == 0
    assert "Pia" in page.locator("main").inner_text()
    press(page, "Continue")
    assert page.locator("#account_holder_name").input_value() == "Pia Payer"


def test_a_locked_account_is_shown_and_kept(page, running):
    own = merchant(running.app)
    account = own.account()
    request = request_for(own, mandate_request={"scheme": "bacs"}, links={"customer_bank_account": account["id"]})
    flow = flow_for(own, request, lock_bank_account=True, prefilled_customer=ADDRESS)
    page.goto(flow["authorisation_url"])
    press(page, "Continue")
    assert "ending 11" in page.locator("main").inner_text()
    press(page, "Continue")
    press(page, "Confirm")
    arrived(page)
    assert own.all("mandates")[0]["links"]["customer_bank_account"] == account["id"]


def test_a_payer_chooses_a_currency(page, running):
    own = merchant(running.app)
    flow = flow_for(
        own, request_for(own, mandate_request={"description": "Membership"}), prefilled_customer={**PERSON, **ADDRESS}
    )
    page.goto(flow["authorisation_url"])
    fill(page, currency="EUR")
    press(page, "Continue")
    press(page, "Continue")
    fill(page, iban="DE89370400440532013000")
    press(page, "Continue")
    press(page, "Confirm")
    arrived(page)
    assert own.all("mandates")[0]["scheme"] == "sepa_core"


@pytest.mark.parametrize("also_mandate", [True, False])
def test_a_payer_pays_at_once_at_the_test_bank(page, running, also_mandate):
    own = merchant(running.app)
    wanted = {"payment_request": {"amount": 500, "currency": "GBP", "description": "First month"}}
    wanted |= {"mandate_request": {"scheme": "bacs"}} if also_mandate else {}
    flow = flow_for(own, request_for(own, **wanted), prefilled_customer={**PERSON, **ADDRESS})
    page.goto(flow["authorisation_url"])
    assert "Pay 5.00 GBP to Acme" in page.locator("main").inner_text()
    press(page, "Continue")
    page.get_by_label("Model Bank", exact=True).check()
    press(page, "Continue")
    if also_mandate:
        fill(page, branch_code="200000", account_number="55779911")
        press(page, "Continue")
    press(page, "Confirm")
    fill(page, user="nobody", password="nothing")
    press(page, "Authorise")
    assert "The test bank knows one user" in page.locator("main").inner_text()
    fill(page, user="mits", password="mits")
    press(page, "Authorise")
    assert arrived(page)["outcome"] == "success"
    payment = own.all("payments")[0]
    assert (payment["amount"], payment["scheme"], payment["status"]) == (500, "faster_payments", "pending_submission")
    assert len([m for m in own.all("mandates") if m["scheme"] == "bacs"]) == also_mandate
    told = [action for kind, action in own.events() if kind == "billing_requests"]
    assert told[-4:] == ["payer_details_confirmed", "bank_authorisation_visited", "bank_authorisation_authorised", "fulfilled"]


@pytest.mark.parametrize("bank", ["deny", "Consent Rejected Bank - Always denies the authorisation"])
def test_a_payer_is_sent_back_when_the_bank_says_no(page, running, bank):
    own = merchant(running.app)
    request = request_for(own, payment_request={"amount": 500, "currency": "GBP", "description": "Once"})
    page.goto(flow_for(own, request, prefilled_customer={**PERSON, **ADDRESS})["authorisation_url"])
    press(page, "Continue")
    page.get_by_label("Model Bank" if bank == "deny" else bank, exact=True).check()
    press(page, "Continue")
    press(page, "Confirm")
    press(page, "Deny" if bank == "deny" else "Authorise")
    assert arrived(page)["outcome"] == "failure"
    assert own.one("billing_requests", request["id"])["status"] == "pending"
    assert ("billing_requests", "bank_authorisation_denied") in own.events()


def test_a_bank_that_takes_and_then_fails(running, open_page):
    own = merchant(running.app)
    request = request_for(own, payment_request={"amount": 500, "currency": "GBP", "description": "Once"})
    own.act(
        "billing_requests", request["id"], "collect_customer_details", {"customer": PERSON, "customer_billing_detail": ADDRESS}
    )
    own.act(
        "billing_requests",
        request["id"],
        "select_institution",
        {"country_code": "GB", "institution": "payment_failed_sandbox_bank"},
    )
    bank = own.create("bank_authorisations", {"redirect_uri": BACK, "links": {"billing_request": request["id"]}})
    page = open_page()
    page.goto(bank["url"])
    page.get_by_role("button", name="Authorise").click()
    assert arrived(page)["outcome"] == "success"
    assert own.act("billing_requests", request["id"], "fulfil").status_code == 200
    assert own.all("payments")[0]["status"] == "failed"
    code = requests.get(bank["qr_code_url"], timeout=10)
    assert (code.headers["Content-Type"], code.content[:4]) == ("image/png", b"\x89PNG")


def test_a_payer_leaves_and_comes_back_to_a_dead_link(page, running):
    own = merchant(running.app)
    request = request_for(own)
    flow = flow_for(own, request)
    page.goto(flow["authorisation_url"])
    press(page, "Leave without finishing")
    page.wait_for_url(BACK + "/exit**")
    assert ("billing_requests", "flow_exited") in own.events()
    own.act("billing_requests", request["id"], "cancel")
    page.goto(flow["authorisation_url"])
    assert "This request was cancelled" in page.locator("h1").inner_text()
    page.look()


def test_a_flow_ends_on_our_own_page_when_it_has_no_address(page, running):
    own = merchant(running.app)
    account = own.account()
    request = request_for(own, mandate_request={"scheme": "bacs"}, links={"customer_bank_account": account["id"]})
    flow = own.create(
        "billing_request_flows",
        {"lock_bank_account": True, "prefilled_customer": ADDRESS, "links": {"billing_request": request["id"]}},
    )
    page.goto(flow["authorisation_url"])
    press(page, "Continue")
    press(page, "Continue")
    press(page, "Confirm")
    assert "Thank you" in page.locator("h1").inner_text()


def test_a_template_starts_a_request_for_everyone(page, running):
    own = merchant(running.app)
    template = own.create(
        "billing_request_templates", {"name": "Gold plan", "mandate_request_scheme": "bacs", "mandate_request_currency": "GBP"}
    )
    page.goto(template["authorisation_url"])
    press(page, "Start")
    assert "Your details" in page.locator("h1").inner_text()
    assert len(own.all("billing_requests")) == 1


def test_a_payer_goes_through_a_redirect_flow(page, running):
    own = merchant(running.app)
    flow = own.create("redirect_flows", {"session_token": "S", "success_redirect_url": BACK, "description": "Wine boxes"})
    assert (
        own.act("redirect_flows", flow["id"], "complete", {"session_token": "S"}).json["error"]["errors"][0]["reason"]
        == "redirect_flow_incomplete"
    )
    page.goto(flow["redirect_url"])
    fill(page, **PERSON, **ADDRESS, account_holder_name="Pia Payer", branch_code="200000", account_number="123")
    press(page, "Set up this Direct Debit")
    assert "Account number is the wrong length" in page.locator("main").inner_text()
    fill(page, account_number="55779911")
    press(page, "Set up this Direct Debit")
    assert arrived(page) == {"redirect_flow_id": flow["id"]}
    assert (
        own.act("redirect_flows", flow["id"], "complete", {"session_token": "X"}).json["error"]["errors"][0]["reason"]
        == "bad_request"
    )
    done = own.act("redirect_flows", flow["id"], "complete", {"session_token": "S"}).json["redirect_flows"]
    assert own.one("mandates", done["links"]["mandate"])["reference"] == done["mandate_reference"]
    assert (
        own.act("redirect_flows", flow["id"], "complete", {"session_token": "S"}).json["error"]["errors"][0]["reason"]
        == "redirect_flow_already_completed"
    )
    page.goto(done["confirmation_url"])
    assert done["mandate_reference"] in page.locator("main").inner_text()
    page.look()


@pytest.fixture
def short_lived(tmp_path):
    """A sandbox for one test. Ask for it before a page: a server must outlive the browser, which fetches icons late."""
    made = Running(tmp_path)
    yield made
    made.close()


def test_flows_and_authorisations_run_out(short_lived, open_page):
    own = merchant(short_lived.app)
    flow = flow_for(own, request_for(own))
    request = request_for(own, payment_request={"amount": 500, "currency": "GBP", "description": "Once"})
    own.act(
        "billing_requests",
        request["id"],
        "collect_customer_details",
        {"customer": PERSON, "customer_billing_detail": ADDRESS},
    )
    own.act("billing_requests", request["id"], "select_institution", {"country_code": "GB", "institution": "monzo"})
    bank = own.create("bank_authorisations", {"redirect_uri": BACK, "links": {"billing_request": request["id"]}})
    own.lever("clock", {"advance": {"minutes": 16}})
    page = open_page()
    page.goto(bank["url"])
    assert "This page has been used" in page.locator("h1").inner_text()
    assert ("billing_requests", "bank_authorisation_expired") in own.events()
    own.lever("clock", {"advance": {"days": 7}})
    page.goto(flow["authorisation_url"])
    assert "This link has expired" in page.locator("h1").inner_text()


def test_the_first_page_says_what_this_is(page, running):
    page.goto("/")
    words = page.locator("main").inner_text()
    for wanted in ("OAuth", "What it does not emulate", "payer_authorisations", running.url, "Python", ".NET", "mutual TLS"):
        assert wanted in words
    page.look()


def test_a_mandate_pdf_is_a_real_document(running):
    import pypdfium2

    own = merchant(running.app)
    mandate = own.mandate()
    made = own.call("POST", "/mandate_pdfs", {"mandate_pdfs": {"links": {"mandate": mandate["id"]}}}).json["mandate_pdfs"]
    answer = requests.get(made["url"], timeout=10)
    assert answer.headers["Content-Type"] == "application/pdf"
    document = pypdfium2.PdfDocument(answer.content)
    try:
        text_page = document[0].get_textpage()
        assert mandate["reference"] in text_page.get_text_range()
        text_page.close()
    finally:
        document.close()


def test_events_tell_the_payers_part(running, receiver):
    own = merchant(running.app, webhook_url=receiver.url, webhook_secret="a shared secret")
    flow_for(own, request_for(own))
    events = wait_until(
        lambda: [e for _, body in receiver.seen for e in json.loads(body)["events"] if e["action"] == "flow_created"]
    )
    assert events[0]["links"]["billing_request_flow"].startswith("BRF")
