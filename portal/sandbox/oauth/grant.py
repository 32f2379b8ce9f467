"""Authlib's server with the one grant that GoCardless has, and the look-up and revocation of tokens."""

import json
from collections import defaultdict
from datetime import timedelta
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.integrations.flask_oauth2.requests import FlaskOAuth2Request
from authlib.oauth2.rfc6749 import OAuth2Payload
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7662 import IntrospectionEndpoint
from flask import Flask, Request, Response, g
from flask import request as current_request
from sqlalchemy import Connection, delete

from portal.sandbox import clock, organisations
from portal.sandbox.api.bodies import storable
from portal.sandbox.errors import ApiError
from portal.sandbox.house import here
from portal.sandbox.oauth import connections
from portal.sandbox.oauth.records import App, Code, Merchant, Token, find_app, find_code, find_merchant, find_token, keep_code
from portal.sandbox.store.tables import codes

METHODS = ["client_secret_basic", "client_secret_post"]


def conn() -> Connection:
    """The transaction of this call; every OAuth endpoint opens one."""
    connection: Connection = g.oauth_conn
    return connection


def now() -> Any:
    return here().world(conn(), "").now


class _Payload(OAuth2Payload):  # type: ignore[misc]  # Authlib brings no types
    """Parameters from the query, a form, multipart or a JSON object alike."""

    def __init__(self, values: dict[str, str]) -> None:
        self._values = values

    @property
    def data(self) -> dict[str, str]:
        return self._values

    @property
    def datalist(self) -> defaultdict[str, list[str]]:
        return defaultdict(list, {key: [value] for key, value in self._values.items()})


class _Request(FlaskOAuth2Request):  # type: ignore[misc]  # Authlib brings no types
    def __init__(self, request: Request) -> None:
        super().__init__(request)
        self._values = parameters(request)
        self.payload = _Payload(self._values)

    @property
    def form(self) -> dict[str, str]:
        return self._values


class Server(AuthorizationServer):  # type: ignore[misc]  # Authlib brings no types
    """Reads every encoding that libraries use and answers bad credentials with 401 always."""

    def create_oauth2_request(self, request: Any) -> Any:
        return request if isinstance(request, _Request) else _Request(current_request)

    def handle_response(self, status_code: int, payload: Any, headers: Any) -> Response:
        if isinstance(payload, dict):
            status_code = 401 if payload.get("error") == "invalid_client" else status_code
            words = {"error_description": "The request can not be granted."} if "error" in payload else {}
            payload = json.dumps(words | payload)
        return Response(payload, status=status_code, headers=headers)


class Grant(AuthorizationCodeGrant):  # type: ignore[misc]  # Authlib brings no types
    """Codes are stored hashed, live for some minutes and are gone once used."""

    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def save_authorization_code(self, code: str, request: Any) -> None:
        expires = now() + timedelta(minutes=here().settings.code_minutes)
        keep_code(
            conn(),
            code,
            client_id=request.client.client_id,
            merchant=request.user,
            redirect_uri=request.payload.redirect_uri,
            scope=request.scope,
            expires_at=clock.stamp(expires),
        )

    def query_authorization_code(self, code: str, client: App) -> Code | None:
        return find_code(conn(), code, client.client_id, clock.stamp(now()))

    def delete_authorization_code(self, authorization_code: Code) -> None:
        conn().execute(delete(codes).where(codes.c.hash == authorization_code.hash))

    def authenticate_user(self, authorization_code: Code) -> Merchant | None:
        return find_merchant(conn(), authorization_code.merchant)


class LookUp(IntrospectionEndpoint):  # type: ignore[misc]  # Authlib brings no types
    CLIENT_AUTH_METHODS = METHODS

    def query_token(self, token_string: str, _hint: str | None) -> Token | None:
        return find_token(conn(), token_string)

    def check_permission(self, token: Token, client: App, _request: Any) -> bool:
        return token.check_client(client)

    def introspect_token(self, token: Token) -> dict[str, Any]:
        shown = {"active": True, "scope": token.scope, "token_type": "bearer", "organisation_id": token.organisation}
        return shown | {"email": token.email, "client_id": token.client_id}


class Revoke(RevocationEndpoint):  # type: ignore[misc]  # Authlib brings no types
    CLIENT_AUTH_METHODS = METHODS

    def query_token(self, token_string: str, _hint: str | None) -> Token | None:
        return find_token(conn(), token_string)

    def revoke_token(self, token: Token, _request: Any) -> None:
        if token.client_id and not token.revoked_at:
            world = here().world(conn(), token.organisation)
            connections.disconnect(world, token.client_id, tell=here().settings.revoke_sends_disconnected)


def parameters(request: Request) -> dict[str, str]:
    """What the caller sent, from wherever it was put; a name given twice counts once."""
    document = _document(request)
    sent = {key: str(value) for key, value in document.items()} if isinstance(document, dict) else {}
    return {**request.args.to_dict(), **request.form.to_dict(), **sent}


def _document(request: Request) -> Any:
    try:
        return storable(request.get_data()) if request.is_json else None
    except ApiError:
        return None


def make_server(app: Flask) -> Server:
    server = Server(app, query_client=_app, save_token=lambda _token, _request: None)
    server.register_token_generator("default", _token)
    server.register_grant(Grant)
    server.register_endpoint(LookUp)
    server.register_endpoint(Revoke)
    return server


def _app(client_id: str) -> App | None:
    return find_app(here().world(conn(), ""), client_id)


def _token(*, client: App, user: Merchant, scope: str, **_more: Any) -> dict[str, Any]:
    """The answer of the token endpoint: no expiry and no refresh token, for the token is good until it is revoked."""
    stamp = clock.stamp(now())
    access = organisations.grant_token(
        conn(), user.organisation, scope=scope, email=user.email, stamp=stamp, client_id=client.client_id
    )
    shown = {"access_token": access, "scope": scope, "token_type": "bearer", "organisation_id": user.organisation}
    return shown | {"email": user.email, "active": True}
