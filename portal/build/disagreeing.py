"""Contradictions of an integration as it stands: read them, and keep what the partner says about one."""

from portal import clock, timeline
from portal.build import rows
from portal.build.contradictions import Contradiction, contradictions, mark
from portal.build.draft import catalog_of, draft
from portal.build.progress import Draft, asked_in, may_edit_question
from portal.catalog import Section
from portal.models.integration import Integration
from portal.models.people import User
from portal.refusals import Gone, Invalid, Sealed
from portal.timeline.build import ContradictionExplained

LONGEST = 2000


def in_integration(integration: Integration, now: Draft | None = None) -> list[Contradiction]:
    """All of them, explained ones too. `now` spares reading the draft once more."""
    catalog, now = catalog_of(integration), now or draft(integration)
    return contradictions(
        catalog, answers=now.answers, asked=asked_in(catalog, now), proofs=now.proofs, explanations=now.explanations
    )


def explain(integration: Integration, section: Section, question_key: str, words: str, *, by: User) -> None:
    """The partner looked at both and keeps the answer; words may be empty. The answer itself stays as it is.

    Raises Gone when nothing contradicts it any more, Sealed where the answer cannot be changed now, Invalid for too long a text.
    """
    sections = rows.take(integration)
    now = draft(integration)
    found = next((one for one in in_integration(integration, now) if one.question.key == question_key), None)
    if found is None or found.question not in section.questions:
        raise Gone("No check contradicts this answer any more.")
    row = rows.one(sections, section.key)
    if not may_edit_question(row.status, row.open_questions, question_key):
        raise Sealed("This section is with the reviewers or approved. Nothing can be changed in it now.")
    if len(words) > LONGEST:
        raise Invalid({"words": f"Explain it in up to {LONGEST:,} characters."})
    kept = {"words": words, "by": by.name, "at": clock.now().isoformat(), "answer": mark(now.answers.get(question_key))}
    row.explanations = {**row.explanations, question_key: kept | {"checks": [one.check for one in found.failed]}}
    happened = ContradictionExplained(section.questions.index(found.question) + 1, words)
    timeline.record(happened, by=by, integration=integration, section_key=section.key, question_key=question_key)
