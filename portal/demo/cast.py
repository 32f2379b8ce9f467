"""Who plays: the people of the stories, found by their usernames, and the nouns that a step is about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, select

from portal.catalog import Section, certification
from portal.demo.house import House
from portal.extensions import db
from portal.files.intake import Accepted
from portal.models.integration import Integration
from portal.models.people import User
from portal.models.review import Round
from portal.status import RoundStatus

PASSWORD = "portal demo password"  # noqa: S105 - of people who do not exist
_PERSON = select(User).where(User.username == bindparam("username"))
_WAITING = (
    select(Round)
    .where(Round.integration_id == bindparam("integration"), Round.status != RoundStatus.CLOSED)
    .order_by(Round.number.desc())
    .limit(1)
)


Stored = tuple[Accepted, str, str | None]
"""A picture in storage, with the keys of its thumbnail and its preview."""


@dataclass(frozen=True, slots=True)
class Cast:
    """What all of them share."""

    password_hash: str
    shared_pictures: dict[str, Stored] = field(default_factory=dict)
    """By question."""

    def person(self, username: str) -> User:
        return db.session.scalars(_PERSON, {"username": username}).one()


@dataclass(frozen=True, slots=True)
class Scene:
    """A step with what it is about, as a verb gets it."""

    cast: Cast
    by: str
    told: Mapping[str, Any]
    at_house: House | None

    @property
    def me(self) -> User:
        return self.cast.person(self.by)

    @property
    def house(self) -> House:
        if self.at_house is None:
            raise LookupError("this step belongs to no partner")
        return self.at_house

    @property
    def integration(self) -> Integration:
        return db.session.get_one(Integration, self.house.integration_id)

    @property
    def section(self) -> Section:
        return certification().section(self.told["section"])

    @property
    def review(self) -> Round:
        """The round that waits."""
        return db.session.scalars(_WAITING, {"integration": self.house.integration_id}).one()
