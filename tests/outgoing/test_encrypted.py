"""TLS: the certificate must be the name's, whatever the address."""

import pytest

from portal import outgoing
from portal.outgoing import TimedOut, TlsFailed
from tests.outgoing.conftest import http

pytestmark = pytest.mark.usefixtures("loopback")


def test_the_name_is_checked_and_the_address_called(trusted, names, server):
    there = server(http(b"safe"), tls=trusted.server("hooks.example.com"))
    names.say("hooks.example.com", ["127.0.0.1"])
    answer = outgoing.send("POST", f"https://hooks.example.com:{there.port}/", body=b"x" * 300_000)
    assert (answer.body, answer.address) == (b"safe", "127.0.0.1")
    assert len(there.seen[0][1]) == 300_000


def test_the_certificate_of_another_name(trusted, names, server):
    there = server(tls=trusted.server("other.example.com"))
    names.say("hooks.example.com", ["127.0.0.1"])
    with pytest.raises(TlsFailed, match="certificate of hooks"):
        outgoing.send("GET", f"https://hooks.example.com:{there.port}/")
    assert there.seen == []


def test_a_certificate_that_has_ended(trusted, names, server):
    there = server(tls=trusted.server("hooks.example.com", days=-1))
    names.say("hooks.example.com", ["127.0.0.1"])
    with pytest.raises(TlsFailed, match="expired"):
        outgoing.send("GET", f"https://hooks.example.com:{there.port}/")


def test_an_authority_that_nobody_trusts(authority, names, server):
    there = server(tls=authority.server("hooks.example.com"))
    names.say("hooks.example.com", ["127.0.0.1"])
    with pytest.raises(TlsFailed, match="certificate"):
        outgoing.send("GET", f"https://hooks.example.com:{there.port}/")


def test_a_server_that_does_not_speak_tls(server):
    with pytest.raises(TlsFailed, match="does not speak TLS"):
        outgoing.send("GET", server(http(b"plain"), listens=False).url.replace("http:", "https:"))


def test_a_greeting_that_never_comes_ends_in_time(server):
    there = server(lambda _, server: server.over.wait(20), listens=False)
    with pytest.raises(TimedOut):
        outgoing.send("GET", there.url.replace("http:", "https:"), timeout=0.2)
