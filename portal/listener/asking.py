"""Speaks with the portal: one question at a time, with words for everything that may go wrong."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

WAIT = 10
"""Seconds that the portal may hold a question when there is nothing new."""
TIMEOUT = WAIT + 20.0
MOST = 64_000_000
"""Bytes of one answer."""


class Refused(Exception):
    """The portal will never let this key in, or does not know the question: no sense in asking again."""


class Away(Exception):
    """The portal could not be asked now; `seconds` is how long it asks to be left alone, if it says so."""

    def __init__(self, words: str, seconds: float = 0) -> None:
        super().__init__(words)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Portal:
    """Where it is (https://…), and the key that opens it."""

    address: str
    key: str

    def about(self) -> Mapping[str, Any]:
        """Whose key this is."""
        found: Mapping[str, Any] = self._ask("GET", "/api/v1/key")
        return found

    def news(self, cursor: str) -> tuple[Sequence[Mapping[str, Any]], str]:
        """What came after the cursor, oldest first, and the cursor to ask with next. An empty one: from now on."""
        asked = urlencode({"after": cursor, "wait": WAIT} if cursor else {})
        answer = self._ask("GET", f"/api/v1/webhooks?{asked}")
        return (answer["webhooks"], answer["cursor"]) if answer else ((), cursor)

    def tell(self, attempts: Sequence[Mapping[str, Any]]) -> None:
        """How webhooks were answered here."""
        self._ask("POST", "/api/v1/attempts", {"attempts": attempts})

    def _ask(self, method: str, path: str, sent: object = None) -> Any:
        try:
            status, after, body = _exchange(self.address, method, path, self.key, sent)
        except (OSError, HTTPException) as error:
            raise Away(f"The portal does not answer ({type(error).__name__})") from error
        if status in (200, 201, 204):
            return _json(body) if body else None
        words = _words(body) or f"HTTP {status}"
        if status in (429, 500, 502, 503, 504):
            raise Away(f"The portal is busy ({words})", float(after) if after.isdecimal() else 0)
        raise Refused(words)


def _exchange(address: str, method: str, path: str, key: str, sent: object) -> tuple[int, str, bytes]:
    """Status, Retry-After and body of one answer."""
    place = urlsplit(address)
    kind = HTTPSConnection if place.scheme == "https" else HTTPConnection
    connection = kind(place.hostname or "", place.port, timeout=TIMEOUT)
    headers = {"Authorization": f"Bearer {key}", "Accept": "application/json", "Content-Type": "application/json"}
    try:
        body = None if sent is None else json.dumps(sent).encode()
        connection.request(method, place.path.rstrip("/") + path, body=body, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.getheader("Retry-After", ""), answer.read(MOST)
    finally:
        connection.close()


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError as error:
        raise Away("What answers there is not the portal, or its answer broke off") from error


def _words(body: bytes) -> str:
    try:
        return str(json.loads(body)["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return ""
