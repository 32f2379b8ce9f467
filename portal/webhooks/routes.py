"""Every page of the log; which file holds which is said by its name."""

from portal.webhooks import api_pages, detail_pages, forward_pages, log_pages, send_pages
from portal.webhooks.blueprint import bp

__all__ = ["api_pages", "bp", "detail_pages", "forward_pages", "log_pages", "send_pages"]
"""The receiving endpoint has a blueprint of its own: portal.webhooks.hook_routes."""
