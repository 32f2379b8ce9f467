"""The scenario simulators: all 28, each with the kind of resource and the state that it needs."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from portal.sandbox import machine, scenarios
from portal.sandbox.api.routes import Answer, Route
from portal.sandbox.errors import invalid, not_found, state
from portal.sandbox.fields import links, typed
from portal.sandbox.resources import bank_authorisations, creditors, fulfilment, payouts, request_steps
from portal.sandbox.schemes import SCHEMES
from portal.sandbox.store import documents
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.world import World

Json = dict[str, Any]
Act = Callable[[World, Doc], object]
WAITING = ("pending_submission",)


@dataclass(frozen=True)
class Simulator:
    """``states``: from where it can be run. ``schemes`` and ``not_schemes`` narrow it; ``needs_active``: the mandate must be."""

    kind: str
    act: Act
    states: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()
    not_schemes: tuple[str, ...] = ()
    needs_active: bool = False


def _verification(status: str) -> Act:
    return lambda world, doc: creditors.set_verification(world, doc, status)


def _move(action: str) -> Act:
    return lambda world, doc: machine.move(world, doc, action)


def _submit(world: World, doc: Doc) -> None:
    machine.move(world, doc, "submit")


def _charged_back_settled(world: World, doc: Doc) -> None:
    scenarios.settle_debit(world, scenarios.charge_back(world, doc), "settle_chargeback", "payment_charged_back")


def _late_failure_settled(world: World, doc: Doc) -> None:
    if doc.status != "paid_out":
        scenarios.pay_out(world, doc)
    scenarios.settle_debit(world, scenarios.fail_late(world, doc), "settle_late_failure", "payment_failed")


def _resubmitted(world: World, doc: Doc) -> None:
    scenarios.transfer(world, scenarios.activate(world, doc))
    machine.move(world, doc, "resubmit")


def _refund_paid(world: World, doc: Doc) -> None:
    if doc.status == "created":
        machine.move(world, doc, "prepare")
    machine.move(world, doc, "pay")


def _refund_settled(world: World, doc: Doc) -> None:
    if doc.status != "paid":
        _refund_paid(world, doc)
    names = {"refund": doc.id} | {name: doc.links[name] for name in ("payment", "mandate") if name in doc.links}
    payouts.debit(world, doc.inner["creditor"], doc.body["currency"], "refund", doc.body["amount"], names)
    machine.move(world, doc, "settle")


def _refund_bounced(world: World, doc: Doc) -> None:
    if doc.status == "created":
        machine.move(world, doc, "prepare")
    machine.move(world, doc, "bounce")


def _fulfil(then: Act | None = None) -> Act:
    """Authorises at the bank, fulfils, and lets something happen to the payment."""

    def act(world: World, doc: Doc) -> None:
        _require_only_bank_left(doc)
        if not request_steps.is_done(doc, "select_institution"):
            doc.inner["institution"] = "read_refund_account_sandbox_bank"
            doc.inner["done"].append("select_institution")
            world.save(doc)
        bank_authorisations.authorise(world, bank_authorisations.start(world, doc, None))
        ready = world.get("billing_requests", doc.id)
        fulfilment.fulfil(world, ready)
        payment = ready.links["payment_request_payment"]
        if then:
            world.later(lambda: _let(then, world, payment))

    return act


def _let(then: Act, world: World, payment: str) -> None:
    then(world, world.get("payments", payment))


def _require_only_bank_left(doc: Doc) -> None:
    if not request_steps.wants_payment(doc):
        raise state("invalid_state", "This simulator needs a billing request with a payment_request")
    lacking = [step for step in request_steps.missing(doc, "bank_authorisation") if step != "select_institution"]
    if lacking:
        raise state("invalid_state", "These actions must be completed first: " + ", ".join(lacking))


def _fail(world: World, doc: Doc) -> None:
    scenarios.fail(world, doc, scenarios.TEST_FAILURE)


_FIRST = tuple(name for name, known in SCHEMES.items() if known.with_first_payment)
_REFUND = ("created", "pending_submission", "submitted")
_LATE = ("pending_submission", "confirmed", "paid_out")
SIMULATORS: Mapping[str, Simulator] = {
    "creditor_verification_status_action_required": Simulator("creditors", _verification("action_required")),
    "creditor_verification_status_in_review": Simulator("creditors", _verification("in_review")),
    "creditor_verification_status_successful": Simulator("creditors", _verification("successful")),
    "payment_submitted": Simulator("payments", _submit, WAITING, needs_active=True),
    "payment_confirmed": Simulator("payments", scenarios.confirm, WAITING, needs_active=True),
    "payment_paid_out": Simulator("payments", scenarios.pay_out, WAITING, needs_active=True),
    "payment_failed": Simulator("payments", _fail, WAITING, needs_active=True),
    "payment_charged_back": Simulator("payments", scenarios.charge_back, WAITING, needs_active=True),
    "payment_chargeback_settled": Simulator("payments", _charged_back_settled, WAITING, needs_active=True),
    "payment_late_failure": Simulator("payments", scenarios.fail_late, _LATE, not_schemes=("autogiro",), needs_active=True),
    "payment_late_failure_settled": Simulator(
        "payments", _late_failure_settled, _LATE, not_schemes=("autogiro",), needs_active=True
    ),
    "mandate_activated": Simulator("mandates", scenarios.activate, WAITING, not_schemes=_FIRST),
    "mandate_customer_approval_granted": Simulator(
        "mandates", _move("grant_approval"), ("pending_customer_approval",), ("bacs", "sepa_core")
    ),
    "mandate_customer_approval_skipped": Simulator(
        "mandates", _move("skip_approval"), ("pending_customer_approval",), ("bacs", "sepa_core")
    ),
    "mandate_failed": Simulator(
        "mandates", scenarios.fail_mandate, ("pending_submission", "submitted"), not_schemes=("sepa_core",)
    ),
    "mandate_expired": Simulator("mandates", scenarios.expire, WAITING, not_schemes=("autogiro", "becs_nz", "pad")),
    "mandate_transferred": Simulator(
        "mandates", lambda w, d: scenarios.transfer(w, scenarios.activate(w, d)), WAITING, ("bacs", "sepa_core")
    ),
    "mandate_transferred_with_resubmission": Simulator("mandates", _resubmitted, WAITING, ("bacs",)),
    "mandate_suspended_by_payer": Simulator("mandates", _move("suspend"), ("active",), ("pay_to",)),
    "refund_paid": Simulator("refunds", _refund_paid, _REFUND),
    "refund_settled": Simulator("refunds", _refund_settled, (*_REFUND, "paid")),
    "refund_bounced": Simulator("refunds", _refund_bounced, (*_REFUND, "paid")),
    "refund_returned": Simulator("refunds", _move("return_funds"), _REFUND),
    "payout_bounced": Simulator("payouts", _move("bounce"), ("paid",)),
    "billing_request_fulfilled": Simulator("billing_requests", _fulfil(), ("pending",)),
    "billing_request_fulfilled_and_payment_failed": Simulator("billing_requests", _fulfil(_fail), ("pending",)),
    "billing_request_fulfilled_and_payment_confirmed_to_failed": Simulator(
        "billing_requests", _fulfil(scenarios.fail_late), ("pending",)
    ),
    "billing_request_fulfilled_and_payment_paid_out": Simulator("billing_requests", _fulfil(scenarios.pay_out), ("pending",)),
}


def run(world: World, name: str, body: Json) -> Answer:
    simulator = SIMULATORS.get(name)
    if simulator is None:
        raise not_found()
    values = typed(_FIELDS, body, "/data")
    doc = world.find(simulator.kind, values["links"]["resource"])
    if doc is None:
        raise invalid(("/data/links/resource", f"is not one of your {simulator.kind.replace('_', ' ')}"))
    _check(world, name, simulator, doc)
    world.source = {"type": "gc_team", "name": "Scenario simulator"}
    simulator.act(world, doc)
    return Answer(documents.dumps({"scenario_simulators": {"id": name}}))


def _check(world: World, name: str, simulator: Simulator, doc: Doc) -> None:
    if simulator.states and doc.status not in simulator.states:
        raise state("invalid_state", f"{name} needs a resource that is {_either(simulator.states)}; this one is {doc.status}")
    scheme = doc.body.get("scheme")
    if (simulator.schemes and scheme not in simulator.schemes) or scheme in simulator.not_schemes:
        raise state("invalid_state", f"{name} is not possible with the scheme {scheme}")
    if simulator.needs_active and doc.status in WAITING and scheme not in _FIRST and not SCHEMES[str(scheme)].instant:
        mandate = world.get("mandates", doc.links["mandate"])
        if mandate.status != "active":
            raise state("invalid_state", f"{name} needs an active mandate; it is {mandate.status}")


def _either(words: Iterable[str]) -> str:
    return " or ".join(words)


_FIELDS = (links("resource"),)
ROUTES = (
    Route(
        "POST", "/scenario_simulators/:id/actions/run", "scenario_simulators", "run", run, "data", _FIELDS, optional_body=True
    ),
)
