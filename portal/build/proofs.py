"""Keeps what the integration checks prove with the sections whose questions they prove.

One rule for proofs that go: until a section is sent, whatever rested on a proof falls with it: a section that was complete
because a proof stood for a screenshot is not complete any more, and a summary that was confirmed has to be confirmed again when
a check contradicts an answer. What was sent stays as it was sent: the snapshot says what was proven then, and nothing comes back
because a proof grew old. When corrections are sent again, the questions that are open need a fresh proof, the sealed ones none.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select

from portal import clock, timeline
from portal.build import reopening, rows
from portal.build.contradictions import Contradiction
from portal.build.disagreeing import in_integration
from portal.build.draft import catalog_of
from portal.build.proving import SPEAKING, Checked, proofs_of
from portal.exam import proof
from portal.exam.marks import marks
from portal.exam.table import BY_ID
from portal.extensions import db
from portal.models.exam import CheckResult
from portal.models.integration import Integration, Section
from portal.models.partner_app import PartnerApp
from portal.status import CheckVerdict, IntegrationStatus
from portal.timeline.build import AnswerContradicted

AT_ONCE = 100
_OF_PARTNER = select(Integration).where(Integration.partner_id == bindparam("partner"))
_NEWEST = (
    select(
        CheckResult.check_id,
        CheckResult.verdict,
        CheckResult.words,
        CheckResult.at,
        CheckResult.key,
        CheckResult.app_id,
        CheckResult.settings_mark,
        PartnerApp.retired_at.is_not(None).label("retired"),
    )
    .join(PartnerApp, PartnerApp.id == CheckResult.app_id)
    .where(CheckResult.partner_id == bindparam("partner"), CheckResult.newest)
    .order_by(CheckResult.at, CheckResult.id)
)
_AGEING = (
    select(Integration.partner_id)
    .join(Section, Section.integration_id == Integration.id)
    .where(Section.proofs_until <= bindparam("now", type_=Section.proofs_until.type))
    .group_by(Integration.partner_id)
    .order_by(Integration.partner_id)
    .limit(AT_ONCE)
)


def refresh(partner_id: int) -> bool:
    """Look at a partner's proofs again, after a check, a change of settings, or by the clock. True when something differs."""
    integration = db.session.scalars(_OF_PARTNER, {"partner": partner_id}).one_or_none()
    return integration is not None and renew(integration, rows.take(integration))


def renew(integration: Integration, sections: list[Section]) -> bool:
    """The same for sections that are taken already (portal.build.rows)."""
    said = newest(integration.partner_id, clock.now())
    known = (
        {pair for one in in_integration(integration) for pair in one.pairs} if any(row.proofs for row in sections) else set()
    )
    changed = [row.key for row in sections if _keep(integration, row, said)]
    if not changed:
        return False
    db.session.flush()
    reopening.reconcile(integration, by=None)
    _tell(integration, [one for one in in_integration(integration) if not one.pairs <= known])
    return True


def ageing(now: datetime) -> list[int]:
    """Ids of partners who have a proof that became too old."""
    return list(db.session.scalars(_AGEING, {"now": now}))


def newest(partner_id: int, now: datetime) -> dict[str, Checked]:
    """The newest verdict of each check, whichever app it was about; of a retired app only where no other has one."""
    current = marks(partner_id)
    found: dict[str, tuple[bool, Checked]] = {}
    for row in db.session.execute(_NEWEST, {"partner": partner_id}):
        if row.verdict not in SPEAKING or (row.retired and not _may_count(row.check_id, row.verdict, found)):
            continue
        stale = proof.stale(row.at, row.settings_mark, now=now, mark=current[row.app_id], retired=row.retired)
        found[row.check_id] = row.retired, _checked(row, stale)
    return {check: one for check, (_, one) in found.items()}


def _checked(row: Row[Any], stale: proof.Stale | None) -> Checked:
    title = BY_ID[row.check_id].title if row.check_id in BY_ID else row.check_id
    return Checked(row.check_id, title, row.verdict, row.words, row.at.isoformat(), row.key, stale.value if stale else "")


def _may_count(check: str, verdict: CheckVerdict, found: Mapping[str, tuple[bool, Checked]]) -> bool:
    """What failed with an app that is gone speaks of nothing; what passed is at most a stale proof."""
    in_use = check in found and not found[check][0]
    return verdict is CheckVerdict.PASSED and not in_use


def _keep(integration: Integration, row: Section, said: Mapping[str, Checked]) -> bool:
    found = proofs_of(catalog_of(integration).section(row.key), said)
    holding = [one.at for each in found.values() for one in each.checks if one.proves]
    row.proofs_until = proof.expires(datetime.fromisoformat(min(holding))) if holding else None
    plain = {key: one.plain() for key, one in found.items()}
    if plain == row.proofs:
        return False
    row.proofs = plain
    return True


def _tell(integration: Integration, new: list[Contradiction]) -> None:
    """A contradiction appears in the feed of its section, and before the submission it asks for another look at the summary."""
    for one in new:
        section = catalog_of(integration).section_of(one.question.key)
        happened = AnswerContradicted(number=section.questions.index(one.question) + 1, text=one.saw)
        timeline.record(happened, by=None, integration=integration, section_key=section.key, question_key=one.question.key)
    if integration.status is IntegrationStatus.DRAFT and any(one.open for one in new):
        integration.confirmed_at = integration.confirmed_by_id = None
