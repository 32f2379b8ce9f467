"""The figures of the staff desk as tables, each under a question and with its answer in a sentence."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date
from sqlalchemy import bindparam, select

from portal.catalog import certification
from portal.charts import Cell, Row, Table
from portal.extensions import rows
from portal.models.desk_figure import DeskFigure
from portal.staff.counting import Counted, Period

LABEL = 60
"""Characters of a question beside its bar; the download has all of them."""
NOTHING = "–"
PERIODS = {Period.QUARTER: "Last 13 weeks", Period.YEAR: "Last 12 months", Period.ALL: "Everything"}
STEPS = {
    "accepted": ("Accepted", "before the first sign-in"),
    "joined": ("First sign-in", "in My Account"),
    "account": ("My Account complete", "in Build"),
    "submitted": ("Sent for review", "in the first review"),
    "answered": ("First answer of the reviewers", "in corrections"),
    "certified": ("Certified", "before the directory"),
    "published": ("In the directory", "nowhere: they have arrived"),
}
"""Each step, and where somebody is who has taken it and not the next one."""
STEP_WORDS = {step: words for step, (words, _) in STEPS.items()}
_STORED = select(DeskFigure.name, DeskFigure.data, DeskFigure.counted_at).where(DeskFigure.period == bindparam("period"))


@dataclass(frozen=True, slots=True)
class Answer:
    """A sentence with gaps, and what goes into them."""

    words: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Figure:
    """One question with its answer. `empty`: there is nothing to draw."""

    name: str
    answer: Answer
    table: Table
    lines: Sequence[Sequence[object]]
    """For a spreadsheet, the head first."""


def of(period: Period) -> tuple[list[Figure], datetime | None]:
    """All figures of a period as they were counted last, and when that was. One statement."""
    stored = {row.name: row for row in rows(_STORED, {"period": period.value})}
    found = [make(name, stored[name].data, period) for name, make in MAKERS.items() if name in stored]
    return found, min((row.counted_at for row in stored.values()), default=None)


def _figure(name: str, answer: Answer, table: Table, *, first: Sequence[object] = ()) -> Figure:
    """`first` replaces the first cell of each line, where the table shortens it."""
    head = [table.heading, *(words for words, _ in table.columns)]
    names = first or [words for words, _ in table.rows]
    lines = [
        [name, *(number if number is not None else "" for _, number in cells)]
        for name, (_, cells) in zip(names, table.rows, strict=True)
    ]
    return Figure(name, answer, table, [head, *lines])


def _certification(name: str, data: Counted, _: Period) -> Figure:
    answer = Answer(_certified_words(data), data)
    columns = (("Half took at most", "first"), ("Nine in ten took at most", ""), ("Partners", ""))
    found = [(STEPS[step][0], _counts(half, ninety, partners)) for step, partners, half, ninety in data["stages"] if partners]
    if found:
        found.append(("All of it", _counts(data["half"], data["ninety"], data["partners"])))
    question = "How long does it take to be certified?"
    return _figure(name, answer, Table(name, question, "bars", "Until this step", columns, found, "working days"))


def _certified_words(data: Counted) -> str:
    if data["partners"] > 1:
        return (
            "Half of partners are certified within %(half)s working days of being accepted, nine in ten within %(ninety)s. "
            "That is from %(partners)s partners certified in this time."
        )
    return (
        "One partner was certified in this time, %(half)s working days after being accepted."
        if data["partners"]
        else "Nobody was certified in this time."
    )


def _stops(name: str, data: Counted, _: Period) -> Figure:
    columns = (("Reached it", ""), ("On their way", "open"), ("Stopped", "bad"))
    found = [(STEPS[step][0], _counts(reached, here - slow, slow)) for step, reached, here, slow in data["steps"]]
    question = "Where do partners stop?"
    table = Table(name, question, "bars", "Last step taken", columns, found if data["partners"] else [], "partners")
    return _figure(name, _stopped_answer(data), table)


def _stopped_answer(data: Counted) -> Answer:
    slow = sum(late for *_, late in data["steps"])
    where, most = max(((step, late) for step, _, _, late in data["steps"]), key=lambda one: one[1])
    values = {"partners": data["partners"], "days": data["slow"], "all": slow, "most": most, "where": STEPS[where][1]}
    if not data["partners"]:
        return Answer("No partner was accepted in this time.", {})
    if not slow:
        return Answer("Nobody of %(partners)s partners has stood on one step for more than %(days)s working days.", values)
    where_they_stand = "all of them %(where)s." if most == slow else "most of them %(where)s (%(most)s)."
    return Answer(
        "%(all)s of %(partners)s partners have stood on one step for more than %(days)s working days, " + where_they_stand,
        values,
    )


def _flagged(name: str, data: Counted, _: Period) -> Figure:
    catalog = certification()
    texts = [catalog.question(key).text if key in catalog else key for key, *_ in data["questions"]]
    columns = (("Partners who had to correct it", "back"), ("Times", ""), ("Share of those reviewed", ""))
    reviewed = data["reviewed"]
    found: list[Row] = [
        (_short(text), [*_counts(partners, times), _share(partners, reviewed)])
        for text, (_, partners, times) in zip(texts, data["questions"], strict=True)
    ]
    table = Table(name, "Which questions are sent back most?", "bars", "Question", columns, found, "partners")
    values = (
        {"question": texts[0], "partners": data["questions"][0][1], "reviewed": reviewed} if texts else {"reviewed": reviewed}
    )
    return _figure(name, Answer(_flagged_words(data), values), table, first=texts)


def _flagged_words(data: Counted) -> str:
    if data["questions"]:
        return "“%(question)s” is sent back most: to %(partners)s of the %(reviewed)s partners that got feedback."
    return (
        "Nothing was sent back to the %(reviewed)s partners that got feedback."
        if data["reviewed"]
        else "No feedback was sent in this time."
    )


def _clock(name: str, data: Counted, period: Period) -> Figure:
    columns = (("In time", "good"), ("Too late", "bad"), ("Half took at most, working days", ""))
    found = _columns(data, period)
    all_of_them = data["kept"] + data["missed"]
    words = "%(kept)s of %(all)s reviews were answered in time; half took at most %(half)s working days, nine in ten at most %(ninety)s."
    answer = Answer(words, {**data, "all": all_of_them}) if all_of_them else Answer("No review was answered in this time.", {})
    question = "Do we keep the review clock?"
    return _figure(name, answer, Table(name, question, "stacked", _heading(period), columns, found, "reviews"))


def _queue(name: str, data: Counted, _: Period) -> Figure:
    columns = (("In time", "open"), ("Overdue", "bad"))
    last = data["ages"][-1][0]
    found = [(str(age) if age < last else f"{age} or more", _counts(fine, late)) for age, fine, late in data["ages"]]
    question, heading = "How long has the queue waited?", "Working days since it was sent"
    table = Table(name, question, "stacked", heading, columns, found if data["running"] else [], "reviews")
    if not data["running"]:
        return _figure(name, Answer("Nothing waits for a reviewer; %(paused)s rounds wait for the partner.", data), table)
    words = (
        "%(running)s reviews wait now, %(overdue)s of them overdue, the oldest since %(oldest)s working days. %(paused)s more wait "
        "for the partner. The period does not matter here."
    )
    return _figure(name, Answer(words, {**data, "overdue": data["overdue"] or "none"}), table)


def _cases(name: str, data: Counted, period: Period) -> Figure:
    columns = (("Opened", ""), ("First answer in time", "good"), ("First answer too late", "bad"), ("Ended", ""))
    answered = data["in_time"] + data["late"]
    words = "%(in_time)s of %(answered)s cases had their first answer in time. %(opened)s were opened and %(ended)s ended."
    idle = "No case had its first answer in this time. %(opened)s were opened and %(ended)s ended."
    question, found = "Are cases answered in time?", _columns(data, period)
    table = Table(name, question, "stacked", _heading(period), columns, found, "cases")
    return _figure(name, Answer(words if answered else idle, {**data, "answered": answered}), table)


def _leads(name: str, data: Counted, period: Period) -> Figure:
    columns = (("Brought", "first"), ("Won", "good"), ("Lost", "second"))
    ended = data["won"] + data["lost"]
    words = "%(won)s of the %(all)s leads that came to an end were won. %(brought)s were brought."
    idle = "No lead came to an end in this time. %(brought)s were brought."
    question, found = "What becomes of the leads?", _columns(data, period)
    table = Table(name, question, "lines", _heading(period), columns, found, "leads")
    return _figure(name, Answer(words if ended else idle, {**data, "all": ended}), table)


MAKERS: Mapping[str, Callable[[str, Counted, Period], Figure]] = {
    "certification": _certification,
    "stops": _stops,
    "flagged": _flagged,
    "clock": _clock,
    "queue": _queue,
    "cases": _cases,
    "leads": _leads,
}
"""In the order of the page."""


def _columns(data: Counted, period: Period) -> list[Row]:
    """A row for each week or month; none when nothing ever happened in any, and of everything those from the first on."""
    known = data["columns"]
    first = next((number for number, (_, *counts) in enumerate(known) if any(counts)), len(known))
    shown = known[first:] if period is Period.ALL or first == len(known) else known
    return [(_column(date.fromisoformat(begins), period), _counts(*counts)) for begins, *counts in shown]


def _column(begins: date, period: Period) -> str:
    return str(format_date(begins, "d MMM" if period is Period.QUARTER else "MMM y", locale="en_GB"))


def _heading(period: Period) -> str:
    return "Week from" if period is Period.QUARTER else "Month"


def _counts(*counts: int | None) -> list[Cell]:
    return [(NOTHING if count is None else f"{count:,}", count) for count in counts]


def _share(part: int, whole: int) -> Cell:
    return (f"{100 * part / whole:.0f} %", round(100 * part / whole)) if whole else (NOTHING, None)


def _short(text: str) -> str:
    return text if len(text) <= LABEL else text[: LABEL - 1].rstrip() + "…"
