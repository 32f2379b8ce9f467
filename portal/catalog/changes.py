"""From one version of the certification to another: what changed, and which answers carry over."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from portal.catalog.conditions import Value
from portal.catalog.nouns import Catalog, Question, QuestionType, Screenshot

_KINDS = {
    QuestionType.YES_NO: "yes or no",
    QuestionType.SINGLE_CHOICE: "one of several answers",
    QuestionType.MULTI_CHOICE: "any of several answers",
    QuestionType.TEXT: "text",
    QuestionType.URL: "a web address",
}
_CHOSEN = (QuestionType.SINGLE_CHOICE, QuestionType.MULTI_CHOICE)


@dataclass(frozen=True, slots=True)
class QuestionChange:
    key: str
    what: tuple[str, ...]  # each difference, in words
    requirement: bool  # more than wording: the answer or its evidence has to be looked at again


@dataclass(frozen=True, slots=True)
class Moved:
    key: str
    before: str  # keys of sections
    after: str


@dataclass(frozen=True, slots=True)
class CatalogChanges:
    """Keys of questions, in the order of the new version (the removed ones in that of the old)."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[QuestionChange, ...]
    moved: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """Answers that hold in the new version, and for the others why they have to be given again."""

    kept: Mapping[str, Value]
    dropped: Mapping[str, str]


def compare(old: Catalog, new: Catalog) -> CatalogChanges:
    shared = [question for question in new.questions if question.key in old]
    return CatalogChanges(
        added=tuple(question.key for question in new.questions if question.key not in old),
        removed=tuple(question.key for question in old.questions if question.key not in new),
        changed=tuple(change for question in shared if (change := _change(old.question(question.key), question))),
        moved=tuple(move for question in shared if (move := _move(old, new, question.key))),
    )


def carry_over(old: Catalog, new: Catalog, answers: Mapping[str, Value]) -> CarriedOver:
    """An answer is kept by its key if the type is the same and every chosen option still exists.

    Answers to questions that the new version does not have are in neither list.
    """
    kept: dict[str, Value] = {}
    dropped: dict[str, str] = {}
    for key in (key for key in answers if key in old and key in new):
        why = _why_dropped(old.question(key), new.question(key), answers[key])
        if why:
            dropped[key] = why
        else:
            kept[key] = answers[key]
    return CarriedOver(kept, dropped)


def _why_dropped(old: Question, new: Question, value: Value) -> str:
    if old.type is not new.type:
        return "The question takes another kind of answer now."
    chosen = [value] if isinstance(value, str) else value
    gone = [code for code in chosen if code not in new.codes] if new.type in _CHOSEN else []
    return f"No longer offered: {', '.join(map(old.words_of, gone))}." if gone else ""


def _change(old: Question, new: Question) -> QuestionChange | None:
    weighty = [words for describe in _WEIGHTY for words in describe(old, new)]
    worded = [words for describe in _WORDED for words in describe(old, new)]
    return QuestionChange(new.key, (*weighty, *worded), bool(weighty)) if weighty or worded else None


def _move(old: Catalog, new: Catalog, key: str) -> Moved | None:
    before, after = old.section_of(key).key, new.section_of(key).key
    return Moved(key, before, after) if before != after else None


def _type(old: Question, new: Question) -> list[str]:
    same = old.type is new.type
    return [] if same else [f"The answer is {_KINDS[new.type]} now; it was {_KINDS[old.type]}."]


def _options(old: Question, new: Question) -> list[str]:
    if old.type is not new.type:
        return []
    gone = [f"“{old.words_of(code)}” is no longer offered." for code in old.codes if code not in new.codes]
    return gone + [f"“{new.words_of(code)}” is offered now." for code in new.codes if code not in old.codes]


def _option_words(old: Question, new: Question) -> list[str]:
    shared = [code for code in new.codes if code in old.codes and old.type is new.type]
    pairs = [(old.words_of(code), new.words_of(code)) for code in shared]
    return [f"“{before}” is called “{after}” now." for before, after in pairs if before != after]


def _offering(old: Question, new: Question) -> list[str]:
    before, after = ([(option.code, option.exclusive) for option in question.options] for question in (old, new))
    only_arranged = before != after and set(old.codes) == set(new.codes)
    return ["The answers are offered in another way."] if only_arranged else []


def _level(old: Question, new: Question) -> list[str]:
    return [f"It is {new.level} now; it was {old.level}."] if old.level is not new.level else []


def _required(old: Question, new: Question) -> list[str]:
    if old.answer_required == new.answer_required:
        return []
    return ["An answer is required now." if new.answer_required else "It can be left unanswered now."]


def _passing(old: Question, new: Question) -> list[str]:
    before, after = old.passing, new.passing
    same = before.rule is after.rule and set(before.options) == set(after.options)
    return [] if same else [f"What passes changed: {after.words}"]


def _passing_words(old: Question, new: Question) -> list[str]:
    same = old.passing.words == new.passing.words
    return [] if same else ["What passes is worded differently."]


def _screenshot(old: Question, new: Question) -> list[str]:
    if old.screenshot is new.screenshot:
        return []
    words = {
        Screenshot.REQUIRED: "A screenshot is required now.",
        Screenshot.OPTIONAL: "A screenshot is optional now.",
        Screenshot.NONE: "No screenshot is needed any more.",
    }
    return [words[new.screenshot]]


def _differs(field: str, words: str) -> Callable[[Question, Question], list[str]]:
    return lambda old, new: [words] if getattr(old, field) != getattr(new, field) else []


_WEIGHTY = (
    _type,
    _options,
    _level,
    _required,
    _passing,
    _screenshot,
    _differs("condition", "It is asked in other cases than before."),
    _differs("limits", "The limits of the answer changed."),
    _differs("checks", "Other machine checks prove it."),
    _differs("proof_replaces_screenshot", "Whether a proof can stand for the screenshot changed."),
)
_WORDED = (
    _option_words,
    _offering,
    _passing_words,
    _differs("text", "The question is worded differently."),
    _differs("help", "The help is worded differently."),
    _differs("screenshot_of", "What the screenshot should show is worded differently."),
    _differs("why_asked", "Why it is asked is worded differently."),
    _differs("guides", "Other guides are linked."),
    _differs("inferred", "Where the level comes from changed."),
)
