"""The levers for a merchant that is there: act in its own name, end its connection to an app, fill it with payments."""

from typing import Any

from portal.sandbox import organisations
from portal.sandbox.errors import invalid
from portal.sandbox.fields import flag, text, whole
from portal.sandbox.house import here
from portal.sandbox.levers.lever import Answer, Json, Lever
from portal.sandbox.oauth import connections
from portal.sandbox.resources import mandates, payments
from portal.sandbox.schemes import scheme
from portal.sandbox.store.world import World

MOST = 2000


def own_token(values: Json) -> Answer:
    """One more access token of the merchant's own, of no app."""
    with here().change(values["organisation_id"]) as world:
        _require(world)
        email = organisations.merchant_of(world.conn, world.organisation)
        made = organisations.grant_token(world.conn, world.organisation, scope="read_write", email=email, stamp=world.stamp)
    return {"access_token": made}, 201


def disconnect(values: Json, client_id: str) -> Answer:
    """Takes the app's tokens, as when the merchant removes it; with ``tell`` false the app's webhook address hears nothing."""
    with here().change(values["organisation_id"]) as world:
        _require(world)
        gone = connections.disconnect(world, client_id, tell=values.get("tell") is not False)
    return {"disconnected": gone}, 200


def add_payments(values: Json) -> Answer:
    """Lays ``count`` payments on a mandate; nobody is told of them and nothing happens to them by the clock."""
    with here().change(values["organisation_id"]) as world:
        _require(world)
        mandate = world.find("mandates", values["mandate"])
        if mandate is None:
            raise invalid(("/mandate", "is not a mandate of this organisation"))
        money: dict[str, Any] = {"amount": values.get("amount") or 100, "currency": scheme(mandate.body["scheme"]).currency}
        on = mandates.next_date(world, mandate.body)
        made = [payments.collect(world, mandate, money, on).id for _ in range(values["count"])]
    return {"payments": made}, 201


def _require(world: World) -> None:
    if organisations.organisation(world.conn, world.organisation) is None:
        raise invalid(("/organisation_id", "is not an organisation of this sandbox"))


_WHOSE = text("organisation_id", required=True)
_PAYMENTS = (
    _WHOSE,
    text("mandate", required=True),
    whole("count", required=True, least=1, most=MOST),
    whole("amount", least=1),
)
LEVERS = (
    Lever("POST", "tokens", (_WHOSE,), own_token),
    Lever("POST", "apps/<client_id>/disconnect", (_WHOSE, flag("tell")), disconnect),
    Lever("POST", "payments", _PAYMENTS, add_payments),
)
