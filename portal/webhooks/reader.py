"""Who reads the log, a partner's own team or staff, and where its pages are for them."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import request, url_for
from sqlalchemy import bindparam, select

from portal.extensions import db
from portal.models.delivery import Delivery
from portal.models.forwarding import Forwarding
from portal.models.partner import Partner
from portal.models.partner_app import PartnerApp
from portal.models.people import User
from portal.web import number
from portal.webhooks import forms
from portal.webhooks.forms import Asked
from portal.words import zone_of

_APPS = (
    select(
        PartnerApp.id, PartnerApp.key, PartnerApp.name, PartnerApp.environment, PartnerApp.hook_key, PartnerApp.webhook_url,
        PartnerApp.retired_at, PartnerApp.webhook_secret.is_not(None).label("has_secret"),
        Forwarding.on, Forwarding.failing_since, Forwarding.paused_until, Forwarding.switched_at, Forwarding.switched_by_id,
    )
    .outerjoin(Forwarding, Forwarding.app_id == PartnerApp.id)
    .where(PartnerApp.partner_id == bindparam("partner"))
    .order_by(PartnerApp.retired_at.is_not(None), PartnerApp.name, PartnerApp.id)
)  # fmt: skip
"""Without secrets: no page of the log needs one."""


@dataclass
class Reader:
    """`staff` reads and changes nothing."""

    partner: Partner
    staff: bool = False

    @cached_property
    def apps(self) -> list[Any]:
        """Rows of all apps of the partner with their switches, retired ones last; read once a request."""
        return list(db.session.execute(_APPS, {"partner": self.partner.id}).all())

    @cached_property
    def asked(self) -> Asked:
        """The filters of this request."""
        return forms.filters(request.args, {app.key: app.id for app in self.apps}, zone_of())

    @cached_property
    def before(self) -> int | None:
        return request.args.get("before", type=number)

    @cached_property
    def after(self) -> int | None:
        return request.args.get("after", type=number) if self.before is None else None

    def log(self, **asked: object) -> str:
        return self._url("webhooks.index", "webhooks.of_partner", **asked)

    def news(self, **asked: object) -> str:
        return self._url("webhooks.news", "webhooks.news_of_partner", **asked)

    def export(self, **asked: object) -> str:
        return self._url("webhooks.export", "webhooks.export_of_partner", **asked)

    def one(self, key: str, **asked: object) -> str:
        return url_for("webhooks.delivery", delivery_key=key, **asked)  # type: ignore[arg-type]  # plain values of a query

    def _url(self, own: str, of_partner: str, **asked: object) -> str:
        values: dict[str, Any] = {**asked, "partner_key": self.partner.key} if self.staff else dict(asked)
        return url_for(of_partner if self.staff else own, **values)


def of(delivery: Delivery, me: User) -> Reader:
    """For a page about one delivery, whose partner is read for staff only."""
    own = me.partner
    return Reader(own) if own else Reader(db.session.get_one(Partner, delivery.partner_id), staff=True)
