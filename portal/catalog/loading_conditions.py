"""Reads the condition of a question."""

from portal.catalog.conditions import Condition, Operator
from portal.catalog.reading import Table

_OF_ACCOUNT = (Operator.INCLUDES, Operator.MORE_THAN)
_OF_QUESTION = (Operator.EQUALS, Operator.IN, Operator.INCLUDES)
_COMBINED = (Operator.ALL, Operator.ANY)


def condition(table: Table | None) -> Condition | None:
    """None in, None out: the question is always asked."""
    if table is None:
        return None
    table.only({"question", "account", *Operator})
    if "question" in table and "account" in table:
        raise table.wrong("asks a question and My Account at once; use all or any")
    if "question" in table:
        test = _test(table, _OF_QUESTION)
        return Condition(test, question=table.text("question"), values=_values(table, test))
    if "account" in table:
        return _of_account(table)
    return _combined(table)


def _of_account(table: Table) -> Condition:
    test, field = _test(table, _OF_ACCOUNT), table.text("account")
    if test is Operator.MORE_THAN:
        return Condition(test, account=field, count=table.number(test.value))
    return Condition(test, account=field, values=(table.text(test.value),))


def _combined(table: Table) -> Condition:
    test = _test(table, _COMBINED)
    parts = tuple(part for entry in table.tables(test.value) if (part := condition(entry)))
    if len(parts) < 2:
        raise table.wrong(f"{test} needs at least two conditions")
    return Condition(test, parts=parts)


def _test(table: Table, allowed: tuple[Operator, ...]) -> Operator:
    found = [test for test in Operator if test in table]
    if len(found) != 1 or found[0] not in allowed:
        raise table.wrong(f"needs exactly one test of {', '.join(allowed)}; found {', '.join(found) or 'none'}")
    return found[0]


def _values(table: Table, test: Operator) -> tuple[str, ...]:
    return table.some_texts(test.value) if test is Operator.IN else (table.text(test.value),)
