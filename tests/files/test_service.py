"""Attaching, removing and processing evidence, on a real database and a real folder."""

import io
import threading

import pytest
from sqlalchemy import select

from portal.extensions import db
from portal.files import antivirus, service
from portal.files.antivirus import ScannerUnavailable
from portal.files.intake import Upload, receive
from portal.files.kinds import Limits
from portal.files.reasons import WORDS, Why
from portal.models.event import Event
from portal.models.evidence import File
from portal.models.integration import Section
from portal.models.outbox import Outbox, Task
from portal.refusals import Gone, Sealed
from portal.status import FileState, SectionStatus
from portal.transaction import writing
from portal.worker.delivery import drain
from tests.files import samples


@pytest.fixture
def place(world):
    """A section with two of its questions, whatever the catalog calls them."""
    from portal.catalog import certification

    section = next(section for section in certification() if len(section.questions) > 1)
    return section.key, section.questions[0].key, section.questions[1].key


def taken(*named):
    accepted, refused = receive([Upload(name, io.BytesIO(data)) for name, data in named], limits=Limits(files=99))
    assert not refused
    return accepted


def distinct(count):
    """Small PDFs that differ."""
    return taken(*[(f"{n}.pdf", samples.pdf(size=(100 + n, 100))) for n in range(count)])


def attach(app, world, place, accepted, *, question=True, name="acme", by="alice"):
    with app.app_context(), writing():
        files, refused = service.attach(
            world.integration(name), place[0], place[1] if question else None, accepted, by=world.user(by)
        )
        return [file.id for file in files], refused


def process(app, file_id):
    with app.app_context(), writing():
        service.process(file_id)


def stored(app, file_id):
    with app.app_context():
        return db.session.get(File, file_id)


def set_status(app, world, place, status, *open_questions):
    with app.app_context(), writing():
        section = db.session.scalar(
            select(Section).where(Section.integration_id == world.integrations["acme"], Section.key == place[0])
        )
        section.status, section.open_questions = status, list(open_questions)


def test_a_file_is_attached_told_in_the_feed_and_waits_for_the_worker(app, world, place, kept):
    (one,) = taken(("shot.png", samples.png()))
    (file_id,), refused = attach(app, world, place, [one])
    file = stored(app, file_id)
    assert refused == []
    assert (file.original_name, file.media_type, file.sha256, file.storage_key) == (
        "shot.png",
        "image/png",
        one.sha256,
        one.storage_key,
    )
    assert (file.question_key, file.state, file.partner_id) == (place[1], FileState.CHECKING, world.partners["acme"])
    assert len(file.key) >= 20
    with app.app_context():
        event = db.session.scalars(select(Event).where(Event.kind == "file_attached")).one()
        row = db.session.scalars(select(Outbox).where(Outbox.task == Task.FILE)).one()
    assert (event.question_key, event.payload["file_key"]) == (place[1], file.key)
    assert row.payload == f'{{"file_id": {file_id}}}'


def test_the_same_bytes_are_attached_once_to_a_question_but_may_serve_another(app, world, place, kept):
    first, again = taken(("a.png", samples.png())), taken(("copy of a.png", samples.png()))
    (file_id,), _ = attach(app, world, place, first)
    (same_id,), refused = attach(app, world, place, again)
    (section_id,), _ = attach(app, world, place, taken(("a.png", samples.png())), question=False)
    assert (same_id, refused) == (file_id, [])
    assert section_id != file_id


def test_the_twenty_first_is_refused_and_the_others_stay(app, world, place, kept):
    files, refused = attach(app, world, place, distinct(20))
    assert (len(files), refused) == (20, [])
    files, refused = attach(
        app, world, place, [*taken(("0.pdf", samples.pdf(size=(100, 100)))), *taken(("new.png", samples.png()))]
    )
    assert len(files) == 1, "one was there already"
    assert [(one.name, one.why) for one in refused] == [("new.png", Why.TOO_MANY)]


def test_two_uploads_at_once_do_not_pass_the_limit_together(app, world, place, kept):
    accepted = distinct(24)
    attach(app, world, place, accepted[:18])
    outcomes, ready = [], threading.Barrier(3)

    def upload(part):
        ready.wait()
        outcomes.append(attach(app, world, place, part))

    threads = [threading.Thread(target=upload, args=(accepted[18 + 2 * n : 20 + 2 * n],)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(len(files) for files, _ in outcomes) == [0, 0, 2]
    with app.app_context():
        assert len(service.listing(world.integration("acme"), place[0])) == 20


@pytest.mark.parametrize("status", [SectionStatus.UNDER_REVIEW, SectionStatus.APPROVED])
def test_a_sealed_section_takes_and_gives_nothing(app, world, place, kept, status):
    (file_id,), _ = attach(app, world, place, taken(("a.png", samples.png())))
    set_status(app, world, place, status)
    with pytest.raises(Sealed):
        attach(app, world, place, taken(("b.pdf", samples.pdf())))
    with pytest.raises(Sealed), app.app_context(), writing():
        service.remove(db.session.get(File, file_id), by=world.user("alice"))


def test_while_attention_is_needed_only_the_flagged_questions_take_files(app, world, place, kept):
    set_status(app, world, place, SectionStatus.ATTENTION_NEEDED, place[1])
    assert len(attach(app, world, place, taken(("a.png", samples.png())))[0]) == 1
    with pytest.raises(Sealed):
        attach(app, world, (place[0], place[2]), taken(("a.png", samples.png())))


def test_a_removed_file_is_hidden_told_and_still_in_storage(app, world, place, kept):
    (file_id,), _ = attach(app, world, place, taken(("a.png", samples.png())))
    with app.app_context(), writing():
        service.remove(db.session.get(File, file_id), by=world.user("bob"))
    file = stored(app, file_id)
    assert file.removed_at is not None
    assert file.removed_by_id == world.users["bob"]
    assert file.storage_key in kept.keys
    with app.app_context():
        assert service.listing(world.integration("acme"), place[0]) == []
        assert db.session.scalars(select(Event).where(Event.kind == "file_removed")).one().payload["name"] == "a.png"
    with pytest.raises(Gone), app.app_context(), writing():
        service.remove(db.session.get(File, file_id), by=world.user("bob"))


def test_a_removed_file_may_be_attached_again(app, world, place, kept):
    (file_id,), _ = attach(app, world, place, taken(("a.png", samples.png())))
    with app.app_context(), writing():
        service.remove(db.session.get(File, file_id), by=world.user("bob"))
    (again_id,), _ = attach(app, world, place, taken(("a.png", samples.png())))
    assert again_id != file_id


def test_a_listing_is_of_one_integration_and_one_section_oldest_first(app, world, place, kept):
    attach(app, world, place, distinct(3))
    attach(app, world, place, taken(("theirs.pdf", samples.pdf())), name="birch", by="carol")
    with app.app_context():
        assert [file.original_name for file in service.listing(world.integration("acme"), place[0])] == [
            "0.pdf",
            "1.pdf",
            "2.pdf",
        ]


@pytest.mark.parametrize(("name", "data", "preview"), [("a.png", samples.png(), False), ("a.pdf", samples.pdf(), True)])
def test_the_worker_makes_a_file_ready(app, world, place, kept, name, data, preview):
    (file_id,), _ = attach(app, world, place, taken((name, data)))
    process(app, file_id)
    file = stored(app, file_id)
    assert (file.state, file.refusal, bool(file.preview_key)) == (FileState.READY, "", preview)
    assert {file.storage_key, file.thumbnail_key} <= kept.keys


def test_doing_it_again_changes_nothing(app, world, place, kept):
    (file_id,), _ = attach(app, world, place, taken(("a.pdf", samples.pdf())))
    process(app, file_id)
    before, keys = stored(app, file_id), kept.keys
    process(app, file_id)
    process(app, 10**9)
    after = stored(app, file_id)
    assert (after.thumbnail_key, after.preview_key, kept.keys) == (before.thumbnail_key, before.preview_key, keys)


def test_two_workers_at_once_leave_one_set_of_pictures(app, world, place, kept):
    (file_id,), _ = attach(app, world, place, taken(("a.pdf", samples.pdf())))
    threads = [threading.Thread(target=process, args=(app, file_id)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    file = stored(app, file_id)
    assert kept.keys == {file.storage_key, file.preview_key, file.thumbnail_key}


def test_a_file_that_cannot_be_opened_is_refused_with_words(app, world, place, kept):
    (file_id,), _ = attach(app, world, place, taken(("locked.pdf", samples.locked_pdf())))
    process(app, file_id)
    file = stored(app, file_id)
    assert (file.state, file.refusal) == (FileState.REFUSED, WORDS[Why.LOCKED_PDF])


def test_an_infected_file_is_refused_and_gone(app, world, place, kept, scanned):
    (file_id,), _ = attach(app, world, place, taken(("a.pdf", samples.pdf() + samples.EICAR + b"\n%%EOF")))
    process(app, file_id)
    file = stored(app, file_id)
    assert (file.state, file.refusal) == (FileState.REFUSED, WORDS[Why.INFECTED])
    assert kept.keys == set()


def test_while_the_scanner_is_silent_a_file_stays_unchecked(app, world, place, kept, scanned):
    (file_id,), _ = attach(app, world, place, taken(("a.pdf", samples.pdf())))
    antivirus.configure("127.0.0.1:1")
    with pytest.raises(ScannerUnavailable):
        process(app, file_id)
    assert stored(app, file_id).state is FileState.CHECKING
    antivirus.configure(scanned.address)
    process(app, file_id)
    assert stored(app, file_id).state is FileState.READY


def test_what_attaching_leaves_behind_makes_the_worker_check_the_file(app, world, place, kept):
    (file_id,), _ = attach(app, world, place, taken(("a.pdf", samples.pdf())))
    assert drain(app) == 1
    assert stored(app, file_id).state is FileState.READY
    assert drain(app) == 0


def test_evidence_that_comes_or_goes_moves_the_section(app, world, place, kept):
    def status():
        with app.app_context():
            return db.session.scalar(
                select(Section.status).where(Section.integration_id == world.integrations["acme"], Section.key == place[0])
            )

    assert status() is SectionStatus.NOT_STARTED
    (file_id,), _ = attach(app, world, place, taken(("a.png", samples.png())))
    process(app, file_id)
    assert status() is SectionStatus.IN_PROGRESS
    with app.app_context(), writing():
        service.remove(db.session.get(File, file_id), by=world.user("alice"))
    assert status() is SectionStatus.NOT_STARTED
