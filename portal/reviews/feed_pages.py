"""The feed of a section from the reviewers' side: internal notes included."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.build import feed, messages
from portal.gates import Gate, gate
from portal.models.people import User
from portal.models.review import Round
from portal.refusals import Invalid
from portal.reviews.blueprint import bp
from portal.reviews.pages import section_or_404, section_page


@bp.get("/reviews/<round_key>/<section_key>/feed", endpoint="feed")
@gate(Gate.STAFF)
def show_feed(me: User, review: Round, section_key: str) -> ResponseReturnValue:
    """What came after an entry, for the open page (204 when nothing did); older entries as a page of their own."""
    section = section_or_404(review, section_key)
    after, before = _number("after", 0), _number("before", feed.NO_END)
    found = feed.section_feed(review.integration, section_key, reader=me, before=before, after=after)
    if request.headers.get("X-Requested-With") == "fetch":
        return render_template("reviews/news.html", entries=found.entries) if found.entries else ("", 204)
    return render_template("reviews/feed.html", review=review, section=section, feed=found)


def _number(name: str, default: int) -> int:
    """An entry's number from the URL; 404 for anything else."""
    given = request.args.get(name, "")
    if given and not (given.isascii() and given.isdecimal() and len(given) < 19):
        abort(404)
    return int(given) if given else default


@bp.post("/reviews/<round_key>/<section_key>/message")
@gate(Gate.REVIEW)
def post_message(me: User, review: Round, section_key: str) -> ResponseReturnValue:
    section, text = section_or_404(review, section_key), request.form.get("text", "")
    try:
        messages.post_message(review.integration, section, text=text, by=me)
    except Invalid as refused:
        errors = {"feed-message": refused.problems.get("text", refused.words)}
        return section_page(review, section, me, errors=errors, typed={"message": text}, status=refused.status)
    return redirect(url_for(".section", round_key=review.key, section_key=section_key, _anchor="feed"), 303)


@bp.post("/reviews/<round_key>/<section_key>/read")
@gate(Gate.STAFF)
def read(me: User, review: Round, section_key: str) -> ResponseReturnValue:
    section_or_404(review, section_key)
    messages.mark_read(review.integration, section_key, up_to=_number("up-to", 0), by=me)
    return redirect(url_for(".section", round_key=review.key, section_key=section_key, _anchor="feed"), 303)
