"""The ids of GoCardless's own documentation (CU123, MD123 …) as resources that its samples can be run against."""

from typing import Any

from sqlalchemy import insert

from portal.sandbox import clock
from portal.sandbox.resources import (
    billing_request_flows,
    billing_requests,
    customers,
    fulfilment,
    instalment_schedules,
    mandates,
    payments,
    payouts,
    redirect_flows,
    subscriptions,
    templates,
)
from portal.sandbox.resources.bank_accounts import KIND as ACCOUNTS
from portal.sandbox.resources.linking import no_fx
from portal.sandbox.store import documents
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.tables import sends
from portal.sandbox.store.world import World

Json = dict[str, Any]
GBP = {"amount": 1000, "currency": "GBP"}
FRANK = {
    "given_name": "Frank",
    "family_name": "Osborne",
    "email": "user@example.com",
    "address_line1": "27 Acer Road",
    "city": "London",
    "postal_code": "E8 3GX",
    "country_code": "GB",
}


def plant(world: World, creditor: Doc) -> None:
    """Puts one resource under every documented id into this organisation. Nothing is announced and nothing scheduled."""
    payout_account = world.get("creditor_bank_accounts", creditor.links["default_gbp_payout_account"])
    owner = _copy(world, creditor, "CR123")
    _copy(world, payout_account, "BA234", creditor=owner.id)
    _copy(world, payout_account, "BA123", creditor=owner.id)
    owner.links["default_gbp_payout_account"] = "BA234"
    world.save(owner)
    _rename(world, customers.add(world, dict(FRANK)), "CU123")
    account = world.add(ACCOUNTS, *_account(), identity="BA123")
    mandate = _mandate(world, owner, account, "MD123")
    for other in ("MD0000XH9A3T4C", "MD456"):
        _mandate(world, owner, account, other)
    _money(world, owner, mandate)
    _requests(world, owner)
    _rest(world, mandate)


def _account() -> tuple[Json, Json]:
    shown: Json = {
        "account_number_ending": "11",
        "account_holder_name": "FRANK OSBORNE",
        "account_type": None,
        "bank_name": "BARCLAYS BANK PLC",
    }
    shown |= {"currency": "GBP", "country_code": "GB", "metadata": {}, "enabled": True, "links": {"customer": "CU123"}}
    shown |= {"bank_account_token": None, "payer_name_verification_result": "full", "trusted_recipient": False}
    return shown, {"fingerprint": "documented", "scheme": "bacs", "branch_ending": "00"}


def _mandate(world: World, owner: Doc, account: Doc, identity: str) -> Doc:
    made = mandates.grant(world, owner, account, "bacs", reference=f"REF-{identity}", metadata={}, more={})
    made.body["status"] = "active"
    return _rename(world, made, identity)


def _money(world: World, owner: Doc, mandate: Doc) -> None:
    on = mandates.charge_date(world, mandate, None)
    for identity, status in (("PM123", "pending_submission"), ("PM456", "paid_out"), ("PM789", "failed")):
        doc = payments.collect(world, mandate, dict(GBP), on)
        doc.body["status"] = status
        _rename(world, doc, identity)
    subscription = subscriptions.begin(
        world, mandate, {**GBP, "interval_unit": "monthly", "name": "12 month subscription", "count": 12}
    )
    _rename(world, subscription, "SB123")
    schedule = {"name": "Invoice 4404", "total_amount": 1000, "currency": "GBP"}
    _rename(world, instalment_schedules.begin(world, mandate, schedule, []), "IS123")
    payout = payouts.make(world, owner.id, "GBP", [payouts.Item("payment_paid_out", 1000, {"payment": "PM456"})])
    payout.body["status"] = "paid"
    _rename(world, payout, "PO123")
    world.add(
        "payout_items",
        {"type": "payment_paid_out", "amount": "1000.0", "taxes": [], "links": {"payment": "PM456"}},
        {"payout": "PO123"},
    )
    refund: Json = {"amount": 100, "reference": None, "metadata": {}, "currency": "GBP", "status": "created", "fx": no_fx()}
    inner = {"refund_type": "payment", "mandate": mandate.id, "creditor": owner.id}
    world.add("refunds", refund | {"links": {"payment": "PM456", "mandate": mandate.id}}, inner, identity="RF123")


def _requests(world: World, owner: Doc) -> None:
    for identity in ("BRQ123", "BR123"):
        asked = {"mandate_request": {"scheme": "bacs"}, "links": {"customer": "CU123", "creditor": owner.id}}
        _rename(world, billing_requests.make(world, asked), identity)
    request = world.get("billing_requests", "BRQ123")
    _rename(world, billing_request_flows.open_flow(world, request, {"redirect_uri": "https://example.com/back"}), "BRF123")
    template = {"name": "12 Month Gold Plan", "payment_request_amount": "10000", "payment_request_currency": "GBP"}
    _rename(world, templates.make(world, template | {"payment_request_description": "Gold plan"}), "BRT123")
    flow = redirect_flows.make(
        world, {"session_token": "SESS_wSs0uGYMISxzqOBq", "success_redirect_url": "https://example.com/pay/confirm"}
    )
    flow.inner["given"] = {
        "customer": dict(FRANK),
        "account": fulfilment.TEST_ACCOUNT["GBP"] | {"account_holder_name": "Frank Osborne"},
    }
    world.save(flow)
    _rename(world, flow, "RE123")
    world.add("bank_authorisations", *_authorisation(world), identity="BAU123")


def _authorisation(world: World) -> tuple[Json, Json]:
    shown: Json = {
        "url": f"{world.settings.origin}/obauth/BAU123",
        "qr_code_url": f"{world.settings.origin}/obauth/BAU123/qr_code",
    }
    shown |= {"authorisation_type": "payment", "authorised_at": None, "last_visited_at": None, "redirect_uri": None}
    shown |= {"expires_at": world.stamp, "links": {"billing_request": "BRQ123", "institution": "monzo"}}
    return shown, {"outcome": "timeout", "flow": None}


def _rest(world: World, mandate: Doc) -> None:
    shared = world.all("scheme_identifiers")[0]
    fresh = {key: value for key, value in shared.body.items() if key not in ("id", "created_at")}
    world.add("scheme_identifiers", fresh | {"links": {"creditor": "CR123"}}, {"own": True}, identity="SU123")
    block = {
        "block_type": "email",
        "reason_type": "no_intent_to_pay",
        "reason_description": None,
        "resource_reference": "blocked@example.com",
    }
    world.add("blocks", block | {"active": True, "updated_at": world.stamp}, identity="BLC123")
    event = {
        "resource_type": "mandates",
        "action": "created",
        "metadata": {},
        "details": dict(mandates.CREATED),
        "links": {"mandate": mandate.id},
    }
    world.add("events", event | {"resource_metadata": {}, "source": world.source}, identity="EV123")
    notice = {"action_taken": None, "action_taken_at": None, "action_taken_by": None, "type": "payment_created"}
    deadline = {"deadline": clock.stamp(world.now.replace(year=world.now.year + 1, day=1))}
    links = {"customer": "CU123", "event": "EV123", "mandate": "MD123", "payment": "PM123"}
    world.add("customer_notifications", notice | {"links": links}, deadline, identity="EV1D18JEXAMPLE")
    _webhook(world)


def _webhook(world: World) -> None:
    body = {"url": "https://example.com/webhooks", "request_headers": {}, "request_body": '{"events":[]}', "response_code": 200}
    body |= {
        "response_body": "",
        "response_body_truncated": False,
        "response_headers": {},
        "response_headers_content_truncated": False,
    }
    doc = world.add(
        "webhooks",
        body | {"response_headers_count_truncated": False, "is_test": True, "successful": True},
        {"attempts": []},
        identity="WB123",
    )
    row = {
        "webhook": doc.id,
        "organisation": world.organisation,
        "endpoint": "documented",
        "url": "https://example.com/webhooks",
    }
    world.conn.execute(
        insert(sends),
        row
        | {"signature": "0" * 64, "payload": '{"events":[]}', "copies": 1, "attempts": 1, "next_at": None, "lease_until": 0.0},
    )


def _rename(world: World, doc: Doc, identity: str) -> Doc:
    """The same resource under its documented id."""
    world.forget(doc)
    world.remove(doc)
    doc.body["id"] = identity
    documents.add(world.conn, doc)
    return doc


def _copy(world: World, doc: Doc, identity: str, **links: str) -> Doc:
    copied = Doc(
        doc.kind, doc.organisation, {**doc.body, "id": identity, "links": {**doc.body["links"], **links}}, dict(doc.inner)
    )
    documents.add(world.conn, copied)
    return copied
