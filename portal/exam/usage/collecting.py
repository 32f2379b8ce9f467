"""Has the partner's product take a payment of a certain amount, by their test hook or by a person, and finds the calls it made for that."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.exam import hook, merchants
from portal.exam.merchants import Merchant
from portal.exam.nouns import Wait
from portal.exam.rig import Rig, document
from portal.exam.sandbox import Call

OAUTH = "/oauth/"
BY_PERSON = "In your product, take a payment of £{pounds:.2f} for the merchant {organisation}."


@dataclass(frozen=True, slots=True)
class Collected:
    """`calls` are those that wanted to create the payment, oldest first; `hook` how the test hook answered (None: a person did it)."""

    calls: Sequence[Call]
    since: int
    hook: int | None = None
    answer: dict[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """What the user is shown."""
        return str(self.answer.get("message") or "")


def api_calls(calls: Iterable[Call]) -> list[Call]:
    """Those of the REST API: neither OAuth nor a visit of its pages."""
    return [call for call in calls if not call.path.startswith(OAUTH) and not call.is_visit]


def of_amount(call: Call, amount: int) -> bool:
    """Whether it wants to create a payment of this amount: directly, or as part of a billing request."""
    sent, request = call.document, call.document.get("billing_requests")
    direct, within = sent.get("payments"), request.get("payment_request") if isinstance(request, dict) else None
    return call.method == "POST" and any(
        isinstance(one, dict) and str(one.get("amount")) == str(amount) for one in (direct, within)
    )


def collect(rig: Rig, amount: int, *, fault: str = "", **how: Any) -> Collected:
    """Take a payment; with `fault`, the first of the product's calls that create anything goes wrong. Raises Wait, Skip."""
    merchant = merchants.connected(rig)
    since = _begin(rig, merchant, amount, fault, how)
    found = (_by_hook if rig.settings.action_url else _by_person)(rig, merchant, amount, since)
    if fault:
        rig.levers.fault(merchant.organisation_id, "none")
    return found


def _begin(rig: Rig, merchant: Merchant, amount: int, fault: str, how: Mapping[str, Any]) -> int:
    """Where the log stood when this payment was first asked for; a person is asked once, and looked after several times."""
    begun: dict[str, int] = rig.carried.setdefault("collecting", {})
    if str(amount) not in begun:
        merchants.mandate(rig, merchant)  # before the fault is ordered: its events make calls of their own
        begun[str(amount)] = rig.levers.mark()
        if fault:
            rig.levers.fault(merchant.organisation_id, fault, only_method="POST", only_app=rig.app.client_id, **how)
    return begun[str(amount)]


def _by_hook(rig: Rig, merchant: Merchant, amount: int, since: int) -> Collected:
    wish = {"organisation_id": merchant.organisation_id, "amount": amount, "currency": "GBP"}
    said = hook.order(rig, "collect", **wish, mandate_id=merchants.mandate(rig, merchant))
    return Collected(_calls(rig, merchant, amount, since), since, said.status or 0, document(said))


def _by_person(rig: Rig, merchant: Merchant, amount: int, since: int) -> Collected:
    if not rig.levers.wait_for_call(lambda call: of_amount(call, amount), 0, since=since):
        raise Wait("You", BY_PERSON.format(pounds=amount / 100, organisation=merchant.organisation_id))
    rig.levers.wait_for_call(lambda call: of_amount(call, amount) and call.status < 300, rig.limits.follow, since=since)
    return Collected(_calls(rig, merchant, amount, since), since)


def _calls(rig: Rig, merchant: Merchant, amount: int, since: int) -> list[Call]:
    found = api_calls(rig.levers.calls(since))
    return [call for call in found if call.organisation_id == merchant.organisation_id and of_amount(call, amount)]


def existing(rig: Rig, name: str, amount: int) -> int:
    """How many payments of this amount the merchant has in the end."""
    merchant = merchants.known(rig, name)
    found = rig.levers.own_call(merchant.organisation_id, "GET", "/payments?limit=50")["payments"] if merchant else []
    return sum(payment["amount"] == amount for payment in found)
