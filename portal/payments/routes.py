"""Every page of this room; which file holds which is said by its name."""

from portal.payments import insight_pages, run_pages, steps
from portal.payments.blueprint import bp

steps.init()

__all__ = ["bp", "insight_pages", "run_pages"]
