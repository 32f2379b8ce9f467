"""A sandbox that is killed in the middle of its deliveries loses none of them."""

import json
import os
import signal
import socket
import subprocess
import sys

import requests

from tests.sandbox.kit import VERSION, wait_until

SECRET = "a shared secret"


def start(folder, port):
    environment = {**os.environ, "PORTAL_INSTANCE": str(folder), "SANDBOX_PORT": str(port), "SANDBOX_RATE_LIMIT": "0",
                   "SANDBOX_MOVES": "by_hand", "SANDBOX_WEBHOOK_BATCH_SECONDS": "0.05", "SANDBOX_WEBHOOK_BATCH_SIZE": "3"}  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "portal.sandbox"], env=environment, start_new_session=True, stderr=subprocess.DEVNULL
    )
    wait_until(lambda: answers(port))
    return process


def answers(port):
    try:
        return requests.get(f"http://127.0.0.1:{port}/healthz", timeout=1).ok
    except requests.RequestException:
        return False


def kill(process):
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_deliveries_survive_being_killed(tmp_path, receiver):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    process = start(tmp_path, port)
    wanted = set()
    try:
        values = {"name": "Acme", "country_code": "GB", "webhook_url": receiver.url, "webhook_secret": SECRET}
        token = requests.post(f"{base}/_sandbox/organisations", json=values, timeout=10).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}", **VERSION}
        receiver.delay = 0.02
        for _ in range(3):
            for _ in range(25):
                body = {"billing_requests": {"mandate_request": {"scheme": "bacs"}}}
                answer = requests.post(f"{base}/billing_requests", json=body, headers=headers, timeout=10)
                wanted.add(answer.json()["billing_requests"]["id"])
            kill(process)
            process = start(tmp_path, port)
        wait_until(lambda: wanted <= heard(receiver), seconds=60)
    finally:
        kill(process)


def heard(receiver):
    events = [event for _, body in list(receiver.seen) for event in json.loads(body)["events"]]
    return {event["links"].get("billing_request") for event in events}
