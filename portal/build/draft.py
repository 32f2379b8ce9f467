"""Reads what decides how far an integration is, in four statements."""

from collections import defaultdict
from typing import Any

from sqlalchemy import bindparam, func, select

from portal.account import readiness
from portal.build.progress import Draft
from portal.build.proving import read_all
from portal.catalog import AccountFacts, Catalog, Value, certification
from portal.extensions import db
from portal.models.evidence import File
from portal.models.integration import Answer, Integration, Section
from portal.models.partner import Profile
from portal.status import FileState

_ANSWERS = (
    select(Answer.question_key, Answer.value, Answer.comment)
    .where(Answer.integration_id == bindparam("integration"))
    .order_by(Answer.id)
)
_EVIDENCE = (
    select(File.question_key, File.state, func.count())
    .where(
        File.integration_id == bindparam("integration"),
        File.removed_at.is_(None),
        File.question_key.is_not(None),
        File.state != FileState.REFUSED,
    )
    .group_by(File.question_key, File.state)
)
_PROVEN = select(Section.proofs, Section.explanations).where(Section.integration_id == bindparam("integration"))
_PROFILE = select(Profile).where(Profile.partner_id == bindparam("partner"))


def catalog_of(integration: Integration) -> Catalog:
    """The version of the certification that this integration answers."""
    return certification(integration.catalog_version)


def draft(integration: Integration) -> Draft:
    """What was typed and attached so far, in the whole integration."""
    rows = db.session.execute(_ANSWERS, {"integration": integration.id}).all()
    files = _files(integration)
    proven = db.session.execute(_PROVEN, {"integration": integration.id}).all()
    return Draft(
        answers={key: value_of(value) for key, value, _ in rows if value},
        comments={key: comment for key, _, comment in rows if comment},
        evidence=files[FileState.READY],
        account=account_facts(integration.partner_id),
        checking=files[FileState.CHECKING],
        proofs={key: one for kept, _ in proven for key, one in read_all(kept).items()},
        explanations={key: one for _, said in proven for key, one in said.items()},
    )


def account_facts(partner_id: int) -> AccountFacts:
    return readiness.facts(db.session.scalars(_PROFILE, {"partner": partner_id}).one())


def value_of(stored: Any) -> Value:
    """JSON knows no tuples."""
    return tuple(stored) if isinstance(stored, list) else stored


def _files(integration: Integration) -> dict[FileState, dict[str, int]]:
    counted: dict[FileState, dict[str, int]] = defaultdict(dict)
    for key, state, count in db.session.execute(_EVIDENCE, {"integration": integration.id}):
        counted[state][key] = count
    return counted
