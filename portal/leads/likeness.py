"""Which leads are probably about the same merchant: the same company in the same country, or the same company's mail domain."""

import hashlib
import re
import unicodedata

LEGAL = frozenset(
    {
        "ltd",
        "limited",
        "llc",
        "inc",
        "gmbh",
        "ag",
        "sa",
        "sarl",
        "sas",
        "bv",
        "ab",
        "as",
        "aps",
        "plc",
        "pty",
        "co",
        "company",
        "the",
    }
)
_WORD = re.compile(r"\w+")


def likeness(*, company: str, country: str) -> str:
    """Equal for spellings of one name: case, accents, punctuation and legal forms do not count. A hash, 64 hex characters."""
    plain = unicodedata.normalize("NFKD", company.casefold())
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    kept = [word for word in _WORD.findall(letters) if word not in LEGAL] or _WORD.findall(letters)
    return hashlib.sha256(f"{country.upper()}|{' '.join(kept)}".encode()).hexdigest()
