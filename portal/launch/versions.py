"""A listing's frozen versions: what was sent, what is published, and what differs between two of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.launch.fields import FIELDS, words
from portal.models.listing import Listing, SupportDocument

Version = Mapping[str, Any]
"""Every field of portal.launch.fields by name, `logo` (its key) and `documents` (a list, see document())."""


def frozen(listing: Listing, documents: Sequence[SupportDocument]) -> dict[str, Any]:
    """What is sent: a copy that later changes do not reach."""
    texts = {field.name: listing.draft.get(field.name, [] if field.several else "") for field in FIELDS}
    return {**texts, "logo": listing.logo.key if listing.logo else "", "documents": [document(one) for one in documents]}


def document(row: SupportDocument) -> dict[str, Any]:
    return {
        "key": row.key,
        "kind": row.kind.value,
        "title": row.title,
        "url": row.url,
        "languages": row.languages,
        "reviewed_on": row.reviewed_on.isoformat(),
        "name": row.original_name,
        "media_type": row.media_type,
        "size": row.size,
    }


@dataclass(frozen=True, slots=True)
class Change:
    """One field of which two versions say something else, in words."""

    label: str
    before: str
    after: str


def changes(before: Version | None, after: Version) -> list[Change]:
    """What differs, in the order of the form; without a version before, everything that is filled in."""
    old = before or {}
    pairs = [(field.label, _told(field.name, old), _told(field.name, after)) for field in FIELDS]
    pairs.append(("Support documentation", _documents(old), _documents(after)))
    return [Change(label, was, now) for label, was, now in pairs if was != now]


def _told(name: str, version: Version) -> str:
    value = version.get(name, "")
    if isinstance(value, list):
        return ", ".join(words(name, code) for code in value)
    return words(name, value) if name == "category" and value else str(value)


def _documents(version: Version) -> str:
    lines = (
        f"{one['title']} ({', '.join(one['languages'])}; read through {one['reviewed_on']}): {one['url'] or one['name']}"
        for one in version.get("documents", ())
    )
    return "\n".join(lines)
