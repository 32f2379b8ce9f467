"""What a person may type as an address: every way to say "this machine" or "this network" is refused, however it is spelt."""

import socket

import pytest

from portal import outgoing
from portal.outgoing import BadUrl, Forbidden

INSIDE = (
    "127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
    "169.254.170.2", "100.64.0.1", "100.100.100.200", "192.0.0.1", "192.0.0.8", "192.0.0.192", "192.0.2.1", "192.88.99.1",
    "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "168.63.129.16", "127.0.0.1.", "１２７.０.０.１", "①②⑦.⓪.⓪.①", "127。0。0。1",
    "[::]", "[::1]", "[0:0:0:0:0:0:0:1]", "[::127.0.0.1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:8.8.8.8]",
    "[::ffff:0:127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::10.0.0.1]", "[64:ff9b:1::1]", "[2002:7f00:1::]",
    "[2002:a00:1::1]", "[2001:0:4136:e378:8000:63bf:3fff:fdd2]", "[2001:db8::1]", "[3fff::1]", "[fc00::1]",
    "[fd00:ec2::254]", "[fe80::1]", "[fe80::1%25eth0]", "[fec0::1]", "[ff02::1]", "[100::1]", "[5f00::1]",
    "[2606:4700::5efe:7f00:1]", "[2606:4700::200:5efe:a00:1]",
    "localhost", "LOCALHOST", "localhost.", "a.localhost", "router", "printer.local", "db.internal",
    "metadata.google.internal", "wiki.corp", "nas.lan", "x.home.arpa", "x.onion",
)  # fmt: skip
ODD = (
    "2130706433", "0x7f000001", "0x7f.0.0.1", "0X7F.1", "0177.0.0.1", "017700000001", "127.1", "127.0.1", "0", "0x0",
    "134744072", "8.8.2056", "08.8.8.8", "8.8.8.8.8", "256.256.256.256", "1.2.3.4.5", "foo.0x7f", "[::1", "[::1]x",
    "[1.2.3.4]", "[::g]", "127.0.0.%31", "%6c%6fcalhost", "exa_mple..com", "-a.example.com", "a" * 64 + ".example.com",
)  # fmt: skip
"""Spellings that browsers and libraries read as addresses, each in a way of its own, and hosts that are none."""


@pytest.mark.parametrize("host", INSIDE)
def test_what_is_inside_is_refused(host):
    with pytest.raises(Forbidden):
        outgoing.check(f"https://{host}/hook")


@pytest.mark.parametrize("host", ODD)
def test_an_unusual_spelling_is_refused(host):
    with pytest.raises((BadUrl, Forbidden)):
        outgoing.check(f"https://{host}/hook")


@pytest.mark.parametrize(
    "url",
    [
        "", "/hook", "example.com", "//example.com/", "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/",
        "javascript:alert(1)", "http://example.com/", "https://", "https:///x", "https://:443/", "https://user@example.com/",
        "https://user:word@example.com/", "https://example.com@127.0.0.1/", "https://127.0.0.1\\@example.com/",
        "https://example.com/a b", "https://example.com/a\r\nX: y", "https://exam\tple.com/", "https://example.com/\0",
        "https://example.com:99999/", "https://example.com:x/", "https://example.com:-1/", "https://example.com/" + "a" * 2048,
        "https://\u2488.example.com/x\u2028", "https://a\u2100.example.com/",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(url):
    with pytest.raises(BadUrl) as refused:
        outgoing.check(url)
    assert refused.value.words.endswith(".")


@pytest.mark.parametrize("port", [0, 1, 22, 25, 3306, 5432, 6379, 9200, 11211, 65535])
def test_other_ports_are_refused(port):
    with pytest.raises(Forbidden, match=f"Port {port} "):
        outgoing.check(f"https://example.com:{port}/")


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com", "https://example.com/hook?a=b%20c#top", "https://EXAMPLE.com.:8443/", "https://bücher.example/",
        "https://example.com:443/", "https://example.com:8080/", "https://8.8.8.8/", "https://[2606:4700:4700::1111]/",
        "https://hooks.acme_billing.example.com/", "https://xn--bcher-kva.example/", "https://1.example.com/",
    ],
)  # fmt: skip
def test_what_everybody_can_reach_is_taken(url):
    outgoing.check(url)


def test_nobody_is_asked(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("a form must not look names up"))
    outgoing.check("https://example.com/")


def test_http_only_where_the_caller_says_so():
    outgoing.check("http://example.com/", plain=True)
    with pytest.raises(BadUrl, match="https"):
        outgoing.check("http://example.com/")


@pytest.mark.usefixtures("loopback")
@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:3000/", "http://localhost:3000/", "https://[::1]:3000/", "http://a.localhost/"]
)
def test_in_development_this_machine_may_be_named_at_any_port(url):
    outgoing.check(url)


@pytest.mark.usefixtures("loopback")
@pytest.mark.parametrize(
    "url",
    ["http://10.0.0.1/", "https://10.0.0.1/", "https://169.254.169.254/", "https://[::ffff:127.0.0.1]/", "http://example.com/"],
)
def test_in_development_only_this_machine(url):
    with pytest.raises((BadUrl, Forbidden)):
        outgoing.check(url)
