"""Whatever the partner's server does, each experiment ends in time with an observation, and the run with verdicts."""

import time

import pytest

from portal.exam.nouns import Family, Verdict
from portal.exam.rig import Limits
from portal.exam.running import BROKEN, examine, perform
from portal.exam.table import BY_NAME, CHECKS
from portal.outgoing import addresses
from tests.developers_world import sandbox_server  # noqa: F401 - a fixture
from tests.exam.partner import PATIENT, SHORT, Partner, answer

CHECKED = [check for check in CHECKS if check.family in (Family.LINKS, Family.CALLBACKS)]
LONGEST = 12
"""Seconds for everything; with the limits of these tests a page that never comes costs less than half a second."""


@pytest.fixture
def partner(sandbox_server):  # noqa: F811 - the fixture
    before = addresses.loopback_allowed()
    addresses.configure(loopback=True)
    made = Partner(sandbox_server.url)
    yield made
    made.close()
    addresses.configure(loopback=before)


def endless(first, piece):
    def behave(partner, request):
        request.wfile.write(first)
        while not partner.over.is_set():
            request.wfile.write(piece)

    return behave


def drips(partner, request):
    request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while not partner.over.wait(0.05):
        request.wfile.write(b".")
        request.wfile.flush()


def says(raw):
    return lambda _partner, request: request.wfile.write(raw)


def leads_to(location):
    return lambda _partner, request: answer(request, 302, Location=location)


HEAD = b"HTTP/1.1 200 OK\r\n"
NASTY = {
    "hangs": lambda partner, _request: partner.over.wait(30),
    "drips": drips,
    "floods": endless(HEAD + b"\r\n", b"x" * 65536),
    "sends headers without end": endless(HEAD, b"X-Header: " + b"x" * 1000 + b"\r\n"),
    "asks to go on without end": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "answers garbage": says(bytes(range(256)) * 20),
    "says nothing": says(b""),
    "breaks off": says(HEAD + b"Content-Length: 1000\r\n\r\nhalf"),
    "sends ten thousand cookies": says(HEAD + b"Set-Cookie: a=b\r\n" * 10_000 + b"\r\n"),
    "says it is packed": says(HEAD + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope"),
    "redirects to itself": leads_to("?again"),
    "redirects nowhere": leads_to("http://[::1"),
    "redirects to no port": leads_to("http://127.0.0.1:99999/oauth/authorize?state=1"),
    "redirects to a script": leads_to("javascript:alert(1)"),
    "redirects to a file": leads_to("file:///etc/passwd"),
    "fails": lambda _partner, request: answer(request, 500, b"Traceback"),
    "is no text": lambda _partner, request: answer(request, 200, b"\xff\xfe\x00" * 1000, Content_Type="text/html; charset=utf-99"),
    "nests without end": lambda _partner, request: answer(request, 200, b"<div>" * 50_000, Content_Type="text/html"),
    "has a link of great length": lambda partner, request: answer(request, 302, Location=partner.link("s" * 60_000)),
    "has a link without end": lambda partner, request: answer(request, 302, Location=partner.link("s") + "&a=b" * 10_000),
    "has a link that is none": lambda _partner, request: answer(request, 200, b'<a href="https://[x/oauth/authorize?state=1">', Content_Type="text/html"),
}  # fmt: skip


def run(partner, limits=SHORT):
    rig, began = partner.rig(limits), time.monotonic()
    said = examine(rig, CHECKED)
    assert time.monotonic() - began < LONGEST
    assert said.keys() == {check.id for check in CHECKED}
    assert not [one.words for one in said.values() if "not your fault" in one.words]
    return said


def test_a_server_that_does_as_it_should_passes(partner):
    said = run(partner, PATIENT)
    assert {name for name, one in said.items() if one.verdict is not Verdict.PASSED} == {
        "links.view_login",
        "callbacks.error_shown",
    }


@pytest.mark.parametrize("how", NASTY)
def test_the_page_that_starts_it_is_nasty(partner, how):
    partner.pages["/connect"] = lambda request: NASTY[how](partner, request)
    said = run(partner)
    assert Verdict.FAILED in {one.verdict for one in said.values()}


@pytest.mark.parametrize("how", NASTY)
def test_the_callback_is_nasty(partner, how):
    partner.pages["/callback"] = lambda request: NASTY[how](partner, request)
    said = run(partner)
    assert said["links.leads"].verdict is Verdict.PASSED
    assert said["callbacks.exchanged"].verdict is Verdict.FAILED


@pytest.mark.parametrize("how", ["hangs", "floods", "answers garbage"])
def test_everything_but_the_happy_path_is_nasty(partner, how):
    """Each experiment is made, whatever the ones before it said."""
    rig = partner.rig()
    assert perform(rig, BY_NAME["callbacks.connect"])["calls"]
    good, began = partner.pages["/callback"], time.monotonic()
    rig.limits = Limits(answer=0.1, page=0.1, slow=0.02, settle=0.01, follow=0.1)
    for name, experiment in BY_NAME.items():
        if experiment.family is Family.CALLBACKS and name != "callbacks.connect":
            partner.pages["/callback"] = lambda request: NASTY[how](partner, request)
            seen = perform(rig, experiment)
            assert BROKEN not in seen, (name, seen)
    assert time.monotonic() - began < LONGEST
    partner.pages["/callback"], rig.limits = good, PATIENT
    assert perform(rig, BY_NAME["callbacks.connect"])["calls"]


def test_an_answer_is_read_to_a_length_and_no_further(partner):
    partner.pages["/connect"] = lambda request: answer(request, 200, b"x" * 2_000_000)
    rig = partner.rig()
    page = rig.visitor().get(f"{partner.url}/connect")
    assert (page.status, len(page.text)) == (200, 300_000)


def test_faults_that_were_ordered_are_taken_back(partner):
    rig = partner.rig()
    partner.pages["/callback"] = lambda request: answer(request, 200, b"Thank you.")
    rig.limits = SHORT
    perform(rig, BY_NAME["callbacks.token_500"])
    partner.pages["/callback"] = partner.callback
    assert [call["status"] for call in perform(rig, BY_NAME["callbacks.connect"])["calls"]] == [200]
