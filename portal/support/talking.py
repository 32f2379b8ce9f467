"""Opening a case and writing in it: each message moves the case to whoever has to do something next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from portal import clock, mail, office, outbox, timeline
from portal.build import rows
from portal.extensions import db
from portal.files.intake import Accepted
from portal.identity.locking import lock
from portal.mail import Recipient
from portal.models.case import Case, CaseFile, CaseMessage
from portal.models.event import Event
from portal.models.evidence import File
from portal.models.integration import Integration
from portal.models.outbox import Task
from portal.models.people import User
from portal.refusals import IllegalMove
from portal.status import BALL, CASE, CASE_MOVES, Ball, CaseCategory, CaseStatus, move
from portal.support import words
from portal.support.categories import CATEGORIES
from portal.timeline.support import CaseAnswered, CaseMoved, CaseNoted, CaseOpened

TWICE = timedelta(minutes=2)
"""The same words again within this time are a second click."""
PLACE = "support"
"""Where the files of cases are kept, beside the sections of Build."""


@dataclass(frozen=True, slots=True)
class NewCase:
    """What was asked for, checked."""

    category: CaseCategory
    subject: str
    text: str
    section_key: str = ""
    question_key: str = ""
    run_id: int | None = None
    delivery_id: int | None = None
    login_name: str = ""
    login_email: str = ""


def open_case(integration: Integration, new: NewCase, *, files: Sequence[Accepted] = (), by: User) -> Case:
    """A new case with its first message; those who answer such cases get a mail. Sent twice, it is one case."""
    rows.take(integration)
    if again := _opened_just_now(integration, new, by=by):
        return again
    due = due_at(clock.now())
    case = Case(
        partner_id=integration.partner_id,
        number=_next_number(integration.partner_id),
        subject=new.subject,
        category=new.category,
        section_key=new.section_key,
        question_key=new.question_key,
        run_id=new.run_id,
        delivery_id=new.delivery_id,
        login_name=new.login_name,
        login_email=new.login_email,
        created_by_id=by.id,
        first_due_at=due,
        sorted_at=due,
    )
    db.session.add(case)
    db.session.flush()
    words.keep(case, new.subject, internal=False)
    _say(case, new.text, files=files, by=by)
    event = timeline.record(CaseOpened(case.key, case.number, case.subject), by=by, integration=integration)
    _tell_staff(case, new.text, event=event, by=by, house=integration.partner.name, opened=True)
    return case


def reply(case: Case, text: str, *, files: Sequence[Accepted] = (), by: User) -> None:
    """The partner writes; a case that waited for it, or had ended, is ours again."""
    lock(case)
    if not _said_just_now(case, text, by=by):
        _say(case, text, files=files, by=by)
        event = _record(case, CaseAnswered(case.key, case.number, case.subject), by)
        if case.ball is not Ball.GOCARDLESS:
            shift(case, CaseStatus.WAITING_GOCARDLESS, by=by)
        _tell_staff(case, text, event=event, by=by, house=case.partner.name)


def answer(case: Case, text: str, *, then: CaseStatus, files: Sequence[Accepted] = (), by: User) -> None:
    """Staff write to the partner, and say what the case is `then`: open, waiting on the partner, or resolved."""
    lock(case)
    if then not in (CaseStatus.OPEN, CaseStatus.WAITING_PARTNER, CaseStatus.RESOLVED):
        raise IllegalMove("An answer leaves a case open, waiting on the partner, or resolved.")
    if _said_just_now(case, text, by=by):
        return
    if case.status is CaseStatus.CLOSED:
        shift(case, CaseStatus.WAITING_GOCARDLESS, by=by)
    _say(case, text, files=files, by=by)
    case.first_answered_at = case.first_answered_at or clock.now()
    case.assigned_to_id = case.assigned_to_id or by.id
    event = _record(case, CaseAnswered(case.key, case.number, case.subject), by)
    if case.status is not CaseStatus.RESOLVED:
        shift(case, then, by=by)
    _tell_partner(case, text, event=event, by=by)


def note(case: Case, text: str, *, by: User) -> None:
    """Staff write for staff."""
    lock(case)
    if not _said_just_now(case, text, by=by, internal=True):
        _say(case, text, by=by, internal=True)
        _record(case, CaseNoted(case.key, case.number), by)


def shift(case: Case, after: CaseStatus, *, by: User | None) -> None:
    """The next status, with the column that the lists are made of. Raises IllegalMove."""
    before, now = case.status, clock.now()
    case.status = move(before, after, CASE_MOVES)
    if before is case.status:
        return
    had, case.ball = case.ball, BALL[case.status]
    if case.ball is not had:
        case.sorted_at = due_at(now) if case.ball is Ball.GOCARDLESS else now
    case.ended_at = now if case.ball is Ball.NOBODY else None
    _record(case, CaseMoved(case.key, case.number, CASE[before].words, CASE[case.status].words), by)


def due_at(since: datetime) -> datetime:
    """When an answer to what was written at that time is due, in the office's working time."""
    return clock.add_working_minutes(since, office.support_minutes(), office.current())


def _record(case: Case, happening: timeline.Happening, by: User | None) -> Event:
    return timeline.record(happening, by=by, partner=case.partner)


def _say(case: Case, text: str, *, files: Sequence[Accepted] = (), by: User, internal: bool = False) -> None:
    message = CaseMessage(
        case_id=case.id,
        author_id=by.id,
        author_name=by.name,
        by_staff=by.is_staff,
        internal=internal,
        text=text,
        at=clock.now(),
    )
    db.session.add(message)
    db.session.flush()
    words.keep(case, text, internal=internal)
    for one in files:
        _keep(case, message, one, by)


def _keep(case: Case, message: CaseMessage, one: Accepted, by: User) -> None:
    """The same kind of row, and the same checks, as evidence."""
    file = File(
        partner_id=case.partner_id,
        integration_id=db.session.scalars(select(Integration.id).where(Integration.partner_id == case.partner_id)).one(),
        section_key=PLACE,
        original_name=one.name,
        media_type=one.media_type,
        size=one.size,
        sha256=one.sha256,
        storage_key=one.storage_key,
        width=one.width,
        height=one.height,
        uploaded_by_id=by.id,
    )
    db.session.add(file)
    db.session.flush()
    db.session.add(CaseFile(file_id=file.id, case_id=case.id, message_id=message.id))
    outbox.enqueue(Task.FILE, {"file_id": file.id}, title=f"Check the file {file.key}")


def _next_number(partner_id: int) -> int:
    """Under the integration's lock: two cases at once take turns."""
    return (db.session.scalar(select(func.max(Case.number)).where(Case.partner_id == partner_id)) or 0) + 1


def _opened_just_now(integration: Integration, new: NewCase, *, by: User) -> Case | None:
    same = select(Case).where(
        Case.partner_id == integration.partner_id,
        Case.created_by_id == by.id,
        Case.subject == new.subject,
        Case.created_at > clock.now() - TWICE,
    )
    case = db.session.scalars(same.order_by(Case.id.desc()).limit(1)).first()
    return case if case and _said_just_now(case, new.text, by=by) else None


def _said_just_now(case: Case, text: str, *, by: User, internal: bool = False) -> bool:
    last = db.session.scalars(
        select(CaseMessage).where(CaseMessage.case_id == case.id).order_by(CaseMessage.id.desc()).limit(1)
    ).first()
    if last is None or clock.now() - last.at > TWICE:
        return False
    return (last.author_id, last.text, last.internal) == (by.id, text, internal)


def _tell_staff(case: Case, text: str, *, event: Event, by: User, house: str, opened: bool = False) -> None:
    to = [_recipient(case.assigned_to)] if case.assigned_to else mail.staff(CATEGORIES[case.category].told)
    mail.send(
        "case_written",
        to=to,
        subject=f"{house}, case {case.number}: {case.subject}",
        event=event,
        author=by.name,
        case=case,
        text=text,
        opened=opened,
        house=house,
        url=mail.link("support.handle", case_key=case.key),
    )


def _tell_partner(case: Case, text: str, *, event: Event, by: User) -> None:
    """Whoever of the team has written in the case."""
    wrote = select(CaseMessage.author_id).where(CaseMessage.case_id == case.id, CaseMessage.by_staff.is_(False))
    people = db.session.scalars(select(User).where(User.id.in_(wrote), User.active).order_by(User.id)).all()
    mail.send(
        "case_answered",
        to=[_recipient(person) for person in people if person.id != by.id],
        subject=f"Case {case.number}: {case.subject}",
        event=event,
        author=by.name,
        case=case,
        text=text,
        resolved=case.status is CaseStatus.RESOLVED,
        url=mail.link("support.case", case_key=case.key),
    )


def _recipient(person: User) -> Recipient:
    return mail.person(person)
