"""For whom content is: what a partner may read, by its schemes, categories and countries."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from portal.extensions import db, rows
from portal.models.content import ContentAudience
from portal.models.partner import Profile
from portal.refusals import Invalid
from portal.status import ContentStage

MOST = 300
"""Audiences in use at once: a partner's lists are put together from those that fit it."""
_PROFILE = select(
    Profile.schemes, Profile.category, Profile.more_categories, Profile.user_countries, Profile.head_office
).where(Profile.partner_id == bindparam("partner"))
_IN_USE = (
    select(
        ContentAudience.id, ContentAudience.schemes, ContentAudience.categories, ContentAudience.countries, ContentAudience.stage
    )
    .where(ContentAudience.shown > 0)
    .order_by(ContentAudience.id)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Audience:
    id: int
    schemes: frozenset[str]
    categories: frozenset[str]
    countries: frozenset[str]
    stage: ContentStage


@dataclass(frozen=True, slots=True)
class Reader:
    """A partner as an audience sees it, and the audiences that it belongs to."""

    partner_id: int
    schemes: frozenset[str]
    categories: frozenset[str]
    countries: frozenset[str]
    audiences: tuple[Audience, ...]

    def narrowed(self, *, scheme: str = "", country: str = "", stage: str = "") -> list[int]:
        """Ids of those audiences that name this scheme, this country, this stage."""
        return [
            one.id
            for one in self.audiences
            if (not scheme or scheme in one.schemes)
            and (not country or country in one.countries)
            and (not stage or stage == one.stage)
        ]


def reader(partner_id: int) -> Reader:
    """Two statements."""
    told = rows(_PROFILE, {"partner": partner_id}).one()
    own = Reader(
        partner_id,
        frozenset(told.schemes),
        frozenset({told.category, *told.more_categories} - {""}),
        frozenset({told.head_office, *told.user_countries} - {""}),
        (),
    )
    fitting = tuple(one for one in _in_use() if _fits(one, own))
    return Reader(own.partner_id, own.schemes, own.categories, own.countries, fitting)


def _in_use() -> Sequence[Audience]:
    return [
        Audience(row.id, frozenset(row.schemes), frozenset(row.categories), frozenset(row.countries), row.stage)
        for row in rows(_IN_USE, {})
    ]


def _fits(audience: Audience, own: Reader) -> bool:
    """An empty list restricts nothing; of another, one of the partner's own is enough."""
    pairs = (
        (audience.schemes, own.schemes),
        (audience.categories, own.categories),
        (audience.countries, own.countries),
    )
    return all(not asked or asked & has for asked, has in pairs)


def of(schemes: Sequence[str], categories: Sequence[str], countries: Sequence[str], stage: ContentStage) -> ContentAudience:
    """The row of this audience, made when nobody had it yet, and locked. Raises Invalid when there are too many."""
    told = [sorted(schemes), sorted(categories), sorted(countries), stage.value]
    fingerprint = hashlib.sha256(json.dumps(told).encode()).hexdigest()
    same = select(ContentAudience).where(ContentAudience.fingerprint == fingerprint).with_for_update()
    if found := db.session.scalars(same).one_or_none():
        return found
    if len(_in_use()) >= MOST:
        raise Invalid({"schemes": f"There are {MOST} different audiences already. Choose one that another item has."})
    made = ContentAudience(fingerprint=fingerprint, schemes=told[0], categories=told[1], countries=told[2], stage=stage)
    db.session.add(made)
    db.session.flush()
    return made
