"""What a person chose for each kind of mail."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, select

from portal.extensions import db
from portal.mail.kinds import Kind, concerning
from portal.models.notification import Choice, DigestItem
from portal.models.people import User
from portal.refusals import Invalid
from portal.status import MailChoice

_OWN = select(Choice).where(Choice.user_id == bindparam("user"))


@dataclass(frozen=True, slots=True)
class Row:
    """One kind as the page of settings shows it."""

    kind: Kind
    choice: MailChoice


def rows(user: User) -> list[Row]:
    """Every kind that this person can get. One statement."""
    chosen = _chosen(user)
    return [Row(kind, _choice(kind, chosen)) for kind in concerning(user)]


def _chosen(user: User) -> dict[str, Choice]:
    return {one.kind: one for one in db.session.scalars(_OWN, {"user": user.id})}


def _choice(kind: Kind, chosen: Mapping[str, Choice]) -> MailChoice:
    row = chosen.get(kind.code)
    return row.choice if row and not kind.always else MailChoice.AT_ONCE


def save(user: User, given: Mapping[str, str]) -> None:
    """Kinds that nobody named stay as they are. Raises Invalid for what is no choice; what cannot be chosen is passed over."""
    kinds = {kind.code: kind for kind in concerning(user) if not kind.always and kind.code in given}
    problems = {code: "Choose one of the three." for code in kinds if given[code] not in set(MailChoice)}
    if problems:
        raise Invalid(problems)
    chosen = _chosen(user)
    for code in kinds:
        _set(user, code, MailChoice(given[code]), chosen.get(code))


def _set(user: User, code: str, choice: MailChoice, row: Choice | None) -> None:
    if row is None:
        db.session.add(Choice(user_id=user.id, kind=code, choice=choice))
    else:
        row.choice = choice
    if choice is MailChoice.OFF:
        db.session.execute(delete(DigestItem).where(DigestItem.user_id == user.id, DigestItem.kind == code))


def end_digest(user: User) -> None:
    """Whatever came in the digest comes no longer by mail; what waits for it is forgotten. Twice is the same as once."""
    for code, row in _chosen(user).items():
        if row.choice is MailChoice.DIGEST:
            _set(user, code, MailChoice.OFF, row)
