"""What a run sends to the API to create something: bodies and idempotency keys, as plain values."""

from collections.abc import Mapping
from typing import Any

from portal.models.run import Run
from portal.payments.choices import SCHEMES, Ask

Json = dict[str, Any]


def key(run: Run, what: str) -> dict[str, str]:
    """The same for every try of one creation, so that a second try finds what the first has made (api-reference, Idempotency)."""
    return {"Idempotency-Key": f"portal-{run.key}-{what}"}


def billing_request(parameters: Mapping[str, Any]) -> Json:
    """What the payer is asked for; at least one of the two."""
    wanted, scheme = Ask(parameters["ask"]), SCHEMES[parameters["scheme"]]
    words = {"description": parameters["description"]}
    asked: Json = {}
    if wanted is not Ask.MANDATE:
        asked["payment_request"] = {"amount": parameters["amount"], "currency": scheme.currency, **words}
    if wanted is not Ask.PAYMENT:
        asked["mandate_request"] = {"currency": scheme.currency, "scheme": scheme.code, **words}
    return asked


def flow(parameters: Mapping[str, Any], billing_request: str) -> Json:
    """The hosted pages: where the payer returns to, and what is filled in already."""
    scheme = SCHEMES[parameters["scheme"]]
    customer = {name: value for name, value in parameters["customer"].items() if value}
    return {
        "redirect_uri": parameters["redirect_uri"],
        "exit_uri": parameters["exit_uri"],
        "prefilled_customer": {"country_code": scheme.country, **dict(scheme.identity), **customer},
        "links": {"billing_request": billing_request},
    }


def payment(parameters: Mapping[str, Any], mandate: str) -> Json:
    return {
        "amount": parameters["amount"],
        "currency": SCHEMES[parameters["scheme"]].currency,
        "description": parameters["description"],
        "links": {"mandate": mandate},
    }
