"""Word documents are known by what is in them."""

import io
import zipfile
from contextlib import suppress

import pytest

from portal.launch.docx import NoDocument, check

TYPES = (
    '<Types><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)


def docx(types=TYPES, **parts):
    """A document; `parts` by name, with _ for /."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", types)
        made.writestr("word/document.xml", "<w:document/>")
        for name, text in parts.items():
            made.writestr(name, text)
    return out.getvalue()


def zipped(*names):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return out.getvalue()


def test_a_plain_document_is_taken():
    check(docx())
    check(docx(**{"word/styles.xml": "<x/>"}))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7", "not a PDF or a Word document"),
        (zipped("a.txt"), "not a PDF or a Word document"),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), "not a PDF or a Word document"),
        (docx(types="<Types/>"), "not a PDF or a Word document"),
        (docx(types=TYPES.replace("document.main", "macroEnabled.main")), "macros"),
        (docx(**{"word/vbaProject.bin": "x"}), "macros"),
        (docx(**{"word/embeddings/oleObject1.bin": "x"}), "macros"),
        (docx(**{"word/activeX/activeX1.xml": "x"}), "macros"),
        (docx(**{"word/_rels/settings.xml.rels": '<R Type="x/attachedTemplate" TargetMode="External"/>'}), "template"),
        (docx()[:-30], "cannot be opened"),
        (b"PK\x03\x04" + bytes(100), "cannot be opened"),
        (docx(**{"word/big.xml": b"0" * (201 * 1024 * 1024)}), "more than we take"),
        (zipped(*(f"{n}" for n in range(2001))), "more than we take"),
    ],
)
def test_anything_else_is_refused_with_words(data, words):
    with pytest.raises(NoDocument) as refusal:
        check(data)
    assert words in refusal.value.words


def test_damage_anywhere_is_a_refusal_and_never_a_failure():
    whole = docx()
    for at in range(0, len(whole), 7):
        broken = whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]
        with suppress(NoDocument):
            check(broken)
