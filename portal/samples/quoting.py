"""How each language writes a text between double quotes, so that no value can break out of it or mean something else."""

from collections.abc import Callable

Quote = Callable[[str], str]
PLAIN = frozenset(chr(code) for code in range(0x20, 0x7F)) - {'"', "\\"}


def python(value: str) -> str:
    return _quoted(value, _python)


def javascript(value: str) -> str:
    """Also C#: both know \\u with four digits for each half of a character."""
    return _quoted(value, _utf16)


def java(value: str) -> str:
    """Java reads \\u before it sees the quotes, so what ASCII has is written in octal."""
    return _quoted(value, lambda char: f"\\{ord(char):03o}" if ord(char) < 0x80 else _utf16(char))


def php(value: str) -> str:
    return _quoted(value, _braced, also="$")


def ruby(value: str) -> str:
    return _quoted(value, _braced, also="#")


def _quoted(value: str, special: Callable[[str], str], also: str = "") -> str:
    """Printable ASCII as it is, quotes and backslashes (and `also`) after a backslash, all else as `special` writes it."""
    escaped = {char: f"\\{char}" for char in '"\\' + also}
    return '"' + "".join(escaped.get(char) or (char if char in PLAIN else special(char)) for char in value) + '"'


def _python(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"


def _utf16(char: str) -> str:
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def _braced(char: str) -> str:
    return f"\\u{{{ord(char):x}}}"
