"""A page is like that of a success when it says the same, whatever numbers, names and ids it says it with."""

import pytest

from portal.exam.callbacks import likeness
from portal.exam.connecting import Return
from portal.exam.nouns import Environment
from portal.exam.rig import AppUnderTest, Limits, Rig, TestSettings
from portal.exam.visitor import Page

URL = "https://partner.example.com/merchants/OR123456ABCDEF"
TEXT = "<html><head><title>A</title></head><body><script>var a = 'x'</script><p>You are connected as OR123456ABCDEF, since 09:15.</p></body></html>"


class Connected(Return):
    connected = True


def rig(url=URL, text=TEXT, status=200):
    made = Rig(AppUnderTest("a", "b", ()), TestSettings(), Limits.of(1), None, {Environment.EMBEDDED: ""})
    likeness.keep(made, Connected(Page(url, status, text=text), (), "code"))
    return made


@pytest.mark.parametrize(
    ("url", "text", "status", "same"),
    [(URL, TEXT, 200, True), (URL.replace("OR123456", "OR999999"), TEXT.replace("OR123456", "OR999999").replace("09:15", "10:20"), 200, True),
     (URL, TEXT.replace("'x'", "'y'"), 200, True), (URL, TEXT, 400, False), (URL, TEXT.replace("are connected", "could not be connected"), 200, False),
     ("https://partner.example.com/", TEXT, 200, False), (f"{URL}?error=1", TEXT, 200, False), (URL, "", 200, False)],
    ids=["the same", "other ids", "another script", "a refusal", "other words", "elsewhere", "another query", "nothing"],
)  # fmt: skip
def test_what_is_like_a_success(url, text, status, same):
    assert likeness.same(rig(), Page(url, status, text=text)) is same


def test_without_a_success_nothing_is_like_it():
    assert not likeness.same(rig(status=500), Page(URL, 500, text=TEXT))
    assert not likeness.same(rig(status=404), Page(URL, 200, text=TEXT))


def test_the_empty_shell_of_an_application_says_nothing():
    shell = '<html><body><div id="root"></div></body></html>'
    assert not likeness.same(rig(text=shell), Page(URL, 200, text=shell))


def test_a_page_without_end_is_compared_in_its_beginning():
    long = "<p>word</p>" * 100_000
    assert likeness.same(rig(text=long), Page(URL, 200, text=long))
