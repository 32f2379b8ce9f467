"""The levers for connecting: a code as if a merchant had consented, and faults of the token endpoint."""

import secrets
from datetime import timedelta

from sqlalchemy import Connection, insert, select

from portal.sandbox import apps, clock, organisations
from portal.sandbox.api import faults
from portal.sandbox.errors import invalid
from portal.sandbox.fields import text, url, whole
from portal.sandbox.house import here
from portal.sandbox.levers.lever import Answer, Json, Lever
from portal.sandbox.oauth.records import SCOPES, Merchant, keep_code
from portal.sandbox.store.tables import merchants
from portal.sandbox.store.world import World

LONGEST_CODE = 60 * 24


def make_code(values: Json, client_id: str) -> Answer:
    """An authorization code for an app, as if a merchant had signed in and consented; of a new, verified merchant unless one is named."""
    with here().change("") as world:
        registered = apps.shown(apps.get(world.conn, client_id))["redirect_uris"] or []
        if values["redirect_uri"] not in registered:
            raise invalid(("/redirect_uri", "is not registered for this app"))
        organisation = _consenting(world, values.get("organisation_id") or "")
        code, scope = secrets.token_urlsafe(30), values.get("scope") or SCOPES[0]
        minutes = values.get("minutes")
        expires = world.now + timedelta(minutes=here().settings.code_minutes if minutes is None else minutes)
        keep_code(
            world.conn,
            code,
            client_id=client_id,
            merchant=Merchant(_person(world, organisation), organisation, ""),
            redirect_uri=values["redirect_uri"],
            scope=scope,
            expires_at=clock.stamp(expires),
        )
    return {"code": code, "organisation_id": organisation, "scope": scope, "expires_at": clock.stamp(expires)}, 201


def order_token_faults(values: Json, client_id: str) -> Answer:
    """The next calls of an app to the token endpoint go wrong, and use no code up; ``none`` forgets what was ordered."""
    kind, count = values["kind"], values.get("count") or 1
    with here().database.writing() as conn:
        apps.get(conn, client_id)
        if kind == faults.NONE:
            faults.forget(conn, faults.of_app(client_id), faults.TOKEN)
        else:
            seconds = (values.get("milliseconds") or 0) / 1000
            faults.order(conn, faults.of_app(client_id), faults.TOKEN, kind, count=count, seconds=seconds)
    return {"client_id": client_id, "kind": kind, "count": count}, 201


def _consenting(world: World, organisation: str) -> str:
    if not organisation:
        organisations.open_organisation(world, "Consenting Merchant", "GB", verified=True)
        return world.organisation
    if organisations.organisation(world.conn, organisation) is None:
        raise invalid(("/organisation_id", "is not an organisation of this sandbox"))
    return organisation


def _person(world: World, organisation: str) -> int:
    """Somebody of the merchant's who can consent; one who can sign in nowhere is made where there is nobody."""
    found = _first(world.conn, organisation)
    if found is None:
        row = {
            "organisation": organisation,
            "email": f"{organisation.lower()}@example.com",
            "password": "",
            "created_at": world.stamp,
        }
        world.conn.execute(insert(merchants), row | {"given_name": "Mia", "family_name": "Merchant"})
        found = _first(world.conn, organisation)
    return found or 0


def _first(conn: Connection, organisation: str) -> int | None:
    mine = select(merchants.c.id).where(merchants.c.organisation == organisation).order_by(merchants.c.id).limit(1)
    return conn.execute(mine).scalar_one_or_none()


_CODE = (
    url("redirect_uri", required=True),
    text("scope", among=SCOPES),
    text("organisation_id"),
    whole("minutes", most=LONGEST_CODE),
)
_FAULT = (
    text("kind", required=True, among=faults.TOKEN_KINDS),
    whole("count", least=1, most=1000),
    whole("milliseconds", most=600_000),
)
LEVERS = (
    Lever("POST", "apps/<client_id>/codes", _CODE, make_code),
    Lever("POST", "apps/<client_id>/token_faults", _FAULT, order_token_faults),
)
