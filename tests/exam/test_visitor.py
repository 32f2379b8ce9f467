"""A visitor behaves as a browser does, stays on the partner's side, and calls nothing that may not be called."""

import ast
from pathlib import Path

import pytest

import portal.exam
from portal.exam.cookies import Jar
from portal.exam.nouns import Environment, Family, Verdict
from portal.exam.rig import AppUnderTest, Rig, TestSettings, document
from portal.exam.running import examine
from portal.exam.sandbox import Sandbox
from portal.exam.table import CHECKS
from portal.outgoing import Forbidden, NotSent, addresses
from tests.developers_world import sandbox_server  # noqa: F401 - a fixture
from tests.exam.partner import SHORT, Partner, answer


@pytest.fixture
def loopback():
    before = addresses.loopback_allowed()
    addresses.configure(loopback=True)
    yield
    addresses.configure(loopback=before)


@pytest.fixture
def partner(sandbox_server, loopback):  # noqa: F811 - the fixture
    made = Partner(sandbox_server.url)
    yield made
    made.close()


def cookies(*lines, url="https://app.example.com/start"):
    jar = Jar()
    jar.take(url, {"Set-Cookie": "\n".join(lines)})
    return jar


class TestCookies:
    @pytest.mark.parametrize(
        ("line", "url", "arriving", "sent"),
        [("a=1", "https://app.example.com/", False, "a=1"), ("a=1", "https://app.example.com/", True, "a=1"),
         ("a=1; SameSite=Lax", "https://app.example.com/", True, "a=1"), ("a=1; SameSite=None; Secure", "https://app.example.com/", True, "a=1"),
         ("a=1; SameSite=Strict", "https://app.example.com/", True, ""), ("a=1; SameSite=Strict", "https://app.example.com/", False, "a=1"),
         ("a=1", "https://www.example.com/", False, ""), ("a=1; Domain=example.com", "https://www.example.com/", False, "a=1"),
         ("a=1; Domain=.example.com", "https://example.com/", False, "a=1"), ("a=1; Domain=other.com", "https://other.com/", False, ""),
         ("a=1; Domain=example.com", "https://badexample.com/", False, ""), ("a=1; Path=/shop", "https://app.example.com/shop/1", False, "a=1"),
         ("a=1; Path=/shop", "https://app.example.com/shopping", False, ""), ("a=1; Path=/shop/", "https://app.example.com/shop/1", False, "a=1"),
         ("a=1; Max-Age=0", "https://app.example.com/", False, ""), ("a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "https://app.example.com/", False, ""),
         ("a=1; Max-Age=60", "https://app.example.com/", False, "a=1"), ("a=b=c", "https://app.example.com/", False, "a=b=c"),
         ("nothing", "https://app.example.com/", False, ""), ("=1", "https://app.example.com/", False, ""), ("a=\x01", "https://app.example.com/", False, "")],
    )  # fmt: skip
    def test_which_cookie_is_sent_where(self, line, url, arriving, sent):
        assert cookies(line).header(url, arriving=arriving) == sent

    def test_the_newest_counts_and_one_can_be_taken_back(self):
        jar = cookies("a=1", "a=2", "b=3", "b=; Max-Age=0")
        assert jar.header("https://app.example.com/", arriving=False) == "a=2"

    def test_there_is_an_end_to_them(self):
        jar = cookies(*(f"c{n}={n}" for n in range(1000)))
        assert len(jar.header("https://app.example.com/", arriving=False).split("; ")) == 50


class TestPages:
    def test_redirects_are_followed_with_cookies_on_the_partners_side(self, partner):
        partner.pages["/a"] = lambda request: answer(request, 302, Location="/b", Set_Cookie="seen=a")
        partner.pages["/b"] = lambda request: answer(request, 200, request.headers.get("Cookie", "").encode())
        page = partner.rig().visitor().get(f"{partner.url}/a")
        assert (page.status, page.text, page.url, len(page.path)) == (200, "seen=a", f"{partner.url}/b", 2)

    def test_two_visitors_know_nothing_of_each_other(self, partner):
        partner.pages["/a"] = lambda request: answer(
            request, 200, request.headers.get("Cookie", "none").encode(), Set_Cookie="seen=a"
        )
        rig = partner.rig()
        first, second = rig.visitor(), rig.visitor()
        assert [visitor.get(f"{partner.url}/a").text for visitor in (first, first, second)] == ["none", "seen=a", "none"]

    @pytest.mark.parametrize(
        "location", ["https://www.example.com/", "http://127.0.0.1:9/", "http://169.254.169.254/latest/meta-data"]
    )
    def test_other_hosts_are_not_followed(self, partner, location):
        partner.pages["/a"] = lambda request: answer(request, 302, Location=location)
        rig = partner.rig()
        page = rig.visitor().get(f"{partner.url}/a")
        assert (page.status, page.leaves_for, len(rig.trace)) == (302, location, 1)

    def test_gocardless_is_not_followed_even_where_it_shares_the_host(self, partner):
        page = partner.rig().visitor().get(f"{partner.url}/connect")
        assert page.authorization.startswith(f"{partner.sandbox}/oauth/authorize?")
        assert page.path == (f"{partner.url}/connect",)

    def test_redirects_have_an_end(self, partner):
        partner.pages["/a"] = lambda request: answer(request, 302, Location="/a")
        page = partner.rig().visitor().get(f"{partner.url}/a")
        assert (page.status, len(page.path)) == (302, 6)

    def test_a_link_in_the_page_counts_as_well(self, partner):
        link = partner.link("s" * 32).replace("&", "&amp;")
        partner.pages["/connect"] = lambda request: answer(
            request, 200, f'<a class="x" href="{link}">Connect</a>'.encode(), Content_Type="text/html"
        )
        assert partner.rig().visitor().get(f"{partner.url}/connect").authorization == partner.link("s" * 32)

    def test_the_test_header_is_sent_with_everything(self, partner):
        partner.pages["/a"] = lambda request: answer(request, 200, request.headers.get("X-Test", "").encode())
        rig = partner.rig(test_header=("X-Test", "let me in"), action_url=f"{partner.url}/a")
        assert rig.visitor().get(f"{partner.url}/a").text == "let me in"
        assert rig.act("status").response_body == "let me in"
        assert rig.secrets["TEST_HEADER"] == "let me in"

    def test_an_action_that_is_not_answered_is_an_exchange_without_a_status(self, partner):
        said = partner.rig(action_url="http://127.0.0.1:9/hook").act("status")
        assert (said.status, document(said)) == (None, {})
        assert "does not take connections" in said.response_body

    def test_a_webhook_is_signed_as_gocardless_signs(self, partner):
        rig = partner.rig()
        assert rig.sign(b"{}", "secret") == "77325902caca812dc259733aacd046b73817372c777b8d95b402647474516e13"


INSIDE = ["http://10.0.0.1/x", "https://10.0.0.1/x", "https://127.0.0.1/x", "https://localhost/x", "https://[::1]/x", "https://169.254.169.254/x",
          "https://192.168.1.1:8443/x", "https://0x7f000001/x", "file:///etc/passwd", "https://a:b@example.com/x", "gopher://example.com/", "no address"]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_nothing_is_sent_where_outgoing_sends_nothing(sandbox_server, address):  # noqa: F811 - the fixture
    """Every check of every family, with every address that a partner can declare."""
    before = addresses.loopback_allowed()
    addresses.configure(loopback=False)
    app = AppUnderTest(
        "an-app",
        "its secret text",
        (address,),
        webhook_url=address,
        webhook_secret="another secret",
        previous_webhook_secret="before",
    )
    declared = TestSettings(connect_url=address, login_url=address, action_url=address, link=address)
    rig = Rig(app, declared, SHORT, Sandbox(sandbox_server.url, "an-app"), {Environment.EMBEDDED: sandbox_server.url})
    try:
        said = examine(rig)
        straight = rig.deliver(b"{}", "x")
    finally:
        addresses.configure(loopback=before)
    assert isinstance(straight, NotSent)
    assert [one.exchange.status for one in rig.trace if one.exchange.status is not None] == []
    assert rig.trace
    assert Verdict.PASSED not in {one.verdict for name, one in said.items() if name.startswith("callbacks.")}


def test_a_redirect_cannot_lead_inside(partner):
    partner.pages["/connect"] = lambda request: answer(request, 302, Location="http://10.0.0.1/connect")
    rig = partner.rig(login_url="http://10.0.0.1/connect")  # so that it counts as one of their own
    page = rig.visitor().get(f"{partner.url}/connect")
    assert (page.status, page.code) == (None, Forbidden.code)


def test_the_library_speaks_with_nobody_but_through_the_door():
    """Only the levers have a client of their own."""
    folder = Path(portal.exam.__file__).parent
    speaking = {"requests", "socket", "ssl", "urllib.request", "http.client", "urllib3"}
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*.py") if imported(path) & speaking}
    assert found <= {"sandbox.py", "client.py"}  # client.py is the command line's, which speaks with the portal


def imported(path):
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def test_a_run_shows_no_secret(partner):
    rig = partner.rig()
    said = examine(rig, [check for check in CHECKS if check.family in (Family.LINKS, Family.CALLBACKS)])
    words = " ".join(f"{one.words} {one.seen}" for one in said.values())
    assert partner.app["client_secret"] not in words
