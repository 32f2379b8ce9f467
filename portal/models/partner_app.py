"""Partner apps: what a partner registers to use OAuth, and the merchants' organisations that are connected through them."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.extensions import Base
from portal.models.columns import Encrypted, Utc, codes, new_key
from portal.models.partner import Partner
from portal.status import ConnectionStatus, Environment


class PartnerApp(Base):
    """One app in one environment (partner guide, "Create a partner app"). Its secrets are encrypted and shown once."""

    __tablename__ = "partner_app"
    __table_args__ = (Index(None, "partner_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=new_key)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"))
    environment: Mapped[Environment] = mapped_column(codes(Environment))
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text, default="")
    homepage_url: Mapped[str] = mapped_column(Text, default="")
    logo_key: Mapped[str | None] = mapped_column(String(80))
    """Where its picture is stored: a PNG that we drew."""
    redirect_uris: Mapped[list[str]] = mapped_column(JSON, default=list)
    """At most 20, matched exactly."""
    post_onboarding_url: Mapped[str] = mapped_column(Text, default="")
    webhook_url: Mapped[str] = mapped_column(Text, default="")
    """The partner's own receiver; the portal's own is /hooks/<hook_key>."""
    hook_key: Mapped[str] = mapped_column(String(32), unique=True, default=new_key)
    client_id: Mapped[str] = mapped_column(Text, default="")
    client_secret: Mapped[str | None] = mapped_column(Encrypted)
    previous_client_secret: Mapped[str | None] = mapped_column(Encrypted)
    webhook_secret: Mapped[str | None] = mapped_column(Encrypted)
    previous_webhook_secret: Mapped[str | None] = mapped_column(Encrypted)
    previous_until: Mapped[datetime | None] = mapped_column(Utc)
    """Until when the previous secrets are honoured beside the current ones."""
    terms_accepted_at: Mapped[datetime | None] = mapped_column(Utc)
    """When somebody of the partner accepted the Partner Agreement for this app."""
    findings: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    """What the last check named (portal.apps.preflight), no secret."""
    checked_at: Mapped[datetime | None] = mapped_column(Utc)
    created_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    updated_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    retired_at: Mapped[datetime | None] = mapped_column(Utc)
    """Retired apps accept no webhooks and start no runs; what they saw stays."""
    version: Mapped[int] = mapped_column(default=1)

    partner: Mapped[Partner] = relationship()

    __mapper_args__ = {"version_id_col": version}


class Connection(Base):
    """A merchant's organisation that allowed an app to act for it. The token is forgotten when the connection ends."""

    __tablename__ = "connection"
    __table_args__ = (
        UniqueConstraint("app_id", "organisation_id"),
        Index(None, "partner_id", "id"),
        Index(None, "partner_id", "organisation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=new_key)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"))
    app_id: Mapped[int] = mapped_column(ForeignKey("partner_app.id", ondelete="CASCADE"))
    organisation_id: Mapped[str] = mapped_column(String(64))
    email: Mapped[str] = mapped_column(Text, default="")
    scope: Mapped[str] = mapped_column(String(20), default="")
    access_token: Mapped[str | None] = mapped_column(Encrypted)
    creditor_id: Mapped[str] = mapped_column(String(64), default="")
    creditor_name: Mapped[str] = mapped_column(Text, default="")
    verification_status: Mapped[str] = mapped_column(String(40), default="")
    """As GoCardless said it last: successful, in_review or action_required."""
    status: Mapped[ConnectionStatus] = mapped_column(codes(ConnectionStatus), default=ConnectionStatus.CONNECTED)
    connected_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    checked_at: Mapped[datetime | None] = mapped_column(Utc)
    """When creditor and verification status were read last."""
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
    ended_cause: Mapped[str] = mapped_column(Text, default="")
    ended_delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id", ondelete="SET NULL"), index=True)
    """The webhook that said so."""

    app: Mapped[PartnerApp] = relationship()
