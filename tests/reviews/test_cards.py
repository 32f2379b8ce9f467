import pytest

from portal.catalog import certification
from portal.reviews.cards import cards, words

SECTION = certification().section("webhooks")
FIRST, SECOND = [question.key for question in SECTION.questions if question.type == "yes_no"][:2]
PICTURE = {"key": "k1", "name": "log.png", "media_type": "image/png", "size": 10, "sha256": "a" * 64, "question": FIRST}
ANSWER = {"value": "yes", "comment": "", "files": [PICTURE]}


def sent(**answers):
    return {"asked": list(answers), "answers": answers, "comment": "", "files": []}


def shown(now, before=None):
    return cards(SECTION, now, before, said=(), threads={}, round_id=1)


def one(now, before):
    return shown(sent(**{FIRST: now}), sent(**{FIRST: before}))[0]


def test_the_first_round_has_nothing_beside_it():
    card = shown(sent(**{FIRST: ANSWER}))[0]
    assert (card.moved, card.before, card.newly_asked, card.removed) == (False, None, False, ())
    assert [file.new for file in card.now.files] == [False]


@pytest.mark.parametrize(
    ("change", "moved"),
    [
        ({}, False),
        ({"value": "no"}, True),
        ({"value": None}, True),
        ({"comment": "Since today"}, True),
        ({"files": []}, True),
        ({"files": [{**PICTURE, "key": "k2", "name": "renamed.png"}]}, False),
        ({"files": [{**PICTURE, "sha256": "b" * 64}]}, True),
        ({"files": [PICTURE, {**PICTURE, "sha256": "b" * 64}]}, True),
    ],
)
def test_only_what_a_reviewer_would_judge_anew_has_moved(change, moved):
    card = one({**ANSWER, **change}, ANSWER)
    assert card.moved is moved
    assert (card.before is not None) is moved


def test_new_and_removed_files_are_told_apart():
    card = one({**ANSWER, "files": [{**PICTURE, "key": "k2", "sha256": "b" * 64}]}, ANSWER)
    assert [(file.key, file.new) for file in card.now.files] == [("k2", True)]
    assert [file.key for file in card.removed] == ["k1"]


def test_files_where_there_were_none_are_new():
    card = one(ANSWER, {**ANSWER, "files": []})
    assert [file.new for file in card.now.files] == [True]


def test_a_question_that_was_not_asked_before_is_newly_asked():
    first, second = shown(
        sent(**{FIRST: ANSWER, SECOND: {"value": "yes", "comment": "", "files": []}}), sent(**{FIRST: ANSWER})
    )
    assert (first.moved, second.moved, second.newly_asked, second.before) == (False, True, True, None)


def test_a_question_that_is_not_asked_any_more_still_shows_what_was_there():
    card = shown(sent(), sent(**{FIRST: ANSWER}))[0]
    assert (card.asked, card.moved, card.before.words) == (False, True, "Yes")


def test_questions_that_were_never_asked_stay_away():
    assert len(shown(sent(**{FIRST: ANSWER}))) == 1


@pytest.mark.parametrize("question", certification().questions, ids=lambda question: question.key)
def test_every_answer_has_words(question):
    assert words(question, None) == words(question, "") == words(question, []) == ""
    for option in question.options:
        assert option.words in words(question, option.code)
        assert option.words in words(question, [option.code])
    assert words(question, "gone") == "gone"
