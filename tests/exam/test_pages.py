"""The pages of the checks: choose, run, look on, stop, run again, compare; for the team, for staff, for nobody else."""

import re

import pytest
from sqlalchemy import select

from portal.exam import table
from portal.extensions import db
from portal.models.event import Event
from portal.models.exam import CheckResult, Exam
from portal.status import CheckVerdict
from portal.transaction import writing
from portal.worker import drain
from tests.statements import MOST, statements_of

FIRST, SECOND = table.CHECKS[0], table.CHECKS[1]
LINKS = [check for check in table.CHECKS if check.family.value == "links"]


def start(client, exams, **form):
    """The address of the exam that the button begins."""
    answer = client.post("/developers/checks", data={"app": exams.app_key, **form})
    assert answer.status_code == 303, answer.text
    return answer.location


def key_of(url):
    return url.rpartition("/")[2]


def saying(exams, key, verdicts):
    """As if the checks of an exam had said this, letter by letter, p or f; the last letter goes for all others."""
    with exams.app.app_context(), writing():
        exam = db.session.scalars(select(Exam).filter_by(key=key)).one()
        for place, row in enumerate(
            db.session.scalars(select(CheckResult).filter_by(exam_id=exam.id).order_by(CheckResult.id))
        ):
            letter = verdicts[min(place, len(verdicts) - 1)]
            row.verdict = {"p": CheckVerdict.PASSED, "f": CheckVerdict.FAILED}[letter]


def test_without_an_app_the_page_says_what_to_do(alice):
    page = alice.get("/developers/checks").text
    assert "Register an app" in page
    assert "Run all" not in page


def test_every_check_is_there_before_anything_ran(alice, bare):
    page = alice.get("/developers/checks").text
    for check in table.CHECKS:
        assert check.title.split("'")[0] in page
    assert page.count("Not made yet") == len(table.CHECKS)
    assert "Integration checks" in alice.get("/developers").text


def test_run_all_leads_to_a_page_that_shows_how_it_goes(alice, bare):
    url = start(alice, bare)
    page = alice.get(url).text
    assert f"0 of {len(table.CHECKS)}" in page
    assert page.count("Still to come") == len(table.CHECKS)
    assert "Stop these checks" in page
    assert "Refresh" in page
    drain(bare.app)
    page = alice.get(url).text
    assert f"{len(table.CHECKS)} of {len(table.CHECKS)}" in page
    assert "Stop these checks" not in page


def test_a_family_takes_what_it_needs_and_nothing_else(alice, bare):
    exam = bare.get(key_of(start(alice, bare, family="links")))
    assert exam.checks == [check.id for check in LINKS]
    assert exam.chosen == "Links"


def test_one_check_takes_what_it_needs(alice, bare):
    needing = next(check for check in table.CHECKS if check.needs)
    exam = bare.get(key_of(start(alice, bare, check=needing.id)))
    assert {needing.id, *needing.needs} <= set(exam.checks)
    assert exam.chosen == needing.title


@pytest.mark.parametrize("form", [{"check": "links.no_such"}, {"family": "no such"}, {"check": "\0"}, {"app": "nobody's"}])
def test_what_there_is_none_of_is_said(alice, bare, form):
    answer = alice.post("/developers/checks", data={"app": bare.app_key, **form})
    assert answer.status_code == 422
    assert "There is a problem" in answer.text


def test_one_exam_of_an_app_at_a_time(alice, bob, bare):
    url = start(alice, bare)
    assert "Checks of this app are going on" in bob.get("/developers/checks").text
    assert "Run all" not in bob.get("/developers/checks").text
    assert bob.post("/developers/checks", data={"app": bare.app_key}).status_code == 409
    assert bob.post(f"{url}/stop").status_code == 303
    assert "Stopped after 0 of" in bob.get(url).text
    start(bob, bare)


def test_a_stopped_exam_makes_nothing_more_and_cannot_be_stopped_again(alice, bare):
    url = start(alice, bare)
    alice.post(f"{url}/stop")
    drain(bare.app)
    assert bare.verdicts(key_of(url)) == {}
    assert alice.post(f"{url}/stop").status_code == 409


def test_a_poll_is_answered_only_when_something_changed(alice, bare):
    url = start(alice, bare, family="links")
    version = bare.get(key_of(url)).version
    assert alice.get(f"{url}/live?version={version}").status_code == 304
    drain(bare.app)
    fresh = alice.get(f"{url}/live?version={version}")
    assert fresh.status_code == 200
    assert 'data-over="yes"' in fresh.text
    assert "<html" not in fresh.text


def test_the_failed_ones_run_again_from_the_exam_and_from_the_first_page(alice, bare):
    url = start(alice, bare, family="links")
    drain(bare.app)
    saying(bare, key_of(url), "fp")
    assert "1 check failed" in alice.get(url).text
    again = alice.post(f"{url}/again", data={"what": "failed"}).location
    assert bare.get(key_of(again)).checks == [FIRST.id]
    alice.post(f"{again}/stop")
    page = alice.get("/developers/checks").text
    assert "Run again the failed ones (1)" in page
    third = start(alice, bare, what="failed")
    assert bare.get(key_of(third)).chosen == "The failed ones"


def test_the_same_checks_and_one_of_them_run_again(alice, bare):
    url = start(alice, bare, family="links")
    drain(bare.app)
    same = alice.post(f"{url}/again", data={"what": "same"}).location
    assert bare.get(key_of(same)).checks == [check.id for check in LINKS]
    alice.post(f"{same}/stop")
    one = alice.post(f"{url}/again", data={"check": FIRST.id}).location
    assert FIRST.id in bare.get(key_of(one)).checks


def test_nothing_failed_is_nothing_to_run_again(alice, bare):
    url = start(alice, bare, check=FIRST.id)
    drain(bare.app)
    saying(bare, key_of(url), "p")
    assert alice.post(f"{url}/again", data={"what": "failed"}).status_code == 409


def test_a_result_has_everything_that_was_seen(alice, exams):
    key = exams.start(*(check.id for check in LINKS))
    page = alice.get(f"/developers/checks/exams/{key}").text
    for check in LINKS:
        assert f"/developers/checks/results/{exams.result(key, check.id).key}" in page
    seen = exams.result(key, "links.state")
    page = alice.get(f"/developers/checks/results/{seen.key}").text
    assert "What was sent and answered" in page
    assert "curl -" in page
    assert "Run this check again" in page
    assert "/connect" in page


def test_the_page_takes_few_statements_however_much_is_there(alice, exams):
    key = exams.start(*(check.id for check in LINKS))
    exams.start(FIRST.id)
    result = exams.result(key, "links.state")
    for url in (
        "/developers/checks",
        f"/developers/checks/settings/{exams.app_key}",
        f"/developers/checks/exams/{key}",
        f"/developers/checks/exams/{key}/live",
        f"/developers/checks/results/{result.key}",
        f"/developers/checks/compare?left={key}&right={key}",
    ):
        assert statements_of(alice, url) <= MOST


def test_two_exams_side_by_side(alice, bare):
    urls = [start(alice, bare, family="links")]
    drain(bare.app)
    urls.append(start(alice, bare, family="links"))
    drain(bare.app)
    before, after = map(key_of, urls)
    saying(bare, before, "pffp")
    saying(bare, after, "fpfp")
    for left, right in ((before, after), (after, before)):
        page = alice.get(f"/developers/checks/compare?left={left}&right={right}").text
        main = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page[page.index("<main") :]))
        assert "Worse 1 Still failing 1 Fixed 1" in main
    assert alice.get(f"/developers/checks/compare?left={before}").status_code == 400
    assert alice.get(f"/developers/checks/compare?left={before}&right=%00").status_code == 404


def test_strangers_see_nothing_and_staff_read(alice, carol, rita, nobody, bare):
    url = start(alice, bare, family="links")
    drain(bare.app)
    key, partner = key_of(url), _partner_key(bare)
    result = bare.result(key, FIRST.id)
    for address in (
        url,
        f"{url}/live",
        f"/developers/checks/results/{result.key}",
        f"/developers/checks/compare?left={key}&right={key}",
    ):
        assert carol.get(address).status_code == 404
        assert nobody.get(address).status_code == 302
        assert rita.get(address).status_code == 200
    for verb in ("stop", "again"):
        assert carol.post(f"{url}/{verb}").status_code == 404
        assert rita.post(f"{url}/{verb}").status_code == 403
    page = rita.get(f"/staff/partners/{partner}/checks").text
    assert FIRST.title in page
    assert "Run" not in re.findall(r"<button[^>]*>\s*([^<]*)", page)
    assert f"/staff/partners/{partner}/checks" in rita.get(f"/staff/partners/{partner}").text
    assert carol.post("/developers/checks", data={"app": bare.app_key}).status_code == 422


def _partner_key(exams):
    with exams.app.app_context():
        return exams.world.partner("acme").key


def test_a_verdict_stays_when_its_check_is_gone(alice, bare):
    url = start(alice, bare, check=FIRST.id)
    drain(bare.app)
    row = bare.result(key_of(url), FIRST.id)
    with bare.app.app_context(), writing():
        db.session.get(CheckResult, row.id).check_id = "links.long_gone"
    page = alice.get(f"/developers/checks/results/{row.key}").text
    assert "no such check any more" in page
    assert alice.get(url).status_code == 200
    assert alice.get("/developers/checks").status_code == 200


def test_starting_and_ending_are_in_the_timeline(alice, bare):
    start(alice, bare, family="links")
    drain(bare.app)
    with bare.app.app_context():
        kinds = list(db.session.scalars(select(Event.kind).order_by(Event.id)))
    assert kinds[-2:] == ["exam_started", "exam_ended"]
    assert "started integration checks of the app" in alice.get("/updates").text
