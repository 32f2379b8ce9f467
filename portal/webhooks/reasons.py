"""Why a signature does not fit: every mistake that is recognised, what it is called, and what mends it, in one place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Reason(StrEnum):
    """What went wrong between the sender's body and secret and what arrived. Codes are stored and never change their meaning."""

    MISSING_HEADER = "missing_header"
    EMPTY_HEADER = "empty_header"
    NON_ASCII_HEADER = "non_ascii_header"
    DUPLICATED_HEADER = "duplicated_header"
    NOT_A_SIGNATURE = "not_a_signature"
    TOO_LARGE = "too_large"
    NO_SECRET = "no_secret"  # noqa: S105 - the code of a mistake
    PREVIOUS_SECRET = "previous_secret"  # noqa: S105 - the code of a mistake
    NEWER_SECRET = "newer_secret"  # noqa: S105 - the code of a mistake
    OTHER_APP = "other_app"
    OTHER_ENVIRONMENT = "other_environment"
    CLIENT_SECRET = "client_secret"  # noqa: S105 - the code of a mistake
    SECRET_EDGES = "secret_edges"  # noqa: S105 - the code of a mistake
    SECRET_DECODED = "secret_decoded"  # noqa: S105 - the code of a mistake
    UPPER_CASE = "upper_case"
    BASE64 = "base64"
    PREFIX = "prefix"
    QUOTED = "quoted"
    SHA1 = "sha1"
    OTHER_HASH = "other_hash"
    PLAIN_HASH = "plain_hash"
    RESERIALISED = "reserialised"
    PART_OF_BODY = "part_of_body"
    TRAILING_NEWLINE = "trailing_newline"
    LINE_ENDINGS = "line_endings"
    BYTE_ORDER_MARK = "byte_order_mark"
    REENCODED = "reencoded"
    BEFORE_GZIP = "before_gzip"
    EMPTY_BODY = "empty_body"
    CUT_WHEN_SIGNED = "cut_when_signed"
    CUT_ON_THE_WAY = "cut_on_the_way"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Words:
    """What is wrong, and what to do about it; `%(app)s` stands for an app's name."""

    wrong: str
    mend: str


WORDS: Mapping[Reason, Words] = {
    Reason.MISSING_HEADER: Words(
        "The Webhook-Signature header is missing.",
        "Send the signature in a header of exactly this name. A proxy in between may have dropped it.",
    ),
    Reason.EMPTY_HEADER: Words(
        "The Webhook-Signature header is empty.", "The sender made no signature: check that it has a secret to sign with."
    ),
    Reason.NON_ASCII_HEADER: Words(
        "The Webhook-Signature header holds characters that no signature has.",
        "A signature is 64 hexadecimal digits. Characters that cannot be seen are often pasted along.",
    ),
    Reason.DUPLICATED_HEADER: Words(
        "The Webhook-Signature header was sent more than once.", "Send it once: a receiver cannot know which one counts."
    ),
    Reason.NOT_A_SIGNATURE: Words(
        "The Webhook-Signature header is no HMAC-SHA256 in hexadecimal digits.",
        "Send 64 hexadecimal digits in lower case and nothing else.",
    ),
    Reason.TOO_LARGE: Words(
        "The body was larger than 1 MB and was not read.", "GoCardless sends at most 250 events at once, about 100 KB."
    ),
    Reason.NO_SECRET: Words(
        "This app has no webhook secret here yet, so nothing can be checked.", "Add the webhook secret to the app."
    ),
    Reason.PREVIOUS_SECRET: Words(
        "Signed with the secret from before the last rotation.",
        "The overlap of the two secrets is over: give the sender the current one.",
    ),
    Reason.NEWER_SECRET: Words(
        "Signed with the secret that this app has now; when it arrived, the app still had another.",
        "Nothing, if the secret was changed at that moment: what comes now fits.",
    ),
    Reason.OTHER_APP: Words("Signed with the secret of your other app “%(app)s”.", "Each app has a webhook secret of its own."),
    Reason.OTHER_ENVIRONMENT: Words(
        "Signed with the secret of your app “%(app)s”, which belongs to another environment.",
        "Sandbox and live have secrets of their own: check which one is configured where.",
    ),
    Reason.CLIENT_SECRET: Words(
        "Signed with the client secret instead of the webhook secret.",
        "The client secret is for OAuth. Webhooks are signed with the webhook secret of the app.",
    ),
    Reason.SECRET_EDGES: Words(
        "Signed with the right secret and something around it: a space, a line break or quotation marks.",
        "Trim the secret where it is read: files and environment variables often end with a line break.",
    ),
    Reason.SECRET_DECODED: Words(
        "Signed with the bytes that the secret was decoded to.",
        "Use the secret as the text that it is, in UTF-8: do not decode it from hexadecimal or Base64.",
    ),
    Reason.UPPER_CASE: Words(
        "The signature is right but in upper case.",
        "Send hexadecimal digits in lower case: every client compares them exactly.",
    ),
    Reason.BASE64: Words("The signature is right but in Base64.", "Send it as 64 hexadecimal digits in lower case."),
    Reason.PREFIX: Words(
        "The signature is right but something stands in front of it, such as “sha256=”.",
        "Send the 64 digits alone: GoCardless uses no prefix, no version and no time.",
    ),
    Reason.QUOTED: Words("The signature is right but stands in quotation marks.", "Send the 64 digits alone."),
    Reason.SHA1: Words("Signed with HMAC-SHA1.", "Use HMAC-SHA256."),
    Reason.OTHER_HASH: Words("Signed with another hash function than SHA-256.", "Use HMAC-SHA256."),
    Reason.PLAIN_HASH: Words(
        "This is a plain SHA-256, not an HMAC.",
        "Use the HMAC function of your language: the secret is its key, the body its message.",
    ),
    Reason.RESERIALISED: Words(
        "The body was written anew after it was signed: same JSON, other bytes.",
        "Sign and send the same bytes. When checking, take the raw body before any framework parses it.",
    ),
    Reason.PART_OF_BODY: Words("Only a part of the body was signed.", "Sign the whole body, from its first byte to its last."),
    Reason.TRAILING_NEWLINE: Words(
        "Body and signature differ by white space at the end.", "Sign exactly what is sent, with its line break or without it."
    ),
    Reason.LINE_ENDINGS: Words(
        "The line endings changed after the body was signed.", "Handle the body as bytes: text mode turns LF into CRLF."
    ),
    Reason.BYTE_ORDER_MARK: Words(
        "A byte order mark was added or lost after the body was signed.", "Write UTF-8 without a byte order mark."
    ),
    Reason.REENCODED: Words("The body was signed in another character encoding.", "Sign the UTF-8 bytes that are sent."),
    Reason.BEFORE_GZIP: Words(
        "The body was signed first and compressed afterwards.", "Sign the bytes that go over the wire, or do not compress."
    ),
    Reason.EMPTY_BODY: Words(
        "An empty body was signed.", "The body was read before: read it once, keep the bytes, and sign those."
    ),
    Reason.CUT_WHEN_SIGNED: Words(
        "Only the beginning of the body was signed.", "Sign all of it: count bytes, not characters, and read until the end."
    ),
    Reason.CUT_ON_THE_WAY: Words(
        "The body ends in the middle: it was cut off on the way.", "Check Content-Length: it counts bytes, not characters."
    ),
    Reason.UNKNOWN: Words(
        "No known mistake explains this signature: it was made with a secret that is not yours here, or it is forged.",
        "Compare the secret at the sender with the one of this app.",
    ),
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """What was found out: the main reason, those that came on top, and the app whose secret it was."""

    reason: Reason
    also: tuple[Reason, ...] = ()
    app: str = ""

    def kept(self) -> dict[str, Any]:
        """What a delivery's summary holds of it under "signature"; `reason` has a column of its own."""
        return {"also": [reason.value for reason in self.also], "app": self.app}


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words to be translated, with the values that stand in them."""

    wrong: str
    mend: str
    values: Mapping[str, str] = field(default_factory=dict)


def sentences(reason: str, summary: Mapping[str, Any]) -> list[Sentence]:
    """What a page says about a delivery's signature, the main thing first; nothing when it was valid or is not explained yet."""
    said = summary.get("signature") or {}
    codes = [reason, *said.get("also", ())] if reason else []
    known = [WORDS[Reason(code)] for code in codes if code in set(Reason)]
    return [Sentence(words.wrong, words.mend, {"app": said.get("app", "")}) for words in known]
