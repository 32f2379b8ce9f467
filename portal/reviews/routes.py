"""Every page of this room; which file holds which is said by its name."""

from portal.reviews import desk_pages, feed_pages, pages, reply_pages, verbs
from portal.reviews.blueprint import bp

__all__ = ["bp", "desk_pages", "feed_pages", "pages", "reply_pages", "verbs"]
