"""Why a file is not taken: a code for each reason and the words that the person who sent it reads."""

from enum import StrEnum

from portal.refusals import Refusal


class Why(StrEnum):
    EMPTY = "empty"
    TOO_BIG = "too_big"
    UNKNOWN = "unknown"
    TRUNCATED = "truncated"
    EXTRA = "extra"
    DAMAGED = "damaged"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_LONG = "too_long"
    TOO_HEAVY = "too_heavy"
    BUSY = "busy"
    LOCKED_PDF = "locked_pdf"
    INFECTED = "infected"
    TOO_MANY = "too_many"
    LOST = "lost"


WORDS: dict[Why, str] = {
    Why.EMPTY: "This file is empty. Choose it again, or save it once more before you send it.",
    Why.TOO_BIG: "This file is larger than 10 MB. Send a smaller one.",
    Why.UNKNOWN: "This is not a PNG, JPEG, WebP, GIF or PDF file. Save it as one of these and send it again.",
    Why.TRUNCATED: "The end of this file is missing. Save it again and send the complete file.",
    Why.EXTRA: "This file also contains something that is no part of a picture or PDF. Export it again and send the new file.",
    Why.DAMAGED: "This file cannot be opened. Check that it opens on your computer, then save it again.",
    Why.TOO_MANY_PIXELS: "This picture has too many pixels: at most 40 million, or 12 million for WebP. Send a smaller one.",
    Why.TOO_LONG: "This picture is more than 20,000 pixels wide or high. Cut it into parts and send these.",
    Why.TOO_HEAVY: "This file takes too much work to open. Export it again with ordinary settings.",
    Why.BUSY: "Many files are being checked right now. Wait a moment, then send this one again.",
    Why.LOCKED_PDF: "This PDF is protected with a password. Save a copy without one and send that.",
    Why.INFECTED: "The virus scan found something in this file. It was removed.",
    Why.TOO_MANY: "There are already 20 files here. Remove one first.",
    Why.LOST: "This file is no longer in our storage. Send it again.",
}

NONE_CHOSEN = "Choose a file first."
NO_STORAGE = "Files cannot be stored, checked or read right now. Nothing was changed; try again in a few minutes."


class Unusable(Refusal):
    """A file that is not taken; `why` says the reason as a code."""

    status = 422

    def __init__(self, why: Why) -> None:
        super().__init__(WORDS[why])
        self.why = why
