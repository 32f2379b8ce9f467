"""Plays the steps of all stories in the order of time, each at its own moment."""

from collections.abc import Callable, Iterable, Mapping

from portal import clock
from portal.demo import building, developing, examining, helping, joining, launching, mails, paying, reviewing, selling, writing
from portal.demo.cast import Cast, Scene
from portal.demo.stories import Step
from portal.extensions import db

VERBS: Mapping[str, Callable[[Scene], None]] = {
    "employ": joining.employ,
    "reply": joining.reply,
    "register": joining.register,
    "decline": joining.decline,
    "accept": joining.accept,
    "invite": joining.invite,
    "join": joining.join,
    "account": joining.fill_account,
    "save": building.save,
    "attach": building.attach,
    "document": building.document,
    "complete": building.complete,
    "confirm": building.confirm,
    "say": building.say,
    "correct": building.correct,
    "resubmit": building.resubmit,
    "read": building.read,
    "take": reviewing.take,
    "approve": reviewing.approve,
    "ask": reviewing.ask,
    "suggest": reviewing.suggest,
    "note": reviewing.note,
    "send": reviewing.send,
    "pause": reviewing.pause,
    "open case": helping.open_case,
    "write case": helping.write_case,
    "note case": helping.note_case,
    "launch": launching.launch,
    "publish": launching.publish,
    "update listing": launching.update,
    "write content": writing.write,
    "do update": writing.do,
    "bring lead": selling.bring_lead,
    "move lead": selling.move_lead,
    "write lead": selling.write_lead,
    "register app": developing.register,
    "run": developing.run,
    "forge": developing.forge,
    "leave": developing.leave,
    "make key": developing.make_key,
    "collect": paying.collect,
    "declare": examining.declare,
    "examine": examining.examine,
}


def perform(steps: Iterable[Step], cast: Cast) -> None:
    """Everything happens at its time; afterwards the outbox looks as if a worker had been there."""
    for step in steps:
        with clock.at(step.at):
            VERBS[step.does](Scene(cast, step.by, step.told, step.house))
            db.session.flush()  # rows take their time from the clock when they are written
    mails.settle()
