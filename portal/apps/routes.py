"""Every page of this room; which file holds which is said by its name."""

from portal.apps import app_pages, check_pages, form_pages, go_live_pages, logo_pages, secret_pages
from portal.apps.blueprint import bp

__all__ = ["app_pages", "bp", "check_pages", "form_pages", "go_live_pages", "logo_pages", "secret_pages"]
