"""What the levers do: start over, move the clock, make merchants, order faults, show what was seen."""

import secrets
import time
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from portal.sandbox import apps, clock, ids, organisations, seeds, timeline, worker
from portal.sandbox.api import faults
from portal.sandbox.errors import invalid
from portal.sandbox.fields import country, flag, group, text, url, whole
from portal.sandbox.house import House, here
from portal.sandbox.kinds import KINDS
from portal.sandbox.levers.lever import Answer, Json, Lever
from portal.sandbox.store.tables import endpoints, sends, state, tokens
from portal.sandbox.store.world import World


def reset(_values: Json) -> Answer:
    """Empties the sandbox and puts its clock right."""
    house = here()
    house.log.forget()
    house.limiter.clear()
    house.database.clear()
    return {"reset": True}, 200


def move_clock(values: Json) -> Answer:
    """Sets or advances the clock; everything that falls due on the way happens, each at its own moment."""
    house = here()
    target = _target(house, values)
    done = 0
    while True:
        with house.database.writing() as conn:
            worked = timeline.run_due(house.world, conn, target)
            done += worked
            if not worked:
                conn.execute(update(state).values(shift=(target - clock.real_now()).total_seconds()))
                break
    return {"now": clock.stamp(target), "jobs_done": done}, 200


def make_organisation(values: Json) -> Answer:
    """A verified merchant with an access token; with ``client_id`` the token is that app's."""
    house = here()
    with house.change("") as world:
        _check_merchant(world.conn, values)
        creditor = organisations.open_organisation(
            world,
            values["name"],
            values["country_code"].upper(),
            verified=values.get("verified") is not False,
            identity=values.get("organisation_id") or "",
            creditor_id=values.get("creditor_id") or "",
        )
        if values.get("documented_ids"):
            seeds.plant(world, creditor)
        if values.get("can_create_refunds") is False:
            creditor.body["can_create_refunds"] = False
            world.save(creditor)
        made = {"organisation_id": world.organisation, "creditor_id": creditor.id, "access_token": _token(world, values)}
        if values.get("webhook_url"):
            made["webhook_secret"] = _own_endpoint(world, values)
    return made, 201


def _check_merchant(conn: Connection, values: Json) -> None:
    if values.get("client_id") and apps.find(conn, values["client_id"]) is None:
        raise invalid(("/client_id", "is not an app of this sandbox"))
    if values.get("organisation_id") and organisations.organisation(conn, values["organisation_id"]):
        raise invalid(("/organisation_id", "is taken"))
    known = select(tokens.c.hash).where(tokens.c.hash == ids.hashed(values.get("access_token") or ""))
    if conn.execute(known).first():
        raise invalid(("/access_token", "is taken"))


def _token(world: World, values: Json) -> str:
    return organisations.grant_token(
        world.conn,
        world.organisation,
        scope=values.get("scope") or "read_write",
        email=f"{world.organisation.lower()}@example.com",
        stamp=world.stamp,
        client_id=values.get("client_id"),
        token=values.get("access_token") or "",
    )


def _own_endpoint(world: World, values: Json) -> str:
    secret: str = values.get("webhook_secret") or secrets.token_urlsafe(30)
    organisations.set_endpoint(world.conn, values["webhook_url"], secret, world.organisation)
    return secret


def order_faults(values: Json) -> Answer:
    """The next calls of an organisation, or its next webhooks, go wrong in the way asked for; ``none`` forgets what was ordered."""
    target = values["target"]
    known = faults.API_KINDS if target == "api" else faults.WEBHOOK_KINDS
    if values["kind"] not in known:
        raise invalid(("/kind", f"must be one of {', '.join(known)}"))
    aim = faults.Aim(*(values.get(f"only_{name}") or None for name in ("method", "resource", "app")))
    house = here()
    with house.database.writing() as conn:
        organisation = _organisation(house, conn, values)
        count, seconds = values.get("count") or 1, values.get("seconds")
        wait = float(seconds if seconds is not None else 5)
        if values["kind"] == faults.NONE:
            faults.forget(conn, organisation, target)
        else:
            faults.order(conn, organisation, target, values["kind"], count=count, seconds=wait, aim=aim)
    return {"organisation_id": organisation, "target": target, "kind": values["kind"], "count": count}, 201


def deliver(_values: Json) -> Answer:
    """Gathers and sends now, without waiting for batches or retries."""
    house = here()
    with house.database.writing() as conn:
        conn.execute(update(sends).where(sends.c.next_at.is_not(None)).values(next_at=time.time()))
    return {"gathered": worker.gather(house)}, 200


def set_endpoint(values: Json) -> Answer:
    """Switches an app's or an organisation's webhook endpoints on or off; one without an address stays off."""
    with here().database.writing() as conn:
        owner = (
            endpoints.c.client_id == values["client_id"]
            if values.get("client_id")
            else endpoints.c.organisation == values.get("organisation_id")
        )
        known = update(endpoints).where(owner, endpoints.c.url != "")
        changed = conn.execute(known.values(enabled=values["enabled"])).rowcount
    return {"endpoints": changed, "enabled": values["enabled"]}, 200


def _target(house: House, values: Json) -> Any:
    with house.database.reading() as conn:
        now = house.world(conn, "").now
    if values.get("set"):
        try:
            return clock.parse(values["set"])
        except ValueError:
            raise invalid(("/set", "is not a date and time")) from None
    step = values.get("advance") or {}
    return now + timedelta(days=step.get("days") or 0, hours=step.get("hours") or 0, minutes=step.get("minutes") or 0)


def _organisation(house: House, conn: Any, values: Json) -> str:
    if values.get("access_token"):
        row = conn.execute(select(tokens.c.organisation).where(tokens.c.hash == ids.hashed(values["access_token"]))).first()
        values["organisation_id"] = row.organisation if row else None
    found = organisations.organisation(conn, values.get("organisation_id") or "")
    if found is None:
        raise invalid(("/organisation_id", "is not an organisation of this sandbox"))
    return str(found.id)


_STEP = group("advance", whole("days", most=3650), whole("hours", most=100_000), whole("minutes", most=1_000_000))
_MERCHANT = (
    text("name", required=True),
    country(required=True),
    text("client_id"),
    text("scope", among=("read_write", "read_only")),
    flag("verified"),
    flag("can_create_refunds"),
    flag("documented_ids"),
    url("webhook_url"),
    text("webhook_secret", least=8),
    text("organisation_id", pattern=r"OR[0-9A-Z]{2,38}"),
    text("creditor_id", pattern=r"CR[0-9A-Z]{2,38}"),
    text("access_token", least=16),
)
_FAULT = (
    text("target", required=True, among=("api", "webhook")),
    text("kind", required=True),
    whole("count", least=1, most=1000),
    whole("seconds", most=600),
    text("access_token"),
    text("organisation_id"),
    text("only_method", among=("GET", "POST", "PUT", "DELETE")),
    text("only_resource", among=sorted(KINDS)),
    text("only_app"),
)
LEVERS = (
    Lever("POST", "reset", (), reset),
    Lever("POST", "clock", (text("set"), _STEP), move_clock),
    Lever("POST", "organisations", _MERCHANT, make_organisation),
    Lever("POST", "faults", _FAULT, order_faults),
    Lever("POST", "deliver", (), deliver),
    Lever("POST", "endpoints", (flag("enabled", required=True), text("client_id"), text("organisation_id")), set_endpoint),
)
