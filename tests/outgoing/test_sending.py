"""One request to one place: to the address that was checked, in time, and never more than the caller takes."""

import gzip
import time
import zlib

import pytest

from portal import outgoing
from portal.outgoing import BadHeader, BadUrl, Forbidden, Garbled, TimedOut, TooLarge, Unreachable
from tests.outgoing.conftest import bomb, http
from tests.outgoing.test_places import INSIDE, ODD
from tests.waiting import free_port


@pytest.mark.usefixtures("loopback")
def test_a_request_and_its_answer(server):
    there = server(http(b"hello", "201 Created", X_One="1"))
    answer = outgoing.send("POST", there.url + "/hook?a=ü%20c", headers={"X-Given": "yes", "Host": "other"}, body=b"\0\xff")
    assert (answer.status, answer.body, answer.header("x-one"), answer.header("none")) == (201, b"hello", "1", "")
    assert answer.address == "127.0.0.1"
    assert answer.milliseconds > 0
    head, body = there.seen[0]
    assert body == b"\0\xff"
    lines = head.split("\r\n")
    assert lines[0] == "POST /hook?a=%C3%BC%20c HTTP/1.1"
    assert [line for line in lines if line.lower().startswith("host:")] == [f"Host: 127.0.0.1:{there.port}"]
    assert {"X-Given: yes", "Content-Length: 2", "Accept-Encoding: identity", "Connection: close"} <= set(lines)
    assert any(line.startswith("User-Agent: partner-portal/") for line in lines)
    assert not any(line.lower().startswith(("cookie", "authorization", "proxy")) for line in lines)


@pytest.mark.usefixtures("loopback")
def test_neither_proxies_nor_credentials_of_the_environment(server, monkeypatch, tmp_path):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1/")
    there = server()
    assert outgoing.send("GET", there.url).status == 204
    assert "authorization" not in there.seen[0][0].lower()


@pytest.mark.parametrize("host", [*INSIDE, *ODD])
def test_nothing_inside_is_called(host, names):
    names.say(host, ["127.0.0.1"])
    with pytest.raises((BadUrl, Forbidden, Unreachable)):
        outgoing.send("GET", f"https://{host}/")


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "::1", "10.0.0.1", "169.254.169.254", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "fe80::1%eth0"],
)
def test_a_name_that_leads_inside_is_not_called(address, names):
    names.say("hooks.example.com", ["8.8.8.8", address])
    with pytest.raises(Forbidden) as refused:
        outgoing.send("GET", "https://hooks.example.com/")
    assert address not in refused.value.words
    assert names.asked == ["hooks.example.com"]


def test_a_name_that_changes_after_the_look_up_changes_nothing(names, server):
    """The resolver says a public address first and this machine afterwards: only the first answer counts."""
    there = server(http(b"inside"))
    names.say("rebinding.example.com", ["8.8.8.8"], ["127.0.0.1"])
    with pytest.raises(Exception, match=r"8\.8\.8\.8"):  # the tests' own network refuses to go there, and names the address
        outgoing.send("GET", "http://rebinding.example.com:8080/", plain=True)
    assert names.asked == ["rebinding.example.com"]
    assert there.seen == []


@pytest.mark.usefixtures("loopback")
def test_the_connection_goes_to_the_address_of_the_one_look_up(names, server):
    first, second = server(http(b"first")), server(http(b"second"), host="127.0.0.2")
    names.say("rebinding.example.com", ["127.0.0.1"], ["127.0.0.2"])
    answer = outgoing.send("GET", f"http://rebinding.example.com:{first.port}/")
    assert (answer.body, answer.address) == (b"first", "127.0.0.1")
    assert f"Host: rebinding.example.com:{first.port}" in first.seen[0][0]
    assert len(names.asked) == 1
    assert second.seen == []


@pytest.mark.usefixtures("loopback")
def test_the_next_address_of_a_name_is_tried(names, server):
    there = server(http(b"here"))
    names.say("two.example.com", ["::1", "127.0.0.1"])
    assert outgoing.send("GET", f"http://two.example.com:{there.port}/").address == "127.0.0.1"


@pytest.mark.usefixtures("loopback")
def test_in_development_http_and_other_ports_are_for_this_machine_only(names):
    names.say("mixed.example.com", ["127.0.0.1", "8.8.8.8"])
    with pytest.raises(BadUrl, match="https"):
        outgoing.send("GET", "http://mixed.example.com/")
    with pytest.raises(Forbidden, match="Port 5432"):
        outgoing.send("GET", "https://mixed.example.com:5432/")


@pytest.mark.usefixtures("loopback")
@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
def test_a_redirect_is_an_answer(server, status):
    inner = server()
    there = server(http(status=status, Location=inner.url))
    answer = outgoing.send("GET", there.url)
    assert (answer.status, answer.header("Location")) == (int(status[:3]), inner.url)
    assert inner.seen == []


@pytest.mark.usefixtures("loopback", "names")
def test_where_nobody_answers():
    with pytest.raises(Unreachable, match="does not take connections"):
        outgoing.send("GET", f"http://127.0.0.1:{free_port()}/")
    with pytest.raises(Unreachable, match="no host of the name"):
        outgoing.send("GET", "https://nowhere.example.com/")


def drip(start, piece):
    """Says `start`, and then a piece again and again, each well within any limit for a single read."""

    def behave(connection, server):
        connection.sendall(start)
        while not server.over.wait(0.02):
            connection.sendall(piece)

    return behave


SLOW = {
    "nothing": drip(b"", b""),
    "interim answers": drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "status line": drip(b"HTTP/1.1 200 ", b"O"),
    "headers": drip(b"HTTP/1.1 200 OK\r\n", b"X-A: b"),
    "body": drip(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b"x"),
    "endless body": drip(b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
    "chunks": drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    "chunk's length": drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", b"x"),
}


@pytest.mark.usefixtures("loopback")
@pytest.mark.parametrize("how", SLOW)
def test_an_answer_that_only_drips_ends_in_time(server, how):
    began = time.monotonic()
    with pytest.raises(TimedOut, match=r"0\.2 seconds"):
        outgoing.send("GET", server(SLOW[how]).url, timeout=0.2)
    assert time.monotonic() - began < 10, "it went on and on"


@pytest.mark.usefixtures("loopback")
def test_a_body_that_nobody_reads_ends_in_time(server):
    there = server(lambda _, server: server.over.wait(20), listens=False)
    with pytest.raises(TimedOut):
        outgoing.send("POST", there.url, body=b"x" * 30_000_000, timeout=0.3)


def test_a_resolver_that_hangs_ends_in_time(monkeypatch):
    import socket

    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(0.2) or [])
    with pytest.raises(TimedOut):
        outgoing.send("GET", "https://slow.example.com/", timeout=0.05)


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
ENDLESS = drip(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 100_000)
TOO_LONG = {
    "length": http(b"x" * 2001),
    "endless": ENDLESS,
    "chunks": CHUNKED + b"100\r\n" + b"x" * 256 + b"\r\n701\r\n" + b"x" * 1793,
    "packed": http(bomb(50_000_000), Content_Encoding="gzip"),
    "deflated": http(zlib.compress(b"\0" * 5_000_000), Content_Encoding="deflate"),
    "packed but long": http(gzip.compress(bytes(range(256)) * 8, 0, mtime=0), Content_Encoding="gzip"),
}


@pytest.mark.usefixtures("loopback")
@pytest.mark.parametrize("how", TOO_LONG)
def test_an_answer_that_is_too_long_is_refused_or_cut(server, how):
    there = server(TOO_LONG[how])
    with pytest.raises(TooLarge, match="2000 bytes"):
        outgoing.send("GET", there.url, most_bytes=2000)
    assert len(outgoing.send("GET", there.url, most_bytes=2000, cut=True).body) == 2000


@pytest.mark.usefixtures("loopback")
@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (http(gzip.compress(b"hello", mtime=0), Content_Encoding="gzip"), b"hello"),
        (http(zlib.compress(b"hello"), Content_Encoding="Deflate"), b"hello"),
        (http(b"hello", Content_Encoding="br"), b"hello"),
        (http(b"", Content_Encoding="gzip"), b""),
        (http(b"x" * 2000), b"x" * 2000),
        (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", b"until the end"),
        (b"HTTP/1.0 304 Not Modified\r\nContent-Encoding: gzip\r\n\r\n", b""),
    ],
)
def test_a_body_is_unpacked(server, answer, body):
    assert outgoing.send("GET", server(answer).url, most_bytes=2000).body == body


@pytest.mark.usefixtures("loopback")
@pytest.mark.parametrize(
    "said",
    [
        b"", b"hello\r\n\r\n", b"SSH-2.0-OpenSSH_9\r\n", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", http(b"not packed", Content_Encoding="gzip"),
        http(gzip.compress(b"hello", mtime=0)[:-4], Content_Encoding="gzip"),
    ],
)  # fmt: skip
def test_what_is_no_answer(server, said):
    with pytest.raises((Garbled, Unreachable)) as refused:
        outgoing.send("GET", server(said).url)
    assert "127.0.0.1" in refused.value.words or "answer" in refused.value.words.lower()


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("CONNECT", {}), ("get", {}), ("GET / HTTP/1.1\r\nX: y", {}), ("GET", {"X": "a\r\nY: b"}), ("GET", {"X": "a\nb"}),
        ("GET", {"X\r\nY": "b"}), ("GET", {"X Y": "b"}), ("GET", {"": "b"}), ("GET", {"X": "a\0"}),
    ],
)  # fmt: skip
def test_what_would_break_out_of_its_line_is_refused(method, headers, names):
    with pytest.raises(BadHeader):
        outgoing.send(method, "https://example.com/", headers=headers)
    assert names.asked == []


@pytest.mark.usefixtures("loopback")
def test_headers_of_the_connection_are_ours(server):
    there = server()
    theirs = {"Content-Length": "99", "Transfer-Encoding": "chunked", "Connection": "keep-alive", "Proxy-Authorization": "x"}
    outgoing.send("POST", there.url, headers=theirs | {"user-agent": "theirs", "X-Name": "Zoë", "X-Price": "5 €"}, body=b"abc")
    head = there.seen[0][0]
    assert head.count("Content-Length: 3") == 1
    assert "chunked" not in head
    assert "keep-alive" not in head
    assert "Proxy" not in head
    assert head.lower().count("user-agent:") == 1
    assert "user-agent: theirs" in head
    assert "X-Name: Zoë\r\n" in head
    assert "X-Price: 5 €".encode().decode("latin-1") in head
