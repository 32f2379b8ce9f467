"""Grow's pages: one blueprint for partners and one for the desk where its content is written."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from portal import journey
from portal.frame import stage
from portal.grow import audience
from portal.grow.finding import Person
from portal.models.people import User
from portal.refusals import NotReady

bp = Blueprint("grow", __name__)
desk = Blueprint("content", __name__)


def check_open() -> None:
    """Raises NotReady while Grow is locked (product.md H3)."""
    if reasons := journey.grow_reasons(stage()):
        raise NotReady(reasons)


def is_open(partner_id: int) -> bool:
    """The same for a partner of whom nobody is signed in."""
    return not journey.grow_reasons(journey.stage(partner_id))


@bp.errorhandler(NotReady)
def locked(_: NotReady) -> ResponseReturnValue:
    """Grow's own page says what is missing."""
    return redirect(url_for("grow.show"), 303)


def person(me: User) -> Person:
    """The signed-in member as a reader. Two statements."""
    return Person(me.id, audience.reader(me.membership.partner_id if me.membership else 0))
