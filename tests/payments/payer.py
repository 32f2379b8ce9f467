"""A payer at the hosted pages of the sandbox, without a browser; and one that the API speaks for, which is quicker."""

from urllib.parse import urljoin

import requests
from selectolax.lexbor import LexborHTMLParser

BACS = {"account_holder_name": "Frances Osborne", "branch_code": "200000", "account_number": "55779911"}
BANK = {"user": "mits", "password": "mits"}


def finish(url):
    """Goes through every page as it is filled in already; answers where the payer was led to in the end."""
    session = requests.Session()
    page = session.get(url, timeout=10)
    for _ in range(12):
        action, values = _form(page.text)
        page = session.post(urljoin(page.url, action), data=values | _given(values), timeout=10, allow_redirects=False)
        assert page.status_code in (302, 303), page.text
        to = urljoin(page.url, page.headers["Location"])
        if "/developers/" in to:
            return to
        page = session.get(to, timeout=10)
    raise AssertionError("the hosted pages have no end")


def _form(html):
    form = LexborHTMLParser(html).css_first("form")
    values = {}
    for field in form.css("input, select"):
        kind, name = field.attributes.get("type"), field.attributes.get("name")
        if kind == "radio" and name in values:
            continue
        values[name] = _chosen(field) if field.tag == "select" else field.attributes.get("value") or ""
    button = form.css_first("button[name]")
    if button:
        values[button.attributes["name"]] = button.attributes["value"]
    return form.attributes["action"], values


def _chosen(select):
    option = select.css_first("option[selected]") or select.css_first("option")
    return option.attributes.get("value") or ""


def _given(values):
    """What a payer types into a page with these fields."""
    known = BACS | BANK
    return {name: known[name] for name in values if name in known}


def agree(client, billing_request, *, account=BACS, country="GB", fulfil=True, **customer):
    """Gives everything through the API's actions and fulfils, as a mandate-only payer would."""
    who = {"given_name": "Frances", "family_name": "Osborne", "email": "f@example.com", **customer}
    home = {"address_line1": "27 Acer Road", "city": "London", "postal_code": "E8 3GX", "country_code": country}
    asks = client.billing_requests
    asks.collect_customer_details(billing_request, params={"customer": who, "customer_billing_detail": home})
    asks.collect_bank_account(billing_request, params={"country_code": country, **account})
    asks.confirm_payer_details(billing_request)
    if fulfil:
        asks.fulfil(billing_request)
