"""Magic names: a customer's given name decides what becomes of its mandates and payments."""

from collections.abc import Callable, Mapping

from portal.sandbox import machine, scenarios
from portal.sandbox.resources import institutions
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.world import World

Act = Callable[[World, Doc], Doc]


def _penniless(world: World, payment: Doc) -> Doc:
    return scenarios.fail(
        world, payment, {"cause": "insufficient_funds", "reason_code": "ARUDD-0", "will_attempt_retry": False}
    )


def _switch(world: World, mandate: Doc) -> Doc:
    return scenarios.transfer(world, scenarios.activate(world, mandate))


MANDATES: Mapping[str, Act] = {
    "Successful": scenarios.activate,
    "Penniless": scenarios.activate,
    "Fickle": scenarios.activate,
    "Late": scenarios.activate,
    "Invalid": scenarios.fail_mandate,
    "Expired": scenarios.expire,
    "Switching": _switch,
}
PAYMENTS: Mapping[str, Act] = {
    "Successful": scenarios.pay_out,
    "Penniless": _penniless,
    "Fickle": scenarios.charge_back,
    "Late": scenarios.fail_late,
}
SCHEDULED = frozenset({"Successful", "Penniless"})


@machine.after("mandates", "create")
def _mandate_made(world: World, mandate: Doc, _event: str) -> None:
    act = MANDATES.get(_given_name(world, mandate))
    if act and mandate.status == "pending_submission":
        world.later(lambda: _run(world, "mandates", mandate.id, act))


@machine.after("payments", "create")
def _payment_made(world: World, payment: Doc, _event: str) -> None:
    """Payments made by hand, and those of instalment schedules for the two names that say so."""
    name = _given_name(world, world.get("mandates", payment.links["mandate"]))
    act = PAYMENTS.get(name)
    if act and (payment.inner.get("manual") or (name in SCHEDULED and "instalment_schedule" in payment.links)):
        world.later(lambda: _run(world, "payments", payment.id, act))


@machine.after("billing_requests", "fulfil")
def _bank_fails(world: World, request: Doc, _event: str) -> None:
    """The test banks that authorise a payment only to fail it."""
    bank = institutions.bank(request.inner["institution"])
    payment = request.links.get("payment_request_payment")
    if bank and bank.fails_later and payment:
        world.later(lambda: _run(world, "payments", payment, lambda w, doc: scenarios.fail(w, doc, scenarios.TEST_FAILURE)))


def _run(world: World, kind: str, identity: str, act: Act) -> None:
    act(world, world.get(kind, identity))


def _given_name(world: World, mandate: Doc) -> str:
    customer = world.find("customers", mandate.links["customer"])
    return str(customer.body["given_name"] or "") if customer else ""
