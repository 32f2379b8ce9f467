"""Cases and leads: every list and filter with as many rows as fill a page of each, against a hundred thousand."""

import random
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import insert, select

from bench._portal import CHUNK, cookie, copied, environment, with_demo
from bench._serving import Served
from bench.figures import Figure
from portal import clock
from portal.extensions import db
from portal.models.case import Case, CaseWord
from portal.models.columns import new_key
from portal.models.lead import Lead
from portal.models.partner import Partner
from portal.models.people import User
from portal.status import BALL, Ball, CaseCategory, CaseStatus, LeadStatus
from portal.transaction import writing
from portal.web import Portal

FEW, MANY = 1_500, 100_000
ROUNDS, WARM_UP, TIMES = 7, 15, 15
GROWTH = 1.2
WORDS = [f"word{number}" for number in range(200)]
PAGES = {
    "cases.queue": ("tom", "/staff/cases"),
    "cases.overdue": ("tom", "/staff/cases?overdue=y"),
    "cases.waiting": ("tom", "/staff/cases?which=partner"),
    "cases.ended": ("tom", "/staff/cases?which=ended"),
    "cases.category": ("tom", "/staff/cases?category=lead"),
    "cases.mine": ("tom", "/staff/cases?whose=mine"),
    "cases.nobody": ("tom", "/staff/cases?whose=nobody"),
    "cases.all": ("tom", "/staff/cases?which=all"),
    "cases.word": ("tom", "/staff/cases?which=all&q=every"),
    "cases.words": ("tom", "/staff/cases?which=all&q=every+word7"),
    "cases.own": ("mira", "/support"),
    "cases.own_ended": ("mira", "/support?which=ended"),
    "leads.list": ("sam", "/staff/leads"),
    "leads.stage": ("sam", "/staff/leads?status=won"),
    "leads.mine": ("sam", "/staff/leads?whose=mine"),
    "leads.nobody": ("sam", "/staff/leads?whose=nobody"),
    "leads.overdue": ("sam", "/staff/leads?overdue=y"),
    "leads.board": ("sam", "/staff/leads/board"),
}
"""Who asks for what."""


def run() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder, ExitStack() as stack:
        few = with_demo(Path(folder) / "few")
        apps = {FEW: few, MANY: copied(Path(folder) / "few", Path(folder) / "many")}
        asking = {}
        for size, app in apps.items():
            _fill(app, size)
            served = stack.enter_context(Served("portal:create_app()", environment(app.settings.instance)))
            asking |= {(name, size): (served, path, cookie(app, person)) for name, (person, path) in PAGES.items()}
        measured: dict[tuple[str, int], list[float]] = {one: [] for one in asking}
        for number in range(ROUNDS + 1):
            for one in list(asking)[:: -1 if number % 2 else 1]:
                served, path, worn = asking[one]
                took = served.milliseconds(path, TIMES if number else WARM_UP, cookie=worn)
                if number:
                    measured[one].append(took)
        for name in PAGES:
            few_rows, many_rows = measured[name, FEW], measured[name, MANY]
            yield Figure(f"desk.{name}", median(many_rows), "ms CPU a request")
            growth = median(many / few for many, few in zip(many_rows, few_rows, strict=True))
            yield Figure(f"desk.{name}.growth", growth, f"x {FEW:,} rows", "<=", GROWTH)


def _fill(app: Portal, size: int) -> None:
    chance = random.Random(7)  # the same data in every run
    with app.app_context(), writing():
        partners = list(db.session.scalars(select(Partner.id).order_by(Partner.id)))
        staff = list(db.session.scalars(select(User.id).where(User.username.in_(("tom", "sam"))).order_by(User.id)))
        for begin in range(0, size, CHUNK):
            numbers = range(begin, min(begin + CHUNK, size))
            cases = [_case(number, partners, staff, chance) for number in numbers]
            db.session.execute(insert(Case), cases)
            db.session.execute(insert(CaseWord), [row for one in cases for row in _words(one)])
            db.session.execute(insert(Lead), [_lead(number, partners, staff, chance) for number in numbers])


def _case(number: int, partners: list[int], staff: list[int], chance: random.Random) -> dict[str, object]:
    status = chance.choice(list(CaseStatus))
    at = clock.now() + timedelta(minutes=chance.randint(-50_000, 50_000 if BALL[status] is Ball.GOCARDLESS else 0))
    return {
        "id": 1_000 + number, "key": new_key(), "partner_id": partners[number % len(partners)], "number": 1_000 + number,
        "subject": f"every case has a {WORDS[number % len(WORDS)]}", "category": chance.choice(list(CaseCategory)),
        "status": status, "ball": BALL[status], "sorted_at": at, "assigned_to_id": chance.choice([*staff, None]),
        "section_key": "", "question_key": "", "login_name": "", "login_email": "", "created_at": at, "first_due_at": at,
    }  # fmt: skip


def _words(case: dict[str, object]) -> Iterator[dict[str, object]]:
    for word in str(case["subject"]).split():
        for for_staff in (True, False) if word != "a" else (True,):
            yield {"partner_id": case["partner_id"], "staff": for_staff, "word": word, "case_id": case["id"]}


def _lead(number: int, partners: list[int], staff: list[int], chance: random.Random) -> dict[str, object]:
    at = clock.now() - timedelta(minutes=number)
    return {
        "id": 1_000 + number, "key": new_key(), "partner_id": partners[number % len(partners)], "number": 1_000 + number,
        "status": chance.choice(list(LeadStatus)), "company": f"Company {number}", "country": "GB", "currency": "GBP",
        "yearly_volume": number, "values": {}, "owner_id": chance.choice([*staff, None]), "created_at": at, "updated_at": at,
        "next_update_at": at + timedelta(days=chance.randint(-5, 5)), "version": 1, "reason": "",
    }  # fmt: skip
