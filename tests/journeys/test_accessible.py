"""Every page of the furnished world under axe: dark, and on a phone without sideways scrolling."""

import pytest

from portal.catalog import certification
from tests.browser import AXE, accessible
from tests.crawl import address, doors
from tests.expected_gates import expected
from tests.furnished import MARKS

PHONE = {"width": 390, "height": 844}
ELSEWHERE = ("security.", "identity.", "development.", "files.", "patterns.")
"""Rooms that look at their own pages, and answers that are no pages."""
FRAGMENTS = {
    "public.alive", "public.ready",
    "public.certificate_json", "public.certificate_badge", "public.sitemap", "public.robots", "public.signing_keys",
    "payments.payments_csv", "staff.audit_csv", "staff.audit_ndjson", "staff.figure_csv", "leads.csv", "leads.all_csv", "webhooks.export", "webhooks.export_of_partner", "webhooks.raw",
    "samples.download", "grow.file", "grow.atom", "apps.logo", "runs.live", "exam.proof_file", "exam.live", "webhooks.news", "webhooks.news_of_partner",
    "exports.save", "launch.landing", "launch.logo_picture", "launch.document_file",
}  # fmt: skip
PEOPLE = {"alice": "acme", "rita": "acme", "ada": "birch", "nobody": "acme"}


def pages_of(app, furnished, person, house):
    allowed = {endpoint: rule for endpoint, rule in doors(app).items() if person in expected()["GET", endpoint]}
    taken = {name: rule for name, rule in allowed.items() if not name.startswith(ELSEWHERE) and name not in FRAGMENTS}
    found = [address(app, rule, furnished.ids[house]) for rule in taken.values()]
    sections = [f"/build/{section.key}" for section in certification()] if house in MARKS and person == "alice" else []
    return sorted({*filter(None, found), *sections})


@pytest.mark.timeout(300)
@pytest.mark.parametrize("person", PEOPLE)
def test_pages_in_the_dark_on_a_phone(app, furnished, fresh, live, person):
    page = fresh(color_scheme="dark", viewport=PHONE)
    if person != "nobody":
        page.context.add_cookies([{"name": "portal_session", "value": furnished.cookies[person], "url": live}])
    problems = []
    for path in pages_of(app, furnished, person, PEOPLE[person]):
        page.goto(path)
        problems += _problems(page, path)
    assert not problems, "\n".join(problems)


def _problems(page, path):
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        yield f"{path} scrolls sideways"
    try:
        if AXE.exists():
            accessible(page)
    except AssertionError as found:
        yield str(found)
