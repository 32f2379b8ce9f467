"""The feed of a section: what is new since a moment ago, older pages, messages, and what was read."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import journey
from portal.build import messages
from portal.build.blueprint import bp, find
from portal.build.feed import NO_END, section_feed
from portal.build.section_routes import page
from portal.errors import background
from portal.gates import Gate, gate
from portal.models.integration import Integration
from portal.models.people import User
from portal.refusals import Invalid

LARGEST = 2**31 - 1


@bp.get("/<section_key>/feed")
@gate(Gate.PARTNER)
def feed(me: User, integration: Integration, section_key: str) -> ResponseReturnValue:
    """`after` asks for news: entries, or 304 decided by one short query. `before` is an older page."""
    where = find(integration, section_key)
    after, before = _number("after", 0), _number("before", NO_END)
    found = section_feed(integration, section_key, reader=me, after=after, before=before)
    if background():
        return render_template("build/_news.html", feed=found) if found.entries else ("", 304)
    return render_template("build/feed.html", section=where, feed=found, before=before if before < NO_END else None)


@bp.post("/<section_key>/feed")
@gate(Gate.WORK)
def post(me: User, integration: Integration, section_key: str) -> ResponseReturnValue:
    where = find(integration, section_key)
    question_key = request.form.get("question") or None
    if question_key and question_key not in {question.key for question in where.questions}:
        question_key = None
    text = request.form.get("text", "").replace("\r\n", "\n")
    try:
        messages.post_message(integration, where, text=text, by=me, question_key=question_key)
    except Invalid as refusal:
        return page(integration, where, me, errors={"feed-message": refusal.problems["text"]}, message=text), 422
    journey.answered(integration, section_key, by=me)
    journey.answered(integration, section_key, by=me)
    flash("Your message is in the feed.", "success")
    return redirect(url_for(".section", section_key=section_key, _anchor=f"q-{question_key}" if question_key else "feed"), 303)


@bp.post("/<section_key>/feed/read")
@gate(Gate.PARTNER)
def read(me: User, integration: Integration, section_key: str) -> ResponseReturnValue:
    find(integration, section_key)
    messages.mark_read(integration, section_key, up_to=_number("up-to", 0), by=me)
    if background():
        return "", 204
    return redirect(url_for(".section", section_key=section_key, _anchor="feed"), 303)


def _number(name: str, default: int) -> int:
    """A cursor of ours; anything else counts as not given."""
    given = request.args.get(name, "")
    return min(int(given), NO_END) if given.isascii() and given.isdigit() and len(given) < 20 else default
