"""Which passwords are taken, without any page around."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.identity import passwords

ABOUT = ("Alice Martin", "alice.martin", "alice.martin@example.com")


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Password2026!",
        "!!!letmeinplease",
        "qwertyuiop[]",
        "1q2w3e4r5t6y",
        "aaaaaaaaaaaa",
        "abababababab",
        "abcdefghijkl",
        "zyxwvutsrqpo",
        "123456789012",
        "GoCardless2026",
        "alice.martin2026",
        "Alice Martin 99",
        "alice.martin@example.com",
        "ｐａｓｓｗｏｒｄ１２３４",
        "CorrectHorseBatteryStaple",
    ],
)
def test_easily_guessed(password):
    assert any("easy to guess" in words or "at least 12" in words for words in passwords.problems(password, about=ABOUT))


@pytest.mark.parametrize(
    "password",
    [
        "violet otters read maps",
        "correct horse battery staple",
        "kLm93-xq!aPz",
        "            spaces first",
        "пароль из букв",
        "🦦🗺🦦🗺📚🌧🦦🗺🌲🌲🌻🌼",
        "nine words of which none is about the weather " * 2,
    ],
)
def test_taken(password):
    assert passwords.problems(password, about=ABOUT) == []


@pytest.mark.parametrize("password", ["", "x", "k7!mq2-zp9w"])
def test_too_short(password):
    assert "at least 12" in passwords.problems(password)[0]


def test_no_rules_of_composition():
    assert passwords.problems("only small letters here") == []


@given(st.text(min_size=0, max_size=300))
def test_what_is_taken_fits_the_hash(password):
    """Letters that become several when they are written in one form count as several."""
    if passwords.problems(password) == []:
        assert passwords.SHORTEST <= len(passwords.normal(password)) <= passwords.LONGEST


def test_letters_that_grow_are_counted_as_they_are_stored():
    assert "at most 128" in passwords.problems("\ufdfa" * 20)[0]


def test_the_list_is_clean():
    lines = passwords._common()
    assert len(lines) > 200
    assert all(line == line.strip().casefold() for line in lines)
