"""Who is there: sign-in, second factors, invitations, teams and open sessions, on Flask-Security with our own pages."""

from portal.identity.security import init_app

__all__ = ["init_app"]
