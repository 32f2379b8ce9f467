"""The page of figures: sentences, tables, periods, downloads, and honest words where there is nothing."""

import csv
import io

import pytest
from sqlalchemy import select

from portal.catalog import certification
from portal.extensions import db
from portal.models.desk_figure import DeskFigure
from portal.models.outbox import Outbox
from portal.staff import counting, figures
from portal.staff.counting import FIGURES, Period
from portal.transaction import writing
from portal.worker.delivery import drain
from tests.statements import MOST, statements_of

COLUMNS = [["2026-03-01", 0, 0, None], ["2026-04-01", 9, 1, 3]]
DATA = {
    "certification": {"partners": 12, "half": 34, "ninety": 60, "stages": [["joined", 12, 1, 3], ["account", 0, None, None]]},
    "stops": {
        "partners": 40,
        "slow": 20,
        "steps": [["accepted", 40, 6, 4], ["joined", 34, 9, 8], ["account", 25, 3, 1], ["submitted", 22, 0, 0], ["answered", 22, 10, 0], ["certified", 12, 2, 0], ["published", 10, 10, 0]],
    },
    "flagged": {"reviewed": 12, "questions": [["duplicates", 5, 7], ["gone_question", 1, 1]]},
    "clock": {"kept": 9, "missed": 1, "half": 3, "ninety": 5, "columns": COLUMNS},
    "queue": {"running": 3, "overdue": 1, "paused": 2, "oldest": 8, "ages": [[0, 1, 0], [6, 1, 1]]},
    "cases": {"opened": 4, "in_time": 2, "late": 1, "ended": 3, "columns": [["2026-04-01", 4, 2, 1, 3]]},
    "leads": {"brought": 6, "won": 2, "lost": 1, "columns": [["2026-04-01", 6, 2, 1]]},
}  # fmt: skip


@pytest.fixture
def stored(app, world):
    with app.app_context(), writing():
        db.session.add_all(DeskFigure(period="year", name=name, data=data) for name, data in DATA.items())


@pytest.mark.parametrize(
    "sentence",
    [
        "Half of partners are certified within 34 working days of being accepted, nine in ten within 60.",
        "13 of 40 partners have stood on one step for more than 20 working days, most of them in My Account (8).",
        "is sent back most: to 5 of the 12 partners that got feedback.",
        "9 of 10 reviews were answered in time; half took at most 3 working days, nine in ten at most 5.",
        "3 reviews wait now, 1 of them overdue, the oldest since 8 working days.",
        "2 of 3 cases had their first answer in time. 4 were opened and 3 ended.",
        "2 of the 3 leads that came to an end were won. 6 were brought.",
    ],
)
def test_each_figure_answers_in_a_sentence(stored, rita, sentence):
    assert sentence in rita.get("/staff/figures").text


def test_the_page_works_as_tables(stored, rita):
    page = rita.get("/staff/figures").text
    assert page.count("<table") == len(DATA)
    assert page.count('data-chart="') == len(DATA)
    assert 'data-series="bad"' in page
    assert "style=" not in page


def test_a_table_and_its_download_say_the_same(stored, rita):
    lines = list(csv.reader(io.StringIO(rita.get("/staff/figures/stops.csv?period=year").text)))
    assert lines[:3] == [
        ["Last step taken", "Reached it", "On their way", "Stopped"],
        ["Accepted", "40", "2", "4"],
        ["First sign-in", "34", "1", "8"],
    ]
    lines = list(csv.reader(io.StringIO(rita.get("/staff/figures/flagged.csv").text)))
    assert lines[1:] == [[certification().question("duplicates").text, "5", "7", "42"], ["gone_question", "1", "1", "8"]]
    assert len(list(csv.reader(io.StringIO(rita.get("/staff/figures/certification.csv").text)))) == 3


def test_what_was_not_measured_is_left_out(stored, rita):
    page = rita.get("/staff/figures").text
    assert "First sign-in" in page.split('id="certification"')[1].split("</section>")[0]
    assert "My Account complete" not in page.split('id="certification"')[1].split("</section>")[0]


def test_a_period_is_chosen_and_anything_else_is_a_year(stored, rita):
    assert "Nothing counted yet" in rita.get("/staff/figures?period=quarter").text
    for odd in ("nonsense", "", "%00", "YEAR"):
        assert "Half of partners" in rita.get(f"/staff/figures?period={odd}").text


@pytest.mark.parametrize("period", list(Period))
def test_an_empty_portal_has_honest_words(app, world, rita, period):
    with app.app_context(), writing():
        counting.count()
    page = rita.get(f"/staff/figures?period={period.value}").text
    for words in ("Nobody was certified in this time.", "No review was answered in this time.", "No feedback was sent in this time.",
                  "No lead came to an end in this time.", "Nothing waits for a reviewer", "Nothing to show for this yet."):  # fmt: skip
        assert words in page
    assert "nan" not in page.lower().replace("finance", "")


def test_counting_now_is_asked_of_the_worker(app, world, rita):
    assert "Nothing counted yet" in rita.get("/staff/figures").text
    answer = rita.post("/staff/figures/count", data={"period": "all"})
    assert (answer.status_code, answer.location) == (303, "/staff/figures?period=all")
    drain(app)
    assert "Counted" in rita.get(answer.location).text
    with app.app_context():
        assert len(db.session.scalars(select(DeskFigure)).all()) == len(FIGURES) * len(Period)
        assert db.session.scalars(select(Outbox.state)).one() == "done"
        db.session.rollback()


def test_counting_again_replaces_what_was_counted(app, stored, rita):
    with app.app_context(), writing():
        counting.count()
        counting.count()
    assert "Half of partners" not in rita.get("/staff/figures").text


def test_statements_are_few_whatever_is_counted(stored, rita):
    assert statements_of(rita, "/staff/figures") <= 3 <= MOST


def test_every_figure_that_is_counted_is_drawn_and_the_other_way_round():
    assert set(FIGURES) == set(figures.MAKERS) == set(DATA)


def test_what_is_no_figure_is_not_there(stored, rita):
    assert rita.get("/staff/figures/nonsense.csv").status_code == 404
    assert rita.get("/staff/figures/clock.csv?period=quarter").text == ""


@pytest.mark.parametrize(("person", "status"), [("alice", 403), ("bob", 403), ("sam", 200), ("pam", 200), ("nobody", 302)])
def test_staff_read_them_and_nobody_else(app, world, person, status):
    client = app.test_client() if person == "nobody" else world.client(person)
    assert client.get("/staff/figures").status_code == status
    assert client.get("/staff/figures/clock.csv").status_code == status
