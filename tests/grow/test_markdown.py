"""Markdown as staff write it: what is refused and told, and that nothing harmful is ever drawn."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from portal.grow import markdown
from portal.grow.values import BODY

PICTURES = {"plan.png": "/grow/files/one", "my plan.png": "/grow/files/two"}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("# Fine\n\n<script>alert(1)</script>", 3, "HTML is not taken"),
        ("one <b>bold</b> word", 1, "HTML is not taken"),
        ("<!-- hidden -->", 1, "HTML is not taken"),
        ("- a\n- <div>b</div>", 2, "HTML is not taken"),
        ("![x](https://elsewhere.example/pixel.png)", 1, "no attached picture"),
        ("![x](//elsewhere.example/pixel.png)", 1, "no attached picture"),
        ("![x](data:image/png;base64,AAAA)", 1, "no attached picture"),
        ("text\n\n![x][far]\n\n[far]: https://elsewhere.example/x.png", 3, "no attached picture"),
        ("![](plan.png)", 1, "what the picture shows"),
        ("[x](javascript:alert(1))", 1, "links begin with"),
        ("[x](JaVaScRiPt:alert(1))", 1, "links begin with"),
        ("[x](&#106;avascript:alert(1))", 1, "links begin with"),
        ("[x](<java script:alert(1)>)", 1, "links begin with"),
        ("<javascript:alert(1)>", 1, "links begin with"),
        ("[x](data:text/html,x)", 1, "links begin with"),
        ("[x](vbscript:x)", 1, "links begin with"),
        ("[x](http://plain.example)", 1, "links begin with"),
        ("[x](//elsewhere.example)", 1, "links begin with"),
        ("[x](relative/page)", 1, "links begin with"),
        ("[x](#here)", 1, "links begin with"),
    ],
)
def test_what_is_refused_is_told_with_its_line(text, line, words):
    found = markdown.problems(text, pictures=list(PICTURES))
    assert [one for one in found if one.startswith(f"Line {line}: ") and words in one], found
    drawn = markdown.html(text, pictures=PICTURES)
    assert not re.search(r"<script|<b>|<div>|<!--|elsewhere\.example/\w+\.png\"|href=\"(?!https:|mailto:|/\w)", drawn), drawn


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("[x](https://fine.example/?a=1&b=2)", '<a href="https://fine.example/?a=1&amp;b=2" rel="noopener noreferrer">x</a>'),
        ("<help@gocardless.com>", 'href="mailto:help@gocardless.com"'),
        ("[x](/developers/webhooks)", 'href="/developers/webhooks"'),
        ("![The plan](plan.png)", '<img src="/grow/files/one" alt="The plan">'),
        ("![The plan](<my plan.png>)", '<img src="/grow/files/two" alt="The plan">'),
        ("![The plan](my%20plan.png)", '<img src="/grow/files/two" alt="The plan">'),
        ("a `<b>` c", "<code>&lt;b&gt;</code>"),
        ("5 < 6 & 7 > 3", "5 &lt; 6 &amp; 7 &gt; 3"),
        ("~~old~~", "<s>old</s>"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", '<div class="p-table-wrap" role="region" aria-label="Table" tabindex="0">'),
    ],
)
def test_what_is_fine_is_drawn(text, drawn):
    assert markdown.problems(text, pictures=list(PICTURES)) == []
    assert drawn in markdown.html(text, pictures=PICTURES)


def test_headings_begin_below_the_pages_own_and_leave_none_out():
    drawn = markdown.html("### Three\n\n# One\n\n#### Four\n\n## Two", pictures={})
    assert re.findall(r"<(h\d)>(\w+)", drawn) == [("h2", "Three"), ("h2", "One"), ("h3", "Four"), ("h3", "Two")]


MARKUP = some.sampled_from(
    [
        "<script>",
        "<img src=x onerror=y>",
        "](javascript:x)",
        "![",
        "[a",
        "](",
        ")",
        "`",
        "\n",
        "#",
        "|",
        "&#x6a;",
        '"',
        "'",
        "<a href=",
        ">",
        "*",
        "x",
        " ",
    ]
)


@given(some.lists(MARKUP, max_size=40).map("".join) | some.text(max_size=200))
def test_nothing_harmful_is_ever_drawn(text):
    drawn = markdown.html(text, pictures=PICTURES)
    tags = re.findall(r"<(/?\w+)([^>]*)>", drawn)
    assert all(tag.lstrip("/") in markdown.TAGS | {"div"} for tag, _ in tags)
    assert not any(re.search(r"\bon\w+=|javascript:|style=", attributes) for _, attributes in tags)
    markdown.problems(text)
    markdown.plain(text)


@pytest.mark.parametrize("part", ["![", "*a ", "> ", "a**b"])
def test_the_longest_text_that_is_taken_is_read_to_its_end(part):
    text = (part * BODY)[:BODY]
    markdown.problems(text)
    markdown.html(text, pictures={})
