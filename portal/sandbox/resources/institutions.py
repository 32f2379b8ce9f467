"""The test banks: what a payer can choose, and how each behaves when asked to authorise."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.sandbox.api import rendering
from portal.sandbox.api.routes import Answer, Filters, Route
from portal.sandbox.resources import request_steps
from portal.sandbox.store import documents, paging
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.world import World

Json = dict[str, Any]


@dataclass(frozen=True)
class Bank:
    """``fails_later``: it authorises, and the payment fails afterwards. ``status``: whether it can be chosen."""

    identity: str
    name: str
    country: str = "GB"
    completes_account: bool = False
    fails_later: bool = False
    rejects: bool = False
    status: str = "enabled"


BANKS = (
    Bank(
        "read_refund_account_sandbox_bank",
        "Read Refund Account Bank - Authorises and completes the bank account",
        completes_account=True,
    ),
    Bank(
        "payment_failed_sandbox_bank",
        "Payment Failed Bank - Automatically authorises the payment request, but later fails the payment",
        fails_later=True,
    ),
    Bank(
        "payment_failed_read_refund_account_sandbox_bank",
        "Payment Failed Read Refund Account Bank - As before, and completes the bank account",
        completes_account=True,
        fails_later=True,
    ),
    Bank("consent_rejected_sandbox_bank", "Consent Rejected Bank - Always denies the authorisation", rejects=True),
    Bank(
        "CONSENT_AUTHORISED_READ_REFUND_ACCOUNT_SANDBOX_BANK",
        "Consent Authorised Bank - Authorises and completes the bank account",
        completes_account=True,
    ),
    Bank(
        "payment_consent_unknown_sandbox_unavailable_bank",
        "Bank Down - This bank can not be reached",
        status="temporarily_disabled",
    ),
    Bank("monzo", "Model Bank"),
    Bank("MONZO_MONZGB2L", "Model Bank (live name)"),
    Bank("model_bank_de", "Model Bank Germany", "DE", completes_account=True),
    Bank("model_bank_fr", "Model Bank France", "FR", completes_account=True),
)
_BY_ID: Mapping[str, Bank] = {bank.identity: bank for bank in BANKS}


def bank(identity: str | None) -> Bank | None:
    return _BY_ID.get(identity or "")


def find(identity: str) -> Json | None:
    """The institution as the API shows it; None when it is unknown or can not be used."""
    known = _BY_ID.get(identity)
    return _shown("", known) if known and known.status == "enabled" else None


def offered(country: str) -> list[Bank]:
    return [known for known in BANKS if known.country == country and known.status == "enabled"]


def list_all(world: World, _id: str, _body: Json) -> Answer:
    asked = paging.asked(world.query, _FILTERS)
    country = asked.equal.get("country_code", ["GB"])[0].upper()
    return _answer(world, [known for known in BANKS if known.country == country and known.status == "enabled"])


def list_for(world: World, request: Doc) -> Answer:
    """The banks for one billing request, narrowed by country, ids and words."""
    asked = paging.asked(world.query, _REQUEST_FILTERS).equal
    country = asked.get("country_code", request_steps.countries(request))[0].upper()
    ids = [part for value in asked.get("ids", []) for part in value.split(",")]
    words = asked.get("search", [""])[0].lower()
    also_disabled = asked.get("include_disabled", ["false"])[0] == "true"
    found = [b for b in BANKS if b.country == country and (b.status == "enabled" or also_disabled)]
    return _answer(world, [b for b in found if (not ids or b.identity in ids) and words in b.name.lower()])


def _answer(world: World, found: list[Bank]) -> Answer:
    rows = [(b.identity, documents.dumps(_shown(world.settings.origin, b))) for b in found]
    return Answer(rendering.envelope("institutions", paging.Page(rows, None, None, 50)))


def _shown(origin: str, known: Bank) -> Json:
    picture = f"{origin}/static/bank.svg"
    return {
        "id": known.identity,
        "name": known.name,
        "logo_url": picture,
        "icon_url": picture,
        "country_code": known.country,
        "autocompletes_collect_bank_account": known.completes_account,
        "status": known.status,
        "limits": {"daily": {}, "single": {}},
        "roles": ["payments", "read_refund_account"] if known.completes_account else ["payments"],
    }


_FILTERS = Filters(choices={"country_code": None, "scheme": None, "feature": None, "branch_code": None})
_REQUEST_FILTERS = Filters(
    choices={"country_code": None, "ids": None, "search": None, "include_disabled": ("true", "false")},
    required=("country_code",),
)
ROUTES = (Route("GET", "/institutions", "institutions", "list", list_all, filters=_FILTERS),)
