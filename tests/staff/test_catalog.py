"""Staff read the certification: every version, what changed, and where a question is flagged."""

from pathlib import Path

import pytest

from portal import clock
from portal.catalog import certification
from portal.catalog.versions import configure
from portal.extensions import db
from portal.models.review import Remark, Round
from portal.staff import catalog
from portal.status import RemarkKind
from portal.transaction import writing
from tests.statements import MOST, statements_of

TWO_VERSIONS = Path(__file__).parents[1] / "catalog" / "versions"
QUESTION = "/staff/catalog/2026-11/questions/duplicates"


@pytest.fixture
def flag(app, world):
    """`flag(house, question, text, …)`: a correction that was sent."""

    def make(house, question, text, **values):
        with app.app_context(), writing():
            integration = world.integrations[house]
            review = db.session.query(Round).filter_by(integration_id=integration).first()
            if review is None:
                review = Round(integration_id=integration, number=1, catalog_version="2026-11", due_at=clock.now())
                db.session.add(review)
                db.session.flush()
            known = {"kind": RemarkKind.BLOCKING, "sent_at": clock.now(), "author_id": world.users["rita"], **values}
            db.session.add(
                Remark(
                    integration_id=integration,
                    round_id=review.id,
                    section_key="webhooks",
                    question_key=question,
                    text=text,
                    **known,
                )
            )

    return make


@pytest.fixture
def two_versions():
    configure(TWO_VERSIONS)
    yield
    configure(None)


def test_every_question_is_there_with_what_passes(rita):
    page = rita.get("/staff/catalog").text
    for section in certification():
        assert f"{section.number}. {section.title}" in page
    assert page.count('id="q-') == len(certification().questions)


def test_flags_are_counted_by_partner(flag, rita):
    flag("acme", "duplicates", "First")
    flag("acme", "duplicates", "Again")
    flag("birch", "duplicates", "Too")
    flag("birch", "charge_date", "Old", sent_at=clock.now() - 400 * clock.DAY)
    flag("birch", "event_order", "Taken back", withdrawn_at=clock.now())
    flag("birch", "event_order", "Only a draft", sent_at=None)
    page = rita.get("/staff/catalog").text
    assert "Flagged for 2" in page
    assert page.count("Flagged for") == 1


def test_where_a_question_is_flagged(flag, rita):
    flag("acme", "duplicates", "Please use a <unique> key.")
    flag("birch", "duplicates", "This one too.", resolved_at=clock.now())
    flag("birch", "duplicates", "For staff only.", kind=RemarkKind.INTERNAL)
    page = rita.get(QUESTION).text
    assert "Please use a &lt;unique&gt; key." in page
    assert page.index("This one too.") < page.index("Please use")
    assert "For staff only." not in page
    assert "Nobody had to correct this" in rita.get("/staff/catalog/2026-11/questions/charge_date").text


def test_many_flags_go_on_page_by_page(flag, rita):
    for n in range(catalog.PAGE + 2):
        flag("acme", "duplicates", f"Remark {n:02}.")
    first = rita.get(QUESTION).text
    older = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    assert "Remark 01." not in first
    assert "Remark 01." in rita.get(older).text


def test_with_one_version_there_is_nothing_to_compare(rita):
    assert "There is one version" in rita.get("/staff/catalog/changes").text


def test_what_changed_between_two_versions(two_versions, rita):
    page = rita.get("/staff/catalog/changes").text
    assert "1 new, 1 gone" in page
    for words in ("is no longer offered", "worded differently", "In another section"):
        assert words in page
    assert "Nothing changed" in rita.get("/staff/catalog/changes?old=2027-03&new=2027-03").text
    assert "1 new, 1 gone" in rita.get("/staff/catalog/changes?old=2027-03&new=2026-11").text


@pytest.mark.parametrize(
    "path",
    [
        "/staff/catalog/nope",
        "/staff/catalog/changes?old=nope",
        "/staff/catalog/2026-11/questions/nope",
        "/staff/catalog/..%2f..%2fetc",
    ],
)
def test_what_is_not_there(rita, path):
    assert rita.get(path).status_code == 404


def test_conditions_have_words():
    told = {question.key: catalog.when_asked(question, certification()) for question in certification().questions}
    asked = [question for question in certification().questions if question.condition]
    assert all(told[question.key] for question in asked)
    assert not any(told[question.key] for question in certification().questions if question not in asked)
    assert any("is answered with" in words for words in told.values())
    assert any("My Account" in words for words in told.values())


def test_partners_do_not_see_it_and_statements_are_few(flag, alice, sam):
    assert alice.get("/staff/catalog").status_code == alice.get(QUESTION).status_code == 403
    flag("acme", "duplicates", "Words.")
    assert max(statements_of(sam, "/staff/catalog"), statements_of(sam, QUESTION)) <= 4 < MOST
