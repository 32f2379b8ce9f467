"""Uploads, downloads and removal of evidence."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import cast

import structlog
from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from portal import transaction
from portal.catalog import certification
from portal.errors import background, page
from portal.files import delivery, display, seal, service
from portal.files.forms import Place, uploads
from portal.files.intake import Accepted, RefusedFile, discard, receive
from portal.files.kinds import Limits
from portal.files.reasons import NO_STORAGE, NONE_CHOSEN
from portal.gates import Gate, gate
from portal.models.evidence import File
from portal.models.integration import Integration
from portal.models.people import User
from portal.refusals import Sealed
from portal.storage import StorageUnavailable

Received = dict[Place, tuple[list[Accepted], list[RefusedFile]]]

bp = Blueprint("files", __name__)
log = structlog.get_logger("portal.files")

TOO_LARGE = (
    "This was too much at once: send at most 20 files, each up to 10 MB. Nothing of it was stored; "
    "the back button of your browser returns to what you typed."
)
LOST = "This file is no longer in our storage. Ask the person who sent it to send it again."


@bp.post("/build/<section_key>/files")
@gate(Gate.WORK)
def upload(me: User, integration: Integration, section_key: str) -> ResponseReturnValue:
    where = request.args.get("question") or None
    chosen = uploads(request.files, default=where)
    _check_places(integration, section_key, {where, *chosen})
    transaction.release()  # pictures are decoded while nobody waits for our lock
    received = {place: receive(them, limits=Limits()) for place, them in chosen.items()}
    files, refused = _attach(integration, section_key, received, me)
    return _answer(section_key, where, files, refused)


def _check_places(integration: Integration, section_key: str, places: set[Place]) -> None:
    """404 for a section or question that does not exist; raises Sealed before anything slow is done."""
    section = next((section for section in certification(integration.catalog_version) if section.key == section_key), None)
    if section is None or not places <= {None, *(question.key for question in section.questions)}:
        abort(404)
    for place in places:
        seal.check(integration, section_key, place)


def _attach(integration: Integration, section_key: str, received: Received, me: User) -> tuple[list[File], list[RefusedFile]]:
    """Attach all, and take out of storage again what was attached before or found no room."""
    stored = [one for accepted, _ in received.values() for one in accepted]
    files: list[File] = []
    refused: list[RefusedFile] = []
    try:
        for place, (accepted, unfit) in received.items():
            attached, surplus = service.attach(integration, section_key, place, accepted, by=me)
            files += attached
            refused += [*unfit, *surplus]
    except Exception:
        discard(stored)
        raise
    used = {file.storage_key for file in files}
    discard([one for one in stored if one.storage_key not in used])
    return files, refused


def _answer(section_key: str, where: Place, files: list[File], refused: list[RefusedFile]) -> ResponseReturnValue:
    """Good ones are kept whatever the others are: 422 with words for these, otherwise back to the place."""
    status = HTTPStatus.OK if files and not refused else HTTPStatus.UNPROCESSABLE_ENTITY
    if files:
        transaction.keep()
    if background():
        return _told(files, refused, status)
    problems = [] if status is HTTPStatus.OK else [f"{one.name}: {one.words}" for one in refused] or [NONE_CHOSEN]
    if files:
        flash(_kept(len(files)), "success")
    if _carries_answers():
        return _save_answers(section_key, problems)
    if not problems:
        return redirect(_place(section_key, where), 303)
    return _try_again(section_key, where, files, problems, status)


def _carries_answers() -> bool:
    """Without a script the buttons for files post the section's whole form."""
    return any(name.startswith("version-") for name in request.form)


def _save_answers(section_key: str, problems: Iterable[str] = ()) -> ResponseReturnValue:
    """Answer as if Save had been pressed, so that nothing typed is lost."""
    for line in problems:
        flash(line, "danger")
    save = current_app.view_functions["build.save"]  # asked of the application: rooms do not import each other's routes
    return cast("ResponseReturnValue", save(section_key=section_key))


def _try_again(section_key: str, where: Place, files: list[File], problems: list[str], status: int) -> ResponseReturnValue:
    """What was kept, what was not and why, with the same upload once more and the way back."""
    facts = {
        "items": display.items(files, removable=True),
        "problems": [("again-choose", line) for line in problems],
        "url": url_for("files.upload", section_key=section_key, question=where),
        "back": _place(section_key, where),
    }
    return render_template("files/refused.html", **facts), status


def _told(files: list[File], refused: list[RefusedFile], status: HTTPStatus) -> ResponseReturnValue:
    """What upload.js expects, which sends one file at a time: the file as an item of the list, or the reason as plain text."""
    if status is HTTPStatus.OK:
        return render_template("files/items.html", items=display.items(files, removable=True))
    if len(refused) > 1 or (refused and files):
        return _plain("\n".join(f"{one.name}: {one.words}" for one in refused), status)
    return _plain(refused[0].words if refused else NONE_CHOSEN, status)


def _plain(words: str, status: int) -> Response:
    return Response(words, status, mimetype="text/plain")


def _kept(count: int) -> str:
    return "1 file was added and is being checked." if count == 1 else f"{count} files were added and are being checked."


def _place(section_key: str, where: Place) -> str:
    return url_for("build.section", section_key=section_key, _anchor=f"q-{where}" if where else "files")


@bp.post("/files/<file_key>/remove")
@gate(Gate.WORK)
def remove(me: User, file: File) -> ResponseReturnValue:
    service.remove(file, by=me)
    if background():
        return "", HTTPStatus.OK
    flash(f"{file.original_name} was removed.", "success")
    if _carries_answers():
        return _save_answers(file.section_key)
    return redirect(_place(file.section_key, file.question_key), 303)


@bp.get("/files/<file_key>/item")
@gate(Gate.EVIDENCE)
def item(me: User, file: File) -> ResponseReturnValue:
    """One file as an item of its list: a page asks while the file is being checked."""
    if file.removed_at is not None:
        abort(404)
    removable = not me.is_staff and seal.may_remove(file)
    return render_template("files/items.html", items=[display.item(file, removable=removable)])


@bp.get("/files/<file_key>")
@gate(Gate.EVIDENCE)
def download(file: File) -> ResponseReturnValue:
    return delivery.whole(file)


@bp.get("/files/<file_key>/preview")
@gate(Gate.EVIDENCE)
def preview(file: File) -> ResponseReturnValue:
    """The first page of a PDF; a picture is its own preview."""
    if file.media_type.startswith("image/"):
        return delivery.whole(file)
    return delivery.picture(file, file.preview_key, what="preview")


@bp.get("/files/<file_key>/thumbnail")
@gate(Gate.EVIDENCE)
def thumbnail(file: File) -> ResponseReturnValue:
    return delivery.picture(file, file.thumbnail_key, what="thumbnail")


@bp.errorhandler(RequestEntityTooLarge)
def too_large(error: RequestEntityTooLarge) -> ResponseReturnValue:
    """Read to the end first: a browser whose sending is cut off shows its own error instead of ours."""
    _drain()
    section_key = (request.view_args or {}).get("section_key")
    if background() or section_key is None:
        return _refuse(413, TOO_LARGE)
    return _try_again(section_key, request.args.get("question"), [], [TOO_LARGE], 413)


def _drain(most: int = 512 * 1024 * 1024) -> None:
    stream, left = request.environ["wsgi.input"], min(request.content_length or 0, most)
    while left > 0 and (piece := stream.read(min(left, 1024 * 1024))):
        left -= len(piece)


@bp.errorhandler(Sealed)
def sealed(refusal: Sealed) -> ResponseReturnValue:
    return _refuse(refusal.status, refusal.words)


@bp.errorhandler(StorageUnavailable)
def no_storage(error: StorageUnavailable) -> ResponseReturnValue:
    log.error("storage unavailable", exc_info=error)
    return _refuse(503, NO_STORAGE)


@bp.errorhandler(FileNotFoundError)
def lost(error: FileNotFoundError) -> ResponseReturnValue:
    log.error("a file is missing from storage", exc_info=error)
    return _refuse(410, LOST)


def _refuse(status: int, words: str) -> ResponseReturnValue:
    return _plain(words, status) if background() else page(status, words=words)
