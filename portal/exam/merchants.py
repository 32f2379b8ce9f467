"""Merchants of the sandbox for the checks of webhooks and calls: connected as a user would connect them, with payments to speak of."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from portal.exam.nouns import Observation, Wait
from portal.exam.rig import Rig
from portal.exam.sandbox import Call

SKIPPED = "skipped"
"""What portal.exam.running calls an experiment that was left out."""
MAIN, OTHER, NEW, LEAVING, REVOKED = "main", "other", "new", "leaving", "revoked"
SCOPES = ("read_write", "read_only")
CONNECT = "In your product, connect a merchant. On GoCardless's pages, sign up for a new one."
PAYER = {"given_name": "Frank", "family_name": "Osborne", "email": "frank@example.com"}
ACCOUNT = {"account_holder_name": "Frank Osborne", "branch_code": "200000", "account_number": "55779911", "country_code": "GB"}
Run = Callable[[Rig], Observation]


class LeftOut(Exception):
    """The experiment cannot be made; the words say what was missing."""


@dataclass(frozen=True, slots=True)
class Merchant:
    """A merchant that is connected to the app."""

    name: str
    organisation_id: str
    creditor_id: str = ""


def or_left_out(run: Run) -> Run:
    """For experiments that need something which may not be there: they are left out, and say why."""

    @wraps(run)
    def perform(rig: Rig) -> Observation:
        try:
            return run(rig)
        except LeftOut as problem:
            return {SKIPPED: str(problem)}

    return perform


def begin(rig: Rig) -> int:
    """Where the sandbox's log stood when the first of these experiments began."""
    if "since" not in rig.carried:
        rig.carried["since"] = rig.levers.mark()
    return int(rig.carried["since"])


def known(rig: Rig, name: str = MAIN) -> Merchant | None:
    """The merchant of this name, when it is connected already."""
    kept = rig.carried.get("merchants", {}).get(name)
    return Merchant(name, **kept) if kept else None


def connected(rig: Rig, name: str = MAIN, *, verified: bool = True) -> Merchant:
    """The merchant of this name, connected now if it is not yet. Raises LeftOut, or Wait where a person has to do it."""
    begin(rig)
    return known(rig, name) or _keep(
        rig, _through_page(rig, name, verified=verified) if rig.settings.connect_url else _by_hand(rig, name)
    )


def payments(rig: Rig, merchant: Merchant, count: int = 1) -> list[str]:
    """New payments of theirs, of which no webhook tells."""
    return rig.levers.payments(merchant.organisation_id, mandate(rig, merchant), count)


def mandate(rig: Rig, merchant: Merchant) -> str:
    """A mandate on which payments can be taken."""
    kept: dict[str, str] = rig.carried.setdefault("mandates", {})
    if merchant.name not in kept:
        kept[merchant.name] = _new_mandate(rig, merchant.organisation_id)
    return kept[merchant.name]


def _new_mandate(rig: Rig, organisation: str) -> str:
    def create(kind: str, **values: Any) -> str:
        return str(rig.levers.own_call(organisation, "POST", f"/{kind}", {kind: values})[kind]["id"])

    customer = create("customers", **PAYER)
    account = create("customer_bank_accounts", **ACCOUNT, links={"customer": customer})
    return create("mandates", scheme="bacs", links={"customer_bank_account": account})


def _keep(rig: Rig, merchant: Merchant) -> Merchant:
    kept = {"organisation_id": merchant.organisation_id, "creditor_id": merchant.creditor_id}
    rig.carried.setdefault("merchants", {})[merchant.name] = kept
    return merchant


def _through_page(rig: Rig, name: str, *, verified: bool) -> Merchant:
    """A visitor of their page is sent to GoCardless, and comes back with the consent of a new merchant."""
    visitor = rig.visitor()
    address = visitor.get(rig.settings.connect_url, "A user goes to connect a merchant").authorization
    asked = dict(parse_qsl(urlsplit(address).query))
    if "redirect_uri" not in asked:
        raise LeftOut("No merchant could be connected: the page for connecting sends nobody to GoCardless.")
    made = rig.levers.merchant(verified=verified, name=f"Check {name}")
    mandates: dict[str, str] = rig.carried.setdefault("mandates", {})
    mandates[name] = _new_mandate(rig, made.organisation_id)  # before the app hears of what happens there
    scope = asked.get("scope", "")
    code = rig.levers.code(
        asked["redirect_uri"], scope=scope if scope in SCOPES else SCOPES[0], organisation_id=made.organisation_id
    )
    mark = rig.levers.mark()
    joint = "&" if "?" in asked["redirect_uri"] else "?"
    answer = urlencode({"code": code, "state": asked.get("state", "")})
    visitor.arrive(f"{asked['redirect_uri']}{joint}{answer}", "The merchant comes back, having consented")
    if not rig.levers.wait_for_call(lambda call: _organisation(call) == made.organisation_id, rig.limits.follow, since=mark):
        raise LeftOut("No merchant could be connected: no code was exchanged for a token. See the checks of callbacks.")
    return Merchant(name, made.organisation_id, made.creditor_id)


def _by_hand(rig: Rig, name: str) -> Merchant:
    """One person connects one merchant, once; further ones are connected through their page only."""
    if name != MAIN:
        raise LeftOut("It needs further merchants: declare the page that sends a user to authorise.")
    found = next((call for call in rig.levers.calls(begin(rig)) if _organisation(call)), None)
    if found is None:
        raise Wait("You", CONNECT)
    return Merchant(name, _organisation(found))


def _organisation(call: Call) -> str:
    """Whose consent a successful exchange of a code brought."""
    return str(call.answer.get("organisation_id") or "") if call.is_token and call.status == 200 else ""
