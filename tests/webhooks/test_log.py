"""The list of webhooks: what it shows, how it is narrowed down and paged, what an open page is told, and the file of it."""

import itertools
import json
import re

import pytest

from tests.statements import statements_of
from tests.webhooks.sending import Hook, event, hook, webhook  # noqa: F401 - a fixture

LOG = "/developers/webhooks"
SCRIPT = "<script>alert(1)</script>"


def keys(page):
    return re.findall(r'<tr data-key="([^"]+)"', page)


@pytest.fixture
def filled(hook):  # noqa: F811 - the fixture
    """Five webhooks: payments failed, mandates active, one forged, one without events, one of four payments."""
    hook.send(webhook(event()))
    hook.send(
        webhook(event(id="EV2", resource_type="mandates", action="active", links={"mandate": "MD2", "organisation": "OR2"}))
    )
    hook.send(webhook(event(id="EV3")), header="0" * 64)
    hook.send(b"[]")
    hook.send(webhook(*(event(id=f"EV4{n}", action="confirmed", links={"payment": f"PM4{n}"}) for n in range(4))))
    return hook.read()


def test_an_empty_log_of_a_partner_without_apps_says_where_to_begin(alice):
    page = alice.get(LOG).text
    assert "No app yet" in page
    assert "Go to your apps" in page


def test_an_empty_log_tells_the_address_and_offers_a_test(alice, hook):  # noqa: F811 - the fixture
    page = alice.get(LOG).text
    assert f"/hooks/{hook.key}" in page
    assert "Send a test webhook" in page
    assert "Our app" in page


def test_what_arrived_is_listed_newest_first(alice, filled):
    page = alice.get(LOG).text
    assert keys(page) == [one.key for one in reversed(filled)]
    assert "payments confirmed" in page
    assert "+3" in page
    assert "mandates active" in page
    assert "no events" in page
    assert "OR0001" in page
    assert "Signature invalid" in page
    assert ">498<" in page
    assert "5 webhooks" in page


def test_what_was_not_read_yet_says_so(alice, hook):  # noqa: F811 - the fixture
    hook.send(webhook(event()))
    page = alice.get(LOG).text
    assert "being read" in page
    assert "data-unsettled" in page


@pytest.mark.parametrize(
    ("asked", "places"),
    [
        ({"verdict": "invalid"}, [2]),
        ({"verdict": "valid"}, [0, 1, 3, 4]),
        ({"event": "mandates.active"}, [1]),
        ({"type": "payments"}, [0, 2, 4]),
        ({"resource": "PM42"}, [4]),
        ({"organisation": "OR2"}, [1]),
        ({"answer": "498"}, [2]),
        ({"mark": "problem"}, [3]),
        ({"q": "insufficient_funds"}, [0, 1, 2, 4]),
        ({"q": "EV41"}, [4]),
        ({"q": "nowhere"}, []),
        ({"type": "payments", "verdict": "valid"}, [0, 4]),
        ({"since": "2020-01-01T00:00", "q": "ev2"}, [1]),
        ({"until": "2020-01-01T00:00"}, []),
        ({"app": "no-such-app"}, []),
        ({"verdict": "nonsense", "answer": "x", "since": "yesterday"}, [0, 1, 2, 3, 4]),
    ],
)
def test_filters(alice, filled, asked, places):
    page = alice.get(LOG, query_string=asked).text
    assert keys(page) == [filled[place].key for place in reversed(places)]


def test_filters_stay_in_the_url_and_each_can_be_taken_off(alice, filled):
    page = alice.get(LOG, query_string={"type": "payments", "verdict": "valid"}).text
    assert 'href="/developers/webhooks?type=payments"' in page
    assert 'href="/developers/webhooks?verdict=valid"' in page
    assert "Resource type: payments" in page
    assert f'/developers/webhooks/{filled[0].key}?verdict=valid&amp;type=payments"' in page
    assert 'href="/developers/webhooks/export?verdict=valid&amp;type=payments"' in page


def test_filters_that_fit_nothing_are_named(alice, filled):
    page = alice.get(LOG, query_string={"q": "nowhere", "verdict": "valid"}).text
    assert "No webhook fits these filters" in page
    assert "Without “Words in the body”" in page
    assert "Without “Signature”" in page


def test_pages_by_key_keep_the_filters(app, alice, hook):  # noqa: F811 - the fixture
    for n in range(103):
        hook.send(webhook(event(id=f"EV{n}")))
    everything = [one.key for one in reversed(hook.read())]
    first = alice.get(LOG, query_string={"type": "payments"})
    assert keys(first.text) == everything[:50]
    older = re.search(r'href="([^"]+)" rel="next"', first.text).group(1).replace("&amp;", "&")
    assert "type=payments" in older
    second = alice.get(older)
    assert keys(second.text) == everything[50:100]
    third = alice.get(re.search(r'href="([^"]+)" rel="next"', second.text).group(1).replace("&amp;", "&"))
    assert keys(third.text) == everything[100:]
    assert 'rel="next"' not in third.text
    newer = re.search(r'href="([^"]+)" rel="prev"', third.text).group(1).replace("&amp;", "&")
    back = alice.get(newer)
    assert keys(back.text) == everything[50:100]
    assert "data-news" not in back.text, "only the newest page is live"


def test_other_partners_see_nothing(carol, filled):
    assert keys(carol.get(LOG).text) == []
    for one in filled:
        assert carol.get(f"{LOG}/{one.key}").status_code == 404
        assert carol.get(f"{LOG}/{one.key}/body").status_code == 404
        assert carol.get(f"{LOG}/{one.key}/compare/{one.key}").status_code == 404


def test_staff_read_and_change_nothing(app, world, rita, filled):
    with app.app_context():
        key = world.partner("acme").key
    page = rita.get(f"/staff/partners/{key}/webhooks").text
    assert keys(page) == [one.key for one in reversed(filled)]
    assert "Resend" not in page
    assert "Send a test webhook" not in page
    assert "ED7D658C" not in page
    detail = rita.get(f"{LOG}/{filled[0].key}").text
    assert f"/staff/partners/{key}/webhooks" in detail
    assert "Resend" not in detail
    assert "ED7D658C" not in detail
    assert rita.post(f"{LOG}/{filled[0].key}/resend").status_code == 403


def test_news_for_an_open_page(alice, hook):  # noqa: F811 - the fixture
    hook.send(webhook(event()))
    hook.read()
    first = alice.get(f"{LOG}/news", headers={"X-Requested-With": "fetch"})
    assert len(keys(first.text)) == 1
    assert "<html" not in first.text
    again = alice.get(f"{LOG}/news", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.text) == (304, "")
    hook.send(webhook(event(id="EV2")))
    came = alice.get(f"{LOG}/news", headers={"If-None-Match": first.headers["ETag"]})
    assert len(keys(came.text)) == 2
    assert "data-unsettled" in came.text
    hook.read()
    read = alice.get(f"{LOG}/news", headers={"If-None-Match": came.headers["ETag"]})
    assert read.status_code == 200
    assert "data-unsettled" not in read.text


def test_an_answer_that_there_is_nothing_new_is_two_statements(alice, filled):
    version = alice.get(f"{LOG}/news").headers["ETag"]
    from tests.statements import counted

    with counted() as ran:
        assert alice.get(f"{LOG}/news", headers={"If-None-Match": version}).status_code == 304
    assert len([text for text in ran if not text.startswith(("PRAGMA", "BEGIN"))]) <= 2


def test_statements_whatever_is_asked(alice, hook):  # noqa: F811 - the fixture
    for n in range(52):
        hook.send(webhook(event(id=f"EV{n}")))
    filled = hook.read()
    asked = {
        "q": "insufficient",
        "verdict": "valid",
        "type": "payments",
        "since": "2020-01-01T00:00",
        "until": "2100-01-01T00:00",
    }
    assert statements_of(alice, LOG) <= 10
    assert statements_of(alice, LOG, query_string=asked) <= 10
    for two in itertools.combinations(asked, 2):
        assert statements_of(alice, LOG, query_string={name: asked[name] for name in two}) <= 10, two
    assert statements_of(alice, LOG, query_string={**asked, "before": "999999"}) <= 10
    assert statements_of(alice, f"{LOG}/{filled[0].key}") <= 10
    assert statements_of(alice, f"{LOG}/{filled[0].key}/compare/{filled[1].key}") <= 10
    assert statements_of(alice, f"{LOG}/forwarding") <= 10


def test_scripts_in_payloads_and_headers_are_shown_and_never_run(alice, hook):  # noqa: F811 - the fixture
    evil = event(
        id=SCRIPT,
        resource_type=SCRIPT,
        action="\"'><img src=x onerror=alert(1)>",
        links={"payment": SCRIPT, "organisation": SCRIPT},
    )
    hook.send(webhook(evil, webhook_id=SCRIPT), headers={"X-Evil": SCRIPT, "User-Agent": SCRIPT})
    (one,) = hook.read()
    for url in (LOG, f"{LOG}/{one.key}", f"{LOG}/{one.key}?panel=", f"{LOG}/{one.key}/compare/{one.key}", f"{LOG}/news"):
        page = alice.get(url).text
        assert SCRIPT not in page, url
        assert "<img src=x" not in page, url
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in alice.get(f"{LOG}/{one.key}").text


def test_the_file_holds_everything_that_fits(alice, filled):
    answer = alice.get(f"{LOG}/export")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert answer.mimetype == "application/x-ndjson"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert [line["key"] for line in lines] == [one.key for one in reversed(filled)]
    assert lines[4]["body"].encode() == webhook(event())
    assert lines[4]["events"][0]["type"] == "payments.failed"
    assert lines[2]["verdict"] == "Signature invalid"
    narrowed = alice.get(f"{LOG}/export", query_string={"verdict": "invalid"}).text.splitlines()
    assert [json.loads(line)["key"] for line in narrowed] == [filled[2].key]
    behind = alice.get(f"{LOG}/export", query_string={"before": lines[2]["cursor"]}).text.splitlines()
    assert [json.loads(line)["key"] for line in behind] == [filled[1].key, filled[0].key]


def test_a_file_of_many_pieces_holds_each_once(alice, hook, monkeypatch):  # noqa: F811 - the fixture
    from portal.webhooks import exporting, telling

    monkeypatch.setattr(exporting, "PIECE", 3)
    monkeypatch.setattr(telling, "AT_ONCE", 700)
    for n in range(11):
        hook.send(webhook(event(id=f"EV{n}")))
    everything = [one.key for one in reversed(hook.read())]
    lines = alice.get(f"{LOG}/export").text.splitlines()
    assert [json.loads(line)["key"] for line in lines] == everything


def test_bytes_that_are_no_text_come_in_base64(alice, hook):  # noqa: F811 - the fixture
    from base64 import b64decode

    hook.send(b"\xff\xfe\x00 no text")
    hook.read()
    (line,) = alice.get(f"{LOG}/export").text.splitlines()
    assert b64decode(json.loads(line)["body_base64"]) == b"\xff\xfe\x00 no text"
    assert "body" not in json.loads(line)
