"""A certificate for everybody: as a page, as signed JSON, as a badge; and the public key with which it is checked."""

import hashlib

from flask import Response, abort, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal import mail, signing
from portal.extensions import db
from portal.gates import Gate, gate
from portal.launch import certificates
from portal.models.certificate import Certificate
from portal.models.directory import Entry
from portal.models.integration import Integration
from portal.public import caching
from portal.public.badge import Badge, draw
from portal.public.routes import bp


def _certificate(key: str) -> Certificate:
    statement = select(Certificate).where(Certificate.key == key)
    both = joinedload(Certificate.integration).joinedload(Integration.partner)
    return db.session.scalars(statement.options(both)).one_or_none() or abort(404)


def _mark(certificate: Certificate, form: str) -> str:
    """Another one as soon as it is suspended, restored, issued anew, or has expired."""
    facts = (
        form,
        certificate.key,
        certificate.state(),
        certificate.suspended_at,
        certificate.issued_at,
        certificate.suspension,
    )
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:20]


@bp.get("/certificates/<certificate_key>")
@gate(Gate.PUBLIC)
def certificate(certificate_key: str) -> ResponseReturnValue:
    found = _certificate(certificate_key)
    listed = db.session.scalars(select(Entry.slug).where(Entry.certificate_key == certificate_key)).one_or_none()
    return caching.answer(f"{_mark(found, 'page')}-{listed or ''}", lambda: _page(found, listed), cache=caching.ALWAYS_ASK)


def _page(found: Certificate, slug: str | None) -> str:
    address = mail.link("public.certificate_badge", certificate_key=found.key)
    page = mail.link("public.certificate", certificate_key=found.key)
    words = f"Certified GoCardless partner: {found.content['partner']}"
    return render_template(
        "public/certificate.html",
        certificate=found,
        content=found.content,
        state=found.state(),
        slug=slug,
        embed=f'<a href="{page}"><img src="{address}" alt="{words}" height="28"></a>',
        key_id=signing.key_id(signing.public_key()),
    )


@bp.get("/certificates/<certificate_key>.json")
@gate(Gate.PUBLIC)
def certificate_json(certificate_key: str) -> ResponseReturnValue:
    """Written down in the one canonical way, byte by byte as it is signed."""
    found = _certificate(certificate_key)
    return caching.answer(_mark(found, "json"), lambda: _json(found), cache=caching.ALWAYS_ASK, page=False)


def _json(found: Certificate) -> Response:
    response = Response(signing.canonical(certificates.document(found)), mimetype="application/json")
    return _open(response)


@bp.get("/certificates/<certificate_key>/badge.svg")
@gate(Gate.PUBLIC)
def certificate_badge(certificate_key: str) -> ResponseReturnValue:
    found = _certificate(certificate_key)
    return caching.answer(_mark(found, "badge"), lambda: _badge(found), cache=caching.ALWAYS_ASK, page=False)


def _badge(found: Certificate) -> Response:
    badge = Badge(found.state(), f"{found.valid_until:%d %b %Y}".lstrip("0"))
    return _open(Response(draw(badge), mimetype="image/svg+xml"))


def _open(response: Response) -> Response:
    """Others show it and read it from their own pages; nothing in it runs."""
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@bp.get("/.well-known/partner-portal-keys.json")
@gate(Gate.PUBLIC)
def signing_keys() -> ResponseReturnValue:
    """The public key, as a set of keys (RFC 7517)."""
    keys = signing.published()
    mark = keys["keys"][0]["kid"]
    return caching.answer(mark, lambda: _open(Response(signing.canonical(keys), mimetype="application/json")), page=False)
