"""What a reviewer does with a round and its sections, each a small POST."""

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal import journey
from portal.gates import Gate, gate
from portal.models.people import User
from portal.models.review import Round
from portal.refusals import Invalid, Refusal
from portal.reviews import forms, remarks, replies, service
from portal.reviews.blueprint import bp
from portal.reviews.forms import Composer
from portal.reviews.pages import composer_only, section_or_404, section_page
from portal.status import RoundStatus


def _back(review: Round, section_key: str, anchor: str | None = None) -> ResponseReturnValue:
    return redirect(url_for(".section", round_key=review.key, section_key=section_key, _anchor=anchor), 303)


@bp.post("/reviews/<round_key>/<section_key>/approve")
@gate(Gate.REVIEW)
def approve(me: User, review: Round, section_key: str) -> ResponseReturnValue:
    section = section_or_404(review, section_key)
    service.approve_section(review, section_key, by=me)
    flash(f"“{section.title}” is approved. The partner hears of it when you send the feedback.", "success")
    return _back(review, section_key)


@bp.post("/reviews/<round_key>/<section_key>/undo")
@gate(Gate.REVIEW)
def undo(me: User, review: Round, section_key: str) -> ResponseReturnValue:
    section = section_or_404(review, section_key)
    verdict = service.undo_verdict(review, section_key, by=me)
    words = "is under review again; the partner sees that in its feed" if verdict.sent_at else "is not approved any more"
    flash(f"“{section.title}” {words}.", "success")
    return _back(review, section_key)


@bp.post("/reviews/<round_key>/approve-rest")
@gate(Gate.REVIEW)
def approve_rest(me: User, review: Round) -> ResponseReturnValue:
    service.approve_remaining(review, request.form.getlist("section"), by=me)
    flash("The remaining sections are approved. The partner hears of it when you send the feedback.", "success")
    return redirect(url_for(".review", round_key=review.key), 303)


@bp.post("/reviews/<round_key>/send")
@gate(Gate.REVIEW)
def send(me: User, review: Round) -> ResponseReturnValue:
    sent = service.send_feedback(review, by=me)
    journey.advance(review.integration, by=me)
    closed = review.status is RoundStatus.CLOSED
    count = f"Feedback on {len(sent)} section{'s' if len(sent) != 1 else ''} is sent."
    flash(f"{count} This round is answered." if closed else f"{count} The other sections still wait.", "success")
    return redirect(url_for(".review", round_key=review.key), 303)


@bp.post("/reviews/<round_key>/resume")
@gate(Gate.REVIEW)
def resume(me: User, review: Round) -> ResponseReturnValue:
    service.resume(review, by=me)
    flash("The clock runs again.", "success")
    return redirect(url_for(".review", round_key=review.key), 303)


@bp.post("/reviews/<round_key>/<section_key>/pause")
@gate(Gate.REVIEW)
def pause(me: User, review: Round, section_key: str) -> ResponseReturnValue:
    section, reason = section_or_404(review, section_key), request.form.get("reason", "")
    try:
        service.pause(review, section_key, reason=reason, by=me)
    except Refusal as refused:
        return section_page(
            review, section, me, errors=_problems(refused, "reason"), typed={"reason": reason}, status=refused.status
        )
    flash("The clock stands until the partner answers in the feed of this section.", "success")
    return _back(review, section_key)


@bp.post("/reviews/<round_key>/<section_key>/remarks")
@gate(Gate.REVIEW)
def write(me: User, review: Round, section_key: str) -> ResponseReturnValue:
    section, typed = section_or_404(review, section_key), forms.composer(request.form)
    try:
        service.write_remark(review, section_key, by=me, kind=typed.remark_kind(), text=typed.text, question_key=typed.about)
    except Refusal as refused:
        again = Composer(typed.about, typed.kind, typed.text, _problems(refused, "text"))
        return section_page(review, section, me, composer=again, status=refused.status)
    return _back(review, section_key, f"q-{typed.about}" if typed.about else "about")


def _problems(refused: Refusal, field: str) -> dict[str, str]:
    return refused.problems if isinstance(refused, Invalid) else {field: refused.words}


@bp.post("/reviews/<round_key>/<section_key>/insert")
@gate(Gate.REVIEW)
def insert(me: User, review: Round, section_key: str) -> ResponseReturnValue:
    """A saved reply into the text that is being written; nothing is stored."""
    section, typed = section_or_404(review, section_key), forms.composer(request.form)
    reply = replies.find(forms.plain(request.form.get("reply", "")))
    text = "\n\n".join(words for words in (typed.text.rstrip(), reply.text if reply else "") if words)
    filled = Composer(typed.about, typed.kind, text, {} if reply else {"reply": "Choose a saved reply first."})
    if request.headers.get("HX-Request") == "true":
        return composer_only(review, section, filled)
    return section_page(review, section, me, composer=filled)


@bp.post("/reviews/<round_key>/remarks/<remark_key>/withdraw")
@gate(Gate.REVIEW)
def withdraw(me: User, review: Round, remark_key: str) -> ResponseReturnValue:
    remark = remarks.find(review, remark_key) or abort(404)
    service.withdraw_remark(remark, review, by=me)
    flash("The remark is withdrawn.", "success")
    return _back(review, remark.section_key, f"q-{remark.question_key}" if remark.question_key else "about")
