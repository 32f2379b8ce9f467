"""Who calls: the bearer token, the organisation that it stands for, and the headers that every call must carry."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from portal.sandbox.errors import usage
from portal.sandbox.ids import hashed
from portal.sandbox.store.prepared import Prepared
from portal.sandbox.store.tables import apps, organisations, state, tokens

VERSION = "2015-07-06"
_token = (
    select(
        tokens.c.organisation,
        tokens.c.client_id,
        tokens.c.scope,
        tokens.c.revoked_at,
        organisations.c.faults,
        state.c.shift,
        apps.c.name.label("app_name"),
    )
    .outerjoin(apps, apps.c.client_id == tokens.c.client_id)
    .join(organisations, organisations.c.id == tokens.c.organisation)
    .join(state, state.c.id == 1)
    .where(tokens.c.hash == bindparam("hash"))
)

_find = Prepared(_token)


@dataclass(frozen=True, slots=True)
class Caller:
    """A valid token and what goes with it, read in one statement."""

    token: str
    organisation: str
    client_id: str | None
    scope: str
    faults: int
    shift: float
    app_name: str | None

    @property
    def source(self) -> dict[str, str]:
        """What events say of who caused them."""
        return {"type": "app", "name": self.app_name} if self.app_name else {"type": "access_token", "name": "Access token"}


def bearer(header: str | None) -> str:
    """The hash of the token in the header. Raises 401 when there is none."""
    if not header:
        raise usage(401, "missing_authorization_header", "No authorization header was sent")
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise usage(401, "invalid_authorization_header", "The authorization header must be: Bearer <access token>")
    return hashed(token.strip())


def caller(conn: Connection, token: str) -> Caller:
    """Raises 401 for a token that is not known or was revoked."""
    row = _find.first(conn, {"hash": token})
    if row is None:
        raise usage(401, "access_token_not_found", "The access token you've used is not a valid sandbox API access token")
    organisation, client_id, scope, revoked_at, faults, shift, app_name = row
    if revoked_at is not None:
        raise usage(401, "access_token_revoked", "The access token you've used has been revoked by the organisation or the app")
    return Caller(token, organisation, client_id, scope, faults, shift, app_name)


class Owner(NamedTuple):
    """Whose token it is, or was."""

    client_id: str | None
    organisation: str


def misplaced(header: str | None, query: Mapping[str, str]) -> str:
    """The hash of what may be a token under another scheme, or in the address; empty when there is nothing like it."""
    words = (header or "").split() or [query.get("access_token") or query.get("token") or ""]
    return hashed(words[-1]) if words[-1] else ""


def owner(conn: Connection, token: str) -> Owner | None:
    row = conn.execute(select(tokens.c.client_id, tokens.c.organisation).where(tokens.c.hash == token)).first()
    return Owner(row.client_id, row.organisation) if row else None


def require_headers(version: str | None, accept: str | None) -> None:
    """Raises the error for a missing or unknown version and for a caller that does not take JSON."""
    if not version:
        raise usage(400, "missing_version_header", f"The GoCardless-Version header is missing. Send {VERSION}.")
    if version != VERSION:
        raise usage(400, "version_not_found", f"Version {version[:40]} does not exist. Send {VERSION}.")
    if accept and "json" not in accept and "*" not in accept:
        raise usage(406, "not_acceptable", "This API answers in application/json only")
