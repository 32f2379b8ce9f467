"""What partners do in Build: answers, messages, marks, corrections, sending."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from portal import journey
from portal.build import service as build
from portal.build import submission
from portal.build.typed import TypedAnswer
from portal.catalog import Question, applicable, certification
from portal.demo import evidence
from portal.demo.cast import Scene
from portal.demo.house import House
from portal.extensions import db
from portal.home import service as home
from portal.models.integration import Answer

EVERYTHING = 2**31 - 1


def save(scene: Scene) -> None:
    """The section's answers; with `only` those of a few questions."""
    wanted = scene.told.get("only")
    typed = {question.key: answer for question, answer in _asked(scene) if wanted is None or question.key in wanted}
    build.save_draft(scene.integration, scene.section, typed, by=scene.me)


def attach(scene: Scene) -> None:
    """The evidence that the answers need; with `questions` that of a few."""
    wanted = scene.told.get("questions")
    asked = [question.key for question, answer in _asked(scene) if evidence.wanted(question, answer)]
    evidence.attach(scene, [key for key in asked if wanted is None or key in wanted])
    if wanted is not None:  # otherwise the section is finished in a moment, which counts it anew
        build.reconcile(scene.integration, by=scene.me)


def document(scene: Scene) -> None:
    evidence.attach_document(scene, scene.told["title"], scene.told["lines"])


def complete(scene: Scene) -> None:
    build.mark_complete(scene.integration, scene.section.key, by=scene.me)
    journey.advance(scene.integration, by=scene.me)


def confirm(scene: Scene) -> None:
    submission.confirm(scene.integration, by=scene.me)
    journey.advance(scene.integration, by=scene.me)


def say(scene: Scene) -> None:
    question = scene.told.get("question")
    build.post_message(scene.integration, scene.section, text=scene.told["text"], by=scene.me, question_key=question)


def correct(scene: Scene) -> None:
    """New answers to the questions that were flagged, and new pictures for them."""
    typed = _again(scene.house, scene.told["answers"])
    build.save_draft(scene.integration, scene.section, typed, by=scene.me)
    for key, answer in typed.items():
        if evidence.wanted(certification().question(key), answer) and not scene.told.get("keep_evidence"):
            evidence.replace(scene, key)
    build.reconcile(scene.integration, by=scene.me)


def resubmit(scene: Scene) -> None:
    submission.resubmit(scene.integration, scene.told["sections"], by=scene.me)
    journey.advance(scene.integration, by=scene.me)


def read(scene: Scene) -> None:
    home.mark_all_read(scene.integration, up_to=EVERYTHING, by=scene.me)


def _asked(scene: Scene) -> Iterable[tuple[Question, TypedAnswer]]:
    """The questions of the section that are asked, with this partner's answers."""
    asked = applicable(certification(), scene.house.values(), build.account_facts(scene.house.partner_id))
    for question in scene.section.questions:
        answer = scene.house.answer(question.key, scene.section.key)
        if question.key in asked and answer is not None:
            yield question, answer


def _again(house: House, told: dict[str, Any]) -> dict[str, TypedAnswer]:
    """Answers that replace those stored: each names the version that the form showed."""
    stored = select(Answer.question_key, Answer.version).where(
        Answer.integration_id == house.integration_id, Answer.question_key.in_(told)
    )
    versions = {key: version for key, version in db.session.execute(stored)}  # noqa: C416 - rows are no pairs for the type checker
    return {key: house.typed(answer, f"{versions.get(key, 0)}.") for key, answer in told.items()}
