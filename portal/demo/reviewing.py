"""What reviewers do: take, remark, approve, send, pause."""

from portal import journey
from portal.demo.cast import Scene
from portal.reviews import service as reviews
from portal.status import RemarkKind


def take(scene: Scene) -> None:
    reviews.take(scene.review, by=scene.me)


def approve(scene: Scene) -> None:
    for key in scene.told["sections"]:
        reviews.approve_section(scene.review, key, by=scene.me)


def ask(scene: Scene) -> None:
    _remark(scene, RemarkKind.BLOCKING)


def suggest(scene: Scene) -> None:
    _remark(scene, RemarkKind.SUGGESTION)


def note(scene: Scene) -> None:
    _remark(scene, RemarkKind.INTERNAL)


def _remark(scene: Scene, kind: RemarkKind) -> None:
    told = scene.told
    reviews.write_remark(
        scene.review, told["section"], by=scene.me, kind=kind, text=told["text"], question_key=told.get("question")
    )


def send(scene: Scene) -> None:
    reviews.send_feedback(scene.review, by=scene.me)
    journey.advance(scene.integration, by=scene.me)


def pause(scene: Scene) -> None:
    reviews.pause(scene.review, scene.told["section"], reason=scene.told["reason"], by=scene.me)
