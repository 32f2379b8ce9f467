"""Times in the reader's zone, words as plain text, sizes."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import g

from portal import clock, words

MOMENT = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)


@pytest.fixture
def in_zone(app):
    def tell(zone, told):
        with app.test_request_context():
            g.zone = ZoneInfo(zone)
            return told()

    return tell


def test_one_moment_is_told_to_each_reader_in_their_own_zone(in_zone):
    told = [
        in_zone(zone, lambda: words.when(MOMENT)[-5:])
        for zone in ("Europe/Berlin", "Europe/London", "Europe/Berlin", "Asia/Tokyo")
    ]
    assert told == ["18:00", "17:00", "18:00", "02:00"]


def test_another_year_is_named(in_zone):
    assert "1999" in in_zone("UTC", lambda: words.when(MOMENT.replace(year=1999)))


@pytest.mark.parametrize(("age", "said"), [(5, "just now"), (300, "5 min ago"), (7200, "2 h ago")])
def test_ages(in_zone, age, said):
    assert in_zone("UTC", lambda: words.ago(clock.now() - timedelta(seconds=age))) == said


def test_words_from_tables_are_escaped_on_the_page(app):
    template = app.jinja_env.from_string("{{ _(text) }}|{% trans name=text %}Hello <b>{{ name }}</b>{% endtrans %}")
    assert template.render(text="<i>50%</i>") == "&lt;i&gt;50%&lt;/i&gt;|Hello <b>&lt;i&gt;50%&lt;/i&gt;</b>"


@pytest.mark.parametrize(("count", "said"), [(0, "1 KB"), (9_400, "9 KB"), (2_340_000, "2.3 MB")])
def test_sizes(count, said):
    assert words.size(count) == said
