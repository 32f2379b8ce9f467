"""Exceptions become answers with words."""

from sqlalchemy import text

from portal.errors import _busy
from portal.extensions import db


def test_a_database_that_is_busy_is_said_in_words_and_asks_to_come_back(app, alice):
    with app.app_context():
        try:
            db.session.execute(text("SELECT * FROM a_table_that_is_not_there"))
        except Exception as error:
            problem = error
        db.session.rollback()
    with app.test_request_context("/"):
        body, status, headers = _busy(problem)
    assert (status, headers["Retry-After"]) == (503, "5")
    assert "Nothing was lost" in body


def test_a_page_that_is_not_there(nobody, alice, rita):
    for person in (nobody, alice, rita):
        answer = person.get("/nowhere")
        assert answer.status_code == 404
        assert "<h1>" in answer.text


def test_a_session_that_ended_gives_back_what_was_typed_without_scripts(nobody):
    typed = {"comment-oauth_only": "Long words <b>of mine</b>", "password": "hunter2hunter2", "version": "3"}
    answer = nobody.post("/build/oauth", data=typed)
    assert answer.status_code == 401
    assert "Long words &lt;b&gt;of mine&lt;/b&gt;" in answer.text
    assert "hunter2" not in answer.text


def test_a_form_of_an_older_session_gives_back_what_was_typed(alice):
    answer = alice.post("/account/", data={"legal_name": "Acme of old"}, csrf=False)
    assert answer.status_code == 400
    assert "Acme of old" in answer.text
