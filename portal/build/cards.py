"""Draws question cards fast: the markup of an ordinary question is drawn once, and then filled with what somebody typed."""

import re
from dataclasses import replace
from functools import lru_cache

from flask import current_app
from markupsafe import Markup, escape

from portal.build.view import QuestionView

TOKEN, TEXT, COMMENT = "\ue000", "\ue001", "\ue002"
"""Stand for typed values while a mould is drawn; the words of the catalog have no such characters."""
SLOTS = re.compile(f"([{TOKEN}{TEXT}{COMMENT}])")
MOULDS = 4096


class _Same:
    """Compares a view by what its mould depends on, so that views of all partners share it."""

    __slots__ = ("key", "view")

    def __init__(self, view: QuestionView) -> None:
        self.view = view
        # a question is known by its identity: the catalog is read once and stays
        self.key = (id(view.question), view.number, view.hidden, bool(view.comment), view.options and view.ticked, view.options)

    def __hash__(self) -> int:
        return hash(self.key[:5])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.key == other.key


def card(view: QuestionView, files_url: str) -> Markup:
    """One question as HTML. What reviewers said, files and errors are drawn anew each time."""
    if not view.plain:
        return _draw(view, files_url)
    values = {TOKEN: view.token, TEXT: view.words, COMMENT: view.comment}
    filled = (escape(values[part]) if part in values else part for part in _mould(_Same(view), files_url))
    return Markup("".join(filled))  # noqa: S704 - pieces of our own templates, with every typed value escaped


@lru_cache(maxsize=MOULDS)
def _mould(same: _Same, files_url: str) -> list[str]:
    """The card's markup in pieces; single marks among them say what belongs there."""
    view = same.view
    blank = replace(view, token=TOKEN, value=view.value if view.options else TEXT, comment=COMMENT if view.comment else "")
    return SLOTS.split(str(_draw(blank, files_url)))


def _draw(view: QuestionView, files_url: str) -> Markup:
    macro = current_app.jinja_env.get_template("build/_question.html").module.question  # type: ignore[attr-defined]  # a macro
    drawn: Markup = macro(view, files_url)
    return drawn
