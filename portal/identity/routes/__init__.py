"""Pages of this room: one's own security and settings, the team, the staff, and the way in by invitation."""

from portal.identity.routes import authenticator, invitation, security, settings, staff, team
from portal.identity.routes.blueprint import bp

__all__ = ["authenticator", "bp", "invitation", "security", "settings", "staff", "team"]
