"""The end of a connection, whoever ended it: the token is forgotten, the team is told, and what said so is kept beside it."""

from sqlalchemy import select

from portal import clock, mail, timeline
from portal.extensions import db
from portal.models.delivery import Delivery
from portal.models.partner import Partner
from portal.models.partner_app import Connection
from portal.models.people import User
from portal.status import ConnectionStatus
from portal.timeline.developers import MerchantDisconnected

REFUSED = "The API refused the token as revoked."


def disconnected(
    connection: Connection,
    *,
    cause: str,
    delivery_id: int | None = None,
    status: ConnectionStatus = ConnectionStatus.DISCONNECTED,
    by: User | None = None,
) -> bool:
    """Forget the token, mark the connection, tell the team; `cause` is a sentence for them. False when it had ended already.

    Called by webhooks (organisations/disconnected), by a revocation, and by whoever is answered 401 access_token_revoked.
    The webhook of a connection that had ended before is still noted beside it.
    """
    locked = db.session.scalars(select(Connection).where(Connection.id == connection.id).with_for_update()).one()
    if delivery_id is not None and locked.ended_delivery_id is None:
        locked.ended_delivery_id = delivery_id
    if locked.status is not ConnectionStatus.CONNECTED:
        return False
    locked.access_token, locked.status = None, status
    locked.ended_at, locked.ended_cause = clock.now(), cause
    _tell(locked, cause, delivery_id, by)
    return True


def _tell(connection: Connection, cause: str, delivery_id: int | None, by: User | None) -> None:
    delivery = db.session.get(Delivery, delivery_id) if delivery_id is not None else None
    happened = MerchantDisconnected(
        connection.app.name, connection.organisation_id, cause, delivery=delivery.key if delivery else ""
    )
    event = timeline.record(happened, by=by, partner=db.session.get(Partner, connection.partner_id))
    who = connection.creditor_name or connection.organisation_id
    mail.send(
        "connection_ended",
        to=mail.team(connection.partner_id),
        subject=f"{who} is no longer connected to {connection.app.name}",
        event=event,
        connection=connection,
        cause=cause,
        url=mail.link("connect.connection", connection_key=connection.key),
    )
