"""The official Node client against a running sandbox."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from portal.sandbox.deliveries.signature import sign
from tests.sandbox.kit import merchant

FOLDER = Path(__file__).parents[1] / "node"
BODY = '{"events":[{"id":"EV123","resource_type":"payments","action":"created","links":{}}],"meta":{"webhook_id":"WB123"}}'


@pytest.fixture(scope="session")
def node_packages():
    """The folder with the packages of the lock file; skips where they can not be had."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("node and npm are not here")
    if not (FOLDER / "node_modules" / "gocardless-nodejs").exists():
        done = subprocess.run(
            ["npm", "ci", "--no-audit", "--no-fund"], cwd=FOLDER, capture_output=True, text=True, timeout=110, check=False
        )
        if done.returncode:
            pytest.skip(f"npm could not install the lock file: {done.stderr[-200:]}")
    return FOLDER


def test_the_node_client_lives_a_life(running, node_packages):
    own = merchant(running.app)
    arguments = [running.url, own.token, "a secret", BODY, sign(BODY.encode(), "a secret")]
    done = subprocess.run(
        ["node", "drive.mjs", *arguments], cwd=node_packages, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    events = found.pop("events")
    assert found == {
        "repeated": True,
        "status": "paid_out",
        "listed": 1,
        "updated": "2",
        "refund": "created",
        "paused": "paused",
        "schedule": "pending",
        "flow": True,
        "payouts": 1,
        "refused": ["InvalidStateError", "mandate_is_inactive"],
        "removed": True,
        "webhook": 1,
        "forged": "InvalidSignatureError",
    }
    assert {"mandates.active", "payments.paid_out", "payouts.paid", "billing_requests.flow_created"} <= set(events)
