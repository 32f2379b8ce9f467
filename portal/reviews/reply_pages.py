"""Saved replies: list, add, change, delete."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.catalog import certification
from portal.gates import Gate, gate
from portal.models.people import User
from portal.models.review import SavedReply
from portal.refusals import Invalid
from portal.reviews import replies, service
from portal.reviews.blueprint import bp

EMPTY = {"title": "", "text": "", "question_key": ""}


@bp.get("/replies", endpoint="replies")
@gate(Gate.REVIEW)
def show_replies() -> ResponseReturnValue:
    return _list(EMPTY)


@bp.post("/replies")
@gate(Gate.REVIEW)
def add_reply(me: User) -> ResponseReturnValue:
    typed = _typed()
    try:
        service.save_reply(None, by=me, **typed)
    except Invalid as refused:
        return _list(typed, errors=refused.problems, status=refused.status)
    flash("The reply is saved. It is offered wherever a remark is written about its question.", "success")
    return redirect(url_for(".replies"), 303)


@bp.get("/replies/<reply_key>", endpoint="reply")
@gate(Gate.REVIEW)
def show_reply(reply_key: str) -> ResponseReturnValue:
    reply = _reply(reply_key)
    typed = {"title": reply.title, "text": reply.text, "question_key": reply.question_key or ""}
    return _one(reply, typed)


@bp.post("/replies/<reply_key>")
@gate(Gate.REVIEW)
def change_reply(me: User, reply_key: str) -> ResponseReturnValue:
    reply, typed = _reply(reply_key), _typed()
    try:
        service.save_reply(reply, by=me, **typed)
    except Invalid as refused:
        return _one(reply, typed, errors=refused.problems, status=refused.status)
    flash("The reply is changed.", "success")
    return redirect(url_for(".replies"), 303)


@bp.post("/replies/<reply_key>/delete")
@gate(Gate.REVIEW)
def delete_reply(reply_key: str) -> ResponseReturnValue:
    service.delete_reply(_reply(reply_key))
    flash("The reply is deleted.", "success")
    return redirect(url_for(".replies"), 303)


def _reply(reply_key: str) -> SavedReply:
    return replies.find(reply_key) or abort(404)


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, "").replace("\r\n", "\n") for name in EMPTY}


def _list(typed: dict[str, str], *, errors: dict[str, str] | None = None, status: int = 200) -> ResponseReturnValue:
    saved = [(reply, _place(reply.question_key)) for reply in replies.replies()]
    page = render_template("reviews/replies.html", saved=saved, typed=typed, errors=errors or {}, places=_places())
    return page, status


def _one(
    reply: SavedReply, typed: dict[str, str], *, errors: dict[str, str] | None = None, status: int = 200
) -> ResponseReturnValue:
    page = render_template("reviews/reply.html", reply=reply, typed=typed, errors=errors or {}, places=_places())
    return page, status


def _places() -> list[tuple[str, str]]:
    """Every question, with its section, for a list to choose from."""
    return [
        (question.key, f"{section.number}.{number} {question.text}")
        for section in certification()
        for number, question in enumerate(section.questions, 1)
    ]


def _place(question_key: str | None) -> str:
    if question_key is None or question_key not in certification():
        return question_key or ""
    return certification().question(question_key).text
