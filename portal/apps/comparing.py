"""Two addresses byte by byte: where they part, and what kind of difference that is."""

from urllib.parse import unquote

from portal.apps.parts import Parts, on_this_machine, split, unseen

SPACE = "␣"
MOST = 120
"""Characters of an address that are shown before the difference; what stands before them is cut."""


def visible(text: str) -> str:
    """The text with a sign for each character that cannot be seen, one for one."""
    return "".join(_sign(char) if unseen(char) else char for char in text)


def caret(registered: str, asked: str) -> str:
    """Both addresses in a monospace block, with ^ below the first character that differs."""
    at = parting(registered, asked)
    start = max(0, at - MOST)
    cut = "…" if start else ""
    lines = [
        f"{label}  {cut}{visible(text)[start : at + MOST]}"
        for label, text in (("registered", registered), ("asked for ", asked))
    ]
    return "\n".join([*lines, " " * (12 + len(cut) + at - start) + "^"])


def parting(one: str, other: str) -> int:
    """How many characters are the same from the start on."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def nearest(asked: str, registered: list[str]) -> str:
    """The registered address that was most probably meant."""
    return max(registered, key=lambda one: (_alike(split(one), split(asked)), parting(one, asked)))


def related(one: str, other: str) -> bool:
    """Whether two addresses are meant to be the same: their paths agree, small slips aside."""
    return _slip(split(one).path) == _slip(split(other).path)


def difference(registered: str, asked: str) -> tuple[str, str]:
    """A code and words for the first part in which two different addresses part."""
    if "".join(registered.split()) == "".join(asked.split()) or any(map(unseen, registered + asked)):
        return "white_space", "One of them has a space, a line break or an invisible character in it."
    here, there = split(registered), split(asked)
    for compare in (_scheme, _host, _port, _path, _query, _fragment):
        found = compare(here, there)
        if found:
            return found
    return "other", "They differ."


def _scheme(here: Parts, there: Parts) -> tuple[str, str] | None:
    if here.scheme == there.scheme:
        return None
    return "scheme", f"One begins with {here.scheme or 'no scheme'}, the other with {there.scheme or 'no scheme'}."


def _host(here: Parts, there: Parts) -> tuple[str, str] | None:
    one, other = here.host or "", there.host or ""
    if one == other:
        return None if here.user == there.user else ("user", "The part before the @ differs.")
    if one.lower() == other.lower():
        return "host_case", "The host is the same, but not its capital letters: it is compared letter by letter."
    if on_this_machine(one) and on_this_machine(other):
        return "localhost", f"{one} and {other} are the same machine, but not the same text. Use one of them everywhere."
    if one.removeprefix("www.") == other.removeprefix("www."):
        return "www", "One has www. before its host, the other does not."
    return "host", f"The hosts differ: {one} is registered, {other} is asked for."


def _port(here: Parts, there: Parts) -> tuple[str, str] | None:
    if here.port == there.port:
        return None
    ports = [f"port {part.port}" if part.port is not None else "no port" for part in (here, there)]
    hint = "" if here.port and there.port else " The usual port of a scheme is named on both sides, or on none."
    return "port", f"{ports[0].capitalize()} is registered, {ports[1]} is asked for.{hint}"


def _path(here: Parts, there: Parts) -> tuple[str, str] | None:
    one, other = here.path, there.path
    if one == other:
        return None
    if one.rstrip("/") == other.rstrip("/"):
        return "trailing_slash", "One ends in a slash, the other does not."
    if unquote(one) == unquote(other):
        return "encoding", "They are the same once percent-encoding is undone, but they are compared as they are written."
    if one.lower() == other.lower():
        return "path_case", "The paths differ in their capital letters."
    return "path", "The paths differ."


def _query(here: Parts, there: Parts) -> tuple[str, str] | None:
    if here.query == there.query:
        return None
    if here.query is None or there.query is None:
        return "query", "One has a query (the part from ? on), the other does not. Values of your own belong in state."
    return "query", "The queries (the part from ? on) differ. Values of your own belong in state."


def _fragment(here: Parts, there: Parts) -> tuple[str, str] | None:
    return (
        None
        if here.fragment == there.fragment
        else ("fragment", "One has a fragment (the part from # on), which may not be there.")
    )


def _alike(one: Parts, other: Parts) -> int:
    """How many of the seven parts are the same, small slips aside."""
    same = [_slip(a) == _slip(b) for a, b in zip(one, other, strict=True)]
    if one.host and other.host and on_this_machine(one.host) and on_this_machine(other.host):
        same[2] = True
    return sum(same) + same[2] + same[4]


def _slip(part: str | None) -> str | None:
    return part and unquote(part).strip().lower().removeprefix("www.").rstrip("/")


def _sign(char: str) -> str:
    code = ord(char)
    return SPACE if char == " " else chr(0x2400 + code) if code < 0x20 else "␡" if code == 0x7F else "�"
