"""The catalog and the table of checks know each other, and enough of the certification is proven."""

from portal.catalog import certification, versions
from portal.exam.coverage import Standing, coverage, unknown
from portal.exam.table import BY_ID

FOUND = coverage(certification())


def test_every_check_that_a_catalog_names_exists():
    assert [pair for version in versions() for pair in unknown(certification(version))] == []


def test_an_unknown_check_would_be_noticed():
    question = certification().question("oauth_only")
    assert all(check in BY_ID for check in question.checks)
    assert "links.no_such_check" not in BY_ID


def test_three_in_five_of_what_a_machine_can_judge_is_proven():
    assert (FOUND.mandatory, FOUND.judgeable) == (66, 36)
    assert FOUND.proven / FOUND.judgeable >= 0.6
    assert FOUND.percent == 100 * FOUND.proven // FOUND.judgeable


def test_every_question_stands_somewhere_and_says_why():
    lines = [line for part in FOUND.parts for line in part.lines]
    assert len(lines) == 99
    for line in lines:
        assert bool(line.checks) == (line.standing is Standing.PROVEN)
        assert bool(line.why) == (line.standing in (Standing.UNPROVEN, Standing.UNJUDGED))
    proven = [line for line in lines if line.standing is Standing.PROVEN and line.question.mandatory]
    assert len(proven) == FOUND.proven


def test_the_page_lists_them_all(alice, rita, nobody):
    for client in (alice, rita):
        page = client.get("/developers/checks/coverage").text
        assert f"{FOUND.proven} of {FOUND.judgeable} that a machine can judge are proven ({FOUND.percent} %)" in page
        assert page.count('<th scope="row">') == 99
        assert "links.state_unguessable" in page
        assert "What a video shows has to be watched." in page
    assert nobody.get("/developers/checks/coverage").status_code == 302
