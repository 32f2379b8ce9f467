"""The review of a round, and of each of its sections."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from portal import clock, office
from portal.build import feed
from portal.build.witness import witness
from portal.catalog import Section, certification
from portal.gates import Gate, gate
from portal.models.people import User
from portal.models.review import Round, place_in_queue, usual_days
from portal.reviews import forms, reading, replies, surroundings, view
from portal.reviews.blueprint import bp
from portal.reviews.cards import cards as cards_of
from portal.reviews.cards import evidence
from portal.reviews.forms import Composer
from portal.reviews.verdicts import without_remarks
from portal.status import RoundStatus


@dataclass(frozen=True, slots=True)
class Clock:
    """What the clock of a round says; `left` is in working days."""

    paused: bool
    closed: bool
    left: int | None
    hours: int


def clock_of(review: Round) -> Clock:
    running = review.status is RoundStatus.OPEN
    left = clock.working_days_left(clock.now(), review.due_at, office.current()) if running else None
    overdue = running and review.due_at < clock.now()
    hours = (review.minutes_left or 0) // 60
    return Clock(review.status is RoundStatus.PAUSED, review.status is RoundStatus.CLOSED, -1 if overdue else left, hours)


@bp.get("/reviews/<round_key>", endpoint="review")
@gate(Gate.STAFF)
def show_review(me: User, review: Round) -> ResponseReturnValue:
    return round_page(review, me)


def round_page(review: Round, me: User, *, errors: dict[str, str] | None = None, status: int = 200) -> ResponseReturnValue:
    """With the errors of a refused form, if there was one."""
    catalog = certification(review.catalog_version)
    parts, said = reading.parts(review), reading.said(review)
    page = render_template(
        "reviews/review.html",
        review=review,
        clock=clock_of(review),
        place=place_in_queue(review),
        usual=usual_days(clock.now(), first=review.number == 1),
        lines=view.lines(catalog, parts, said, review.id),
        bar=view.bar(catalog, parts, said, review.id),
        around=surroundings.around(review, me=me),
        rounds=surroundings.rounds_of(review),
        reviewers=surroundings.reviewers(),
        errors=errors or {},
    )
    return page, status


@bp.get("/reviews/<round_key>/approve-rest", endpoint="confirm_rest")
@gate(Gate.REVIEW)
def show_rest(review: Round) -> ResponseReturnValue:
    catalog = certification(review.catalog_version)
    sections = [catalog.section(key) for key in without_remarks(review)]
    return render_template("reviews/approve_rest.html", review=review, sections=sections)


@bp.get("/reviews/<round_key>/<section_key>", endpoint="section")
@gate(Gate.STAFF)
def show_section(me: User, review: Round, section_key: str) -> ResponseReturnValue:
    section, composer = section_or_404(review, section_key), forms.opened(request.args)
    if composer and request.headers.get("HX-Request") == "true":
        return composer_only(review, section, composer)
    return section_page(review, section, me, composer=composer)


def section_or_404(review: Round, section_key: str) -> Section:
    found = next((one for one in certification(review.catalog_version) if one.key == section_key), None)
    return found or abort(404)


def composer_only(review: Round, section: Section, composer: Composer) -> ResponseReturnValue:
    """The composer alone, for a page that is open already."""
    if composer.about and composer.about not in {question.key for question in section.questions}:
        abort(404)
    return render_template(
        "reviews/composer.html", review=review, section=section, composer=composer, replies=offered(composer.about)
    )


def offered(about: str | None) -> list[tuple[str, str]]:
    """Keys and titles of the saved replies for a place: first those about it, then those about no question."""
    fitting = [one for one in replies.replies() if one.question_key in (about, None)]
    return [(one.key, one.title) for one in sorted(fitting, key=lambda one: one.question_key is None)]


def section_page(
    review: Round,
    section: Section,
    me: User,
    *,
    composer: Composer | None = None,
    errors: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """`typed` is what a refused form held, by field; it comes back with its `errors`."""
    page = render_template(
        "reviews/section.html",
        review=review,
        section=section,
        composer=composer,
        replies=offered(composer.about) if composer else [],
        errors=errors or {},
        typed=typed or {},
        **_facts(review, section, me),
    )
    return page, status


def _facts(review: Round, section: Section, me: User) -> dict[str, object]:
    """All that the page of a section shows, read with a fixed number of statements."""
    parts, around = reading.parts(review), surroundings.around(review, me=me)
    part = next((one for one in parts if one.section_key == section.key), None) or abort(404)
    said, (now, before) = reading.said(review, section.key), reading.snapshots(review, section.key)
    threads = reading.threads(review, section.key)
    cards = cards_of(section, now, before, said=said, threads=threads, round_id=review.id)
    catalog, was = certification(review.catalog_version), before or now
    return {
        "part": part,
        "look_now": view.look_of(part),
        "clock": clock_of(review),
        "cards": [card for card in cards if card.moved or not _only_moved()],
        "only_moved": _only_moved(),
        "moved": sum(card.moved for card in cards),
        "earlier_round": before is not None,
        "note": now["comment"],
        "note_before": was["comment"],
        "files": evidence(now["files"], {file["sha256"] for file in was["files"]}),
        "about_section_said": [one for one in said if one.question_key is None and one.section_key == section.key],
        "bar": view.bar(catalog, parts, said, review.id),
        "around": around,
        "witness": witness(review.integration.partner_id, section.key),
        "feed": feed.section_feed(review.integration, section.key, reader=me),
        "neighbours": _neighbours(parts, section.key),
    }


def _only_moved() -> bool:
    return request.args.get("moved") == "y"


def _neighbours(parts: Sequence[reading.Part], key: str) -> tuple[str, str]:
    """The sections of the round before and after this one."""
    keys = ["", *(part.section_key for part in parts), ""]
    at = keys.index(key)
    return keys[at - 1], keys[at + 1]
