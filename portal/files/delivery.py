"""Answers with a stored file so that no browser can be made to run it."""

from flask import Response, request

from portal import storage
from portal.files.names import disposition
from portal.models.evidence import File
from portal.refusals import Gone, Refusal
from portal.status import FileState

POLICY = "sandbox; default-src 'none'"
WEBP = "image/webp"


class BeingChecked(Refusal):
    """The worker has not looked at it yet."""


def whole(file: File) -> Response:
    """The file itself, streamed: pictures are shown, everything else is saved by the browser."""
    _check(file)
    attachment = not file.media_type.startswith("image/")
    response = _answer(file.media_type, etag=file.sha256)
    response.headers["Content-Disposition"] = disposition(file.original_name, file.media_type, attachment=attachment)
    if not _unchanged(response):
        response.content_length = file.size
        if request.method != "HEAD":
            response.response = storage.current().open(file.storage_key)
    return response


def picture(file: File, key: str | None, *, what: str) -> Response:
    """A drawn picture of the file (`what` names it); small, so it is read at once."""
    _check(file)
    if key is None:
        raise Gone("There is no picture of this file.")
    response = _answer(WEBP, etag=f"{file.sha256}-{what}")
    if not _unchanged(response):
        response.set_data(storage.current().read(key))
    return response


def _check(file: File) -> None:
    if file.state is FileState.CHECKING:
        raise BeingChecked("This file is still being checked. Try again in a moment.")
    if file.state is FileState.REFUSED:
        raise Gone(file.refusal)


def _answer(media_type: str, *, etag: str) -> Response:
    response = Response(mimetype=media_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "private, no-store"
    response.set_etag(etag)
    return response


def _unchanged(response: Response) -> bool:
    """Turn the answer into 304 when the browser has it already."""
    tag, _ = response.get_etag()
    if tag is None or not request.if_none_match.contains(tag):
        return False
    response.status_code = 304
    return True
