"""The queue, and who reviews what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Row, select

from portal import clock, office
from portal.extensions import db
from portal.gates import Gate, gate
from portal.models.people import User
from portal.models.review import Round
from portal.reviews import forms, presence, queue, service
from portal.reviews.blueprint import bp
from portal.reviews.pages import round_page
from portal.reviews.queue import Cursor, Filters
from portal.status import ROUND, RoundStatus
from portal.words import when

PLACEHOLDER = "KEY"
"""Stands in an address that is built once for all rows."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One round of the queue with what the clock says: working days left, or hours while it is paused."""

    row: Row[Any]
    url: str
    due: str
    left: int | None
    overdue: bool
    hours: int | None
    looking: Sequence[str]


@bp.get("/queue", endpoint="queue")
@gate(Gate.STAFF)
def show_queue(me: User) -> ResponseReturnValue:
    seen = forms.filters(request.args)
    rows, after = queue.page(seen, me=me, after=Cursor.parse(request.args.get("after", "")))
    return render_template(
        "reviews/queue.html",
        seen=seen,
        counts=queue.counts(me),
        waiting=_waiting(rows, seen.status, me),
        chips=_chips(seen),
        sections=queue.section_choices(),
        first=_url(seen) if "after" in request.args else "",
        next=_url(seen, after=str(after)) if after else "",
    )


def _waiting(rows: Sequence[Row[Any]], status: RoundStatus, me: User) -> list[Waiting]:
    others = presence.looking([row.id for row in rows], besides=me)
    address = url_for(".review", round_key=PLACEHOLDER)
    said = {due_at: _due(due_at, status) for due_at in {row.due_at for row in rows}}
    paused = status is RoundStatus.PAUSED
    return [
        Waiting(
            row,
            address.replace(PLACEHOLDER, row.key),
            *said[row.due_at],
            hours=(row.minutes_left or 0) // 60 if paused else None,
            looking=others.get(row.id, ()),
        )
        for row in rows
    ]


def _due(due_at: datetime, status: RoundStatus) -> tuple[str, int | None, bool]:
    """The due date in words, the working days left, whether it has passed; many rounds are due at the same closing time."""
    now = clock.now()
    if status is not RoundStatus.OPEN:
        return when(due_at), None, False
    return when(due_at), clock.working_days_left(now, due_at, office.current()), due_at < now


def _chips(seen: Filters) -> list[tuple[str, str, bool, None]]:
    """The filters that are one click: words, address, whether it is on."""
    chips: list[tuple[str, str, bool, None]] = [
        (ROUND[status].words, _url(seen, status=status.value), status is seen.status, None) for status in RoundStatus
    ]
    for who, words in (("mine", "Mine"), ("nobody", "Without a reviewer")):
        on = seen.who == who
        chips.append((words, _url(seen, who="" if on else who), on, None))
    return [*chips, ("Overdue", _url(seen, overdue="" if seen.overdue else "y"), seen.overdue, None)]


def _url(seen: Filters, **other: str) -> str:
    """The queue with these filters, some of them changed."""
    asked = urlencode({**forms.in_url(seen, **other)})
    return f"{request.path}?{asked}" if asked else request.path


@bp.post("/queue/next")
@gate(Gate.REVIEW)
def take_next(me: User) -> ResponseReturnValue:
    review = service.take_next(me)
    if review is None:
        flash("Nothing is waiting for a reviewer.", "info")
        return redirect(url_for(".queue"), 303)
    return redirect(url_for(".review", round_key=review.key), 303)


@bp.post("/reviews/<round_key>/take")
@gate(Gate.REVIEW)
def take(me: User, review: Round) -> ResponseReturnValue:
    service.take(review, by=me)
    return redirect(url_for(".review", round_key=review.key), 303)


@bp.post("/reviews/<round_key>/assign")
@gate(Gate.REVIEW)
def assign(me: User, review: Round) -> ResponseReturnValue:
    to = db.session.scalars(select(User).where(User.key == forms.plain(request.form.get("reviewer", "")))).one_or_none()
    if to is None or not service.reviews(to):
        return round_page(review, me, errors={"reviewer": "Choose one of the solutions engineers."}, status=422)
    service.assign(review, to=to, by=me)
    flash(f"{to.name} reviews this round now.", "success")
    return redirect(url_for(".review", round_key=review.key), 303)


@bp.post("/reviews/<round_key>/release")
@gate(Gate.REVIEW)
def release(me: User, review: Round) -> ResponseReturnValue:
    service.release(review, by=me)
    flash("The round is back in the queue.", "success")
    return redirect(url_for(".queue"), 303)


@bp.post("/reviews/<round_key>/presence")
@gate(Gate.STAFF)
def seen(me: User, review: Round) -> ResponseReturnValue:
    """A beat of the page; a button without a script."""
    service.seen(review, by=me)
    if request.headers.get("HX-Request") == "true":
        names = presence.looking([review.id], besides=me).get(review.id, ())
        return render_template("reviews/looking.html", names=names)
    flash("Your colleagues see for two minutes that you are looking at this review.", "success")
    return redirect(url_for(".review", round_key=review.key), 303)
