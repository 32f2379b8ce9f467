"""Turns a posted upload into plain values."""

from werkzeug.datastructures import FileStorage, MultiDict

from portal.files.intake import Upload

FIELD = "files"
OF_QUESTION = "files-"

Place = str | None
"""A question's key, or None for the section itself."""


def uploads(files: MultiDict[str, FileStorage], *, default: Place) -> dict[Place, list[Upload]]:
    """The chosen files by place: a field `files-<question>` names its own, `files` is for the place of the address.

    Without a script one form holds the file fields of all questions; a browser sends an empty part for each unused one.
    """
    chosen: dict[Place, list[Upload]] = {}
    for field, parts in files.lists():
        if field == FIELD or field.startswith(OF_QUESTION):
            place = field.removeprefix(OF_QUESTION) if field != FIELD else default
            chosen.setdefault(place, []).extend(Upload(part.filename, part.stream) for part in parts if part.filename)
    return {place: them for place, them in chosen.items() if them}
