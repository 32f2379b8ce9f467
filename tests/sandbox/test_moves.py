"""The table of moves, walked row by row, and every move that is not in it refused.

The expectations are written down here a second time, on purpose: a test that read them from the code would pass when they are wrong.
"""

import pytest

from portal.sandbox import machine
from portal.sandbox.errors import ApiError
from portal.sandbox.moves import MOVES
from portal.sandbox.resources.mandates import STATUSES as MANDATE
from portal.sandbox.resources.payments import STATUSES as PAYMENT
from portal.sandbox.resources.subscriptions import STATUSES as SUBSCRIPTION

REFUND = ("created", "pending_submission", "submitted", "paid", "cancelled", "bounced", "funds_returned")
SCHEDULE = ("pending", "active", "completed", "creation_failed", "cancelled", "errored")
REQUEST = ("pending", "ready_to_fulfil", "fulfilling", "fulfilled", "cancelled")
STATUSES = {
    "payments": PAYMENT, "mandates": MANDATE, "subscriptions": SUBSCRIPTION, "refunds": REFUND, "instalment_schedules": SCHEDULE,
    "payouts": ("pending", "paid", "bounced"), "scheme_identifiers": ("pending", "active"), "billing_requests": REQUEST,
}  # fmt: skip
LIVE = "pending_customer_approval pending_submission submitted active suspended_by_payer"

# kind, action, from which statuses, to which ("" stays), the event, its origin, its cause
EXPECTED = """
payments approve pending_customer_approval > pending_submission : customer_approval_granted customer customer_approval_granted
payments deny pending_customer_approval > customer_approval_denied : customer_approval_denied customer customer_approval_denied
payments submit pending_submission > submitted : submitted gocardless payment_submitted
payments confirm submitted > confirmed : confirmed gocardless payment_confirmed
payments pay_out confirmed > paid_out : paid_out gocardless payment_paid_out
payments fail submitted > failed : failed bank insufficient_funds
payments fail_late confirmed paid_out > failed : failed bank refer_to_payer
payments charge_back confirmed paid_out > charged_back : charged_back bank authorisation_disputed
payments cancel_chargeback charged_back > paid_out : chargeback_cancelled bank payment_confirmed
payments settle_chargeback charged_back > : chargeback_settled gocardless chargeback_settled
payments settle_late_failure failed > : late_failure_settled gocardless late_failure_settled
payments cancel pending_customer_approval pending_submission > cancelled : cancelled api payment_cancelled
payments retry failed > pending_submission : resubmission_requested api payment_retried
mandates grant_approval pending_customer_approval > pending_submission : customer_approval_granted customer customer_approval_granted
mandates skip_approval pending_customer_approval > pending_submission : customer_approval_skipped customer customer_approval_skipped
mandates submit pending_submission > submitted : submitted gocardless mandate_submitted
mandates activate submitted > active : active gocardless mandate_activated
mandates complete_reinstatement submitted > active : reinstated gocardless mandate_reinstated
mandates fail pending_submission submitted > failed : failed bank invalid_bank_details
mandates cancel LIVE > cancelled : cancelled api mandate_cancelled
mandates expire active > expired : expired gocardless mandate_expired
mandates transfer active > : transferred bank bank_account_transferred
mandates resubmit active > pending_submission : resubmission_requested bank bank_account_transferred
mandates reinstate cancelled expired > pending_submission : resubmission_requested api resubmission_requested
mandates suspend active > suspended_by_payer : suspended_by_payer bank mandate_suspended_by_payer
mandates replace active > cancelled : replaced gocardless scheme_identifier_changed
mandates consume active > consumed : consumed gocardless mandate_consumed
mandates block LIVE cancelled expired failed > blocked : blocked gocardless mandate_blocked
subscriptions approve pending_customer_approval > active : customer_approval_granted customer customer_approval_granted
subscriptions deny pending_customer_approval > customer_approval_denied : customer_approval_denied customer customer_approval_denied
subscriptions amend active pending_customer_approval > : amended api subscription_amended
subscriptions charge active > : payment_created gocardless payment_created
subscriptions pause active > paused : paused api subscription_paused
subscriptions resume paused > active : resumed api subscription_resumed
subscriptions finish active > finished : finished gocardless subscription_finished
subscriptions cancel pending_customer_approval active paused > cancelled : cancelled api subscription_cancelled
instalment_schedules activate pending > active
instalment_schedules fail_creation pending > creation_failed : creation_failed api instalment_schedule_creation_failed
instalment_schedules complete active > completed : completed gocardless instalment_schedule_completed
instalment_schedules error active completed > errored : errored gocardless instalment_schedule_errored
instalment_schedules resume errored > active : resumed gocardless instalment_schedule_resumed
instalment_schedules cancel pending active errored > cancelled : cancelled api instalment_schedule_cancelled
refunds prepare created > pending_submission
refunds submit pending_submission > submitted
refunds pay pending_submission submitted > paid : paid gocardless refund_paid
refunds settle paid > : refund_settled gocardless refund_settled
refunds bounce pending_submission submitted paid > bounced : failed gocardless refund_failed
refunds return_funds created pending_submission submitted paid > funds_returned : funds_returned gocardless refund_funds_returned
payouts pay pending > paid : paid gocardless payout_paid
payouts bounce paid > bounced
scheme_identifiers activate pending > active : activated gocardless scheme_identifier_activated
billing_requests make_ready pending > ready_to_fulfil
billing_requests reopen ready_to_fulfil > pending
billing_requests fulfil ready_to_fulfil > fulfilled : fulfilled api billing_request_fulfilled
billing_requests cancel pending ready_to_fulfil > cancelled : cancelled api billing_request_cancelled
"""


def rows():
    for line in EXPECTED.replace("LIVE", LIVE).strip().splitlines():
        move, _, said = line.partition(":")
        before, _, after = move.partition(">")
        kind, action, *statuses = before.split()
        yield kind, action, tuple(statuses), after.strip(), tuple(said.split())


ROWS = list(rows())
ALLOWED = [(kind, action, status, after, said) for kind, action, statuses, after, said in ROWS for status in statuses]
REFUSED = [(kind, action, status) for kind, action, statuses, *_ in ROWS for status in STATUSES[kind] if status not in statuses]


@pytest.fixture(scope="module")
def resources(sandbox):
    """One resource of each kind with everything that a move may look up."""
    from tests.sandbox.kit import merchant

    own = merchant(sandbox)
    payment = own.payment()
    own.simulate("payment_paid_out", payment["id"])
    mandate = own.one("mandates", payment["links"]["mandate"])
    refund = own.create("refunds", {"amount": 1, "total_amount_confirmation": 1, "links": {"payment": payment["id"]}})
    links = {"mandate": mandate["id"]}
    subscription = own.create("subscriptions", {"amount": 1, "currency": "GBP", "interval_unit": "monthly", "links": links})
    parts = [{"amount": 5, "charge_date": mandate["next_possible_charge_date"]}]
    schedule = {"name": "In parts", "total_amount": 5, "currency": "GBP", "instalments": parts, "links": links}
    return own, {
        "payments": payment["id"],
        "mandates": mandate["id"],
        "refunds": refund["id"],
        "subscriptions": subscription["id"],
        "instalment_schedules": own.create("instalment_schedules", schedule)["id"],
        "payouts": own.all("payouts")[0]["id"],
        "scheme_identifiers": own.create("scheme_identifiers", {"name": "Acme", "scheme": "bacs"})["id"],
        "billing_requests": own.create("billing_requests", {"mandate_request": {"scheme": "bacs"}})["id"],
    }


def placed(world, kind, identity, status):
    doc = world.get(kind, identity)
    doc.body["status"] = status
    world.save(doc)
    return doc


def test_the_table_and_this_list_name_the_same_moves():
    assert {(kind, action) for kind, moves in MOVES.items() for action in moves} == {(row[0], row[1]) for row in ROWS}


@pytest.mark.parametrize(
    ("kind", "action", "status", "after", "said"), ALLOWED, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_move_leads_where_the_table_says_and_tells_of_it(sandbox, resources, kind, action, status, after, said):
    own, ids = resources
    with sandbox.extensions["sandbox"].change(own.made["organisation_id"]) as world:
        doc = placed(world, kind, ids[kind], status)
        event = machine.move(world, doc, action)
        assert world.get(kind, ids[kind]).status == (after or status)
        if said:
            body = world.get("events", event).body
            assert (body["action"], body["details"]["origin"], body["details"]["cause"]) == said
            assert body["details"]["description"]
        else:
            assert event == ""


@pytest.mark.parametrize(("kind", "action", "status"), REFUSED)
def test_the_opposite_is_refused_in_the_apis_words(sandbox, resources, kind, action, status):
    own, ids = resources
    with sandbox.extensions["sandbox"].change(own.made["organisation_id"]) as world:
        doc = placed(world, kind, ids[kind], status)
        with pytest.raises(ApiError) as refused:
            machine.move(world, doc, action)
        assert (refused.value.type, refused.value.code) == ("invalid_state", 422)
        assert refused.value.entries[0]["reason"]
        assert world.get(kind, ids[kind]).status == status


PUBLIC = [
    ("payments", "cancel", "cancellation_failed"),
    ("payments", "retry", "retry_failed"),
    ("mandates", "cancel", "cancellation_failed"),
    ("mandates", "reinstate", "mandate_not_inactive"),
    ("subscriptions", "cancel", "cancellation_failed"),
    ("subscriptions", "resume", "subscription_not_paused"),
    ("instalment_schedules", "cancel", "cancellation_failed"),
    ("billing_requests", "cancel", "cancellation_failed"),
    ("billing_requests", "fulfil", "billing_request_not_ready_to_fulfil"),
]


@pytest.mark.parametrize(("kind", "action", "reason"), PUBLIC)
def test_an_action_in_every_wrong_state_gives_its_reason(sandbox, resources, kind, action, reason):
    own, ids = resources
    for wrong in [status for k, a, status in REFUSED if (k, a) == (kind, action)]:
        with sandbox.extensions["sandbox"].change(own.made["organisation_id"]) as world:
            placed(world, kind, ids[kind], wrong)
        answer = own.act(kind, ids[kind], action)
        assert (answer.status_code, answer.json["error"]["errors"][0]["reason"]) == (422, reason), wrong
