"""Keeps what visitors read of the directory in step with what is published: the entry, its facets, how many there are of each."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import bindparam, delete, func, select

from portal import clock
from portal.extensions import db
from portal.launch.fields import words
from portal.models.certificate import Certificate
from portal.models.directory import Count, Entry, Facet
from portal.models.listing import Listing
from portal.search import folded
from portal.status import CertificateState, ListingStatus

SHOWN = (ListingStatus.PUBLISHED, ListingStatus.UPDATE_PENDING)
FACETS = {"scheme": "schemes", "country": "countries", "category": "categories", "feature": "features"}
"""By the name that the address has, the field that it filters by."""
SEARCHED = ("schemes", "countries", "features", "user_sizes", "industries", "languages")
ALL, REVISION = ("all", ""), ("revision", "")

_NUMBER = select(func.count()).select_from(Facet).where(Facet.kind == bindparam("kind"), Facet.code == bindparam("code"))


def refresh(listing: Listing, certificate: Certificate | None) -> None:
    """Show the listing, or show it no longer: exactly while it is published and the certificate holds."""
    revision = _revision()
    before = _remove(listing)
    after: set[tuple[str, str]] = set()
    holds = certificate is not None and certificate.state() is CertificateState.VALID
    if certificate and holds and listing.published and listing.status in SHOWN:
        after = _add(listing, listing.published, certificate)
    for kind, code in before | after:
        _count(kind, code)
    total = db.session.scalar(select(func.count()).select_from(Entry)) or 0
    _set(*ALL, total)
    revision.number += 1


def leave_expired() -> None:
    """Entries whose certificate ended. Visitors are not shown them anyhow; here they leave the counts too."""
    gone = (
        select(Listing).join(Entry, Entry.listing_id == Listing.id).where(Entry.valid_until <= clock.now()).order_by(Listing.id)
    )
    for listing in db.session.scalars(gone).all():
        refresh(listing, None)


def _revision() -> Count:
    """Locked: counting takes turns, so that nobody counts while another's entry is not stored yet."""
    row = db.session.get(Count, REVISION, with_for_update=True)
    if row is None:
        row = Count(kind=REVISION[0], code=REVISION[1], number=0)
        db.session.add(row)
        db.session.flush()
    return row


def _remove(listing: Listing) -> set[tuple[str, str]]:
    entry = db.session.scalars(select(Entry).where(Entry.listing_id == listing.id)).one_or_none()
    if entry is None:
        return set()
    facets = set(db.session.execute(select(Facet.kind, Facet.code).where(Facet.entry_id == entry.id)).tuples())
    db.session.execute(delete(Facet).where(Facet.entry_id == entry.id))
    db.session.delete(entry)
    db.session.flush()
    return facets


def _add(listing: Listing, version: Mapping[str, Any], certificate: Certificate) -> set[tuple[str, str]]:
    entry = Entry(
        listing_id=listing.id,
        slug=listing.slug,
        name=version["name"],
        sort_name=folded(version["name"])[:120],
        summary=version["summary"],
        body=folded("\n".join(_body(version))),
        content=dict(version),
        logo_key=version["logo"],
        certificate_key=certificate.key,
        valid_until=certificate.valid_until,
        published_at=listing.published_at,
    )
    db.session.add(entry)
    db.session.flush()
    facets = set(facets_of(version))
    db.session.add_all(Facet(kind=kind, code=code, sort_name=entry.sort_name, entry_id=entry.id) for kind, code in facets)
    db.session.flush()
    return facets


def categories(version: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys([version["category"], *version["more_categories"]]))


def facets_of(version: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Kind and code of everything by which this version is found."""
    for kind, field in FACETS.items():
        for code in categories(version) if kind == "category" else version[field]:
            yield kind, code


def _body(version: Mapping[str, Any]) -> Iterator[str]:
    yield version["summary"]
    yield version["description"]
    for name in SEARCHED:
        yield " ".join(words(name, code) for code in version[name])
    yield " ".join(words("category", code) for code in categories(version))


def _count(kind: str, code: str) -> None:
    _set(kind, code, db.session.scalar(_NUMBER, {"kind": kind, "code": code}) or 0)


def _set(kind: str, code: str, number: int) -> None:
    db.session.merge(Count(kind=kind, code=code, number=number))
