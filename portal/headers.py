"""Security headers: a strict content security policy with a nonce, and no caching of what is behind the sign-in."""

import secrets
from collections.abc import Iterator, Set

from flask import Flask, Response, g, request
from flask_login import current_user

POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
FIXED = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"),
)


def nonce() -> str:
    """Made when first asked for: a request that is refused early has one too."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(18)
    return str(g.csp_nonce)


def init_app(app: Flask) -> None:
    app.jinja_env.globals["csp_nonce"] = nonce
    app.after_request(_secure)


def _secure(response: Response) -> Response:
    there = {name.lower() for name in response.headers.keys()}  # noqa: SIM118 - headers give pairs; looking each up reads them all
    if response.status_code == 304:
        there.add("content-security-policy")  # the page that the browser has names the nonce of the policy that came with it
    for name, value in (*FIXED, *_fitting(there)):
        if name.lower() not in there:
            response.headers.add(name, value)
    return response


def _fitting(there: Set[str]) -> Iterator[tuple[str, str]]:
    """The headers that depend on the request."""
    if "content-security-policy" not in there:
        yield "Content-Security-Policy", POLICY.format(nonce=nonce())
    if request.is_secure:
        yield "Strict-Transport-Security", "max-age=31536000; includeSubDomains"
    if "cache-control" not in there and current_user.is_authenticated:
        yield "Cache-Control", "no-store"
