"""What programs ask with an API key, all in JSON: which checks there are, start some, read how they stand, stop them."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from portal import gocardless
from portal.apps import reading as apps
from portal.exam import forms, listing, reading, service, telling
from portal.exam.blueprint import bp
from portal.exam.service import GoingOn
from portal.extensions import db
from portal.gates import Gate, gate
from portal.models.api_key import ApiKey
from portal.models.exam import Exam
from portal.models.partner import Partner
from portal.models.partner_app import PartnerApp
from portal.refusals import Invalid, Refusal
from portal.web import number, settings

FRESH = {"Cache-Control": "no-store"}
LARGEST = 20_000
"""Bytes of a question."""


class Unprocessable(Refusal):
    """What was asked for cannot be done as it was asked; the words say what is wrong."""

    status = 422


@bp.get("/api/v1/checks")
@gate(Gate.API)
def checks(api_key: ApiKey) -> ResponseReturnValue:
    """Whoever has a key may ask."""
    return listing.checks(), 200, FRESH


@bp.post("/api/v1/exams")
@gate(Gate.API)
def start_for_programs(partner: Partner, api_key: ApiKey) -> ResponseReturnValue:
    """409 names the exam that goes on already."""
    asked = _asked()
    try:
        chosen = forms.asked(asked)
    except Invalid as refused:
        raise Unprocessable(" ".join(refused.problems.values())) from refused
    try:
        exam = service.start(
            _app(partner, asked.get("app")), chosen, key=api_key, with_people=asked.get("people", True) is not False
        )
    except GoingOn as going:
        return {"error": {"status": 409, "message": going.words, "exam": going.exam.key}}, 409, FRESH
    db.session.flush()
    return _told(exam), 201, FRESH


def _asked() -> dict[str, Any]:
    """Raises Unprocessable for what is no JSON object; nothing at all asks for everything."""
    request.max_content_length = LARGEST
    if not request.get_data(cache=True):
        return {}
    asked = request.get_json(force=True, silent=True)
    if not isinstance(asked, dict):
        raise Unprocessable('Send a JSON object, such as {"families": ["links"]}.')
    return asked


def _app(partner: Partner, wanted: Any) -> PartnerApp:
    """By key or name; without either the only one there is. Raises Unprocessable."""
    own = [one for one in apps.apps_of(partner) if one.retired_at is None and one.environment in gocardless.available()]
    if not own:
        raise Unprocessable("There is no app that can be checked. Register one in a sandbox first.")
    found = [one for one in own if wanted in (one.key, one.name)] if wanted else own
    if len(found) == 1:
        return found[0]
    names = ", ".join(f"{one.name} ({one.key})" for one in own[:20])
    raise Unprocessable(f"Name one of these apps by its key: {names}.")


@bp.get("/api/v1/exams/<exam_key>")
@gate(Gate.API)
def read_for_programs(exam: Exam) -> ResponseReturnValue:
    """304 while nothing changed since `version`."""
    if request.args.get("version", type=number) == exam.version:
        return "", 304, FRESH
    return _told(exam), 200, FRESH


@bp.post("/api/v1/exams/<exam_key>/stop")
@gate(Gate.API)
def stop_for_programs(exam: Exam) -> ResponseReturnValue:
    service.stop(exam)
    db.session.flush()
    return _told(exam), 200, FRESH


def _told(exam: Exam) -> dict[str, Any]:
    return telling.exam(reading.whole(exam), address=settings().address)
