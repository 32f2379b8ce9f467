"""Support cases: a partner asks, staff answer."""

from sqlalchemy import select

from portal.demo.cast import Scene
from portal.extensions import db
from portal.models.case import Case
from portal.status import CaseCategory
from portal.support import handling, talking
from portal.support.forms import THEN


def open_case(scene: Scene) -> None:
    told = scene.told
    new = talking.NewCase(
        category=CaseCategory(told["category"]),
        subject=told["subject"],
        text=told["text"],
        section_key=told.get("section", ""),
        login_name=told.get("login_name", ""),
        login_email=told.get("login_email", ""),
    )
    talking.open_case(scene.integration, new, by=scene.me)


def write_case(scene: Scene) -> None:
    """Whoever writes: staff answer, the partner replies."""
    case, told = _case(scene), scene.told
    if scene.me.is_staff:
        handling.assign(case, to=scene.me, by=scene.me)
        talking.answer(case, told["text"], then=THEN[told.get("then", "wait")], by=scene.me)
    else:
        talking.reply(case, told["text"], by=scene.me)


def note_case(scene: Scene) -> None:
    talking.note(_case(scene), scene.told["text"], by=scene.me)


def _case(scene: Scene) -> Case:
    return db.session.scalars(
        select(Case).where(Case.partner_id == scene.integration.partner_id, Case.number == scene.told["case"])
    ).one()
