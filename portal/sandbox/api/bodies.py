"""Reads a request's body in every form that the official clients send it."""

import json
from typing import Any, NoReturn

from portal.sandbox.errors import usage

Json = dict[str, Any]


def read(raw: bytes, content_type: str, envelope: str, *, optional: bool) -> Json:
    """What is inside the envelope. ``optional`` bodies may be missing, ``null`` or ``{}``, as actions are called.

    Raises 400 for what is no such document and 415 for another content type.
    """
    if not raw.strip():
        return _nothing(envelope, optional=optional)
    if "json" not in content_type.lower():
        raise usage(415, "unsupported_media_type", "The Content-Type header must be application/json")
    document = parse(raw)
    if document is None or document == {}:
        return _nothing(envelope, optional=optional)
    if not isinstance(document, dict):
        raise usage(400, "invalid_document_structure", "Root element must be an object.")
    if envelope not in document:
        raise usage(400, "invalid_document_structure", f'The request body must have the key "{envelope}".')
    return _inside(document, envelope, optional=optional)


def _inside(document: Json, envelope: str, *, optional: bool) -> Json:
    inside = document[envelope]
    if inside is None and optional:
        return {}
    if not isinstance(inside, dict):
        raise usage(400, "invalid_type", f'The value of "{envelope}" must be an object.')
    if len(document) > 1:
        extra = next(key for key in document if key != envelope)
        raise usage(400, "invalid_document_structure", f'"{extra[:100]}" does not belong beside "{envelope}".')
    return inside


def _nothing(envelope: str, *, optional: bool) -> Json:
    if optional:
        return {}
    raise usage(400, "invalid_document_structure", f'The request body must be an object with the key "{envelope}".')


def parse(raw: bytes) -> Any:
    """The JSON document of this text. Raises 400 for what is none."""
    try:
        return json.loads(raw, parse_constant=_refuse)
    except RecursionError:
        raise usage(400, "bad_request", "The request body is nested too deeply") from None
    except ValueError:
        raise usage(400, "bad_request", "The request body is not valid JSON") from None


def storable(raw: bytes) -> Any:
    """The same, and certain to go into any column: half a surrogate pair would not, nor does PostgreSQL take a null."""
    document = parse(raw)
    try:
        text = json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise usage(400, "bad_request", "The request body holds a character that is none") from None
    if b"\\u0000" in text:
        raise usage(400, "bad_request", "The request body holds a null character")
    return document


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)
