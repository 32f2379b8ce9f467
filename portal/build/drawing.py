"""Draws the questions of a section, and keeps what was drawn until an answer, a file or a remark in it changes."""

import secrets
from functools import lru_cache

from flask import current_app
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from portal import clock
from portal.build.cards import card
from portal.build.view import SectionView
from portal.words import zone_of

KEPT = 256
"""Sections, each some 40 KB."""
HERE = secrets.token_hex(16)
"""Stands for the reader's token in what is kept; nobody can type it."""


class _Drawing:
    """A section's view, compared by everything that can be seen in its questions."""

    __slots__ = ("key", "view")

    def __init__(self, view: SectionView, key: tuple[object, ...]) -> None:
        self.view, self.key = view, key

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Drawing) and self.key == other.key


def answers(view: SectionView) -> Markup:
    """The form with its questions, or the sealed questions; times are told in the reader's zone."""
    seen = view.facts.fingerprint
    lasting = seen is not None and not view.errors
    key = (id(view.section), zone_of().key, clock.now().year, seen)  # a section is read once with its catalog, and stays
    drawn = _kept(_Drawing(view, key)) if lasting else _draw(view)
    return Markup(drawn.replace(HERE, generate_csrf()))  # noqa: S704 - drawn by our own templates, the token is ours too


@lru_cache(maxsize=KEPT)
def _kept(drawing: _Drawing) -> str:
    return _draw(drawing.view)


def _draw(view: SectionView) -> str:
    return str(current_app.jinja_env.get_template("build/_answers.html").module.answers(view, card, HERE))  # type: ignore[attr-defined]  # a macro
