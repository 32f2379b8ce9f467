"""Webhooks as GoCardless sends them, many at once over connections that stay open, and apps that receive them."""

import hashlib
import hmac
import json
import random
import socket
import threading
import time
from collections.abc import Iterator, Sequence

from portal.extensions import db
from portal.models.partner import Partner
from portal.models.partner_app import PartnerApp
from portal.status import Environment
from portal.transaction import writing
from portal.web import Portal

SECRET = "the webhook secret of the benchmark's app"
CONNECTIONS = 8
WAIT = 30.0
ACTIONS = ("created", "submitted", "confirmed", "paid_out", "failed", "cancelled")
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def an_app(app: Portal, partner_id: int | None = None) -> tuple[int, int, str]:
    """An app of this partner, or of a new one: ids of both, and the key of its hook."""
    with app.app_context(), writing():
        partner = Partner(name="Bench") if partner_id is None else db.session.get_one(Partner, partner_id)
        db.session.add(partner)
        db.session.flush()
        made = PartnerApp(partner_id=partner.id, environment=Environment.EMBEDDED, name="Bench", webhook_secret=SECRET)
        db.session.add(made)
        db.session.flush()
        return partner.id, made.id, made.hook_key


def name_of(prefix: str, chance: random.Random) -> str:
    return prefix + "".join(chance.choices(ALPHABET, k=12))


def body(events: int, chance: random.Random) -> bytes:
    """A webhook of so many events, as compact as GoCardless writes it."""
    listed = [_event(chance) for _ in range(events)]
    return json.dumps({"events": listed, "meta": {"webhook_id": name_of("WB", chance)}}, separators=(",", ":")).encode()


def _event(chance: random.Random) -> dict[str, object]:
    action = chance.choice(ACTIONS)
    return {
        "id": name_of("EV", chance), "created_at": f"2026-01-{chance.randint(1, 28):02}T12:00:00.{chance.randint(0, 999):03}Z",
        "resource_type": "payments", "action": action, "metadata": {},
        "details": {"origin": "gocardless", "cause": f"payment_{action}", "description": f"The payment has been {action}."},
        "links": {"payment": name_of("PM", chance), "organisation": f"OR{chance.randint(1, 50):04}"}, "resource_metadata": {},
    }  # fmt: skip


def signed(path: str, raw: bytes) -> bytes:
    """The whole request as it goes over the wire."""
    signature = hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: gocardless-webhook-service/1.2\r\nAccept: */*\r\n"
        f"Origin: https://api-sandbox.gocardless.com\r\nContent-Type: application/json\r\nContent-Length: {len(raw)}\r\n"
        f"Webhook-Signature: {signature}\r\n\r\n"
    )
    return head.encode() + raw


def some(path: str, events: int, *, many: int = 300) -> list[bytes]:
    """Different webhooks, the same ones every time."""
    chance = random.Random(events)
    return [signed(path, body(events, chance)) for _ in range(many)]


def per_second(port: int, requests: Sequence[bytes], times: int) -> float:
    """How many are answered 204 in a second; any other answer is an error."""
    failed: list[BaseException] = []

    def send(first: int) -> None:
        try:
            with connected(port) as connection:
                for number in range(first, times, CONNECTIONS):
                    if (status := sent(connection, requests[number % len(requests)])) != 204:
                        raise RuntimeError(f"answered {status}")
        except (OSError, RuntimeError) as error:
            failed.append(error)

    threads = [threading.Thread(target=send, args=(first,)) for first in range(CONNECTIONS)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return times / (time.perf_counter() - started)


def connected(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), WAIT)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def sent(connection: socket.socket, request: bytes) -> int:
    """The status of the answer, which is read to its last byte. Raises ConnectionError when there is none."""
    connection.sendall(request)
    taken = b""
    while b"\r\n\r\n" not in taken:
        taken += _more(connection)
    head, _, rest = taken.partition(b"\r\n\r\n")
    for missing in _missing(head, rest):
        rest += connection.recv(missing)
    return int(head.split(b" ", 2)[1])


def _missing(head: bytes, rest: bytes) -> Iterator[int]:
    named = head.lower().partition(b"content-length:")[2]
    if left := int(named.split(b"\r\n", 1)[0] or 0) - len(rest) if named else 0:
        yield left


def _more(connection: socket.socket) -> bytes:
    part = connection.recv(65_536)
    if not part:
        raise ConnectionError("the server closed the connection")
    return part
