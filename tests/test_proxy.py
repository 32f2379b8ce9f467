"""Forwarded addresses are believed from exactly as many proxies as there are."""

import pytest
from flask import request

from portal import proxy
from portal.config import Settings
from portal.web import Portal


@pytest.mark.parametrize(
    ("hops", "forwarded", "address"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9", "198.51.100.1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_whose_address_counts(tmp_path, hops, forwarded, address):
    app = Portal("probe")
    app.settings = Settings(environment="test", instance=tmp_path, proxy_hops=hops)
    proxy.init_app(app)
    seen = []
    app.before_request(lambda: seen.append((request.remote_addr, request.host)))
    app.test_client().get("/", headers={"X-Forwarded-For": forwarded, "X-Forwarded-Host": "evil.example"})
    assert seen == [(address, "localhost")]
