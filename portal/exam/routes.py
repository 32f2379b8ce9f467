"""Every page of this room; which file holds which is said by its name."""

from portal.exam import api_pages, exam_pages, proof_pages, settings_pages, start_pages
from portal.exam.blueprint import bp

__all__ = ["api_pages", "bp", "exam_pages", "proof_pages", "settings_pages", "start_pages"]
