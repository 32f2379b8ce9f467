"""The first page of the developers' area."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.catalog import guides
from portal.connect.verification import status
from portal.developers.standing import standing
from portal.developers.steps import next_step, steps
from portal.gates import Gate, gate
from portal.models.partner import Partner
from portal.runs.kinds import KINDS
from portal.webhooks.lines import event_words

bp = Blueprint("developers", __name__)


@bp.get("/developers")
@gate(Gate.PARTNER)
def show(partner: Partner) -> ResponseReturnValue:
    now = standing(partner)
    todo = steps(now.facts)
    return render_template(
        "developers/show.html",
        now=now,
        steps=todo,
        following=next_step(todo),
        guides=guides().values(),
        kinds=KINDS,
        verification=status,
        event_words=event_words,
    )
