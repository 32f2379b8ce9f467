"""Calls to the API: the official client with time limits, patience where it helps, and refusals in words for people."""

import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import requests
from gocardless_pro import Client
from gocardless_pro.errors import (
    ApiError,
    AuthenticationError,
    GoCardlessInternalError,
    GoCardlessProError,
    MalformedResponseError,
    RateLimitError,
)

from examples.partner_app.settings import Settings

Answer = TypeVar("Answer")
PAGE = 100
"""How many records a page of a list holds; the API allows up to 500."""


class Refused(Exception):
    """The call failed. The words are for whoever asked for it; `disconnected` says that the token is good for nothing."""

    def __init__(self, words: str, *, disconnected: bool = False) -> None:
        super().__init__(words)
        self.disconnected = disconnected


class Busy(Refused):
    """GoCardless asked for a pause, or failed itself: the same call may succeed later, under the same idempotency key."""


class Lost(Busy):
    """No answer that could be read, although the client asked several times."""


def client(settings: Settings, access_token: str) -> Client:
    """Sends the version header, and tries again by itself where an answer got lost: three times, with the same key."""
    return Client(access_token=access_token, base_url=settings.api_url, timeout=settings.timeout)


def once(call: Callable[[], Answer]) -> Answer:
    """Raises Refused; Busy or Lost where it may go well later."""
    later = "GoCardless is busy. Please try again in a minute; nothing will happen twice."
    try:
        return call()
    except (RateLimitError, GoCardlessInternalError) as error:
        raise Busy(later) from error
    except (MalformedResponseError, requests.RequestException) as error:
        raise Lost(later) from error
    except ApiError as error:
        raise Refused(words(error), disconnected=isinstance(error, AuthenticationError)) from error
    except GoCardlessProError as error:
        raise Refused(str(error)) from error


def patiently(settings: Settings, call: Callable[[], Answer]) -> Answer:
    """The same call again while GoCardless is busy, each time after a longer pause; what it refused is not asked again.

    Raises Refused, or Busy in the end.
    """
    for attempt in range(1, settings.tries):
        try:
            return once(call)
        except Lost:
            raise
        except Busy:
            time.sleep(settings.pause_before(attempt))
    return once(call)


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
