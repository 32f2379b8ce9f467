"""Integration checks that developers ran. What their products did was taken down once; what the checks say of it, they say anew.

The tape was made with the example integration (tests/exam/taping.py): once with two mistakes in it, and once as it is.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from portal import clock
from portal.build import proofs
from portal.demo import developing
from portal.demo.cast import Scene
from portal.demo.tape import Tape
from portal.exam import choosing, marks, proof, reading, running, service
from portal.exam.nouns import Family, Judgement
from portal.extensions import db
from portal.models.columns import new_key
from portal.models.exam import CheckResult, Exam, ExamSettings
from portal.models.partner_app import PartnerApp
from portal.status import CheckVerdict

FILE = Path(__file__).parent / "data/exam.json"
Told = Mapping[str, Any]


@cache
def recorded() -> Mapping[str, Told]:
    """Experiments by name; what the faulty product did otherwise stands under `faulty`."""
    found: Mapping[str, Told] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def declare(scene: Scene) -> None:
    """Where the checks find the product; nobody is there, because the demo's partners are made up."""
    app, side = developing.app_of(scene), _side(scene)
    app.webhook_url = app.webhook_url or f"{side}/webhooks"
    places = {
        "connect_url": f"{side}/connect",
        "login_url": f"{side}/connect/existing-account",
        "action_url": f"{side}/test-hook",
    }
    db.session.add(ExamSettings(app_id=app.id, header_name="X-Test-Key", header_value=new_key(), **places))


def examine(scene: Scene) -> None:
    """An exam from the tape: its checks judge what was seen, one experiment after the other."""
    app = developing.app_of(scene)
    families = [one for one in Family if one.value in scene.told.get("families", [])]
    exam = service.start(app, choosing.families(families) if families else choosing.everything(), by=scene.me)
    exam.app = app
    begun, seconds = clock.now(), 0.0
    said: dict[str, Judgement] = {}
    for name in (one.name for one in running.experiments(choosing.known(exam.checks))):
        told = _told(name, faulty=scene.told.get("faulty", False))
        if told is None:
            continue
        seconds += told["milliseconds"] / 1000
        with clock.at(begun + timedelta(seconds=seconds)):
            _judge(exam, app, name, _tape(scene, app).play(told), said)
    with clock.at(begun + timedelta(seconds=seconds)):
        _over(exam, said)


def _told(name: str, *, faulty: bool) -> Told | None:
    tapes = recorded()
    return (tapes["faulty"].get(name) if faulty else None) or tapes["as it is"].get(name)


def _judge(exam: Exam, app: PartnerApp, name: str, told: Told, said: dict[str, Judgement]) -> None:
    mark = marks.mark(app, reading.settings_of(app))
    for check in (one for one in choosing.known(exam.checks) if one.experiment == name):
        said[check.id] = judgement = running.judge(check, {name: told["seen"]}, said)
        skipped = judgement.verdict is CheckVerdict.SKIPPED
        row = CheckResult(
            key=new_key(),
            exam_id=exam.id,
            partner_id=exam.partner_id,
            app_id=app.id,
            check_id=check.id,
            verdict=judgement.verdict,
            words=judgement.words,
            seen=judgement.seen,
            newest=reading.take_the_place(exam, check.id, skipped=skipped),
            settings_mark=mark,
            at=clock.now(),
            milliseconds=told["milliseconds"],
            observation={} if skipped else told["seen"],
            trace=[] if skipped else told["trace"],
        )
        row.proof = proof.document(row, exam, app) if judgement.verdict is CheckVerdict.PASSED else None
        db.session.add(row)
        db.session.flush()


def _over(exam: Exam, said: Mapping[str, Judgement]) -> None:
    exam.position, exam.tally = len(said), service.tally(one.verdict for one in said.values())
    exam.done = [one.name for one in running.experiments(choosing.known(exam.checks))]
    service.finish(exam)
    db.session.flush()
    proofs.refresh(exam.partner_id)


def _side(scene: Scene) -> str:
    return f"https://staging.{scene.house.domain}"


def _tape(scene: Scene, app: PartnerApp) -> Tape:
    addresses = {"side": _side(scene), "sandbox": developing.sandbox_address()}
    places = {f"{name}_place": urlsplit(address).netloc for name, address in addresses.items()}
    return Tape({**addresses, **places, "client_id": app.client_id}, clock.now(), salt=app.key)
