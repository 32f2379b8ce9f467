"""What a run knows of its resources, kept with the run: ids, statuses, and the events of its time line."""

from collections.abc import Iterable, Mapping
from typing import Any

from portal.models.run import Run
from portal.runs import recording

Json = Mapping[str, Any]
MOST_EVENTS = 300
DETAILS = ("origin", "cause", "description", "reason_code", "scheme", "will_attempt_retry")


def learn(run: Run, **facts: Any) -> bool:
    """Keep these; whether anything was new. The page of the run sees it."""
    if all(run.facts.get(name) == value for name, value in facts.items()):
        return False
    run.facts = {**run.facts, **facts}
    recording.touch(run)
    return True


def billing_request(body: Json) -> dict[str, Any]:
    left = [one["type"] for one in body.get("actions") or () if one.get("required") and one.get("status") != "completed"]
    links = body.get("links") or {}
    return {
        "id": body["id"],
        "status": body["status"],
        "left": left,
        "instant": bool(body.get("payment_request")),
        "mandate": links.get("mandate_request_mandate") or "",
        "payment": links.get("payment_request_payment") or "",
        "creditor": links.get("creditor") or "",
    }


def flow(body: Json) -> dict[str, Any]:
    return {"id": body["id"], "url": body["authorisation_url"], "expires_at": body["expires_at"]}


def mandate(body: Json) -> dict[str, Any]:
    return {name: body.get(name) for name in ("id", "status", "scheme", "reference", "next_possible_charge_date")}


def payment(body: Json) -> dict[str, Any]:
    kept = {name: body.get(name) for name in ("id", "status", "amount", "currency", "charge_date", "scheme")}
    return {**kept, "payout": (body.get("links") or {}).get("payout") or ""}


def payout(body: Json) -> dict[str, Any]:
    return {name: body.get(name) for name in ("id", "status", "amount", "currency", "arrival_date", "deducted_fees")}


def creditor(body: Json) -> dict[str, Any]:
    return {"id": body["id"], "status": body.get("verification_status") or ""}


def events(known: Iterable[Json], told: Iterable[Json]) -> list[dict[str, Any]]:
    """All of them once, in the order of time."""
    found = {one["id"]: dict(one) for one in known} | {one["id"]: _event(one) for one in told}
    ordered = sorted(found.values(), key=lambda one: (one["at"], one["id"]))
    return ordered[-MOST_EVENTS:]


def _event(body: Json) -> dict[str, Any]:
    type_, details, links = str(body["resource_type"]), body.get("details") or {}, body.get("links") or {}
    return {
        "id": body["id"],
        "at": body["created_at"],
        "type": type_,
        "action": body["action"],
        "resource": links.get(type_.removesuffix("s"), ""),
        **{name: details[name] for name in DETAILS if details.get(name) is not None},
    }
