"""Grow's first page: locked, with the reasons, or open, with what needs the partner and what is new."""

from flask import render_template
from flask.typing import ResponseReturnValue

import portal.grow.desk_pages
import portal.grow.desk_verbs
import portal.grow.feed_pages
import portal.grow.library_pages  # noqa: F401 - the views of these four join the same blueprints
from portal import journey
from portal.frame import stage
from portal.gates import Gate, gate
from portal.grow import finding
from portal.grow.blueprint import bp, desk, person
from portal.grow.finding import Asked
from portal.grow.publishing import ACTION
from portal.models.people import User
from portal.status import ContentKind

__all__ = ["bp", "desk"]
FEW = 5


@bp.get("/grow")
@gate(Gate.PARTNER)
def show(me: User) -> ResponseReturnValue:
    if reasons := journey.grow_reasons(stage()):
        return render_template("grow/locked.html", reasons=reasons)
    who = person(me)
    waiting = finding.find(Asked(kind=ContentKind.UPDATE, tag=ACTION, undone=True), who, page=FEW)
    return render_template("grow/show.html", waiting=waiting, latest=finding.find(Asked(), who, page=FEW).cards)
