"""Reads one version file into a Catalog."""

import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

from portal.catalog.checking import check, in_dependency_order
from portal.catalog.loading_conditions import condition
from portal.catalog.nouns import (
    Catalog,
    Guide,
    Level,
    Limits,
    Option,
    Passing,
    Question,
    QuestionType,
    Rule,
    Screenshot,
    Section,
)
from portal.catalog.reading import CatalogError, Table, read

VERSION = re.compile(r"\d{4}-\d{2}")
FILE_KEYS = {"version", "published", "retired", "section"}
SECTION_KEYS = {"key", "title", "purpose", "shows", "guides", "question"}
QUESTION_KEYS = {field.name for field in fields(Question)}
LIMIT_KEYS = {field.name for field in fields(Limits)}
YES_NO = (Option("yes", "Yes"), Option("no", "No"))
CHOICES = {QuestionType.SINGLE_CHOICE, QuestionType.MULTI_CHOICE}
TYPED = {QuestionType.TEXT, QuestionType.URL}


def load(file: Path, guides: Mapping[str, Guide]) -> Catalog:
    """The catalog in this file; raises CatalogError for the first mistake in it."""
    table = read(file).only(FILE_KEYS)
    sections = tuple(
        _section(entry, number, guides)
        for number, entry in enumerate(table.tables("section"), 1)
    )
    version, retired = _version(table, file), frozenset(table.texts("retired"))
    check(table.place, sections, retired)
    return Catalog.of(
        version,
        published=table.day("published"),
        sections=sections,
        retired=retired,
        by_dependency=in_dependency_order(table.place, sections),
    )


def _version(table: Table, file: Path) -> str:
    version = table.text("version")
    if version != file.stem or not VERSION.fullmatch(version):
        raise table.wrong(
            f"'version' is {version!r}; it should be year-month and the file's name"
        )
    return version


def _section(table: Table, number: int, guides: Mapping[str, Guide]) -> Section:
    table.only(SECTION_KEYS)
    questions = tuple(_question(entry, guides) for entry in table.tables("question"))
    if not questions:
        raise table.wrong("no question; a section needs at least one")
    return Section(
        key=table.code("key"),
        number=number,
        title=table.text("title"),
        purpose=table.text("purpose"),
        shows=table.text("shows"),
        guides=_guides(table, guides),
        questions=questions,
    )


def _question(table: Table, guides: Mapping[str, Guide]) -> Question:
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
        passing=_passing(table, type_, options),
        screenshot=screenshot,
        screenshot_of=_screenshot_of(table, screenshot),
        why_asked=table.text("why_asked", None if when else ""),
        condition=when,
        limits=_limits(table, type_),
        guides=_guides(table, guides),
        checks=table.texts("checks", ()),
        proof_replaces_screenshot=table.flag("proof_replaces_screenshot", False),
    )


def _options(table: Table, type_: QuestionType) -> tuple[Option, ...]:
    if type_ not in CHOICES:
        if "options" in table:
            raise table.wrong(f"'options' are for choices only; the type is {type_}")
        return YES_NO if type_ is QuestionType.YES_NO else ()
    options = tuple(
        _option(entry, type_) for entry in table.tables("options", named_by="code")
    )
    if len(options) < 2:
        raise table.wrong("a choice needs at least two options")
    return options


def _option(table: Table, type_: QuestionType) -> Option:
    table.only({"code", "words", "exclusive"})
    exclusive = table.flag("exclusive", False)
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
    if type_ not in TYPED:
        raise found.wrong(f"limits are for text and url only; the type is {type_}")
    found.only(LIMIT_KEYS)
    limits = Limits(
        min_length=found.number("min_length", 1),
        max_length=found.number("max_length", 2000),
        min_lines=found.number("min_lines", 0),
        max_lines=found.number("max_lines", 0),
        https_only=found.flag("https_only", False),
    )
    if limits.min_length > limits.max_length or limits.min_lines > limits.max_lines:
        raise found.wrong("the smallest is more than the largest")
    return limits


def _passing(table: Table, type_: QuestionType, options: tuple[Option, ...]) -> Passing:
    found = table.table("passing")
    if found is None:
        raise table.wrong("missing key 'passing'")
    found.only({*Rule, "words"})
    rules = [rule for rule in Rule if rule in found]
    if len(rules) != 1:
        raise found.wrong(
            f"needs exactly one rule of {', '.join(Rule)}; it has {len(rules)}"
        )
    named = _named(found, rules[0])
    _check_rule(found, rules[0], type_)
    for code in named:
        if code not in [option.code for option in options]:
            raise found.wrong(f"{code!r} is no option of this question")
    return Passing(rules[0], named, found.text("words"))


def _named(table: Table, rule: Rule) -> tuple[str, ...]:
    if rule is Rule.EQUALS:
        return (table.text(rule),)
    if rule not in (Rule.HTTPS, Rule.ANY):
        return table.texts(rule)
    if not table.flag(rule):
        raise table.wrong(f"{rule!r} can only be true")
    return ()


_RULES_OF = {
    QuestionType.YES_NO: {Rule.EQUALS, Rule.ANY},
    QuestionType.SINGLE_CHOICE: {Rule.EQUALS, Rule.ANY_OF, Rule.NOT, Rule.ANY},
    QuestionType.MULTI_CHOICE: {Rule.ALL_OF, Rule.AT_LEAST_ONE, Rule.NOT, Rule.ANY},
    QuestionType.TEXT: {Rule.HTTPS, Rule.ANY},
    QuestionType.URL: {Rule.HTTPS, Rule.ANY},
}


def _check_rule(table: Table, rule: Rule, type_: QuestionType) -> None:
    allowed = _RULES_OF[type_]
    if rule not in allowed:
        fitting = ", ".join(sorted(allowed))
        raise table.wrong(
            f"the rule {rule} does not fit the type {type_}; allowed are {fitting}"
        )


def _guides(table: Table, guides: Mapping[str, Guide]) -> tuple[Guide, ...]:
    keys = table.texts("guides")
    for key in keys:
        if key not in guides:
            raise CatalogError(
                table.place, f"unknown guide {key!r}; add it to guides.toml"
            )
    return tuple(guides[key] for key in keys)
