"""Reads one question."""

from collections.abc import Mapping
from dataclasses import fields

from portal.catalog.loading_conditions import condition
from portal.catalog.loading_passing import passing
from portal.catalog.nouns import Guide, Level, Limits, Option, Question, QuestionType, Screenshot
from portal.catalog.reading import CatalogError, Table

QUESTION_KEYS = {field.name for field in fields(Question)}
YES_NO = (Option("yes", "Yes"), Option("no", "No"))
CHOICES = {QuestionType.SINGLE_CHOICE, QuestionType.MULTI_CHOICE}
LIMITS_OF = {
    QuestionType.TEXT: {field.name for field in fields(Limits)},
    QuestionType.URL: {"https_only"},
}


def question(table: Table, guides: Mapping[str, Guide]) -> Question:
    """One question; raises CatalogError for the first mistake in it."""
    table.only(QUESTION_KEYS)
    type_ = table.choice("type", QuestionType)
    options = _options(table, type_)
    when = condition(table.table("condition"))
    screenshot = table.choice("screenshot", Screenshot)
    return Question(
        key=table.code("key"),
        text=table.text("text"),
        help=table.text("help"),
        type=type_,
        options=options,
        level=table.choice("level", Level),
        inferred=table.flag("inferred"),
        answer_required=table.flag("answer_required"),
        passing=passing(table, type_, options),
        screenshot=screenshot,
        screenshot_of=_screenshot_of(table, screenshot),
        why_asked=table.text("why_asked", None if when else ""),
        condition=when,
        limits=_limits(table, type_),
        guides=named_guides(table, guides),
        checks=table.texts("checks", ()),
        proof_replaces_screenshot=table.flag("proof_replaces_screenshot", default=False),
        unproven=table.text("unproven", ""),
        unjudged=table.text("unjudged", ""),
    )


def _options(table: Table, type_: QuestionType) -> tuple[Option, ...]:
    if type_ not in CHOICES:
        if "options" in table:
            raise table.wrong(f"'options' are for choices only; the type is {type_}")
        return YES_NO if type_ is QuestionType.YES_NO else ()
    options = tuple(_option(entry, type_) for entry in table.tables("options", named_by="code"))
    if len(options) < 2:
        raise table.wrong("a choice needs at least two options")
    return options


def _option(table: Table, type_: QuestionType) -> Option:
    table.only({"code", "words", "exclusive"})
    exclusive = table.flag("exclusive", default=False)
    if exclusive and type_ is not QuestionType.MULTI_CHOICE:
        raise table.wrong("'exclusive' is for multi_choice only")
    return Option(table.code("code"), table.text("words"), exclusive)


def _screenshot_of(table: Table, screenshot: Screenshot) -> str:
    if screenshot is Screenshot.NONE and "screenshot_of" in table:
        raise table.wrong("'screenshot_of' is given although screenshot is none")
    return table.text("screenshot_of", "" if screenshot is Screenshot.NONE else None)


def _limits(table: Table, type_: QuestionType) -> Limits:
    found = table.table("limits")
    if found is None:
        return Limits()
    found.only(LIMITS_OF.get(type_, set()))
    limits = Limits(
        min_length=found.number("min_length", 1),
        max_length=found.number("max_length", 2000),
        min_lines=found.number("min_lines", 0),
        max_lines=found.number("max_lines", 0),
        https_only=found.flag("https_only", default=False),
    )
    if limits.min_length > limits.max_length or limits.min_lines > limits.max_lines:
        raise found.wrong("the smallest is more than the largest")
    if type_ is QuestionType.TEXT and limits.https_only and not limits.max_lines:
        raise found.wrong("https_only needs max_lines; free text holds no addresses")
    return limits


def named_guides(table: Table, guides: Mapping[str, Guide]) -> tuple[Guide, ...]:
    """The guides whose keys stand under 'guides'."""
    keys = table.texts("guides")
    for key in keys:
        if key not in guides:
            raise CatalogError(table.place, f"unknown guide {key!r}; add it to guides.toml")
    return tuple(guides[key] for key in keys)
