"""Words to be found by: folded in one way when they are stored and when they are asked for, and harmless in a query."""

import re
import unicodedata
from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, literal_column
from sqlalchemy.orm import InstrumentedAttribute

MOST_WORDS, LONGEST = 8, 40
WORD = re.compile(r"[^\W_]+")


def folded(text: str) -> str:
    """Without accents and capitals, so that "Café" is found by "cafe"."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    return "".join(char for char in plain if not unicodedata.combining(char)).casefold()


def words(text: str) -> list[str]:
    """What is searched for: letters and digits only, so that quotes and operators mean nothing. At most eight words count."""
    return [word[:LONGEST] for word in WORD.findall(folded(text))[:MOST_WORDS]]


def fts5(of: Sequence[str]) -> str:
    """A query of SQLite's FTS5: every word, with any ending. Beginnings of words would make it read every match before the first."""
    return " ".join(f'"{word}"' for word in of)


def tsquery(of: Sequence[str]) -> str:
    """The same for PostgreSQL's to_tsquery."""
    return " & ".join(f"'{word}'" for word in of)


def tsvector(of: Sequence[str], text: ColumnElement[str] | InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Whether PostgreSQL finds the words in the text; written as the index on it is."""
    english: ColumnElement[str] = literal_column("'english'")
    return func.to_tsvector(english, text).op("@@")(func.to_tsquery(english, tsquery(of)))
