"""No name that anybody gave a file leads an unpacker astray."""

import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.exports.archive import LONGEST, archive, safe

NAMES = {
    "upwards": "../../../etc/passwd",
    "windows": "..\\..\\boot.ini",
    "absolute": "/etc/passwd",
    "drive": "C:\\x.png",
    "nothing": "",
    "dots": "...",
    "device": "CON.png",
    "zero": "a\x00b.png",
    "direction": "x\u202egnp.exe",
    "long": "n" * 500 + ".png",
    "newline": "a\nb.png",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_names_stay_in_their_folder(tmp_path, name):
    path = tmp_path / "made.zip"
    with archive(path) as made:
        first, second = (made.write("evidence/oauth", name, [b"x"]) for _ in range(2))
    assert first != second
    with zipfile.ZipFile(path) as read:
        assert read.testzip() is None
        assert all(entry.startswith("evidence/oauth/") and ".." not in entry.split("/") for entry in read.namelist())
        read.extractall(tmp_path / "out")
    assert len([one for one in (tmp_path / "out" / "evidence" / "oauth").iterdir() if one.is_file()]) == 2


@given(st.text())
def test_any_name_is_one_plain_name(name):
    plain = safe(name)
    assert 0 < len(plain) <= LONGEST + 1
    assert not set(plain) & set('/\\:\0\n\r"<>|?*')
    assert plain.strip(". ") == plain


def test_capitals_do_not_make_two_names(tmp_path):
    with archive(tmp_path / "made.zip") as made:
        names = [made.write("", name, [b""]) for name in ("A.png", "a.png", "a-2.png")]
    assert len({name.casefold() for name in names}) == 3
