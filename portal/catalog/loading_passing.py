"""Reads how the passing answer of a question is recognised."""

from portal.catalog.nouns import Option, Passing, QuestionType, Rule
from portal.catalog.reading import Table

_RULES_OF = {
    QuestionType.YES_NO: {Rule.EQUALS, Rule.ANY},
    QuestionType.SINGLE_CHOICE: {Rule.EQUALS, Rule.ANY_OF, Rule.NOT, Rule.ANY},
    QuestionType.MULTI_CHOICE: {Rule.ALL_OF, Rule.AT_LEAST_ONE, Rule.NOT, Rule.ANY},
    QuestionType.TEXT: {Rule.HTTPS, Rule.ANY},
    QuestionType.URL: {Rule.HTTPS, Rule.ANY},
}


def passing(table: Table, type_: QuestionType, options: tuple[Option, ...]) -> Passing:
    """How a good answer is recognised; refuses a rule that does not fit the type."""
    found = table.table("passing")
    if found is None:
        raise table.wrong("missing key 'passing'")
    found.only({*Rule, "words"})
    rules = [rule for rule in Rule if rule in found]
    if len(rules) != 1:
        raise found.wrong(f"needs exactly one rule of {', '.join(Rule)}; it has {len(rules)}")
    _check_rule(found, rules[0], type_)
    named = _named(found, rules[0])
    for code in named:
        if code not in [option.code for option in options]:
            raise found.wrong(f"{code!r} is no option of this question")
    return Passing(rules[0], named, found.text("words"))


def _named(table: Table, rule: Rule) -> tuple[str, ...]:
    if rule is Rule.EQUALS:
        return (table.text(rule.value),)
    if rule not in (Rule.HTTPS, Rule.ANY):
        return table.some_texts(rule.value)
    if not table.flag(rule.value):
        raise table.wrong(f"{rule} can only be true")
    return ()


def _check_rule(table: Table, rule: Rule, type_: QuestionType) -> None:
    allowed = _RULES_OF[type_]
    if rule not in allowed:
        fitting = ", ".join(sorted(allowed))
        raise table.wrong(f"the rule {rule} does not fit the type {type_}; allowed are {fitting}")
