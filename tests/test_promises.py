"""What holds over the whole application: asking changes nothing, and every answer carries what protects its reader."""

import re

import pytest

from portal.catalog import certification
from tests.crawl import address, crawl, doors
from tests.expected_gates import expected
from tests.stored import changed, everything

PEOPLE = {"nobody": "acme", "alice": "acme", "carol": "birch", "rita": "acme", "pam": "acme", "ada": "staff", "dora": "acme"}
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
OPEN = re.compile(r"/(certificates/[^/]+(\.json|/badge\.svg)|logos/.*|\.well-known/.*|sitemap\.xml|robots\.txt)(\?.*)?")
"""What other sites may show and everybody may keep."""
LAX = ("unsafe-inline", "unsafe-eval", "http:", "*")


def starts(app, furnished, person):
    values = {**furnished.ids["acme"], **furnished.ids[PEOPLE[person]], "token": "acme-token"}
    allowed = {endpoint: rule for endpoint, rule in doors(app).items() if person in expected()["GET", endpoint]}
    sections = [f"/build/{section.key}" for section in certification()] if person in ("alice", "carol") else []
    return ["/", *filter(None, (address(app, rule, values) for rule in allowed.values())), *sections]


@pytest.mark.parametrize("person", PEOPLE)
def test_asking_changes_nothing_and_every_answer_protects_its_reader(app, furnished, person):
    """A page that wrote would raise; this looks at what is stored, whoever wrote it."""
    before, pages = everything(app), 0
    for url, answer in crawl(
        furnished.client(person), starts(app, furnished, person), asked_by=({}, {"HX-Request": "true"}), alike=2
    ):
        assert answer.status_code < 500, f"{url} answered {answer.status_code}"
        assert_protected(url, answer, signed_in=person != "nobody")
        pages += answer.status_code == 200
    assert changed(before, everything(app)) == {}
    assert pages > 10


def test_what_changed_would_be_seen_and_can_be_put_back(app, furnished):
    before = everything(app)
    furnished.client("alice").post("/settings", data={"name": "Another", "time_zone": "Europe/Paris", "scheme": "dark"})
    assert set(changed(before, everything(app))) == {"users"}
    furnished.put_back()
    assert changed(before, everything(app)) == {}


def assert_protected(url, answer, *, signed_in):
    opened = OPEN.fullmatch(url) is not None
    for name, value in ALWAYS.items():
        found = answer.headers.get(name)
        assert found == value or (opened and found == "cross-origin"), f"{url} without {name}"
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy, url
    assert not any(word in policy.split() or f"'{word}'" in policy for word in LAX), f"{url}: {policy}"
    if signed_in and not opened:
        assert any(word in answer.headers.get("Cache-Control", "") for word in ("no-store", "private")), f"{url} may be cached"


def test_head_answers_as_get_does(app, furnished):
    alice = furnished.client("alice")
    for url in starts(app, furnished, "alice"):
        with_body = alice.get(url)
        with_body.close()  # an answer that is still streamed would share its context with the next request
        without = alice.head(url)
        assert without.status_code == with_body.status_code, url
        assert without.get_data() == b"", url


def test_a_method_that_a_door_does_not_know_has_words(app, furnished):
    alice = furnished.client("alice")
    for method in ("PUT", "DELETE", "PATCH"):
        answer = alice.open("/build/", method=method)
        assert answer.status_code == 405
        assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
        assert "<h1" in answer.text


@pytest.mark.parametrize("person", ["nobody", "alice", "rita"])
@pytest.mark.parametrize(
    "path", ["/nowhere", "/build/nowhere", "/staff/nowhere", "/files/", "/.env", "/build/%00", "/%F0%9F%92%A5"]
)
def test_what_is_not_there_has_words(app, furnished, person, path):
    answer = furnished.client(person).get(path)
    assert answer.status_code in (302, 403, 404, 308)
    assert answer.status_code in (302, 308) or "<h1" in answer.text
