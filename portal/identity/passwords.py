"""Which passwords are taken, and the slow hashing of them: four at once, and never while a transaction is open."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from string import digits, punctuation
from threading import BoundedSemaphore
from typing import Any

from flask import current_app, has_request_context
from flask_security import PasswordUtil, hash_password

from portal import transaction
from portal.models.people import User

SHORTEST, LONGEST = 12, 128
"""Characters; the upper bound keeps a megabyte out of the hash."""
AT_ONCE = BoundedSemaphore(4)
"""One argon2 takes 64 MiB."""


def problems(password: str, *, about: Iterable[str] = ()) -> list[str]:
    """What is wrong with a new password, in words; `about` are the person's own name, username and address."""
    password = normal(password)
    if len(password) < SHORTEST:
        return [f"Use at least {SHORTEST} characters. Three or four words in a row are easy to remember."]
    if len(password) > LONGEST:
        return [f"Use at most {LONGEST} characters."]
    if _easily_guessed(password.casefold(), [word.casefold() for word in about]):
        return ["This password is easy to guess. Choose one that is not on lists of common passwords and not about you."]
    return []


def normal(password: str) -> str:
    """The one form of letters that keyboards write in several ways; nothing else is changed."""
    return unicodedata.normalize("NFKC", password)


def hashed(password: str) -> str:
    """For storing. In a request it ends the open transaction first: call it before anything is changed."""
    return hash_password(normal(password))


def _easily_guessed(password: str, about: list[str]) -> bool:
    bare = password.strip(digits + punctuation + " ")
    own = {part for word in about for part in (word, word.partition("@")[0])}
    return len(set(password)) < 5 or password in _common() or bare in _common() or bare in own or _runs(password)


def _runs(password: str) -> bool:
    """Only neighbours of the alphabet, such as 'abcdefghijklm' or '123456789012'."""
    steps = [ord(after) - ord(before) for before, after in pairwise(password)]
    return sum(step in (-1, 0, 1) for step in steps) > 0.8 * len(steps)


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    lines = Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


class Rules(PasswordUtil):
    """The same rules for every place that Flask-Security takes a new password."""

    def normalize(self, password: str) -> str:
        return normal(password)

    def validate(self, password: str, is_register: bool, **of: Any) -> tuple[list[str] | None, str]:  # noqa: FBT001 - the library's own signature
        user: User = of["user"]
        return problems(password, about=(user.name, user.username, user.email)) or None, normal(password)


class Hashed(str):
    """A password that a form has hashed already, on its way through the library that would hash it."""

    __slots__ = ()


class Unhurried:
    """Passlib's context, but hashing waits its turn and first ends the request's transaction: others must not wait for it."""

    def __init__(self, context: Any) -> None:
        self._context = context

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)

    def hash(self, password: str, **options: Any) -> str:
        if isinstance(password, Hashed):
            return str(password)
        return str(self._slowly(self._context.hash, password[:LONGEST], **options))

    def verify(self, password: str, hashed: str) -> bool:
        return bool(self._slowly(self._context.verify, password[:LONGEST], hashed)) and len(password) <= LONGEST

    def dummy_verify(self) -> None:
        """As slow as verify: for accounts that do not exist."""
        self._slowly(self._context.dummy_verify)

    @staticmethod
    def _slowly(work: Any, *values: object, **options: object) -> object:
        if has_request_context():
            transaction.release()
        with AT_ONCE:
            return work(*values, **options)


def matches(password: str, hashed: str | None) -> bool:
    """Whether this is the password of the hash; without one it takes as long and says no."""
    context = current_app.extensions["security"].pwd_context
    if hashed is None:
        context.dummy_verify()
        return False
    return bool(context.verify(normal(password), hashed))
