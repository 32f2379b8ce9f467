"""Uploading, fetching and removing through the real application, as people of two partners and of the staff."""

import io

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from portal.catalog import certification
from portal.extensions import db
from portal.files import delivery, seal, service
from portal.files.reasons import WORDS, Why
from portal.models.evidence import File
from portal.models.integration import Answer, Section
from portal.status import FileState, SectionStatus
from portal.storage import StorageUnavailable
from portal.transaction import writing
from tests.files import samples

FETCH = {"X-Requested-With": "fetch"}
HTML_NAME = "<script>alert(1)<b>100% of it {{ 7*7 }}.png"


@pytest.fixture(scope="module")
def section():
    return next(section for section in certification() if len(section.questions) > 1)


@pytest.fixture
def question(section):
    return section.questions[0].key


def part(data, name="shot.png"):
    return (io.BytesIO(data), name)


def send(client, section, *parts, question=None, field="files", headers=None, **more):
    address = f"/build/{section.key}/files" + (f"?question={question}" if question else "")
    fields = {field: list(parts), **more}
    return client.post(address, data=fields, content_type="multipart/form-data", headers=headers)


def files_of(app, world, name="acme"):
    with app.app_context():
        return db.session.scalars(select(File).where(File.partner_id == world.partners[name]).order_by(File.id)).all()


def ready(app, world):
    """Every file of Acme after the worker was there."""
    for file in files_of(app, world):
        with app.app_context(), writing():
            service.process(file.id)
    return files_of(app, world)


@pytest.fixture
def shot(app, world, alice, section, question, kept):
    send(alice, section, part(samples.png()), question=question)
    return ready(app, world)[0]


@pytest.fixture
def paper(app, world, alice, section, kept):
    send(alice, section, part(samples.pdf(), "Bericht für März.pdf"))
    return ready(app, world)[0]


def test_a_plain_upload_returns_to_its_question(app, world, alice, section, question, kept):
    answer = send(alice, section, part(samples.png()), part(samples.pdf(), "b.pdf"), question=question)
    assert answer.status_code == 303
    assert answer.location.endswith(f"/build/{section.key}#q-{question}")
    assert [(file.original_name, file.question_key) for file in files_of(app, world)] == [
        ("shot.png", question),
        ("b.pdf", question),
    ]


def test_an_upload_to_the_section_returns_to_its_files(app, world, alice, section, kept):
    answer = send(alice, section, part(samples.png()))
    assert answer.location.endswith(f"/build/{section.key}#files")
    assert files_of(app, world)[0].question_key is None


def test_the_good_ones_are_kept_and_each_bad_one_says_why(app, world, alice, section, question, kept):
    bad = [part(b"", "empty.png"), part(b"hello", "renamed.png"), part(samples.jpeg()[:200], "cut.jpg")]
    answer = send(alice, section, part(samples.png()), *bad, question=question)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for name, why in (("empty.png", Why.EMPTY), ("renamed.png", Why.UNKNOWN), ("cut.jpg", Why.TRUNCATED)):
        assert f"{name}: {WORDS[why]}" in page
    assert f"/build/{section.key}#q-{question}" in page, "the way back"
    assert [file.original_name for file in files_of(app, world)] == ["shot.png"]


def test_a_script_gets_the_finished_item_or_the_reason(app, world, alice, section, question, kept):
    good = send(alice, section, part(samples.png()), question=question, headers=FETCH)
    assert good.status_code == 200
    assert good.text.startswith("<li")
    assert "shot.png" in good.text
    bad = send(alice, section, part(b"", "empty.png"), question=question, headers=FETCH)
    assert (bad.status_code, bad.mimetype, bad.text) == (422, "text/plain", WORDS[Why.EMPTY])
    assert len(files_of(app, world)) == 1


def test_a_script_that_sends_several_is_told_which_were_refused(app, world, alice, section, kept):
    answer = send(alice, section, part(samples.png()), part(b"", "empty.png"), part(b"x", "x.png"), headers=FETCH)
    assert answer.text.splitlines() == [f"empty.png: {WORDS[Why.EMPTY]}", f"x.png: {WORDS[Why.UNKNOWN]}"]
    assert len(files_of(app, world)) == 1


@pytest.mark.parametrize("headers", [None, FETCH])
def test_a_name_full_of_tricks_is_only_text(app, world, alice, section, kept, headers):
    answer = send(alice, section, part(samples.png(), HTML_NAME), part(b"", HTML_NAME), headers=headers)
    assert answer.status_code == 422
    assert answer.mimetype == "text/plain" or "<script>alert" not in answer.text
    assert answer.mimetype == "text/plain" or "&lt;script&gt;alert(1)" in answer.text


def test_the_finished_item_is_only_text_too(alice, section, kept):
    answer = send(alice, section, part(samples.png(), HTML_NAME), headers=FETCH)
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text


def test_nothing_chosen_says_so(alice, section, kept):
    answer = send(alice, section, part(b"", ""))
    assert answer.status_code == 422
    assert "Choose a file first." in answer.text
    assert send(alice, section, headers=FETCH).text == "Choose a file first."


def test_without_a_script_one_form_brings_files_for_several_questions(app, world, alice, section, kept):
    first, second = (question.key for question in section.questions[:2])
    more = {f"files-{second}": part(samples.pdf(), "b.pdf"), "answer": "typed", "files-": part(b"", "")}
    assert send(alice, section, part(samples.png()), field=f"files-{first}", question=first, **more).status_code == 303
    assert {file.original_name: file.question_key for file in files_of(app, world)} == {"shot.png": first, "b.pdf": second}


def typed(section, question, text="Acme for everyone"):
    """What a browser without a script sends along: the section's whole form."""
    return {f"answer-{question}": text, f"version-{question}": "", f"comment-{question}": "typed and not saved yet"}


def comment(app, world, question):
    with app.app_context():
        return db.session.scalar(
            select(Answer.comment).where(Answer.integration_id == world.integrations["acme"], Answer.question_key == question)
        )


@pytest.mark.parametrize("data", [samples.png(), b""])
def test_an_upload_without_a_script_loses_nothing_that_was_typed(app, world, alice, section, question, kept, data):
    answer = send(alice, section, part(data), question=question, field=f"files-{question}", **typed(section, question))
    assert answer.status_code == 303
    assert comment(app, world, question) == "typed and not saved yet"
    assert len(files_of(app, world)) == bool(data)
    with alice.session_transaction() as session:
        words = [message for _, message in session["_flashes"]]
    assert ("shot.png: " + WORDS[Why.EMPTY] in words) is not bool(data)


def test_what_somebody_else_saved_meanwhile_is_not_overwritten_by_an_upload(app, world, alice, bob, section, question, kept):
    bob.post(f"/build/{section.key}", data=typed(section, question, "Bob was here"))
    answer = send(alice, section, part(samples.png()), question=question, **typed(section, question, "Alice too"))
    assert answer.status_code == 409
    assert "Bob was here" in answer.text
    assert "Alice too" in answer.text
    assert len(files_of(app, world)) == 1, "the file is kept beside the choice"


def test_a_removal_without_a_script_loses_nothing_that_was_typed(app, world, alice, shot, section, question):
    assert alice.post(f"/files/{shot.key}/remove", data=typed(section, question)).status_code == 303
    assert comment(app, world, question) == "typed and not saved yet"
    assert files_of(app, world)[0].removed_at is not None


@pytest.mark.parametrize(
    "address",
    ["/build/no-such-section/files", "/build/{key}/files?question=no_such_question", "/build/{key}/files?question=%00"],
)
def test_a_place_that_does_not_exist_is_not_found(alice, section, kept, address):
    answer = alice.post(
        address.format(key=section.key), data={"files": part(samples.png())}, content_type="multipart/form-data"
    )
    assert answer.status_code == 404
    assert kept.keys == set()


def test_a_question_of_another_section_or_a_made_up_field_is_not_found(alice, section, kept):
    other = next(other for other in certification() if other.key != section.key)
    assert send(alice, section, part(samples.png()), question=other.questions[0].key).status_code == 404
    assert send(alice, section, part(samples.png()), field="files-made_up").status_code == 404
    assert kept.keys == set()


def test_a_sealed_section_takes_nothing_and_stores_nothing(app, world, alice, section, kept):
    with app.app_context(), writing():
        row = db.session.scalars(
            select(Section).where(Section.integration_id == world.integrations["acme"], Section.key == section.key)
        ).one()
        row.status = SectionStatus.UNDER_REVIEW
    assert send(alice, section, part(samples.png())).status_code == 409
    assert send(alice, section, part(samples.png()), headers=FETCH).text == seal.WORDS
    assert kept.keys == set()
    assert files_of(app, world) == []


def test_sending_twice_attaches_once_and_stores_once(app, world, alice, section, kept):
    for _ in range(2):
        assert send(alice, section, part(samples.png())).status_code == 303
    assert len(files_of(app, world)) == 1
    assert len(kept.keys) == 1


def test_no_transaction_is_open_while_a_file_is_opened_and_stored(alice, section, kept, monkeypatch):
    real, seen = kept.store.put, []

    def put(data):
        seen.append(db.session().in_transaction())
        return real(data)

    monkeypatch.setattr(kept.store, "put", put)
    send(alice, section, part(samples.png()))
    assert seen == [False]


def multipart(fields):
    boundary, body = encode_multipart(fields)
    return body, f"multipart/form-data; boundary={boundary}"


class Watched(io.BytesIO):
    """A body that notes, each time something is read of it, whether a transaction is open."""

    def __init__(self, data):
        super().__init__(data)
        self.seen = set()

    def readinto(self, buffer):
        self.seen.add(db.session.registry.has() and db.session().in_transaction())
        return super().readinto(buffer)


def test_no_transaction_is_open_while_the_upload_arrives(app, world, alice, section, kept):
    """A slow line must not hold the lock that every other writer needs."""
    body, content_type = multipart({"files": FileStorage(io.BytesIO(samples.pdf()), "a.pdf")})
    stream = Watched(body)
    answer = alice.post(
        f"/build/{section.key}/files",
        input_stream=stream,
        content_length=len(body),
        content_type=content_type,
    )
    assert answer.status_code == 303
    assert stream.seen == {False}


def test_when_storage_fails_the_page_says_so_and_nothing_is_attached(app, world, alice, section, kept, monkeypatch):
    def put(data):
        raise StorageUnavailable("the disk is full")

    monkeypatch.setattr(kept.store, "put", put)
    answer = send(alice, section, part(samples.png()))
    assert answer.status_code == 503
    assert "Files cannot be stored" in answer.text
    assert files_of(app, world) == []


@pytest.mark.parametrize("headers", [None, FETCH])
def test_too_much_at_once_is_refused_with_words(app, world, alice, section, kept, monkeypatch, headers):
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 50_000)
    answer = send(alice, section, part(bytes(60_000)), headers=headers)
    assert answer.status_code == 413
    assert "at most 20 files" in answer.text
    assert answer.mimetype == ("text/plain" if headers else "text/html")
    assert files_of(app, world) == []


def test_who_is_not_of_the_team_cannot_upload(nobody, rita, section, kept):
    assert send(rita, section, part(samples.png())).status_code == 403
    assert send(nobody, section, part(samples.png())).status_code in (302, 401)
    assert kept.keys == set()


def test_a_teammate_and_staff_may_fetch_a_file_and_a_stranger_sees_nothing(shot, alice, bob, carol, rita, nobody):
    for address in (f"/files/{shot.key}", f"/files/{shot.key}/preview", f"/files/{shot.key}/thumbnail"):
        assert [client.get(address).status_code for client in (alice, bob, rita)] == [200, 200, 200]
        assert carol.get(address).status_code == 404
        assert nobody.get(address).status_code == 302


@pytest.mark.parametrize("key", ["x" * 22, "1", "..%2f..%2fetc", "%00", "\u202e"])
def test_a_key_that_names_nothing_is_not_found(alice, key):
    assert alice.get(f"/files/{key}").status_code == 404


def test_a_picture_is_shown_in_a_sandbox(shot, alice, kept):
    answer = alice.get(f"/files/{shot.key}")
    assert answer.data == kept.store.read(shot.storage_key)
    assert answer.mimetype == "image/png"
    assert answer.content_length == shot.size
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == delivery.POLICY
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Disposition"].startswith("inline; filename=")


def test_a_pdf_is_only_saved_and_its_preview_is_a_picture(paper, alice):
    answer = alice.get(f"/files/{paper.key}")
    assert answer.data == samples.pdf()
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"Bericht fur Marz.pdf\"; filename*=UTF-8''Bericht%20f%C3%BCr%20M%C3%A4rz.pdf"
    )
    for address in (f"/files/{paper.key}/preview", f"/files/{paper.key}/thumbnail"):
        picture = alice.get(address)
        assert picture.mimetype == "image/webp"
        assert picture.headers["Content-Security-Policy"] == delivery.POLICY
        assert picture.data.startswith(b"RIFF")


def test_a_picture_is_its_own_preview(shot, alice):
    assert alice.get(f"/files/{shot.key}/preview").data == alice.get(f"/files/{shot.key}").data


def test_head_tells_the_size_without_the_bytes(shot, alice):
    answer = alice.head(f"/files/{shot.key}")
    assert (answer.status_code, answer.data, answer.content_length) == (200, b"", shot.size)


def test_who_has_it_already_gets_304(shot, alice, carol):
    tag = alice.get(f"/files/{shot.key}").headers["ETag"]
    assert tag == f'"{shot.sha256}"'
    again = alice.get(f"/files/{shot.key}", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert carol.get(f"/files/{shot.key}", headers={"If-None-Match": tag}).status_code == 404


def test_a_file_that_is_being_checked_or_was_refused_is_not_handed_out(app, world, alice, section, kept):
    send(alice, section, part(samples.locked_pdf(), "locked.pdf"))
    (file,) = files_of(app, world)
    waiting = alice.get(f"/files/{file.key}")
    assert waiting.status_code == 409
    assert "still being checked" in waiting.text
    (file,) = ready(app, world)
    assert file.state is FileState.REFUSED
    refused = alice.get(f"/files/{file.key}")
    assert refused.status_code == 410
    assert "password" in refused.text


def test_a_page_may_ask_how_a_file_stands_until_it_was_checked(app, world, alice, carol, rita, section, kept):
    send(alice, section, part(samples.png()))
    (file,) = files_of(app, world)
    address = f"/files/{file.key}/item"
    waiting = alice.get(address).text
    assert "Being checked" in waiting
    assert f'hx-get="{address}"' in waiting
    ready(app, world)
    done = alice.get(address).text
    assert f"/files/{file.key}/thumbnail" in done
    assert f"/files/{file.key}/remove" in done
    assert "hx-get" not in done
    assert "/remove" not in rita.get(address).text
    assert carol.get(address).status_code == 404
    alice.post(f"/files/{file.key}/remove")
    assert alice.get(address).status_code == 404


def test_a_file_that_left_storage_is_gone_with_words(shot, alice, kept):
    kept.store.delete(shot.storage_key)
    answer = alice.get(f"/files/{shot.key}")
    assert answer.status_code == 410
    assert "no longer in our storage" in answer.text


def test_fetching_changes_nothing(app, world, shot, alice, rita):
    for client in (alice, rita):
        client.get(f"/files/{shot.key}")
    assert files_of(app, world)[0].state is FileState.READY
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(File)) == 1


def test_removing_hides_the_file_and_keeps_it_for_history(app, world, shot, bob, question, section, kept):
    answer = bob.post(f"/files/{shot.key}/remove")
    assert answer.status_code == 303
    assert answer.location.endswith(f"/build/{section.key}#q-{question}")
    assert files_of(app, world)[0].removed_at is not None
    assert shot.storage_key in kept.keys
    assert bob.get(f"/files/{shot.key}").status_code == 200, "a round in which it was sent still shows it"
    assert bob.post(f"/files/{shot.key}/remove").status_code == 410


def test_only_the_team_may_remove_and_a_sealed_file_stays(app, world, shot, alice, carol, rita, nobody, section):
    assert carol.post(f"/files/{shot.key}/remove").status_code == 404
    assert rita.post(f"/files/{shot.key}/remove").status_code == 403
    assert nobody.post(f"/files/{shot.key}/remove").status_code in (302, 401)
    with app.app_context(), writing():
        row = db.session.scalars(
            select(Section).where(Section.integration_id == world.integrations["acme"], Section.key == section.key)
        ).one()
        row.status = SectionStatus.APPROVED
    assert alice.post(f"/files/{shot.key}/remove").status_code == 409
    assert files_of(app, world)[0].removed_at is None
