"""Merchants as rows: opening an organisation, giving and taking access tokens."""

from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from portal.sandbox import ids
from portal.sandbox.resources import creditor_bank_accounts, creditors
from portal.sandbox.resources.fulfilment import TEST_ACCOUNT
from portal.sandbox.schemes import currency_of
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.tables import endpoints, merchants, organisations, tokens
from portal.sandbox.store.world import World

Json = dict[str, Any]
PAYOUT_ACCOUNT: dict[str, Json] = TEST_ACCOUNT | {
    "USD": {"country_code": "US", "bank_code": "026073150", "account_number": "2715500356", "account_type": "checking"},
    "NZD": {"country_code": "NZ", "bank_code": "12", "branch_code": "3113", "account_number": "0003869"},
    "CAD": {"country_code": "CA", "bank_code": "0003", "branch_code": "00006", "account_number": "1234567"},
    "SEK": {"country_code": "SE", "branch_code": "5491", "account_number": "0000003"},
    "DKK": {"country_code": "DK", "bank_code": "345", "account_number": "3179681"},
}


def open_organisation(
    world: World, name: str, country: str, *, verified: bool, identity: str = "", creditor_id: str = ""
) -> Doc:
    """Stores an organisation and its creditor with a payout account; ``world`` becomes the new organisation's."""
    world.organisation = identity or ids.resource_id("OR")
    row = {"id": world.organisation, "name": name, "country_code": country, "faults": 0, "created_at": world.stamp}
    world.conn.execute(insert(organisations), row)
    creditor = creditors.make(world, {"name": name, "country_code": country, "creditor_type": "company"}, identity=creditor_id)
    details = PAYOUT_ACCOUNT.get(currency_of(country), PAYOUT_ACCOUNT["GBP"])
    creditor_bank_accounts.make(world, details | {"account_holder_name": name.upper()[:18], "links": {"creditor": creditor.id}})
    creditor = world.get("creditors", creditor.id)
    if verified:
        creditor.body.update(verification_status="successful", can_create_refunds=True)
        world.save(creditor)
    return creditor


def set_endpoint(conn: Connection, url: str, secret: str, organisation: str) -> None:
    """One more webhook endpoint of an organisation's own."""
    row = {"id": ids.resource_id("WE"), "url": url, "secret": secret, "client_id": None, "organisation": organisation}
    conn.execute(insert(endpoints), row | {"enabled": True})


def grant_token(
    conn: Connection, organisation: str, *, scope: str, email: str, stamp: str, client_id: str | None = None, token: str = ""
) -> str:
    """A new access token, or the one that is given; only its hash is stored."""
    token = token or ids.access_token()
    row = {"hash": ids.hashed(token), "organisation": organisation, "client_id": client_id, "scope": scope, "email": email}
    conn.execute(insert(tokens), row | {"created_at": stamp, "revoked_at": None})
    return token


def revoke_tokens(conn: Connection, organisation: str, client_id: str, stamp: str) -> int:
    """Takes every token that this app holds for this organisation. Returns how many there were."""
    mine = update(tokens).where(
        tokens.c.organisation == organisation, tokens.c.client_id == client_id, tokens.c.revoked_at.is_(None)
    )
    return int(conn.execute(mine.values(revoked_at=stamp)).rowcount)


def organisation(conn: Connection, identity: str) -> Row[Any] | None:
    return conn.execute(select(organisations).where(organisations.c.id == identity)).first()


def merchant_of(conn: Connection, organisation: str) -> str:
    """The e-mail address that token answers name."""
    row = conn.execute(
        select(merchants.c.email).where(merchants.c.organisation == organisation).order_by(merchants.c.id)
    ).first()
    return str(row.email) if row else f"{organisation.lower()}@example.com"
