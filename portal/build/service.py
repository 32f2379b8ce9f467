"""What can be done in Build; each verb has a file of its own, and other rooms find them here."""

from portal.build.completing import mark_complete
from portal.build.draft import account_facts, catalog_of, draft
from portal.build.messages import mark_read, post_message
from portal.build.reopening import reconcile
from portal.build.saving import Differing, Saved, may_edit, save_draft

__all__ = [
    "Differing",
    "Saved",
    "account_facts",
    "catalog_of",
    "draft",
    "mark_complete",
    "mark_read",
    "may_edit",
    "post_message",
    "reconcile",
    "save_draft",
]
