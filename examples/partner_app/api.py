"""Calls to the API: the official client with time limits, patience where it helps, and refusals in words for people."""

import time
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from typing import Any

import requests
from gocardless_pro import Client
from gocardless_pro.api_client import ApiClient
from gocardless_pro.errors import (
    ApiError,
    AuthenticationError,
    GoCardlessInternalError,
    GoCardlessProError,
    MalformedResponseError,
    RateLimitError,
)

from examples.partner_app.settings import Settings

PAGE = 500
"""Records in a page of a list: as many as the API gives."""
LONGEST_WAIT = 15
"""Seconds that somebody is kept waiting for. Longer, and they are told to come back."""
LATER = "GoCardless is busy. Please try again in a minute; nothing will happen twice."
Call = Callable[[Client], Any]
"""Makes one call with the client."""


class Refused(Exception):
    """The call failed. The words are for whoever asked for it; `disconnected` says that the token is good for nothing."""

    def __init__(self, words: str, *, disconnected: bool = False) -> None:
        super().__init__(words)
        self.disconnected = disconnected


class Busy(Refused):
    """GoCardless asked for a pause of so many seconds, or failed itself: later the same call may succeed, under the same key."""

    def __init__(self, seconds: float = 0) -> None:
        super().__init__(LATER)
        self.seconds = seconds


class Lost(Busy):
    """No answer that could be read, although the client asked several times."""


class Caller(ApiClient):  # type: ignore[misc]  # the library brings no types
    """The library's own, which also takes the rate limit from answers that are errors: there it matters most."""

    def _handle_errors(self, response: requests.Response) -> None:
        self.rate_limit.update_from_response(response)
        super()._handle_errors(response)


def client(settings: Settings, access_token: str) -> Client:
    """Sends the version header, and tries again by itself where an answer got lost: three times, with the same key."""
    made = Client(access_token=access_token, base_url=settings.api_url, timeout=settings.timeout)
    made._api_client = Caller(settings.api_url, access_token, timeout=settings.timeout)  # noqa: SLF001 - it offers no other way
    return made


def once(client: Client, call: Call) -> Any:
    """Raises Refused; Busy or Lost where it may go well later."""
    try:
        return call(client)
    except RateLimitError as error:
        raise Busy(until_reset(client)) from error
    except GoCardlessInternalError as error:
        raise Busy from error
    except (MalformedResponseError, requests.RequestException) as error:
        raise Lost from error
    except ApiError as error:
        raise Refused(words(error), disconnected=isinstance(error, AuthenticationError)) from error
    except GoCardlessProError as error:
        raise Refused(str(error)) from error


def until_reset(client: Client) -> float:
    """Seconds until the time that the header RateLimit-Reset named last."""
    try:
        return float(max(0, parsedate_to_datetime(client.rate_limit["ratelimit-reset"]).timestamp() - time.time()))
    except (TypeError, ValueError):
        return 0


def patiently(settings: Settings, client: Client, call: Call) -> Any:
    """The same call again while GoCardless is busy, after growing pauses and never before it says; what it refused is final.

    Raises Refused, or Busy in the end.
    """
    for attempt in range(1, settings.tries):
        try:
            return once(client, call)
        except Lost:
            raise
        except Busy as busy:
            pause = max(busy.seconds, settings.pause_before(attempt))
            if pause > LONGEST_WAIT:
                raise
            time.sleep(pause)
    return once(client, call)


def every(read: Callable[[dict[str, Any]], Any]) -> Iterator[Any]:
    """All records of a list to its end; `read` takes the parameters that name a page, and gives it."""
    after: str | None = ""
    while after is not None:
        page = read({"limit": PAGE, "after": after} if after else {"limit": PAGE})
        yield from page.records
        after = page.after


def words(error: ApiError) -> str:
    """What GoCardless says, field by field where it is about fields."""
    return "; ".join(detail(one) for one in error.errors or []) or str(error.message)


def detail(one: dict[str, str]) -> str:
    field = one.get("field", "").replace("_", " ")
    return f"{field.capitalize()} {one.get('message', '')}".strip()
