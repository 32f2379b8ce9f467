"""One HTTP request and its answer, as they were on the wire: taken down by the transport, whatever client speaks through it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, ReadTimeoutError

TIMEOUT = (3, 10)
"""Seconds to connect, and to wait for each piece of the answer."""
LONGEST = 30.0
"""Seconds that a whole answer may take."""
LARGEST = 2_000_000
"""Bytes of an answer."""


@dataclass(frozen=True, slots=True, repr=False)
class Exchange:
    """What was sent and what came back, secrets and all: mask before it is kept (portal.runs.masking). Status None: nothing came."""

    method: str
    url: str
    request_headers: dict[str, str]
    request_body: str
    status: int | None
    response_headers: dict[str, str]
    response_body: str
    milliseconds: float


Recorder = Callable[[Exchange], None]


class TooLarge(requests.ConnectionError):
    """The answer had no end."""


class Transport(HTTPAdapter):
    """Sends like requests does, gives up in time, and hands every exchange to the recorder."""

    def __init__(self, recorder: Recorder | None) -> None:
        super().__init__()
        self._recorder = recorder

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        started = time.perf_counter()
        response, body = None, b""
        try:
            response = super().send(request, *args, **{**kwargs, "stream": True})
            body = _whole(response, started)
        finally:
            self._note(request, response, body, started)
        response.raw = BytesIO(body)
        return response

    def _note(self, request: requests.PreparedRequest, response: requests.Response | None, body: bytes, started: float) -> None:
        if self._recorder is None:
            return
        self._recorder(
            Exchange(
                method=request.method or "",
                url=request.url or "",
                request_headers=dict(request.headers),
                request_body=_text(request.body),
                status=response.status_code if response is not None else None,
                response_headers=dict(response.headers) if response is not None else {},
                response_body=_text(body),
                milliseconds=(time.perf_counter() - started) * 1000,
            )
        )


def _whole(response: requests.Response, started: float) -> bytes:
    """The body to its end, unpacked. Raises requests.Timeout or TooLarge instead of waiting for ever."""
    body = bytearray()
    try:
        while piece := response.raw.read1(65_536, decode_content=True):
            body += piece
            if len(body) > LARGEST:
                raise TooLarge
            if time.perf_counter() - started > LONGEST:
                raise requests.ReadTimeout
    except ReadTimeoutError as error:
        raise requests.ReadTimeout from error
    except HTTPError as error:
        raise requests.ConnectionError from error
    finally:
        response.raw.close()
    return bytes(body)


def _text(body: bytes | str | None) -> str:
    return body.decode("utf-8", "replace") if isinstance(body, bytes) else body or ""


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def session(recorder: Recorder | None) -> requests.Session:
    """A session of requests whose exchanges are recorded; no .netrc of the machine replaces the token."""
    made = requests.Session()
    made.auth = _as_it_is
    return through(made, recorder)


def through(made: requests.Session, recorder: Recorder | None) -> requests.Session:
    """Any session of requests, made to speak through the transport."""
    for scheme in ("http://", "https://"):
        made.mount(scheme, Transport(recorder))
    return made
