"""The page of code: the partner's own values, never a secret, every language without a script and one with it."""

import io
import json
import zipfile

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from portal.extensions import db
from portal.models.partner_app import PartnerApp
from portal.samples.languages import LANGUAGES, PARTS
from portal.status import Environment
from portal.transaction import writing
from tests.statements import MOST, counted

PAGE = "/developers/code"
OWN = "https://app.example.com/back"
SECRETS = {
    "client_secret": "the-client-secret", "webhook_secret": "the-webhook-secret",
    "previous_client_secret": "an-old-secret", "previous_webhook_secret": "another-old-secret",
}  # fmt: skip


@pytest.fixture
def make(app, world):
    """`make(house, **values)` stores an app and answers its key."""

    def add(house="acme", **values):
        with app.app_context(), writing():
            known = {"name": "Billing", "environment": Environment.GOCARDLESS, "client_id": "CLIENT-1", "redirect_uris": [OWN]}
            row = PartnerApp(partner_id=world.partners[house], **SECRETS, **known | values)
            db.session.add(row)
            db.session.flush()
            return row.key

    return add


def code(answer, which="python-settings"):
    return HTMLParser(answer.text).css_first(f"#{which}").text()


def test_without_an_app_there_are_placeholders_and_the_way_to_one(alice):
    answer = alice.get(PAGE)
    assert answer.status_code == 200
    assert 'CLIENT_ID = "your client id"' in code(answer)
    assert 'href="/developers/apps"' in answer.text
    assert "Embedded sandbox</span>" not in answer.text


def test_every_language_and_part_is_on_the_page(bob, make):
    make()
    page = HTMLParser(bob.get(PAGE).text)
    assert [node.attributes["id"] for node in page.css("[data-language]")] == [language.key for language in LANGUAGES]
    assert not page.css("[data-language][hidden]"), "without a script all of them are shown"
    for language in LANGUAGES:
        for part in PARTS:
            assert len(page.css_first(f"#{language.key}-{part.key}").text()) > 100


def test_the_values_are_those_of_the_newest_app_or_of_the_chosen_one(alice, make):
    older = make(client_id="OLDER", environment=Environment.LIVE)
    make(client_id="NEWER")
    assert 'CLIENT_ID = "NEWER"' in code(alice.get(PAGE))
    assert "https://connect-sandbox.gocardless.com" in code(alice.get(PAGE))
    chosen = alice.get(f"{PAGE}?app={older}")
    assert 'CLIENT_ID = "OLDER"' in code(chosen)
    assert 'CONNECT_URL = "https://connect.gocardless.com"' in code(chosen)
    assert "p-environment" in chosen.text


def test_what_cannot_be_used_is_not_offered(alice, make):
    from portal import clock

    make(client_id="")
    make(client_id="RETIRED", retired_at=clock.now())
    assert "your client id" in code(alice.get(PAGE))


def test_no_secret_is_on_the_page_or_in_the_archive(alice, make):
    make()
    archive = zipfile.ZipFile(io.BytesIO(alice.get(f"{PAGE}/node.zip").data))
    text = alice.get(PAGE).text + "".join(archive.read(name).decode() for name in archive.namelist())
    assert not [secret for secret in SECRETS.values() if secret in text]


def test_another_partners_app_is_not_chosen(carol, make):
    theirs = make(client_id="ACME-ONLY")
    answer = carol.get(f"{PAGE}?app={theirs}&redirect_uri={OWN}")
    assert answer.status_code == 200
    assert "ACME-ONLY" not in answer.text
    assert OWN not in answer.text
    archive = zipfile.ZipFile(io.BytesIO(carol.get(f"{PAGE}/python.zip?app={theirs}").data))
    assert b"ACME-ONLY" not in archive.read("settings.py")


def test_the_redirect_uri_of_ones_own_product_comes_first(alice, make, settings):
    ours = f"{settings.address}/developers/connect/callback"
    make(redirect_uris=[ours, OWN])
    assert f'REDIRECT_URI = "{OWN}"' in code(alice.get(PAGE))
    answer = alice.get(PAGE, query_string={"redirect_uri": ours})
    assert f'REDIRECT_URI = "{ours}"' in code(answer)
    assert "leads to the portal" in answer.text
    assert f'REDIRECT_URI = "{OWN}"' in code(alice.get(PAGE, query_string={"redirect_uri": "https://elsewhere.example.com/"}))


def test_a_value_breaks_out_of_neither_code_nor_page(alice, make):
    nasty = '"; </code></pre><script>alert(1)</script> \\ ${x} #{y}'
    make(redirect_uris=[nasty])
    answer = alice.get(PAGE)
    assert "<script>alert" not in answer.text
    line = next(line for line in code(answer, "node-settings").splitlines() if "REDIRECT_URI" in line)
    assert json.loads(line.partition(" = ")[2].rstrip(";")) == nasty


def test_the_page_says_what_was_done_to_each_language(alice):
    page = HTMLParser(alice.get(PAGE).text)
    said = {key: page.css_first(f"#{key} ul").text(separator=" ") for key in ("python", "php", "java", "dotnet")}
    assert "Run against the embedded sandbox" in said["python"]
    assert "All six files" in said["python"]
    assert "Syntax checked, not run" in said["php"]
    assert "Verification status" in said["php"]
    assert "Compiled, not run" in said["java"]
    assert "Neither compiled nor run here" in said["dotnet"]


def test_the_archive_holds_the_files_of_the_page(alice, make):
    key = make()
    answer = alice.get(f"{PAGE}/java.zip?app={key}")
    assert answer.mimetype == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    assert archive.namelist() == [
        "Settings.java",
        "Link.java",
        "Callback.java",
        "Store.java",
        "Verification.java",
        "Webhook.java",
    ]
    assert archive.read("Settings.java").decode() == code(alice.get(PAGE), "java-settings")
    assert alice.get(f"{PAGE}/java.zip?app={key}").data == answer.data
    assert alice.get(f"{PAGE}/cobol.zip").status_code == 404


def test_few_statements_whatever_there_is(alice, make):
    for _ in range(30):
        make(redirect_uris=[OWN] * 20)
    with counted() as ran:
        alice.get(PAGE)
    assert len([text for text in ran if not text.startswith(("PRAGMA", "BEGIN"))]) <= MOST
