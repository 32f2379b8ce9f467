"""The mistakes that are tried with secrets and with how a signature is written down; those with bodies are in rewriting."""

import base64
import binascii
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from portal.webhooks.reasons import Reason

_HEX = re.compile(r"[0-9a-fA-F]{32,128}")
_IN_FRONT = re.compile(r"(?:^|[,;\s])(?:[a-z]{1,10}-?\d{0,3}|hmac-sha256)\s*[=:\s]\s*(?=\S)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Key:
    """A secret that may have been used; `mistakes` is empty for the right one."""

    secret: bytes
    mistakes: tuple[Reason, ...] = ()
    app: str = ""
    """The name of the other app whose it is."""


@dataclass(frozen=True, slots=True)
class Form:
    """Hexadecimal digits that a header may stand for, in lower case."""

    digits: str
    mistakes: tuple[Reason, ...] = ()


def keys(apps: Sequence[Row[Any]], app_id: int) -> list[Key]:
    """Every secret of a partner, those of this app first. `apps` are rows of its apps, all environments."""
    own = [app for app in apps if app.id == app_id]
    found = [key for app in own for key in _own(app)]
    for app in apps:
        if app.id != app_id:
            elsewhere = bool(own) and app.environment != own[0].environment
            reason = Reason.OTHER_ENVIRONMENT if elsewhere else Reason.OTHER_APP
            texts = (app.webhook_secret, app.previous_webhook_secret, app.client_secret)
            found += [Key(text.encode(), (reason,), app.name) for text in texts if text]
    return found


def _own(app: Row[Any]) -> Iterator[Key]:
    for text, mistakes in (
        (app.webhook_secret, ()),
        (app.previous_webhook_secret, (Reason.PREVIOUS_SECRET,)),
        (app.client_secret, (Reason.CLIENT_SECRET,)),
        (app.previous_client_secret, (Reason.CLIENT_SECRET,)),
    ):
        if text:
            yield Key(text.encode(), mistakes)
    if app.webhook_secret:
        yield from _edges(app.webhook_secret)
        yield from _decoded(app.webhook_secret)


def _edges(text: str) -> Iterator[Key]:
    for other in (
        f"{text}\n",
        f"{text}\r\n",
        f"{text} ",
        f" {text}",
        f'"{text}"',
        f"'{text}'",
        text.strip(),
        text.strip("\"'"),
    ):
        if other != text:
            yield Key(other.encode(), (Reason.SECRET_EDGES,))


def _decoded(text: str) -> Iterator[Key]:
    for decode in (bytes.fromhex, _unbase64):
        try:
            yield Key(decode(text), (Reason.SECRET_DECODED,))
        except (ValueError, binascii.Error):
            continue


def _unbase64(text: str) -> bytes:
    """Either alphabet, with or without padding. Raises ValueError for anything else."""
    usual = text.replace("-", "+").replace("_", "/").rstrip("=")
    return base64.b64decode(usual + "=" * (-len(usual) % 4), validate=True)


def forms(header: str) -> Iterator[Form]:
    """What the header may mean; nothing when it is no signature at all."""
    plain = "".join(sign for sign in header if sign.isascii() and sign.isprintable()).strip()
    odd = () if plain == header.strip(" \t") else (Reason.NON_ASCII_HEADER,)
    yield from _written(plain, odd)
    unquoted = plain.strip("\"'")
    if unquoted != plain:
        yield from _written(unquoted, (*odd, Reason.QUOTED))
    several = [part.strip() for part in plain.split(",")]
    if len(several) > 1:
        for part in dict.fromkeys(several):
            yield from _written(part, (*odd, Reason.DUPLICATED_HEADER))
    for match in _IN_FRONT.finditer(unquoted):
        rest = re.split(r"[,;\s]", unquoted[match.end() :], maxsplit=1)[0]
        yield from _written(rest, (*odd, Reason.PREFIX))


def _written(text: str, mistakes: tuple[Reason, ...]) -> Iterator[Form]:
    if _HEX.fullmatch(text):
        yield Form(text.lower(), mistakes if text == text.lower() else (*mistakes, Reason.UPPER_CASE))
        return
    try:
        decoded = _unbase64(text)
    except (ValueError, binascii.Error):
        return
    digits = decoded.decode("ascii", "replace")
    if _HEX.fullmatch(digits):
        yield Form(digits.lower(), (*mistakes, Reason.BASE64))
    elif len(decoded) in (16, 20, 32, 48, 64):
        yield Form(decoded.hex(), (*mistakes, Reason.BASE64))
