"""The certification as staff read it: every version, what changed between two, and where a question is flagged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, bindparam, distinct, func, select

from portal import clock
from portal.catalog import Catalog, CatalogChanges, Condition, Operator, Question, certification, compare, versions
from portal.extensions import db, rows
from portal.models.columns import Utc
from portal.models.integration import Integration
from portal.models.partner import Partner
from portal.models.review import Remark, Round
from portal.status import RemarkKind

PAGE = 30
LATELY = timedelta(days=365)
_BLOCKING = (Remark.kind == RemarkKind.BLOCKING, Remark.sent_at.is_not(None), Remark.withdrawn_at.is_(None))
_FLAGGED = (
    select(Remark.question_key, func.count(distinct(Remark.integration_id)).label("partners"))
    .where(*_BLOCKING, Remark.question_key.is_not(None), Remark.sent_at >= bindparam("since", type_=Utc))
    .group_by(Remark.question_key)
)
_IN_USE = select(Integration.catalog_version, func.count().label("partners")).group_by(Integration.catalog_version)
_PLACES = (
    select(
        Remark.id, Remark.text, Remark.sent_at, Remark.resolved_at, Remark.section_key, Round.key.label("round_key"),
        Round.number, Partner.name.label("partner"), Partner.key.label("partner_key"),
    )
    .join(Round, Round.id == Remark.round_id)
    .join(Integration, Integration.id == Remark.integration_id)
    .join(Partner, Partner.id == Integration.partner_id)
    .where(Remark.question_key == bindparam("question"), *_BLOCKING, Remark.id < bindparam("before"))
    .order_by(Remark.id.desc())
    .limit(PAGE + 1)
)  # fmt: skip
NEWEST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Version:
    """One version and how many integrations are in it."""

    catalog: Catalog
    partners: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What is new, gone, changed and moved, with the questions themselves."""

    old: Catalog
    new: Catalog
    changes: CatalogChanges

    @property
    def added(self) -> list[Question]:
        return [self.new.question(key) for key in self.changes.added]

    @property
    def removed(self) -> list[Question]:
        return [self.old.question(key) for key in self.changes.removed]

    @property
    def empty(self) -> bool:
        return not any((self.changes.added, self.changes.removed, self.changes.changed, self.changes.moved))


def all_versions() -> list[Version]:
    """The newest first. One statement."""
    in_use = {row.catalog_version: row.partners for row in rows(_IN_USE, {})}
    return [Version(certification(name), in_use.get(name, 0)) for name in reversed(versions())]


def difference(old: str, new: str) -> Difference:
    """Raises UnknownVersion."""
    before, after = certification(old), certification(new)
    return Difference(before, after, compare(before, after))


def flagged() -> Mapping[str, int]:
    """By question: the partners who were asked to correct it in the last twelve months. One statement."""
    return {row.question_key: row.partners for row in rows(_FLAGGED, {"since": clock.now() - LATELY})}


def places(question_key: str, before: int | None) -> tuple[Sequence[Row[Any]], int | None]:
    """Where it was flagged, newest first, and the cursor of the next page. One statement."""
    found = db.session.execute(_PLACES, {"question": question_key, "before": before or NEWEST}).all()
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


def when_asked(question: Question, catalog: Catalog) -> str:
    """Its condition in words; empty when it is always asked."""
    return _said(question.condition, catalog) if question.condition else ""


def _said(condition: Condition, catalog: Catalog) -> str:
    if condition.parts:
        joint = " and " if condition.test is Operator.ALL else " or "
        return joint.join(f"({_said(part, catalog)})" if part.parts else _said(part, catalog) for part in condition.parts)
    if condition.account:
        return _of_account(condition)
    asked = catalog.question(condition.question)
    words = " or ".join(f"“{asked.words_of(value)}”" for value in condition.values)
    return f"“{asked.text}” is answered with {words}"


def _of_account(condition: Condition) -> str:
    named = condition.account.replace("_", " ")
    if condition.test is Operator.MORE_THAN:
        return f"My Account names more than {condition.count} {named}"
    return f"My Account has {' or '.join(condition.values)} among its {named}"
