"""Believable data to look around in: stories of partners at every stage, played through the services as if it had happened."""

from dataclasses import dataclass

from flask_security import hash_password
from sqlalchemy import select

from portal.demo import paying, stories
from portal.demo.cast import PASSWORD, Cast
from portal.demo.play import perform
from portal.extensions import db
from portal.models.people import ROLE_WORDS, StaffRole, User
from portal.staff import counting
from portal.transaction import writing
from portal.webhooks import reading


@dataclass(frozen=True, slots=True)
class SignIn:
    """One person of the demo data and what is to be seen as them."""

    username: str
    name: str
    sees: str


@dataclass(frozen=True, slots=True)
class SignIns:
    """Everybody, with the one password that all of them have."""

    password: str
    people: tuple[SignIn, ...]

    def __str__(self) -> str:
        width = max(len(person.username) for person in self.people)
        lines = [f"    {person.username:<{width}}  {person.name}, {person.sees}" for person in self.people]
        return "\n".join([f"  Sign in as any of these people; the password is: {self.password}", *lines])


def load() -> SignIns:
    """Fill an empty database. Needs an application context; takes a few seconds."""
    hashed = hash_password(PASSWORD)
    with writing():
        cast = Cast(hashed)
        perform(stories.all_steps(), cast)
    reading.catch_up()
    paying.sum_up_all()
    with writing():
        counting.count()
    return sign_ins()


def loaded() -> bool:
    """Whether this database holds the demo data."""
    first = _people()[0]
    return bool(db.session.scalar(select(User.id).where(User.username == first.username, User.name == first.name)))


def sign_ins() -> SignIns:
    return SignIns(PASSWORD, _people())


def _people() -> tuple[SignIn, ...]:
    partners = [
        SignIn(one["username"], one["name"], f"{story['partner']['product']} ({one['role']}): {story['partner']['stage']}")
        for story in stories.main_stories()
        for one in story["person"]
    ]
    staff = [SignIn(one["username"], one["name"], ROLE_WORDS[StaffRole(one["role"])].lower()) for one in stories.staff()]
    return (*partners, *staff)


__all__ = ["PASSWORD", "SignIn", "SignIns", "load", "loaded", "sign_ins"]
