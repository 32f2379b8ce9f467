"""What programs ask with an API key, all in JSON: what came, one of them, everything, and how it was answered elsewhere."""

from functools import lru_cache

from flask import request
from flask.typing import ResponseReturnValue

from portal.gates import Gate, gate
from portal.models.delivery import Delivery
from portal.models.partner import Partner
from portal.web import number, settings
from portal.webhooks import streaming, telling
from portal.webhooks.blueprint import bp
from portal.webhooks.log_pages import exported
from portal.webhooks.reader import Reader
from portal.webhooks.streaming import Seats

LARGEST = 200_000
"""Bytes of a list of attempts."""
FRESH = {"Cache-Control": "no-store"}


@lru_cache(maxsize=1)
def _seats() -> Seats:
    return Seats(settings().threads)


@bp.get("/api/v1/webhooks")
@gate(Gate.API)
def stream(partner: Partner) -> ResponseReturnValue:
    """From now on without `after`; 204 when nothing came, at once or after `wait` seconds."""
    after = request.args.get("after", type=number)
    if after is None and "after" in request.args:
        raise streaming.NotUnderstood("“after” is the cursor of an answer before.")
    if after is None:
        return {"webhooks": [], "cursor": str(streaming.newest(partner.id))}, 200, FRESH
    partner_id, seconds = partner.id, request.args.get("wait", default=0, type=number)
    if seconds and streaming.newest(partner_id) <= after:
        with _seats().one() as seated:
            if seated:
                streaming.wait(partner_id, after, seconds=seconds)
    found = streaming.after(partner_id, after)
    return ({"webhooks": found, "cursor": found[-1]["cursor"]}, 200, FRESH) if found else ("", 204, FRESH)


@bp.get("/api/v1/webhooks/export")
@gate(Gate.API)
def export_for_programs(partner: Partner) -> ResponseReturnValue:
    return exported(Reader(partner))


@bp.get("/api/v1/webhooks/<delivery_key>")
@gate(Gate.API)
def told(delivery: Delivery) -> ResponseReturnValue:
    return telling.whole([delivery.id])[0], 200, FRESH


@bp.post("/api/v1/attempts")
@gate(Gate.API)
def tell(partner: Partner) -> ResponseReturnValue:
    request.max_content_length = LARGEST
    return {"kept": streaming.tell(partner.id, request.get_json(force=True, silent=True))}, 201
