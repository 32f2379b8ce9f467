"""What a fulfilled billing request leaves behind: a mandate, a payment, a subscription, an instalment schedule."""

from typing import Any

from portal.sandbox import machine
from portal.sandbox.resources import bank_accounts, instalment_schedules, mandates, payments, request_steps, subscriptions
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.world import World

Json = dict[str, Any]
TEST_ACCOUNT: dict[str, Json] = {
    "GBP": {"country_code": "GB", "branch_code": "200000", "account_number": "55779911"},
    "EUR": {"iban": "DE89370400440532013000"},
    "AUD": {"country_code": "AU", "branch_code": "082082", "account_number": "012345678"},
}


def fulfil(world: World, doc: Doc) -> Doc:
    """Creates everything that was asked for and links it from the request."""
    account = _account(world, doc)
    creditor = world.get("creditors", doc.links["creditor"])
    names: dict[str, str] = {}
    mandate = None
    if request_steps.wants_mandate(doc):
        mandate = _mandate(world, doc, creditor, account)
        names["mandate_request_mandate"] = mandate.id
    if doc.body["payment_request"]:
        names["payment_request_payment"] = _payment(world, doc, creditor, account, mandate).id
    if mandate:
        names |= _repeated(world, doc, mandate)
    _link(doc, names)
    machine.move(world, doc, "fulfil", metadata=world.metadata, because={"origin": world.origin}, links=names | _payer(doc))
    return doc


def _mandate(world: World, doc: Doc, creditor: Doc, account: Doc) -> Doc:
    asked = doc.body["mandate_request"] or {}
    mandate = mandates.grant(
        world,
        creditor,
        account,
        request_steps.debit_scheme(doc),
        reference=asked.get("reference") or mandates.new_reference(),
        metadata=asked.get("metadata") or {},
        more={k: asked.get(k) for k in ("consent_type", "funds_settlement", "authorisation_source")} | _consent(asked),
        approval=bool(asked.get("payer_requested_dual_signature")),
    )
    if request_steps.wants_verification(doc):
        mandate.body["verified_at"] = world.stamp
        world.save(mandate)
    machine.announce(world, mandate, mandates.CREATED | {"origin": world.origin if world.origin != "payer" else "api"})
    return mandate


def _payment(world: World, doc: Doc, creditor: Doc, account: Doc, mandate: Doc | None) -> Doc:
    """Instant, on a mandate of its own that is used up by it; or by direct debit after a fallback."""
    asked = doc.body["payment_request"]
    if not request_steps.wants_payment(doc) and mandate:
        on = mandates.charge_date(world, mandate, None)
    else:
        more: Json = {"mandate_type": "instant", "funds_settlement": asked["funds_settlement"], "consent_type": "one_off"}
        mandate = mandates.grant(
            world, creditor, account, asked["scheme"], reference=mandates.new_reference(), metadata={}, more=more
        )
        mandate.body["status"] = "consumed"
        world.save(mandate)
        on = world.today.isoformat()
    payment = payments.collect(world, mandate, asked, on)
    payment.inner["manual"] = True
    world.save(payment)
    machine.announce(world, payment, payments.CREATED)
    return payment


def _repeated(world: World, doc: Doc, mandate: Doc) -> dict[str, str]:
    names = {}
    if asked := doc.body["subscription_request"]:
        names["subscription_request_subscription"] = subscriptions.begin(world, mandate, asked).id
    if asked := doc.body["instalment_schedule_request"]:
        given = asked.get("instalments_with_dates") or asked.get("instalments_with_schedule") or []
        parts = instalment_schedules.instalments(world, mandate, given)
        names["instalment_schedule_request_instalment_schedule"] = instalment_schedules.begin(world, mandate, asked, parts).id
    return names


def _link(doc: Doc, names: dict[str, str]) -> None:
    """Each new resource is named twice: in the request's links and in those of the part that asked for it."""
    doc.links.update(names)
    for name, identity in names.items():
        part, _, made = name.rpartition("_request_")
        if doc.body.get(f"{part}_request"):
            doc.body[f"{part}_request"]["links"][made] = identity


def _payer(doc: Doc) -> dict[str, str]:
    return {name: identity for name, identity in doc.links.items() if name in ("customer", "customer_bank_account")}


def _account(world: World, doc: Doc) -> Doc:
    """The account that was collected, or the test bank's when the payer only authorised there."""
    known = world.find("customer_bank_accounts", doc.links.get("customer_bank_account", ""))
    if known:
        return known
    customer = world.get("customers", doc.links["customer"])
    details = TEST_ACCOUNT.get(request_steps.currency(doc), TEST_ACCOUNT["GBP"])
    account = bank_accounts.open_account(world, customer, details, "/data", reuse=True)
    doc.links["customer_bank_account"] = account.id
    return account


def _consent(asked: Json) -> Json:
    limits = asked.get("constraints")
    if not limits:
        return {}
    period: Json = next(iter(limits.get("periodic_limits") or []), {})
    parameters = {
        "start_date": limits.get("start_date"),
        "end_date": limits.get("end_date"),
        "max_amount_per_payment": limits.get("max_amount_per_payment"),
        "max_amount_per_period": period.get("max_total_amount"),
        "max_payments_per_period": period.get("max_payments"),
        "period": period.get("period"),
    }
    return {"consent_parameters": parameters}
