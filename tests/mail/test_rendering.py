"""The frame around every mail, and what holds for all of them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from jinja2 import UndefinedError

import portal
from portal.mail import Recipient, rendering
from tests.careful import examine
from tests.snapshot import same

FOLDER = Path(portal.__file__).parent / "templates" / "mail"
FRAMES = {"base"}
CONTENT = "{% block content %}\n{{ words }} {{ at|when }} / {{ at|day }}\n{% endblock %}"


def render(template, **words):
    return (
        rendering._environment()
        .from_string(template)
        .render(
            {"recipient": Recipient("ann@example.com", "Ann <Lee>"), "subject": "R&D: 100%", "zone": "Europe/Paris", **words}
        )
    )


@pytest.mark.parametrize("kind", ["txt", "html"])
def test_the_frame(app, kind):
    """Names and subjects with signs that mean something to HTML and to translations."""
    environment = rendering._environment()
    words = {"recipient": Recipient("ann@example.com", "Ann <Lee>"), "subject": "R&D: 100%", "zone": "Europe/Paris"}
    template = "{% extends 'mail/base." + kind + "' %}" + CONTENT
    at = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
    compiled = environment.overlay(autoescape=kind == "html").from_string(template)
    text = compiled.render({**words, "words": "50 % <off>", "at": at})
    same(text, f"mail/frame.{kind}")
    if kind == "html":
        examine(text)


def test_every_mail_has_a_text_and_an_html_part():
    names = {file.name for file in FOLDER.iterdir()}
    mails = {name.rsplit(".", 1)[0] for name in names} - FRAMES
    assert names >= {f"{mail}.{kind}" for mail in mails for kind in ("txt", "html")}
    assert mails


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.html")), ids=lambda file: file.stem)
def test_no_mail_brings_pictures_scripts_or_styles_of_its_own(file):
    text = file.read_text()
    assert "<img" not in text
    assert "<script" not in text
    assert "style=" not in text


def test_a_word_that_is_missing_is_an_error():
    with pytest.raises(UndefinedError):
        render("{{ nothing }}")
