"""The list of runs, one run and the comparison, with few runs and with ten thousand."""

import json
import re

import pytest
from sqlalchemy import insert, select

from portal import clock
from portal.extensions import db
from portal.models.delivery import Delivery  # noqa: F401 - a connection names one
from portal.models.partner_app import PartnerApp
from portal.models.run import Run, RunStep
from portal.runs import comparing, recording, service
from portal.runs.kinds import KINDS
from portal.status import Environment, RunKind, RunStatus, StepStatus
from portal.transaction import writing
from tests.statements import MOST, counted, statements_of

HOSTILE = "<script>alert(1)</script>{{ 7 * 7 }}%(name)s\N{ZERO WIDTH SPACE}"


@pytest.fixture
def stored(app, world):
    """`stored(n, …)`: n runs of Acme, the newest first; their keys."""

    def make(count, *, house="acme", status=RunStatus.PASSED, **values):
        with app.app_context(), writing():
            row = db.session.query(PartnerApp).filter_by(partner_id=world.partners[house]).first() or _app(world, house)
            known = {"partner_id": row.partner_id, "app_id": row.id, "kind": RunKind.CONNECT, "status": status}
            common = {**known, "started_by_id": world.users["alice"], **values}
            db.session.execute(insert(Run), [{**common, "words": f"Run {n}"} for n in range(count)])
            newest = select(Run.key).where(Run.partner_id == row.partner_id).order_by(Run.id.desc()).limit(count)
            return list(db.session.scalars(newest))

    return make


def _app(world, house):
    row = PartnerApp(partner_id=world.partners[house], environment=Environment.EMBEDDED, name=HOSTILE)
    db.session.add(row)
    db.session.flush()
    return row


@pytest.fixture
def stepped(app, stored):
    """`stepped(body, …)`: a run with one step that was answered with this body."""

    def make(body, *, verdict="As it should be.", url="https://api.example.com/creditors", **values):
        [key] = stored(1, **values)
        request = {"method": "GET", "url": url, "headers": {"Accept": "*/*"}, "body": "", "curl": "curl -i"}
        response = {"status": 200, "headers": {"Date": str(clock.now()), "X-Kind": "json"}, "body": body}
        with app.app_context(), writing():
            run = db.session.query(Run).filter_by(key=key).one()
            step = recording.step(run, "creditor")
            recording.finish(run, step, StepStatus.PASSED, verdict)
            step.request, step.response, step.milliseconds = request, response, 12.3
            recording.over(run, RunStatus.PASSED, verdict)
        return key

    return make


def test_empty_lists_say_what_to_do(alice, rita, world, app):
    assert "No runs yet" in alice.get("/developers/runs").get_data(as_text=True)
    with app.app_context():
        key = world.partner("acme").key
    assert "No runs yet" in rita.get(f"/staff/partners/{key}/runs").get_data(as_text=True)
    assert "No run fits" in alice.get("/developers/runs?status=failed").get_data(as_text=True)


def test_filters_and_pages(alice, stored):
    stored(60)
    failed = stored(3, status=RunStatus.FAILED)
    page = alice.get("/developers/runs?status=failed").get_data(as_text=True)
    assert [key in page for key in failed] == [True] * 3
    assert page.count("/developers/runs/") == 3
    first = alice.get("/developers/runs?kind=connect").get_data(as_text=True)
    older = re.search(r'href="([^"]*before=\d+)"', first)[1].replace("&amp;", "&")
    assert "kind=connect" in older
    assert "Older" not in alice.get(older).get_data(as_text=True)
    for odd in ("?status=x&kind=%00&app=%ff&before=1e9", "?before=-1", f"?before={2**70}", "?app=" + "x" * 5000):
        assert alice.get("/developers/runs" + odd).status_code == 200


def test_nothing_of_another_partner(alice, carol, stored):
    [key] = stored(1, house="birch")
    assert key not in alice.get("/developers/runs").get_data(as_text=True)
    assert alice.get(f"/developers/runs/{key}").status_code == 404
    assert alice.post(f"/developers/runs/{key}/stop").status_code == 404
    [own] = stored(1)
    assert alice.get(f"/developers/runs/compare?left={own}&right={key}").status_code == 404
    for query in ("", "?left=x", f"?left={own}&right=%00", f"?left={own}&right=nobody"):
        assert alice.get("/developers/runs/compare" + query).status_code in (400, 404)


def test_ten_thousand_runs_are_as_few_statements(alice, stored, stepped):
    key = stepped("{}")
    urls = ["/developers/runs", "/developers/runs?status=passed&kind=connect", f"/developers/runs/{key}", "/developers/connect"]
    few = [statements_of(alice, url) for url in urls]
    stored(10_000)
    many = [statements_of(alice, url) for url in urls]
    assert few == many
    assert max(many) <= MOST


def test_a_poll_with_nothing_new_draws_nothing(alice, stepped, app):
    key = stepped("{}")
    with app.app_context():
        version = db.session.query(Run).filter_by(key=key).one().version
    with counted() as ran:
        answer = alice.get(f"/developers/runs/{key}/live?version={version}")
    assert (answer.status_code, answer.get_data()) == (304, b"")
    assert len([text for text in ran if not text.startswith("PRAGMA")]) <= 3
    assert alice.get(f"/developers/runs/{key}/live?version=nonsense").status_code == 200


def test_hostile_words_are_shown_and_never_run(alice, stepped):
    key = stepped(json.dumps({"name": HOSTILE}), verdict=HOSTILE, url=f"https://x.example.com/{HOSTILE}")
    for path in (
        f"/developers/runs/{key}",
        f"/developers/runs/{key}/live",
        "/developers/runs",
        f"/developers/runs/compare?left={key}&right={key}",
    ):
        text = alice.get(path).get_data(as_text=True)
        assert "<script>alert" not in text
        assert "&lt;script&gt;" in text
        assert "49" not in re.findall(r"alert\(1\)&lt;/script&gt;(..)", text)


def test_two_side_by_side(alice, stepped):
    left = stepped(json.dumps({"name": "One", "scope": "read_write", "token": "sand…aaaa"}))
    right = stepped(json.dumps({"name": "Two", "scope": "read_write", "token": "sand…bbbb", "more": [1]}), verdict="Otherwise.")
    text = alice.get(f"/developers/runs/compare?left={left}&right={right}").get_data(as_text=True)
    assert "Different" in text
    assert "response body.name" in text
    assert "response body.more[0]" in text
    assert "request address" not in text
    assert "response body.token" not in text, "what is left of secrets differs always"
    assert "response body.scope" not in text
    assert "header Date" not in text


def test_steps_are_aligned_by_code_and_turn(app, stored):
    keys = stored(2)
    with app.app_context(), writing():
        ours, theirs = (db.session.query(Run).filter_by(key=key).one() for key in keys)
        for run, codes in ((ours, ["a", "b", "b"]), (theirs, ["b", "c"])):
            for code in codes:
                recording.finish(run, recording.step(run, code), StepStatus.PASSED, code)
        pairs = comparing.pairs(ours.steps, theirs.steps)
        assert [(pair.code, bool(pair.left), bool(pair.right)) for pair in pairs] == [
            ("a", True, False), ("b", True, True), ("b", True, False), ("c", False, True),
        ]  # fmt: skip


def test_forms_and_addresses_differ_by_their_fields():
    def step(url, body):
        request = {"method": "POST", "url": url, "headers": {"X": "1", "Date": url}, "body": body, "curl": url}
        return RunStep(code="exchanged", status=StepStatus.PASSED, verdict="", request=request, response=None)

    left = step("https://a.example.com/x?scope=read_only&state=abcd…wxyz", "code=aaaa…bbbb&redirect_uri=https%3A%2F%2Fa&n=")
    right = step("https://a.example.com/x?scope=read_write&state=efgh…stuv", "code=cccc…dddd&redirect_uri=https%3A%2F%2Fb&n=")
    [pair] = comparing.pairs([left], [right])
    assert [(one.place, one.left, one.right) for one in pair.differences] == [
        ("request address.scope", "read_only", "read_write"),
        ("request body.redirect_uri", "https://a", "https://b"),
    ]


def test_every_change_makes_the_version_grow(app, stored):
    [key] = stored(1, status=RunStatus.WAITING)

    def version(change):
        with app.app_context(), writing():
            run = db.session.query(Run).filter_by(key=key).one()
            change(run)
        with app.app_context():
            return db.session.query(Run).filter_by(key=key).one().version

    seen = [version(lambda run: None)]
    seen.append(version(lambda run: recording.step(run, "creditor")))
    seen.append(version(lambda run: recording.finish(run, run.steps[0], StepStatus.FAILED, "No.", problem="refused")))
    seen.append(version(service.stop))
    assert seen == sorted(set(seen))
    with app.app_context():
        run = db.session.query(Run).filter_by(key=key).one()
        assert (run.status, run.steps[0].status) == (RunStatus.STOPPED, StepStatus.FAILED)


def test_two_writers_never_leave_the_same_version(app, stored):
    [key] = stored(1)
    with app.app_context(), writing():
        run = db.session.query(Run).filter_by(key=key).one()
        before = run.version
        db.session.execute(Run.__table__.update().values(version=before + 1))
        recording.touch(run)
    with app.app_context():
        assert db.session.query(Run).filter_by(key=key).one().version == before + 2


def test_every_kind_says_what_its_steps_are():
    for kind in RunKind:
        known = KINDS[kind]
        assert set(known.usual) <= set(known.steps)
        assert all(words.clause.url.startswith("https://") for words in known.steps.values())
