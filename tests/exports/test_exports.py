"""From asking for an export to saving it: what is in it, who may have it, and what becomes of it."""

import dataclasses
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdfium2
import pytest
import time_machine
from sqlalchemy import select

from portal import clock, storage
from portal.exports import asking, document, gathering, packing
from portal.extensions import db
from portal.models.event import Event
from portal.models.evidence import File
from portal.models.export import Export
from portal.models.outbox import Outbox, Task
from portal.models.review import Remark, Round
from portal.status import ExportKind, ExportState
from portal.transaction import writing
from portal.worker.delivery import drain
from portal.worker.periodic import forget_exports
from tests.furnished import FLAGGED, MARKS, PNG, STAFF_ONLY


def asked(client, path, **form):
    """Ask, let the worker make it, and say the key."""
    answer = client.post(path, data=form)
    assert answer.status_code == 303, answer.text
    return answer.location.rpartition("/")[2]


def saved(client, key):
    answer = client.get(f"/exports/{key}/file")
    assert answer.status_code == 200
    return answer.get_data()


def text_of(pdf):
    read = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_bounded() for page in read)


@pytest.fixture
def acme(app, furnished):
    """What is Acme's, with a picture that can be drawn for one of its files."""
    with app.app_context(), writing():
        file = db.session.scalars(select(File).where(File.key == furnished.ids["acme"]["file_key"])).one()
        file.thumbnail_key = storage.current().put(_picture())
    return furnished.ids["acme"]


def _picture():
    from PIL import Image

    made = io.BytesIO()
    Image.new("RGB", (480, 360), (20, 90, 160)).save(made, "WEBP")
    return made.getvalue()


def test_the_pdf_of_a_submission(app, furnished, acme, inbox):
    alice = furnished.client("alice")
    key = asked(alice, f"/exports/rounds/{acme['round_key']}", kind="document")
    assert "Being made" in alice.get(f"/exports/{key}").text
    assert alice.get(f"/exports/{key}/file").status_code == 410
    drain(app)
    assert "Save the file" in alice.get(f"/exports/{key}").text
    pdf = saved(alice, key)
    assert pdf.startswith(b"%PDF-1.7")
    assert b"pdfuaid:part" in pdf
    assert b"/Lang(en-GB)" in pdf
    said = text_of(pdf)
    assert "10. " in said
    assert "zebra comments on oauth_only" in said.replace("\n", " ")
    assert "zebra must correct this" in said
    assert "zebra-connect.png" in said
    assert STAFF_ONLY not in said
    assert MARKS["birch"] not in said
    letter = next(path.read_text() for path in inbox.glob("*.eml") if "Ready:" in path.read_text())
    assert f"/exports/{key}" in letter


def test_the_archive_of_a_submission(app, furnished, acme):
    alice = furnished.client("alice")
    key = asked(alice, f"/exports/rounds/{acme['round_key']}", kind="archive")
    drain(app)
    with zipfile.ZipFile(io.BytesIO(saved(alice, key))) as read:
        assert read.testzip() is None
        names = read.namelist()
        answers, feed = (json.loads(read.read(name)) for name in ("answers.json", "feed.json"))
        assert read.read("submission.pdf").startswith(b"%PDF")
        evidence = [file for section in answers["sections"] for question in section["questions"] for file in question["files"]]
        assert evidence
        assert all(read.read(file["path"]) == PNG for file in evidence if file["path"])
    assert answers["format"] == "partner-portal/submission"
    assert len(answers["sections"]) == 10
    assert len({name.casefold() for name in names}) == len(names)
    everything = json.dumps([answers, feed])
    assert STAFF_ONLY not in everything
    assert any(entry["text"] == "zebra asks a question" for entry in feed)
    flagged = next(section for section in answers["sections"] if section["key"] == FLAGGED)
    remarks = [remark for question in flagged["questions"] for remark in question["remarks"]]
    assert [remark["text"] for remark in remarks] == ["zebra must correct this"]
    assert flagged["verdicts"][0]["status"] == "attention_needed"


def test_who_may_have_what(app, furnished, acme):
    """Another partner: not there. What staff asked for: theirs. All data: for admins, and after a fresh sign-in."""
    alice, bob, carol, rita, ada = (furnished.client(name) for name in ("alice", "bob", "carol", "rita", "ada"))
    own = asked(bob, f"/exports/rounds/{acme['round_key']}")
    theirs = asked(rita, f"/staff/exports/{acme['round_key']}", kind="archive")
    everything = asked(alice, "/exports/everything")
    by_staff = asked(ada, f"/staff/partners/{acme['partner_key']}/exports/everything")
    drain(app)
    answers = {
        name: [client.get(f"/exports/{key}/file").status_code for key in (own, theirs, everything, by_staff)]
        for name, client in {"alice": alice, "bob": bob, "carol": carol, "rita": rita, "ada": ada}.items()
    }
    assert answers == {
        "alice": [200, 404, 200, 404],
        "bob": [200, 404, 403, 404],
        "carol": [404, 404, 404, 404],
        "rita": [200, 200, 403, 403],
        "ada": [200, 200, 200, 200],
    }
    assert carol.post(f"/exports/rounds/{acme['round_key']}").status_code == 404
    assert theirs not in alice.get("/exports").text
    with alice.session_transaction() as session:
        session["fs_paa"] = 1
        session.pop("fs_gexp", None)
    assert "/sign-in/again" in alice.get(f"/exports/{everything}/file").location
    assert "/sign-in/again" in alice.post("/exports/everything").location
    assert alice.get(f"/exports/{own}/file").status_code == 200


def test_bad_input(furnished, acme):
    alice = furnished.client("alice")
    assert alice.post(f"/exports/rounds/{acme['round_key']}", data={"kind": "everything"}).status_code == 404
    assert alice.post("/exports/rounds/none").status_code == 404
    assert alice.get("/exports/none").status_code == 404


def test_two_who_ask_at_once_get_one(app, furnished, acme):
    alice, bob = furnished.client("alice"), furnished.client("bob")
    path = f"/exports/rounds/{acme['round_key']}"
    assert asked(alice, path) == asked(bob, path)
    assert asked(alice, path, kind="archive") != asked(
        furnished.client("rita"), f"/staff/exports/{acme['round_key']}", kind="archive"
    )
    drain(app)
    assert asked(alice, path) != asked(bob, path, kind="archive")


def test_what_cannot_be_made_says_so_and_can_be_asked_for_again(app, furnished, acme, monkeypatch):
    def broken(*_):
        raise document.NotDrawn("no")

    alice = furnished.client("alice")
    key = asked(alice, f"/exports/rounds/{acme['round_key']}")
    with monkeypatch.context() as patched:
        patched.setattr(document, "draw", broken)
        for _ in range(3):
            drain(app)
            with app.app_context(), writing():
                for row in db.session.scalars(select(Outbox).where(Outbox.task == Task.EXPORT)):
                    row.next_at = clock.now()
    assert "It could not be made" in alice.get(f"/exports/{key}").text
    assert asked(alice, f"/exports/rounds/{acme['round_key']}") != key


def test_kept_for_a_week_and_then_gone_with_its_file(app, furnished, acme):
    alice = furnished.client("alice")
    key = asked(alice, f"/exports/rounds/{acme['round_key']}")
    drain(app)
    with app.app_context():
        place = db.session.scalars(select(Export.storage_key).where(Export.key == key)).one()
    with time_machine.travel(clock.now() + timedelta(days=6), tick=False):
        forget_exports(app)
    assert saved(alice, key)
    with time_machine.travel(clock.now() + timedelta(days=8), tick=False):
        forget_exports(app)
    assert alice.get(f"/exports/{key}").status_code == 404
    with app.app_context(), pytest.raises(FileNotFoundError):
        storage.current().read(place)


def test_an_export_that_was_made_twice_is_kept_once(app, furnished, acme):
    """A worker that is slower than its lease: what the second makes is thrown away."""
    alice = furnished.client("alice")
    key = asked(alice, f"/exports/rounds/{acme['round_key']}")
    with app.app_context(), writing():
        row = db.session.scalars(select(Outbox).where(Outbox.task == Task.EXPORT)).one()
        db.session.add(Outbox(task=Task.EXPORT, payload=row.payload, title="again"))
    drain(app)
    with app.app_context():
        kinds = list(db.session.scalars(select(Event.kind).where(Event.kind == "export_ready")))
        assert kinds == ["export_ready"]
    assert saved(alice, key)


def test_a_huge_submission(app, furnished, acme):
    """Four megabytes of text in one comment, a thousand remarks."""
    with app.app_context(), writing():
        review = db.session.scalars(select(Round).where(Round.key == acme["round_key"])).one()
        sent = next(one for one in review.sections if one.section_key == FLAGGED)
        answers = dict(sent.snapshot["answers"])
        answers["oauth_only"] = answers["oauth_only"] | {"comment": "wörter 你好 🎉 #x " * 60_000}
        sent.snapshot = sent.snapshot | {"answers": answers}
        db.session.add_all(
            Remark(
                integration_id=review.integration_id, round_id=review.id, section_key=FLAGGED, kind="suggestion",
                text=f"Remark {n}", author_id=furnished.world.users["rita"], sent_at=clock.now(),
            )
            for n in range(1000)
        )  # fmt: skip
    alice = furnished.client("alice")
    key = asked(alice, f"/exports/rounds/{acme['round_key']}")
    drain(app)
    assert len(pypdfium2.PdfDocument(saved(alice, key))) > 300


def test_staff_ask_for_any_round(app, furnished, acme):
    rita = furnished.client("rita")
    assert acme["round_key"] in rita.get(f"/staff/partners/{acme['partner_key']}/exports").text
    key = asked(rita, f"/staff/exports/{acme['round_key']}", kind="document")
    drain(app)
    assert saved(rita, key).startswith(b"%PDF")
    with app.app_context():
        export = db.session.scalars(select(Export).where(Export.key == key)).one()
        assert (export.by_staff, export.state) == (True, ExportState.READY)
        assert db.session.scalars(select(Event).where(Event.kind == "staff_export_ready")).one().audience == "staff"


def test_an_export_that_nobody_finished_makes_room(app, furnished, acme):
    alice, path = furnished.client("alice"), f"/exports/rounds/{acme['round_key']}"
    first = asked(alice, path)
    with app.app_context(), writing():
        export = db.session.scalars(select(Export).where(Export.key == first)).one()
        export.asked_at = clock.now() - asking.PATIENCE - timedelta(minutes=1)
    second = asked(alice, path)
    assert first != second
    with app.app_context():
        assert db.session.scalars(select(Export.state).where(Export.key == first)).one() is ExportState.FAILED
        assert db.session.scalars(select(Export.kind).where(Export.key == second)).one() is ExportKind.DOCUMENT


def test_proofs_and_contradictions_are_told(app, furnished, acme):
    """As they were when the section was sent; a signed proof goes into the archive."""
    at = "2026-11-20T10:00:00+00:00"
    passed = {
        "check": "links.state_present",
        "title": "Each link carries a state",
        "verdict": "passed",
        "words": "All 3 did.",
        "at": at,
        "result": "r1",
        "stale": "",
    }
    failed = passed | {
        "check": "links.state_checked",
        "title": "A forged state is refused",
        "verdict": "failed",
        "words": "It was taken.",
        "result": "r2",
    }
    against = {
        "said": "Yes",
        "failed": [{name: failed[name] for name in ("check", "title", "words", "result")}],
        "explanation": {"words": "We mend it.", "by": "Alice zebra", "at": at},
    }
    with app.app_context(), writing():
        review = db.session.scalars(select(Round).where(Round.key == acme["round_key"])).one()
        sent = next(one for one in review.sections if one.section_key == FLAGGED)
        answers = dict(sent.snapshot["answers"])
        proof = {"state": "failed", "at": at, "of": 2, "checks": [passed, failed]}
        answers["oauth_only"] = answers["oauth_only"] | {"proof": proof, "contradiction": against}
        sent.snapshot = sent.snapshot | {"answers": answers}
    with app.app_context():
        review = db.session.scalars(select(Round).where(Round.key == acme["round_key"])).one()
        gathered = gathering.submission(review)
    gathered = dataclasses.replace(gathered, proofs={"r1": b"{signed}"})
    with TemporaryDirectory() as folder, app.app_context():
        path = packing.pack(gathered, Path(folder))
        with zipfile.ZipFile(path) as read:
            said = text_of(read.read("submission.pdf"))
            assert read.read("proofs/oauth_only-links.state_present.json") == b"{signed}"
            assert "proofs/oauth_only-links.state_present.json" in read.read("answers.json").decode()
    for words in ("Each link carries a state", "Passed, integration check", "A forged state is refused", "We mend it."):
        assert words in said
