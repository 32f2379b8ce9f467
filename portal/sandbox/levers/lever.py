"""What a lever is: a method, a path, the fields that it takes and what it does."""

from collections.abc import Callable
from typing import Any, NamedTuple

from portal.sandbox.fields import Field

Json = dict[str, Any]
Answer = tuple[Any, int]


class Lever(NamedTuple):
    """``path`` follows ``/_sandbox/``; ``act`` is given the typed values, and by name what the path holds."""

    method: str
    path: str
    fields: tuple[Field, ...]
    act: Callable[..., Answer]
