"""The sandbox as a partner starts it, a merchant in it, many payments and many waiting events, and who receives them."""

import hashlib
import hmac
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from bench._serving import WAIT, free_port

VERSION = "2015-07-06"
SECRET = "the secret of the benchmark's endpoint"
Json = dict[str, Any]


class Sandbox:
    """``python -m portal.sandbox`` on a port and in a folder of its own; ``seconds`` is how long it took to answer."""

    def __init__(self, folder: Path, **settings: object) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        asked = {"port": self.port, "instance": folder, "rate_limit": 0, "moves": "by_hand", **settings}
        environment = {f"SANDBOX_{name.upper()}": str(value) for name, value in asked.items()}
        started = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "portal.sandbox"], env={**os.environ, **environment}, stderr=subprocess.DEVNULL
        )
        self._wait()
        self.seconds = time.perf_counter() - started

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(WAIT)

    def pull(self, lever: str, values: Json) -> Json:
        """What a lever under /_sandbox/ answers."""
        return self.ask(Request(f"{self.url}/_sandbox/{lever}", json.dumps(values).encode(), method="POST"))

    def merchant(self, **values: object) -> "Merchant":
        made = self.pull("organisations", {"name": "Acme", "country_code": "GB", **values})
        return Merchant(self, made["organisation_id"], made["access_token"])

    def nanoseconds(self) -> int:
        """Time on a processor of every thread of master and worker."""
        return nanoseconds(self._pids())

    def megabytes(self) -> float:
        """Memory of master and worker, what they share counted once."""
        return sum(_proportional(pid) for pid in self._pids()) / 1000

    def _pids(self) -> list[str]:
        master = str(self.process.pid)
        return [master, *Path(f"/proc/{master}/task/{master}/children").read_text().split()]

    def _wait(self) -> None:
        end = time.monotonic() + WAIT
        while time.monotonic() < end and self.process.poll() is None:
            try:
                urlopen(f"{self.url}/_sandbox/openapi.json", timeout=WAIT).close()
            except URLError:
                time.sleep(0.01)
            else:
                return
        self.process.kill()
        raise RuntimeError("the sandbox did not start")

    def ask(self, request: Request) -> Json:
        request.add_header("Content-Type", "application/json")
        with urlopen(request, timeout=WAIT) as answer:
            document: Json = json.load(answer)
            return document


class Merchant:
    """An organisation of a sandbox, with its access token and a mandate that can be charged."""

    def __init__(self, sandbox: Sandbox, organisation: str, token: str) -> None:
        self.sandbox, self.organisation = sandbox, organisation
        self.headers = {
            "Authorization": f"Bearer {token}",
            "GoCardless-Version": VERSION,
            "Content-Type": "application/json",
        }

    def create(self, kind: str, values: Json) -> Json:
        request = Request(f"{self.sandbox.url}/{kind}", json.dumps({kind: values}).encode(), self.headers)
        made: Json = self.sandbox.ask(request)[kind]
        return made

    def mandate(self) -> str:
        customer = self.create("customers", {"given_name": "Frank", "family_name": "Osborne"})["id"]
        bank = {"country_code": "GB", "branch_code": "200000", "account_number": "55779911", "account_holder_name": "F Osborne"}
        account = self.create("customer_bank_accounts", {**bank, "links": {"customer": customer}})["id"]
        mandate: str = self.create("mandates", {"scheme": "bacs", "links": {"customer_bank_account": account}})["id"]
        return mandate


def multiply_payments(folder: Path, wanted: int) -> None:
    """Copies the one payment of this sandbox until there are so many, of a thousand mandates and on many days."""
    with sqlite3.connect(folder / "sandbox.sqlite") as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(payments)") if row[1] != "seq"]
        new = {
            "id": "'PM9' || printf('%011d', n)",
            "created_at": "strftime('%Y-%m-%dT%H:%M:%S.000Z', 1600000000 + n * 100, 'unixepoch')",
            "mandate": "'MD9' || printf('%011d', n % 1000)",
            "customer": "'CU9' || printf('%011d', n % 1000)",
            "charge_date": "date(1600000000 + n * 100, 'unixepoch')",
            "amount": "100 + n % 5000",
            "status": "'paid_out'",
            "body": "replace(replace(body, id, 'PM9' || printf('%011d', n)), 'pending_submission', 'paid_out')",
        }
        values = ", ".join(new.get(name, f'"{name}"') for name in columns)
        names = ", ".join(f'"{name}"' for name in columns)
        numbers = f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {wanted - 1})"
        first = "(SELECT * FROM payments ORDER BY seq LIMIT 1)"
        connection.execute(f"INSERT INTO payments ({names}) {numbers} SELECT {values} FROM numbers, {first}")
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def fill_outbox(folder: Path, organisation: str, events: int) -> None:
    """So many events wait to be delivered to the one endpoint of this sandbox."""
    with sqlite3.connect(folder / "sandbox.sqlite") as connection:
        (endpoint,) = connection.execute("SELECT id FROM endpoints").fetchone()
        rows = ((endpoint, organisation, time.time() - 60, json.dumps(_event(number))) for number in range(events))
        connection.executemany("INSERT INTO outbox (endpoint, organisation, written_at, event) VALUES (?, ?, ?, ?)", rows)


class Receiver:
    """Listens on this machine, checks the signature of each webhook and keeps the ids of its events."""

    def __init__(self) -> None:
        self.webhooks, self.events, self.forged = 0, set[str](), 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}/webhooks"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def __enter__(self) -> "Receiver":
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def until(self, events: int, seconds: float) -> float:
        """Waits for so many events, and says how long it took; gives up after so many seconds."""
        started = time.monotonic()
        while len(self.events) < events and time.monotonic() - started < seconds:
            time.sleep(0.05)
        return time.monotonic() - started

    def take(self, body: bytes, signature: str) -> None:
        right = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        self.forged += not hmac.compare_digest(right, signature)
        self.webhooks += 1
        self.events.update(event["id"] for event in json.loads(body)["events"])

    def _handler(receiver) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - the handler has a self of its own
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.take(body, self.headers["Webhook-Signature"])
                self.send_response_only(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


def nanoseconds(pids: list[str]) -> int:
    """Time on a processor of every thread of these processes, by the kernel's own accounting."""
    tasks = (task for pid in pids for task in Path(f"/proc/{pid}/task").glob("*/schedstat"))
    return sum(int(task.read_text().split()[0]) for task in tasks)


def _event(number: int) -> Json:
    details = {"origin": "gocardless", "cause": "payment_confirmed", "description": "Payment confirmed."}
    return {
        "id": f"EV{number:012d}", "created_at": "2026-01-01T12:00:00.000Z", "resource_type": "payments", "action": "confirmed",
        "metadata": {}, "details": details, "links": {"payment": f"PM{number:012d}"}, "resource_metadata": {},
        "source": {"type": "access_token", "name": "Access token"},
    }  # fmt: skip


def _proportional(pid: str) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 // 1000 for line in lines if line.startswith("Pss:"))
