"""The words by which a case is found: stored as each message is, asked for all together.

A search walks along the cases of the rarest word, newest first, and looks the others up: as quick among many cases as among few.
"""

import re
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select, true
from sqlalchemy.orm import aliased

from portal.extensions import db
from portal.models.case import Case, CaseWord

LONGEST = 40
MOST = 8
"""Words of a search that count."""
COUNTED = 1000
"""A word is counted to here: what is in more cases is common."""
_WORD = re.compile(r"\w+")


def words(text: str) -> list[str]:
    """Its words in small letters, each once, in order."""
    return list(dict.fromkeys(word[:LONGEST] for word in _WORD.findall(text.casefold())))


def keep(case: Case, text: str, *, internal: bool) -> None:
    """Store the words that are new in this case."""
    known = select(CaseWord.staff, CaseWord.word).where(CaseWord.partner_id == case.partner_id, CaseWord.case_id == case.id)
    there = {(staff, word) for staff, word in db.session.execute(known)}
    readers = (True,) if internal else (True, False)
    fresh = [(staff, word) for word in words(text) for staff in readers if (staff, word) not in there]
    db.session.add_all(CaseWord(partner_id=case.partner_id, staff=staff, word=word, case_id=case.id) for staff, word in fresh)


def narrowed(statement: Select[Any], asked: str, *, partner_id: int | None, before: int | None) -> Select[Any]:
    """A statement about Case, newest first below the case `before`, with every word asked for in it.

    Without a partner as staff search. Asks one statement of its own, to count words, when there are several.
    """
    wanted = words(asked)[:MOST]
    if not wanted:
        return statement.where(Case.id < before).order_by(Case.id.desc()) if before else statement.order_by(Case.id.desc())
    rarest, *others = _rarest_first(wanted, partner_id)
    along = aliased(CaseWord)
    statement = statement.join(along, and_(along.case_id == Case.id, _is(along, rarest, partner_id)))
    statement = statement.where(
        *(exists().where(CaseWord.case_id == along.case_id, _is(CaseWord, word, partner_id)) for word in others)
    )
    return (
        statement.where(along.case_id < before).order_by(along.case_id.desc())
        if before
        else statement.order_by(along.case_id.desc())
    )


def _rarest_first(wanted: list[str], partner_id: int | None) -> list[str]:
    if len(wanted) == 1:
        return wanted
    counts = [
        select(func.count()).select_from(
            select(CaseWord.case_id).where(_is(CaseWord, word, partner_id)).limit(COUNTED).subquery()
        )
        for word in wanted
    ]
    found = db.session.execute(select(*(count.scalar_subquery() for count in counts))).one()
    return [word for _, word in sorted(zip(found, wanted, strict=True))]


def _is(row: Any, word: str, partner_id: int | None) -> ColumnElement[bool]:
    """Rows of this word that the reader may find by."""
    own = row.partner_id == partner_id if partner_id is not None else true()
    return and_(row.staff.is_(partner_id is None), row.word == word, own)
