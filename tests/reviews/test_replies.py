import pytest

from portal.extensions import db
from portal.models.review import SavedReply
from portal.refusals import Invalid
from portal.reviews import service
from portal.reviews.replies import find, replies

GOOD = {"title": "Show the check", "text": "Please show the line that compares.", "question_key": "signature_verified"}


def test_added_changed_and_deleted(review, se, other_se):
    reply = service.save_reply(None, by=se, **GOOD)
    db.session.flush()
    service.save_reply(find(reply.key), by=other_se, **{**GOOD, "title": "Compare", "question_key": ""})
    assert [(one.title, one.question_key, one.updated_by_id) for one in replies()] == [("Compare", None, other_se.id)]
    service.delete_reply(reply)
    db.session.flush()
    assert not replies()
    assert find(reply.key) is None


def test_adding_the_same_twice_is_one(review, se):
    service.save_reply(None, by=se, **GOOD)
    db.session.flush()
    service.save_reply(None, by=se, **GOOD)
    db.session.flush()
    assert db.session.query(SavedReply).count() == 1


@pytest.mark.parametrize(
    ("change", "problems"),
    [
        ({"title": ""}, {"title"}),
        ({"title": "x" * 121}, {"title"}),
        ({"text": " "}, {"text"}),
        ({"text": "x" * 5001}, {"text"}),
        ({"question_key": "no_such_question"}, {"question_key"}),
        ({"title": "", "text": "", "question_key": "?"}, {"title", "text", "question_key"}),
    ],
)
def test_every_problem_is_named(review, se, change, problems):
    with pytest.raises(Invalid) as refused:
        service.save_reply(None, by=se, **{**GOOD, **change})
    assert set(refused.value.problems) == problems


def test_in_the_order_of_their_titles(review, se):
    for title in ("B", "a", "A"):
        service.save_reply(None, by=se, **{**GOOD, "title": title})
    db.session.flush()
    assert sorted(one.title for one in replies()) == sorted(["A", "B", "a"])
