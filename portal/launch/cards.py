"""A listing as a card of the directory: what the template reads, for visitors and as a preview."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import url_for

from portal.launch.fields import words
from portal.models.listing import Logo


@dataclass(frozen=True, slots=True)
class Card:
    """Without a URL it leads nowhere yet; without a picture it shows the name's first letter."""

    name: str
    summary: str
    category: str
    schemes: tuple[str, ...]
    url: str
    picture: str
    picture_large: str


SHOWN_SCHEMES = 3


def card(version: Mapping[str, Any], logo: Logo | None, *, preview: bool = False, slug: str = "") -> Card:
    """`preview` is for those who may see what is not published."""
    key = logo.key if logo else str(version.get("logo", ""))
    return Card(
        name=str(version["name"]),
        summary=str(version["summary"]),
        category=words("category", version["category"]) if version["category"] else "",
        schemes=tuple(words("schemes", code) for code in version["schemes"]),
        url=_page(slug) if slug else "",
        picture=_picture(key, "small", preview=preview),
        picture_large=_picture(key, "large", preview=preview),
    )


@lru_cache(maxsize=4096)
def _page(slug: str) -> str:
    """Where a page is never changes, and putting an address together takes as long as drawing a card."""
    return url_for("public.partner", slug=slug)


@lru_cache(maxsize=4096)
def _picture(key: str, size: str, *, preview: bool) -> str:
    if not key:
        return ""
    if preview:
        return url_for("launch.logo_picture", logo_key=key, size=size)
    return url_for("public.logo", shown_logo=key, size=size)
