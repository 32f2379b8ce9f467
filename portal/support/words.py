"""The words by which a case is found: stored as each message is, asked for all together."""

import re

from sqlalchemy import ColumnElement, exists, select

from portal.extensions import db
from portal.models.case import Case, CaseWord

LONGEST = 40
MOST = 8
"""Words of a search that count."""
_WORD = re.compile(r"\w+")


def words(text: str) -> list[str]:
    """Its words in small letters, each once, in order."""
    return list(dict.fromkeys(word[:LONGEST] for word in _WORD.findall(text.casefold())))


def keep(case: Case, text: str, *, internal: bool) -> None:
    """Store the words that are new in this case."""
    known = select(CaseWord.word).where(
        CaseWord.partner_id == case.partner_id, CaseWord.case_id == case.id, CaseWord.internal.is_(internal)
    )
    there = set(db.session.scalars(known))
    fresh = [word for word in words(text) if word not in there]
    db.session.add_all(CaseWord(partner_id=case.partner_id, internal=internal, word=word, case_id=case.id) for word in fresh)


def contains(asked: str, *, partner_id: int | None) -> list[ColumnElement[bool]]:
    """Conditions on Case: every word asked for is in it. A partner's own search leaves out what only staff may read."""
    return [_has(word, partner_id) for word in words(asked)[:MOST]]


def _has(word: str, partner_id: int | None) -> ColumnElement[bool]:
    there = exists().where(CaseWord.word == word, CaseWord.case_id == Case.id)
    if partner_id is None:
        return there
    return there.where(CaseWord.partner_id == partner_id, CaseWord.internal.is_(False))
