"""Typed answers: text and addresses, cleaned and measured."""

import unicodedata
from urllib.parse import urlsplit

from portal.catalog.nouns import Limits

MOST = 2000  # characters of an address
LINE_BREAKS = str.maketrans({"\u2028": "\n", "\u2029": "\n", "\x0b": "\n", "\x0c": "\n"})
Outcome = tuple[str | None, tuple[str, ...]]  # the value or None, the problems


def text(given: str, limits: Limits) -> Outcome:
    """Free text, or one address a line where the limits count lines."""
    cleaned = _cleaned(given)
    if _has_control(cleaned):
        return None, ("Remove the invisible control characters.",)
    if limits.max_lines:
        return _lines(cleaned, limits)
    if len(cleaned) > limits.max_length:
        return None, (f"Use at most {limits.max_length:,} characters; this has {len(cleaned):,}.",)
    if len(cleaned) < limits.min_length:
        return None, (f"Write at least {limits.min_length:,} characters.",)
    return cleaned, ()


def url(given: str, limits: Limits) -> Outcome:
    """One http or https address; only https where the limits say so."""
    address = given.strip()
    problem = _problem(address, https_only=limits.https_only)
    return (None, (problem,)) if problem else (address, ())


def _lines(cleaned: str, limits: Limits) -> Outcome:
    addresses = [line.strip() for line in cleaned.split("\n") if line.strip()]
    if not limits.min_lines <= len(addresses) <= limits.max_lines:
        return None, (f"Give {limits.min_lines} to {limits.max_lines} addresses, one per line.",)
    problems = [_problem(address, https_only=limits.https_only) for address in addresses]
    named = [f"Line {number}: {words}" for number, words in enumerate(problems, 1) if words]
    if len(set(addresses)) < len(addresses):
        named.append("An address is there twice.")
    return (None, tuple(named)) if named else ("\n".join(addresses), ())


def _problem(address: str, *, https_only: bool) -> str:
    """Why this is no address that we accept, or nothing."""
    schemes = ("https",) if https_only else ("https", "http")
    if len(address) > MOST:
        return f"An address has at most {MOST:,} characters."
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "This is not a complete web address."
    if parts.scheme not in schemes:
        return f"Begin the address with {' or '.join(f'{scheme}://' for scheme in schemes)}."
    if not host or any(char.isspace() for char in address) or _is_unseen(address):
        return "This is not a complete web address."
    if parts.username is not None or parts.password is not None:
        return "Leave user name and password out of the address."
    return ""


def _cleaned(given: str) -> str:
    lines = given.replace("\r\n", "\n").replace("\r", "\n").translate(LINE_BREAKS)
    return unicodedata.normalize("NFC", lines).strip()


def _has_control(cleaned: str) -> bool:
    return any(unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t" for char in cleaned)


def _is_unseen(address: str) -> bool:
    return any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zs") for char in address)
