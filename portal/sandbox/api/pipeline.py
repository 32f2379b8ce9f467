"""One call of the REST API from its headers to its answer: the only place where they meet."""

import logging
import time
from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from flask import Response
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Request

from portal.sandbox import clock, ids
from portal.sandbox.api import auth, bodies, faults, idempotency
from portal.sandbox.api.limits import BALANCES_LIMIT, Exceeded
from portal.sandbox.api.log import LARGEST_ANSWER, Seen
from portal.sandbox.api.routes import Answer, Route
from portal.sandbox.errors import ApiError, internal, not_found, usage
from portal.sandbox.house import House
from portal.sandbox.store import documents
from portal.sandbox.store.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = logging.getLogger(__name__)
JSON = "application/json"
_STATUS = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}
Json = dict[str, object]


class Call:
    """What is known of the call at hand, for the answer's headers and for the log."""

    def __init__(self, house: House, environ: "WSGIEnvironment") -> None:
        self.house = house
        self.request = Request(environ)
        self.started = time.perf_counter()
        self.request_id = ids.request_id()
        self.token: str | None = None
        self.caller: auth.Caller | None = None
        self.raw = b""
        self.headers: dict[str, str] = {}


class Plain(NamedTuple):
    """An answer that is complete as it stands, and so is spared Werkzeug's Response with all that it could do."""

    raw: bytes
    status: int
    headers: list[tuple[str, str]]

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        start_response(_STATUS[self.status], self.headers)
        return () if environ["REQUEST_METHOD"] == "HEAD" else (self.raw,)

    def response(self) -> Response:
        return Response(self.raw, self.status, self.headers)


class _Faulty(Exception):
    """A fault has been ordered for this organisation: leave the transaction first."""


class _Raced(Exception):
    """Another call with the same idempotency key was faster: look again, for its resource is there now."""


class _Body(NamedTuple):
    value: Json
    error: ApiError | None


def answer(call: Call, route: Route, identity: str) -> Plain:
    """Never raises: what goes wrong becomes GoCardless's error body."""
    try:
        return _send(call, _run(call, route, identity))
    except faults.Broken as broken:
        return _respond(call, broken.text, broken.status, broken.content_type)
    except Exceeded as exceeded:
        call.headers = exceeded.headers
        return refuse(call, exceeded.error)
    except ApiError as error:
        return refuse(call, error)
    except Exception:
        log.exception("%s %s failed", call.request.method, call.request.path)
        return refuse(call, internal())


def refuse(call: Call, error: ApiError) -> Plain:
    return _respond(call, documents.dumps(error.body(call.request_id)), error.code, JSON)


def _run(call: Call, route: Route, identity: str) -> Answer:
    call.token = auth.bearer(call.request.headers.get("Authorization"))
    body = _read_body(call, route)
    try:
        return _attempt(call, route, identity, body, healthy=False)
    except _Faulty:
        fault = _suffer(call, route)
        made = _attempt(call, route, identity, body, healthy=True)
        if fault and fault.kind == "lost":
            raise internal() from None  # it has happened, and nobody is told
        return made
    except _Raced:
        log.info("An idempotency key was used twice at the same moment")
    return _attempt(call, route, identity, body, healthy=True)


def _attempt(call: Call, route: Route, identity: str, body: _Body, *, healthy: bool) -> Answer:
    """The caller is looked up before writers queue: only what changes something waits for its turn."""
    database = call.house.database
    with database.reading() as conn:
        world = _admit(call, route, conn, healthy=healthy)
        if body.error:
            raise body.error
        if "\x00" in identity or b"%00" in call.request.query_string:
            raise not_found()
        if not route.writes:
            return route.behave(world, identity, body.value)
        with database.writing_on(conn):
            made = _once(call, world, route, identity, body.value)
            world.finish()
            return made


def _admit(call: Call, route: Route, conn: Connection, *, healthy: bool) -> World:
    call.caller = caller = auth.caller(conn, call.token or "")
    limit = BALANCES_LIMIT if route.kind == "balances" else None
    call.headers = call.house.limiter.count(caller.token + (route.kind if limit else ""), limit)
    environ = call.request.environ  # the headers as the server gave them: Werkzeug's view of them costs more than the look
    auth.require_headers(environ.get("HTTP_GOCARDLESS_VERSION"), environ.get("HTTP_ACCEPT"))
    if route.writes and caller.scope != "read_write":
        raise usage(403, "insufficient_permissions", "Insufficient permissions")
    if caller.faults and not healthy:
        raise _Faulty
    world = World(
        conn, caller.organisation, clock.shifted(caller.shift), call.house.settings, caller.client_id, source=caller.source
    )
    world.query = dict(call.request.args.lists()) if environ.get("QUERY_STRING") else {}
    world.language = (environ.get("HTTP_ACCEPT_LANGUAGE") or "en")[:2].lower()
    return world


def _once(call: Call, world: World, route: Route, identity: str, body: Json) -> Answer:
    """The behaviour, unless a call with the same idempotency key had it before."""
    key = call.request.environ.get("HTTP_IDEMPOTENCY_KEY") if route.idempotent else None
    if not key:
        return route.behave(world, identity, body)
    idempotency.check(world, route.kind, key)
    made = route.behave(world, identity, body)
    try:
        idempotency.keep(world, route.kind, key, made.made)
    except IntegrityError:  # PostgreSQL: another call with the same key came first and has committed
        raise _Raced from None
    return made


def _read_body(call: Call, route: Route) -> _Body:
    request = call.request
    if request.method == "GET":
        return _Body({}, None)
    try:
        call.raw = _raw(request, call.house.settings.body_limit)
        if not route.envelope:
            return _Body({}, None)
        return _Body(bodies.read(call.raw, request.content_type or "", route.envelope, optional=route.optional_body), None)
    except RequestEntityTooLarge:
        _drain(request)
        return _Body(
            {}, usage(413, "request_entity_too_large", f"The body must be at most {call.house.settings.body_limit} bytes")
        )
    except ApiError as error:
        return _Body({}, error)


def _raw(request: Request, limit: int) -> bytes:
    """A body of a known and allowed length straight from the server; any other by Werkzeug's careful way."""
    length = request.environ.get("CONTENT_LENGTH", "")
    if length.isdecimal() and int(length) <= limit:
        raw: bytes = request.environ["wsgi.input"].read(int(length))
        return raw
    request.max_content_length = limit
    return request.get_data(cache=False)


def _drain(request: Request, most: int = 64 * 2**20) -> None:
    """Reads a refused body to its end, so that the caller gets our answer instead of a broken connection."""
    stream, left = request.environ["wsgi.input"], min(request.content_length or 0, most)
    while left > 0 and (chunk := stream.read(min(left, 65536))):
        left -= len(chunk)


def _suffer(call: Call, route: Route) -> faults.Fault | None:
    organisation, client_id = (call.caller.organisation, call.caller.client_id) if call.caller else ("", None)
    with call.house.database.writing() as conn:
        fault = faults.take(conn, organisation, "api", faults.Aim(route.method, route.kind, client_id))
    if fault:
        faults.suffer(fault, call.house.settings.fault_seconds, route.kind)
    return fault


def _send(call: Call, made: Answer) -> Plain:
    if made.location:
        call.headers["Location"] = made.location
    return _respond(call, made.text, made.status, JSON)


def _respond(call: Call, text: str, status: int, content_type: str) -> Plain:
    raw = text.encode()
    known = [("Content-Type", content_type), ("Content-Length", str(len(raw))), ("X-Request-Id", call.request_id)]
    _note(call, text, status)
    return Plain(raw, status, [*known, *call.headers.items()])


def _note(call: Call, text: str, status: int) -> None:
    request = call.request
    owner = call.caller or _refused(call)
    call.house.log.note(
        Seen(
            at=clock.stamp(clock.real_now()),
            method=request.method,
            path=request.path,
            query=request.query_string.decode("latin-1"),
            environ=request.environ,
            body=call.raw,
            status=status,
            answer=text[:LARGEST_ANSWER],
            seconds=time.perf_counter() - call.started,
            request_id=call.request_id,
            token=call.token,
            client_id=owner.client_id if owner else None,
            organisation=owner.organisation if owner else None,
        )
    )


def _refused(call: Call) -> auth.Owner | None:
    """Whose call it was, though it was not let in: its token is revoked, or came in a way that the API does not take."""
    hint = call.token or auth.misplaced(call.request.headers.get("Authorization"), call.request.args)
    if not hint:
        return None
    with call.house.database.reading() as conn:
        return auth.owner(conn, hint)
