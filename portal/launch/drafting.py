"""The first draft of a listing, from what the portal knows already: My Account, and the answers that were approved."""

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, select

from portal.account.fields import Value
from portal.catalog import Value as AnswerValue
from portal.extensions import db
from portal.launch import features
from portal.launch.fields import BY_NAME, FIELDS
from portal.models.integration import Answer, Integration, Section
from portal.models.partner import Profile
from portal.status import SectionStatus

_APPROVED = (
    select(Answer.question_key, Answer.value)
    .join(Integration, Integration.id == Answer.integration_id)
    .join(Section, (Section.integration_id == Answer.integration_id) & (Section.key == Answer.section_key))
    .where(Integration.partner_id == bindparam("partner"), Section.status == SectionStatus.APPROVED)
    .order_by(Answer.id)
)
FROM_ACCOUNT = ("category", "more_categories", "schemes", "user_sizes", "industries")


def approved_answers(partner_id: int) -> Mapping[str, AnswerValue]:
    """The answers of approved sections, by question. One statement."""
    rows = db.session.execute(_APPROVED, {"partner": partner_id})
    return {key: tuple(value) if isinstance(value, list) else value for key, value in rows if value}


def first(profile: Profile, answers: Mapping[str, AnswerValue]) -> dict[str, Value]:
    """Every field of a listing; what nothing is known about stays empty."""
    known: dict[str, Any] = {name: getattr(profile, name) for name in FROM_ACCOUNT}
    known |= {
        "name": _name(profile, answers),
        "summary": _sentence(profile.description),
        "description": profile.description,
        "countries": profile.user_countries,
        "features": features.shown(answers),
        "landing_url": profile.website if profile.website.startswith("https://") else "",
        "more_categories": profile.more_categories[:2],
        "support_contact": _support(profile),
    }
    return {field.name: known.get(field.name) or ([] if field.several else "") for field in FIELDS}


def _name(profile: Profile, answers: Mapping[str, AnswerValue]) -> str:
    """The name of the app on the consent screen, which merchants meet first, or the company's."""
    return (str(answers.get("app_public_name", "")) or profile.trading_name)[: BY_NAME["name"].limits.max_length]


def _sentence(description: str) -> str:
    """The first sentence when it is short enough, otherwise as many whole words as fit."""
    most = BY_NAME["summary"].limits.max_length
    first = re.split(r"(?<=[.:;])\s", description.strip(), maxsplit=1)[0].rstrip(":;")
    return first if len(first) <= most else first[: most - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def _support(profile: Profile) -> str:
    """The contact who supports customers, if one is named."""
    return next((contact.email for contact in profile.contacts if "support" in contact.roles and contact.email), "")
