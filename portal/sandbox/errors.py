"""GoCardless's errors: one exception, its shapes, and the JSON body that every client insists on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

DOCS = "https://developer.gocardless.com/api-reference#"


@dataclass
class ApiError(Exception):
    """An answer that is not a success; ``entries`` are the rows of ``error.errors``."""

    type: str
    code: int
    message: str
    reason: str = ""
    entries: list[dict[str, Any]] = field(default_factory=list)

    def body(self, request_id: str) -> dict[str, Any]:
        """The envelope, with ``code`` repeated inside because some clients decide by it."""
        return {
            "error": {
                "message": self.message,
                "documentation_url": DOCS + (self.reason or self.type),
                "type": self.type,
                "request_id": request_id,
                "code": self.code,
                "errors": self.entries,
            }
        }


def usage(code: int, reason: str, message: str, **links: str) -> ApiError:
    """The call itself is wrong: address, headers, permission, rate or body."""
    return ApiError("invalid_api_usage", code, message, reason, [_entry(reason, message, links)])


def state(reason: str, message: str, *, code: int = 422, **links: str) -> ApiError:
    """The resource is not in a state that allows this."""
    return ApiError("invalid_state", code, message, reason, [_entry(reason, message, links)])


def invalid(*faults: tuple[str, str], code: int = 422) -> ApiError:
    """Field errors: pairs of JSON pointer (``/payments/links/mandate``) and message."""
    entries = [
        {"field": pointer.rsplit("/", 1)[-1], "message": message, "request_pointer": pointer} for pointer, message in faults
    ]
    return ApiError("validation_failed", code, "Validation failed", "", entries)


def bank_account_exists(existing: str) -> ApiError:
    message = "Bank account already exists"
    entry = _entry("bank_account_exists", message, {"customer_bank_account": existing})
    return ApiError("validation_failed", 409, message, "bank_account_exists", [entry])


def internal() -> ApiError:
    message = "The sandbox failed to answer. This is a fault of the sandbox, not of your request."
    return ApiError("gocardless", 500, message, "internal_server_error", [_entry("internal_server_error", message, {})])


def busy() -> ApiError:
    message = "The sandbox's database is busy. Nothing was changed: try again."
    return ApiError("gocardless", 503, message, "service_unavailable", [_entry("service_unavailable", message, {})])


def timed_out() -> ApiError:
    message = "The request timed out"
    return ApiError("gocardless", 504, message, "request_timed_out", [_entry("request_timed_out", message, {})])


def not_found() -> ApiError:
    return usage(404, "resource_not_found", "Resource not found")


def bad_filter(message: str) -> ApiError:
    return usage(400, "invalid_filters", message)


def not_emulated(what: str) -> ApiError:
    return usage(403, "feature_disabled", f"{what} is not emulated by this sandbox. Try it against GoCardless's own sandbox.")


def _entry(reason: str, message: str, links: dict[str, str]) -> dict[str, Any]:
    entry: dict[str, Any] = {"reason": reason, "message": message}
    if links:
        entry["links"] = links
    return entry
