"""The verbs of the reviewers, in one place for the other rooms; each lives in a small file of its own."""

from portal.reviews.calendar import Moved, move_due_dates, moved_by
from portal.reviews.clock import partner_answered, pause, remind_due, resume, settle
from portal.reviews.desk import assign, release, reviews, take, take_next
from portal.reviews.presence import left, seen
from portal.reviews.remarks import withdraw_remark, write_remark
from portal.reviews.replies import delete_reply, save_reply
from portal.reviews.sending import send_feedback
from portal.reviews.verdicts import approve_remaining, approve_section, undo_verdict

__all__ = [
    "Moved",
    "approve_remaining",
    "approve_section",
    "assign",
    "delete_reply",
    "left",
    "move_due_dates",
    "moved_by",
    "partner_answered",
    "pause",
    "release",
    "remind_due",
    "resume",
    "reviews",
    "save_reply",
    "seen",
    "send_feedback",
    "settle",
    "take",
    "take_next",
    "undo_verdict",
    "withdraw_remark",
    "write_remark",
]
