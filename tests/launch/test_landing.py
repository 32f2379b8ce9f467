"""What a visit of a landing page finds, whatever answers there."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from portal import outgoing
from portal.launch import landing
from portal.launch.landing import About, look, read
from portal.transaction import writing
from portal.worker.delivery import drain
from tests.launch import acts

ABOUT = About(("Acme Billing",), "https://acme.example.com/start")
GOOD = """<html><head><title>Acme</title></head><body><h1>Acme Billing and GoCardless</h1>
<p>Collect invoices by Direct Debit in the United Kingdom. Your customers authorise once, and every invoice is paid on time.</p>
<p>Reminders stop, and nobody has to ask for money any more.</p>
<a href="/connect">Connect to GoCardless</a> <a href="/help">Read the guide</a></body></html>"""


class Site(BaseHTTPRequestHandler):
    """One address for each way in which a page can be wrong."""

    def do_GET(self):
        getattr(self, f"page_{self.path.strip('/').replace('-', '_') or 'good'}", self.page_missing)()

    def say(self, status=200, body=None, kind="text/html; charset=utf-8", **headers):
        body = GOOD.encode() if body is None else body
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def page_good(self):
        self.say()

    def page_missing(self):
        self.say(404, b"no")

    def page_moved(self):
        self.say(302, b"", Location="/good")

    def page_round(self):
        self.say(302, b"", Location="/round")

    def page_inside(self):
        self.say(302, b"", Location="http://169.254.169.254/latest/meta-data")

    def page_elsewhere(self):
        self.say(302, b"", Location="file:///etc/passwd")

    def page_picture(self):
        self.say(kind="image/png")

    def page_huge(self):
        self.say(body=b"x" * (landing.MOST_BYTES + 1))

    def page_slow(self):
        self.server.hangs.wait(5)

    def page_strange(self):
        self.say(kind="text/html; charset=no-such-thing")

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.hangs = threading.Event()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.hangs.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def _this_machine_may_be_called(app):
    outgoing.configure(loopback=True)
    yield
    outgoing.configure(loopback=app.settings.outgoing_loopback)


def words(found):
    return "\n".join(f"{one.tone}: {one.words}" for one in found)


def test_a_good_page_earns_no_advice_but_to_be_encrypted(site):
    found = look(f"{site}/good", ABOUT)
    assert [one.tone for one in found if "not encrypted" not in one.words] == ["success"] * 6
    assert "danger: It leads to" in words(found)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("missing", "danger: The page answers with 404"),
        ("moved", "warning: It redirects to"),
        ("round", "danger: The page redirects again and again"),
        ("inside", "is not public"),
        ("elsewhere", "danger: We could not open file:///etc/passwd"),
        ("picture", "danger: What comes back is no web page but image/png"),
        ("huge", "danger: The page is larger than 2 MB"),
        ("strange", "success: It names GoCardless"),
    ],
)
def test_what_is_wrong_is_named(site, path, said):
    assert said in words(look(f"{site}/{path}", ABOUT))


def test_a_page_that_hangs_is_named(site, monkeypatch):
    monkeypatch.setattr(landing, "SECONDS", 0.2)
    assert "did not come within" in words(look(f"{site}/slow", ABOUT))


@pytest.mark.parametrize(
    "url", ["https://10.0.0.1/", "https://localhost/", "https://[::1]/", "https://nowhere.invalid/", "https://u:p@x.example/"]
)
def test_what_is_private_or_nowhere_is_not_asked(url):
    outgoing.configure(loopback=False)
    assert words(look(url, ABOUT)).startswith("danger: We could not open")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda page: page.replace("GoCardless", "payments"), "does not name GoCardless"),
        (lambda page: page.replace("Acme Billing", "It"), "does not name your product"),
        (lambda page: page.replace("Connect to GoCardless", "More"), "no button or link with which merchants begin"),
        (lambda page: page.replace("Direct Debit", "magic"), "does not say how payments are collected"),
        (lambda page: page.replace("Read the guide", "More"), "no link to a guide"),
        (lambda page: page.replace("Reminders", "Costs 1% + £0.20. Reminders"), "It prints fees"),
        (lambda page: page.replace("<title>", '<meta name="robots" content="noindex"><title>'), "not to list it"),
        (
            lambda page: "<div id='app'></div><script>many words that only run and that nobody reads on a page " + "x " * 50,
            "hardly any words",
        ),
    ],
)
def test_each_piece_of_advice(change, said):
    assert said not in words(read(GOOD, ABOUT))
    assert f"{said}" in words(read(change(GOOD), ABOUT))


def test_a_link_to_where_it_begins_counts_whatever_it_says():
    page = GOOD.replace('<a href="/connect">Connect to GoCardless</a>', '<a href="https://acme.example.com/start">Hier</a>')
    assert "success: It has a button" in words(read(page, ABOUT))


def test_saving_the_address_has_it_visited_by_the_worker(app, world, alice, site):
    with app.app_context(), writing():
        acts.submit(world, "acme")
    assert alice.post("/launch/listing", data=acts.form(landing_url=f"{site}/missing", version="0")).status_code == 303
    assert "We are visiting" in alice.get("/launch/listing").text
    drain(app)
    assert "answers with 404" in alice.get("/launch/listing").text
    assert alice.post("/launch/landing").status_code == 303
    assert "We are visiting" in alice.get("/launch/landing").text
    drain(app)
    assert "answers with 404" in alice.get("/launch/landing").text


def test_the_findings_of_an_address_that_was_exchanged_meanwhile_are_not_kept(app, world, site):
    with app.app_context(), writing():
        acts.submit(world, "acme")
        listing = acts.fill(world, "acme", by="alice", landing_url=f"{site}/missing")
        key = listing.id
    real = landing.look

    def slowly(url, about):
        with app.app_context(), writing():
            acts.fill(world, "acme", by="alice", landing_url=f"{site}/good")
        return real(url, about)

    with app.app_context(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(landing, "look", slowly)
        landing.process(key)
        assert acts.listing_of(world, "acme").landing == {"url": f"{site}/good", "at": None, "findings": []}
