"""Every page of this room; which file holds which is said by its name."""

from portal.connect import callback_pages, connection_pages, start_pages, step_pages
from portal.connect.blueprint import bp

__all__ = ["bp", "callback_pages", "connection_pages", "start_pages", "step_pages"]
