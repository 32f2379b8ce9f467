"""What a verdict depends on in an app's settings, as one hash: when it changes, proofs that were made before go stale."""

import hashlib
import json

from sqlalchemy import bindparam, select

from portal.extensions import db
from portal.models.exam import ExamSettings
from portal.models.partner_app import PartnerApp

_APPS = (
    select(PartnerApp, ExamSettings)
    .outerjoin(ExamSettings, ExamSettings.app_id == PartnerApp.id)
    .where(PartnerApp.partner_id == bindparam("partner"))
)


def mark(app: PartnerApp, declared: ExamSettings | None) -> str:
    """Of everything but secrets: those are renewed, and the integration stays the same."""
    own = (app.client_id, sorted(app.redirect_uris), app.webhook_url)
    side = (declared.connect_url, declared.login_url, declared.action_url, declared.link) if declared else ("", "", "", "")
    return hashlib.sha256(json.dumps([*own, *side]).encode()).hexdigest()


def marks(partner_id: int) -> dict[int, str]:
    """The mark of each of a partner's apps as it is now, by the app's id; one statement."""
    return {app.id: mark(app, declared) for app, declared in db.session.execute(_APPS, {"partner": partner_id})}
