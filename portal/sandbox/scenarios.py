"""Whole stretches of a life at once: what simulators, magic names and test banks make happen."""

from collections.abc import Mapping
from typing import Any

from portal.sandbox import machine
from portal.sandbox.resources import mandates, payouts
from portal.sandbox.schemes import scheme
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.world import World

Json = dict[str, Any]
TEST_FAILURE: Mapping[str, Any] = {
    "origin": "gocardless",
    "cause": "test_failure",
    "reason_code": "TEST",
    "description": "GoCardless has marked this payment as failed in sandbox to enable testing of payment failure webhooks.",
    "will_attempt_retry": False,
}
INSUFFICIENT: Mapping[str, Any] = {"reason_code": "ARUDD-0", "cause": "refer_to_payer", "will_attempt_retry": False}


def activate(world: World, mandate: Doc) -> Doc:
    """Takes a mandate from wherever it waits to active."""
    if mandate.status == "pending_submission":
        machine.move(world, mandate, "submit")
    if mandate.status == "submitted":
        mandates.advance(world, mandate)
    return mandate


def ready_mandate(world: World, payment: Doc) -> None:
    """Schemes that send the mandate with its first payment need none before; the others an active one."""
    mandate = world.find("mandates", payment.links["mandate"])
    if mandate and not scheme(mandate.body["scheme"]).with_first_payment:
        activate(world, mandate)


def submit(world: World, payment: Doc) -> Doc:
    if payment.status == "pending_submission":
        machine.move(world, payment, "submit")
    return payment


def confirm(world: World, payment: Doc) -> Doc:
    submit(world, payment)
    if payment.status == "submitted":
        machine.move(world, payment, "confirm")
    return payment


def pay_out(world: World, payment: Doc) -> Doc:
    confirm(world, payment)
    if payment.status == "confirmed":
        payouts.settle(world, [payment])
    return payment


def fail(world: World, payment: Doc, because: Mapping[str, Any]) -> Doc:
    submit(world, payment)
    machine.move(world, payment, "fail", because=_for_scheme(payment, because))
    return payment


def fail_late(world: World, payment: Doc) -> Doc:
    if payment.status != "paid_out":
        confirm(world, payment)
    machine.move(
        world, payment, "fail_late", because=_for_scheme(payment, {"reason_code": "ARUDD-0", "will_attempt_retry": False})
    )
    return payment


def charge_back(world: World, payment: Doc) -> Doc:
    pay_out(world, payment)
    machine.move(world, payment, "charge_back", because=_for_scheme(payment, {"reason_code": "DDICA-1"}))
    return payment


def settle_debit(world: World, payment: Doc, action: str, item: str) -> Doc:
    """The amount of a chargeback or late failure is taken back in a payout."""
    creditor, currency = payment.links["creditor"], payment.body["currency"]
    payout = payouts.debit(world, creditor, currency, item, payment.body["amount"], {"payment": payment.id})
    machine.move(world, payment, action, links={"payout": payout.id})
    return payment


def transfer(world: World, mandate: Doc) -> Doc:
    """The payer's account moves to another bank, and the mandate with it."""
    old = world.get("customer_bank_accounts", mandate.links["customer_bank_account"])
    fresh = {key: value for key, value in old.body.items() if key not in ("id", "created_at")}
    new = world.add(
        "customer_bank_accounts", fresh | {"bank_name": "NEW SANDBOX BANK"}, old.inner | {"fingerprint": f"moved-{mandate.id}"}
    )
    mandate.links["customer_bank_account"] = new.id
    names = {"previous_customer_bank_account": old.id, "new_customer_bank_account": new.id}
    because = {"scheme": mandate.body["scheme"], "reason_code": "ADDACS-3"}
    machine.move(world, mandate, "transfer", links=names, because=because)
    return mandate


def expire(world: World, mandate: Doc) -> Doc:
    activate(world, mandate)
    machine.move(world, mandate, "expire")
    return mandate


def fail_mandate(world: World, mandate: Doc) -> Doc:
    if mandate.status == "pending_submission":
        machine.move(world, mandate, "submit")
    because = {"scheme": mandate.body["scheme"], "reason_code": "AUDDIS-5" if mandate.body["scheme"] == "bacs" else "AC01"}
    machine.move(world, mandate, "fail", because=because)
    return mandate


def _for_scheme(payment: Doc, because: Mapping[str, Any]) -> Mapping[str, Any]:
    """Bank-native codes belong to Bacs; other schemes say the cause alone."""
    name = payment.body["scheme"]
    said = {"scheme": name, **because}
    if name != "bacs" and because.get("reason_code") != "TEST":
        said["reason_code"] = "FAILED" if scheme(name).instant else "MS03"
    return said
