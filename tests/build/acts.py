"""What tests of Build do again and again: answer, attach, complete, submit."""

from portal.build import service, submission
from portal.build.typed import Stored, TypedAnswer
from portal.catalog import Need, QuestionType, certification, need
from portal.extensions import db
from portal.models.evidence import File
from portal.models.integration import Answer, Section
from portal.models.review import Round, RoundSection
from portal.status import FileState, IntegrationStatus, SectionStatus
from tests.world import complete_profile

CHOOSE = {
    "success_plus": "no",
    "protect_plus": "no",
    "refunds": "no",
    "outbound": "no",
    "open_banking": "no",
    "payout_events": "no",
}


def row(integration, key):
    return db.session.query(Section).filter_by(integration_id=integration.id, key=key).populate_existing().one()


def stored(integration, key):
    answer = (
        db.session.query(Answer).filter_by(integration_id=integration.id, question_key=key).populate_existing().one_or_none()
    )
    if answer is None:
        return Stored()
    value = tuple(answer.value) if isinstance(answer.value, list) else answer.value
    return Stored(value, answer.comment, answer.version)


def say(integration, key, value, *, by, comment="", base=None):
    """Answer one question as a form would that shows what is stored now."""
    catalog = service.catalog_of(integration)
    token = stored(integration, key).token if base is None else base
    return service.save_draft(integration, catalog.section_of(key), {key: TypedAnswer(value, comment, token)}, by=by)


def attach(integration, key, *, by, state=FileState.READY):
    section = service.catalog_of(integration).section_of(key)
    file = File(
        partner_id=integration.partner_id,
        integration_id=integration.id,
        section_key=section.key,
        question_key=key,
        original_name="screen.png",
        media_type="image/png",
        size=1000,
        sha256="0" * 64,
        storage_key=f"x/{key}",
        state=state,
        uploaded_by_id=by.id,
    )
    db.session.add(file)
    db.session.flush()
    return file


def good(question):
    """An answer that can be complete: passing where that needs no more than a file."""
    if question.key in CHOOSE:
        return CHOOSE[question.key]
    if question.type is QuestionType.YES_NO:
        return "yes"
    if question.type is QuestionType.SINGLE_CHOICE:
        return question.passing.options[0] if question.passing.options else question.codes[0]
    if question.type is QuestionType.MULTI_CHOICE:
        return tuple(sorted(option.code for option in question.options if not option.exclusive))
    if question.type is QuestionType.URL:
        return "https://example.com/page"
    if question.limits.max_lines:
        return "\n".join(f"https://example.com/{n}" for n in range(max(1, question.limits.min_lines)))
    return (
        "Words that answer this question in enough detail to be read. " * 4
        if question.limits.min_length > 60
        else "Acme Billing, a fine name"[: question.limits.max_length]
    )


def fill(integration, key, *, by):
    """Answer every question of a section and attach what is wanted."""
    section = service.catalog_of(integration).section(key)
    typed = {}
    for question in section.questions:
        value = good(question)
        wanted = need(question, value)
        comment = "This is why." if wanted is Need.COMMENT else ""
        typed[question.key] = TypedAnswer(value, comment, stored(integration, question.key).token)
        if wanted is Need.FILE:
            attach(integration, question.key, by=by)
    return service.save_draft(integration, section, typed, by=by)


def complete_all(integration, *, by):
    for section in service.catalog_of(integration):
        fill(integration, section.key, by=by)
    for section in service.catalog_of(integration):
        service.mark_complete(integration, section.key, by=by)


def submitted(integration, *, by):
    """All ten complete, confirmed and sent."""
    complete_profile(integration.partner)
    complete_all(integration, by=by)
    submission.confirm(integration, by=by)
    return submission.submit(integration, [section.key for section in service.catalog_of(integration)], by=by)


def decide(integration, verdicts):
    """What the reviewers' room does: statuses by section, or the list of flagged questions."""
    for key, verdict in verdicts.items():
        section = row(integration, key)
        part = (
            db.session.query(RoundSection).join(Round, Round.id == RoundSection.round_id)
            .filter(Round.integration_id == integration.id, RoundSection.section_key == key)
            .order_by(Round.number.desc()).first()
        )  # fmt: skip
        status = verdict if isinstance(verdict, SectionStatus) else SectionStatus.ATTENTION_NEEDED
        section.status = part.status = status
        section.open_questions = [] if isinstance(verdict, SectionStatus) else list(verdict)
        if status is SectionStatus.ATTENTION_NEEDED:
            integration.status = IntegrationStatus.CHANGES_REQUESTED
    db.session.flush()


def approve_all(integration):
    decide(integration, {section.key: SectionStatus.APPROVED for section in certification(integration.catalog_version)})
