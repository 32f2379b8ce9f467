"""Why a request was not sent, or its answer not taken: each reason has a name and words for the person who typed the address."""

from portal.refusals import Refusal


class NotSent(Refusal):
    """No answer came that can be used. `code` names the reason where a row keeps it."""

    status = 422
    code = "not_sent"


class BadUrl(NotSent):
    """It is no address that can be called."""

    code = "bad_url"


class BadHeader(NotSent):
    """A header or method that HTTP cannot carry."""

    code = "bad_header"


class Forbidden(NotSent):
    """It leads somewhere that the portal does not call."""

    code = "forbidden_address"


class Unreachable(NotSent):
    """Nobody answers there, or the name leads nowhere."""

    code = "unreachable"


class TimedOut(NotSent):
    """The whole answer did not come in time."""

    code = "timed_out"


class TlsFailed(NotSent):
    """The encrypted connection could not be made, or the certificate is not the name's."""

    code = "tls_failed"


class Garbled(NotSent):
    """Something came back, but it is no HTTP, or it broke off."""

    code = "garbled"


class TooLarge(NotSent):
    """The answer is longer than the caller takes, as sent or unpacked."""

    code = "too_large"
