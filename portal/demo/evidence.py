"""Attaches drawn evidence as if it had been uploaded and checked."""

import hashlib
from collections.abc import Sequence

from sqlalchemy import select

from portal import clock, storage
from portal.build.typed import TypedAnswer
from portal.catalog import Need, Question, need, passes
from portal.catalog.nouns import Screenshot
from portal.demo import pictures
from portal.demo.cast import Scene, Stored
from portal.demo.house import words
from portal.demo.pictures import Drawn
from portal.extensions import db
from portal.files import service as files
from portal.files.intake import Accepted
from portal.models.evidence import File
from portal.status import FileState

OWN = "app_public_name"
"""Shows the partner's name so large that even those who share pictures have their own."""
SHARED = words({"product": "Payments", "domain": "mail.example", "item": "Invoice"})


def wanted(question: Question, answer: TypedAnswer) -> bool:
    if question.key not in pictures.described():
        return False
    shown = question.screenshot is Screenshot.OPTIONAL and passes(question, answer.value)
    return shown or need(question, answer.value) is Need.FILE


def attach(scene: Scene, question_keys: Sequence[str]) -> None:
    """A picture for each of these questions."""
    own = [key for key in question_keys if key == OWN or not scene.house.shared_pictures or "answers" in scene.told]
    for key in own:
        _attach(scene, key, *_drawn(scene, key))
    db.session.add_all(_unsung(scene, key) for key in question_keys if key not in own)


def _drawn(scene: Scene, question_key: str) -> Stored:
    house, stamp = scene.house, f"{clock.now():%a %d %b  %H:%M}"
    return _stored(pictures.draw(question_key, house.words, house.colour, stamp=stamp), "image/png", pictures.SIZE)


def _unsung(scene: Scene, question_key: str) -> File:
    """A shared picture, without its own line in the feed: there are hundreds, and only the past needs them."""
    accepted, thumbnail, _ = _shared(scene, question_key)
    return File(
        partner_id=scene.house.partner_id,
        integration_id=scene.house.integration_id,
        section_key=scene.section.key,
        question_key=question_key,
        original_name=accepted.name,
        media_type=accepted.media_type,
        size=accepted.size,
        sha256=accepted.sha256,
        storage_key=accepted.storage_key,
        thumbnail_key=thumbnail,
        width=accepted.width,
        height=accepted.height,
        state=FileState.READY,
        uploaded_by_id=scene.me.id,
    )


def replace(scene: Scene, question_key: str) -> None:
    """The old pictures of the question go, a new one comes."""
    old = select(File).filter_by(integration_id=scene.integration.id, question_key=question_key, removed_at=None)
    for file in db.session.scalars(old.order_by(File.id)):
        files.remove(file, by=scene.me)
    attach(scene, [question_key])


def attach_document(scene: Scene, title: str, lines: list[str]) -> None:
    drawn = pictures.pdf(title, lines, scene.house.words, scene.house.colour)
    _attach(scene, None, *_stored(drawn, "application/pdf", None))


def _attach(scene: Scene, question_key: str | None, accepted: Accepted, thumbnail: str, preview: str | None) -> None:
    """What the worker would have found is settled at once."""
    attached, _ = files.attach(scene.integration, scene.section.key, question_key, [accepted], by=scene.me)
    for file in attached:
        file.state, file.thumbnail_key, file.preview_key = FileState.READY, thumbnail, preview
    db.session.flush()


def _shared(scene: Scene, question_key: str) -> Stored:
    """One picture for all the partners who are only there for the past and the queue."""
    if question_key not in scene.cast.shared_pictures:
        drawn = pictures.draw(question_key, SHARED, "#44506b")
        scene.cast.shared_pictures[question_key] = _stored(drawn, "image/png", pictures.SIZE)
    return scene.cast.shared_pictures[question_key]


def _stored(drawn: Drawn, media_type: str, size: tuple[int, int] | None) -> Stored:
    store = storage.current()
    accepted = Accepted(
        name=drawn.name,
        media_type=media_type,
        size=len(drawn.data),
        sha256=hashlib.sha256(drawn.data).hexdigest(),
        storage_key=store.put(drawn.data),
        width=size[0] if size else None,
        height=size[1] if size else None,
    )
    return accepted, store.put(drawn.thumbnail), store.put(drawn.preview) if drawn.preview else None
