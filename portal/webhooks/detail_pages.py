"""One webhook: why its signature fits or not, what is in it, what came before, how it went on; its bytes to download."""

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from portal.extensions import db
from portal.gates import Gate, gate
from portal.models.delivery import Delivery
from portal.models.people import User
from portal.status import look
from portal.webhooks import comparing, looking, parsing, reasons, resending
from portal.webhooks.blueprint import bp
from portal.webhooks.lines import is_test, moment
from portal.webhooks.reader import of
from portal.words import zone_of


@bp.get("/developers/webhooks/<delivery_key>")
@gate(Gate.EVIDENCE)
def delivery(delivery: Delivery, me: User) -> ResponseReturnValue:
    """The whole page, or for an open list what stands beside it."""
    reader = of(delivery, me)
    headers, raw = looking.read(delivery)
    app = next(app for app in reader.apps if app.id == delivery.app_id)
    beside = "panel" in request.args
    return render_template(
        "webhooks/panel.html" if beside else "webhooks/delivery.html",
        reader=reader,
        app=app,
        one=delivery,
        time=moment(delivery.received_at, zone_of()),
        verdict=look(delivery.signature),
        sentences=reasons.sentences(delivery.reason, delivery.summary),
        test=is_test(delivery.summary or {"webhook": parsing.understand(raw).webhook_id}),
        headers=headers,
        body=looking.body(raw),
        events=looking.events(delivery, raw),
        attempts=looking.attempts(delivery),
        why_not=resending.why_not(delivery, app, has_secret=app.has_secret),
    )


@bp.get("/developers/webhooks/<delivery_key>/body")
@gate(Gate.EVIDENCE)
def raw(delivery: Delivery) -> ResponseReturnValue:
    """The bytes as they came: saved, never shown by the browser."""
    _, body = looking.read(delivery)
    name = f'attachment; filename="webhook-{delivery.key}.bin"'
    return Response(
        body, mimetype="application/octet-stream", headers={"Content-Disposition": name, "Cache-Control": "no-store"}
    )


@bp.get("/developers/webhooks/<delivery_key>/compare/<other_key>")
@gate(Gate.EVIDENCE)
def compare(delivery: Delivery, other_key: str, me: User) -> ResponseReturnValue:
    """Beside another webhook of the same partner: usually the one that brought the same event before."""
    same = select(Delivery).where(Delivery.key == other_key, Delivery.partner_id == delivery.partner_id)
    other = db.session.execute(same).scalar_one_or_none() or abort(404)
    zone = zone_of()
    return render_template(
        "webhooks/compare.html",
        reader=of(delivery, me),
        one=delivery,
        other=other,
        times=(moment(other.received_at, zone), moment(delivery.received_at, zone)),
        compared=comparing.compare(looking.read(other)[1], looking.read(delivery)[1]),
    )
