"""The rows behind OAuth in the shapes that Authlib asks for."""

import hmac
import json
from dataclasses import dataclass
from typing import Any

from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, TokenMixin
from sqlalchemy import Connection, Row, insert, select

from portal.sandbox import apps
from portal.sandbox.ids import hashed
from portal.sandbox.store.tables import codes, merchants, tokens
from portal.sandbox.store.world import World

SCOPES = ("read_write", "read_only")


class App(ClientMixin):  # type: ignore[misc]  # Authlib brings no types
    """A partner's app. A secret that was rotated is good beside the new one for as long as was said then."""

    def __init__(self, row: Row[Any], now: str) -> None:
        self.client_id: str = row.client_id
        self.name: str = row.name
        self.details: dict[str, Any] = json.loads(row.details)
        before, until = self.details.get("previous_secret") or ("", "")
        self._secret_hashes = [row.secret_hash, *([before] if now < until else [])]

    @property
    def redirect_uris(self) -> list[str]:
        return list(self.details.get("redirect_uris") or [])

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> str | None:
        return None

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """Exactly one of the two scopes; None makes Authlib answer ``invalid_scope``."""
        return scope if scope in SCOPES else None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        sent = hashed(client_secret)
        return any(hmac.compare_digest(known, sent) for known in self._secret_hashes)

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        return method in ("client_secret_basic", "client_secret_post")

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass(frozen=True)
class Merchant:
    """Somebody who can sign in and let an app act for their organisation."""

    id: int
    organisation: str
    email: str


@dataclass(frozen=True)
class Code(AuthorizationCodeMixin):  # type: ignore[misc]  # Authlib brings no types
    """A temporary code, found again by its hash."""

    hash: str
    organisation: str
    merchant: int
    redirect_uri: str
    scope: str

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope


@dataclass(frozen=True)
class Token(TokenMixin):  # type: ignore[misc]  # Authlib brings no types
    """An access token, found by its hash; it does not expire."""

    hash: str
    organisation: str
    client_id: str | None
    scope: str
    email: str
    revoked_at: str | None

    def check_client(self, client: App) -> bool:
        return self.client_id == client.client_id

    def get_scope(self) -> str:
        return self.scope

    def get_expires_in(self) -> int:
        return 0

    def is_expired(self) -> bool:
        return False

    def is_revoked(self) -> bool:
        return self.revoked_at is not None


def find_app(world: World, client_id: str) -> App | None:
    row = apps.find(world.conn, client_id)
    return App(row, world.stamp) if row else None


def find_merchant(conn: Connection, key: int | None) -> Merchant | None:
    row = conn.execute(select(merchants).where(merchants.c.id == key)).first()
    return Merchant(row.id, row.organisation, row.email) if row else None


def keep_code(
    conn: Connection, code: str, *, client_id: str, merchant: Merchant, redirect_uri: str, scope: str, expires_at: str
) -> None:
    """Stores a code by its hash alone."""
    row = {"hash": hashed(code), "organisation": merchant.organisation, "client_id": client_id, "merchant": merchant.id}
    conn.execute(insert(codes), row | {"redirect_uri": redirect_uri, "scope": scope, "expires_at": expires_at})


def find_code(conn: Connection, code: str, client_id: str, now: str) -> Code | None:
    """The code, unless it is another app's or its time is over; another exchange of the same code waits and finds none."""
    here = select(codes).where(codes.c.hash == hashed(code), codes.c.client_id == client_id, codes.c.expires_at > now)
    row = conn.execute(here.with_for_update()).first()
    return Code(row.hash, row.organisation, row.merchant, row.redirect_uri, row.scope) if row else None


def find_token(conn: Connection, token: str) -> Token | None:
    row = conn.execute(select(tokens).where(tokens.c.hash == hashed(token))).first()
    if row is None:
        return None
    return Token(row.hash, row.organisation, row.client_id, row.scope, row.email, row.revoked_at)
