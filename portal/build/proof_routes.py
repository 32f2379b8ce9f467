"""Where a check contradicts an answer: what the partner says about it."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.account.forms import clean
from portal.build import disagreeing
from portal.build.blueprint import bp, find
from portal.gates import Gate, gate
from portal.models.integration import Integration
from portal.models.people import User


@bp.post("/<section_key>/explain")
@gate(Gate.WORK)
def explain(me: User, integration: Integration, section_key: str) -> ResponseReturnValue:
    """Keep the answer to `question` although a check contradicts it, with or without `words`."""
    where, key = find(integration, section_key), request.form.get("question", "")
    disagreeing.explain(integration, where, key, clean(request.form.get("words", "")), by=me)
    flash("Kept. The reviewers see the answer, the check and what you wrote.", "success")
    if request.form.get("back") == "summary":
        return redirect(url_for(".summary", _anchor="against"), 303)
    return redirect(url_for(".section", section_key=section_key, _anchor=f"q-{key}"), 303)
