"""A full submission as the worker makes it: ten sections, 99 answers, 40 pictures, from the claim to the stored file."""

import hashlib
import io
import os
import resource
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from PIL import Image
from sqlalchemy import func, select

from bench._portal import with_demo
from bench.figures import Figure
from portal import storage
from portal.catalog import certification
from portal.exports import asking
from portal.extensions import db
from portal.models.evidence import File
from portal.models.export import Export
from portal.models.people import StaffRole, User
from portal.models.review import Round, RoundSection
from portal.status import ExportKind, ExportState, FileState
from portal.transaction import writing
from portal.web import Portal
from portal.worker.delivery import drain

SECONDS = 3.0
PICTURES, TIMES = 40, 3
WORDS = "What we show here is how a merchant is led to GoCardless and what our product makes of the answer, step by step. " * 6


def run() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        app = with_demo(Path(folder) / "portal")
        with app.app_context(), writing():
            review_id, answers = _fill()
        drain(app)
        pdf, archive = (
            [_made(app, review_id, kind) for _ in range(TIMES)] for kind in (ExportKind.DOCUMENT, ExportKind.ARCHIVE)
        )
    yield Figure("exports.load", os.getloadavg()[0], "average in the last minute")
    yield Figure("exports.answers", answers, "answers in the submission", ">=", 99)
    yield Figure("exports.pdf", median(one.worked for one in pdf), "s of the worker and its child", "<=", SECONDS)
    yield Figure("exports.pdf_waited", median(one.waited for one in pdf), "s until it is there, whatever else the machine does")
    yield Figure("exports.pdf_size", pdf[0].size / 1e6, "MB")
    yield Figure(
        "exports.archive", median(one.worked for one in archive), "s of the worker and its child, with the PDF and all files"
    )


@dataclass(frozen=True)
class Made:
    """Processor seconds, seconds by the clock, bytes."""

    worked: float
    waited: float
    size: int


def _fill() -> tuple[int, int]:
    """The largest first round, with every question asked and forty screenshots; says its id and how many answers it has."""
    largest = select(RoundSection.round_id).group_by(RoundSection.round_id).order_by(func.count().desc(), RoundSection.round_id)
    review = db.session.get_one(Round, db.session.scalars(largest.limit(1)).one())
    files = iter(_file(review, number) for number in range(PICTURES))
    for sent in review.sections:
        section = certification(sent.snapshot["catalog"]).section(sent.section_key)
        given = {question.key: _answer(question.codes, files) for question in section.questions}
        sent.snapshot = {**sent.snapshot, "asked": list(given), "answers": given}
    return review.id, sum(len(sent.snapshot["asked"]) for sent in review.sections)


def _answer(codes: tuple[str, ...], files: Iterator[dict[str, Any]]) -> dict[str, Any]:
    file = next(files, None)
    return {"value": codes[0] if codes else WORDS, "comment": WORDS, "files": [file] if file else []}


def _file(review: Round, number: int) -> dict[str, Any]:
    screen, small = _pictures(number)
    file = File(
        partner_id=review.integration.partner_id, integration_id=review.integration_id, section_key="oauth", question_key=None,
        original_name=f"screen-{number}.png", media_type="image/png", size=len(screen), sha256=hashlib.sha256(screen).hexdigest(),
        storage_key=storage.current().put(screen), thumbnail_key=storage.current().put(small), state=FileState.READY,
    )  # fmt: skip
    db.session.add(file)
    db.session.flush()
    kept = {"key": file.key, "name": file.original_name, "media_type": file.media_type, "size": file.size}
    return kept | {"sha256": file.sha256, "question": None}


def _pictures(number: int) -> tuple[bytes, bytes]:
    """A screenshot and its thumbnail: not flat, and no two alike."""
    noise = Image.frombytes("RGB", (64, 48), hashlib.shake_128(str(number).encode()).digest(64 * 48 * 3))
    return tuple(_encoded(noise.resize(size), kind) for size, kind in (((1440, 1080), "PNG"), ((480, 360), "WEBP")))  # type: ignore[return-value]  # two


def _encoded(picture: Image.Image, kind: str) -> bytes:
    made = io.BytesIO()
    picture.save(made, kind)
    return made.getvalue()


def _made(app: Portal, review_id: int, kind: ExportKind) -> Made:
    """From the claim until it is stored and told."""
    with app.app_context(), writing():
        staff = db.session.scalars(select(User).where(User.staff_role == StaffRole.ADMINISTRATOR).limit(1)).one()
        key = asking.ask_for_submission(db.session.get_one(Round, review_id), kind, by=staff).key
    began, worked = time.perf_counter(), _worked()
    drain(app)
    waited, worked = time.perf_counter() - began, _worked() - worked
    with app.app_context():
        export = db.session.scalars(select(Export).where(Export.key == key)).one()
        if export.state is not ExportState.READY:
            raise RuntimeError(f"the export was not made: {export.words}")
        return Made(worked, waited, export.size)


def _worked() -> float:
    """Processor seconds of the worker and of the children that it has waited for."""
    return sum(
        used.ru_utime + used.ru_stime for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )
