"""Merchants of the sandbox for the checks of webhooks and calls: connected as a user would connect them, with payments to speak of."""

from dataclasses import dataclass
from typing import Any

from portal.exam import connecting
from portal.exam.nouns import Skip, Wait
from portal.exam.rig import Rig
from portal.exam.sandbox import Call

MAIN, OTHER, NEW, LEAVING, REVOKED = "main", "other", "new", "leaving", "revoked"
CONNECT = "In your product, connect a merchant. On GoCardless's pages, sign up for a new one."
ENOUGH = 2
"""Times that no merchant could be connected, after which it is not tried any more."""
PAYER = {"given_name": "Frank", "family_name": "Osborne", "email": "frank@example.com"}
ACCOUNT = {"account_holder_name": "Frank Osborne", "branch_code": "200000", "account_number": "55779911", "country_code": "GB"}


@dataclass(frozen=True, slots=True)
class Merchant:
    """A merchant that is connected to the app."""

    name: str
    organisation_id: str
    creditor_id: str = ""


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
    """The merchant of this name, connected now if it is not yet. Raises Skip, or Wait where a person has to do it."""
    begin(rig)
    if found := known(rig, name):
        return found
    return _keep(rig, _patiently(rig, name, verified=verified) if rig.settings.connect_url else _by_hand(rig, name))


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


def _patiently(rig: Rig, name: str, *, verified: bool) -> Merchant:
    """Once more when it failed the first time, in whatever experiment; then not again in this run."""
    failures: list[str] = rig.carried.setdefault("not_connected", [])
    if len(failures) >= ENOUGH:
        raise Skip(failures[-1])
    try:
        return _through_page(rig, name, verified=verified)
    except Skip as reason:
        failures.append(str(reason))
        raise


def _through_page(rig: Rig, name: str, *, verified: bool) -> Merchant:
    """A visitor of their page is sent to GoCardless, and comes back with the consent of a new merchant."""
    leaving = connecting.leave(rig, "A user goes to connect a merchant")
    made = rig.levers.merchant(verified=verified, name=f"Check {name}")
    mandates: dict[str, str] = rig.carried.setdefault("mandates", {})
    mandates[name] = _new_mandate(rig, made.organisation_id)  # before the app hears of what happens there
    back = connecting.come_back(rig, leaving, made, words="The merchant comes back, having consented")
    if not back.connected:
        raise Skip("No merchant could be connected: no code was exchanged for a token. See the checks of callbacks.")
    return Merchant(name, made.organisation_id, made.creditor_id)


def _by_hand(rig: Rig, name: str) -> Merchant:
    """One person connects one merchant, once; further ones are connected through their page only."""
    if name != MAIN:
        raise Skip("It needs further merchants: declare the page that sends a user to authorise.")
    found = next((call for call in rig.levers.calls(begin(rig)) if _organisation(call)), None)
    if found is None:
        raise Wait("You", CONNECT)
    return Merchant(name, _organisation(found))


def _organisation(call: Call) -> str:
    """Whose consent a successful exchange of a code brought."""
    return str(call.answer.get("organisation_id") or "") if call.is_token and call.status == 200 else ""
