from pathlib import Path

import pytest

from portal.catalog import CatalogError, UnknownVersion, certification, versions

FOLDER = Path(__file__).with_name("versions")
OLD, NEW = ((FOLDER / f"{name}.toml").read_text("utf-8") for name in ("2026-11", "2027-03"))


def folder_with(folder, **texts):
    for name, text in texts.items():
        (folder / f"{name[1:].replace('_', '-')}.toml").write_text(text, "utf-8")
    return folder


def test_versions_come_oldest_first_and_the_newest_is_the_default():
    assert versions(FOLDER) == ("2026-11", "2027-03")
    assert certification(folder=FOLDER).version == "2027-03"


def test_an_old_version_stays_readable():
    assert "success_plus_enable" in certification("2026-11", FOLDER)
    assert "success_plus_enable" not in certification("2027-03", FOLDER)


def test_a_version_is_read_once():
    assert certification("2026-11", FOLDER) is certification("2026-11", FOLDER)


@pytest.mark.parametrize("version", ["2020-01", "../2026-11", "", "2026-11.toml"])
def test_an_unknown_version_is_refused(version):
    with pytest.raises(UnknownVersion, match="there are 2026-11, 2027-03"):
        certification(version, FOLDER)


def test_a_folder_without_versions_is_refused(tmp_path):
    with pytest.raises(UnknownVersion, match="there are none"):
        certification(folder=tmp_path)


def test_a_key_that_disappears_has_to_be_retired(tmp_path):
    lost = NEW.replace('retired = ["success_plus_enable"]', "retired = []")
    with pytest.raises(CatalogError, match=r"'success_plus_enable' of 2026-11 is gone; add it to 'retired'"):
        certification(folder=folder_with(tmp_path, v2026_11=OLD, v2027_03=lost))


def test_a_retired_key_stays_retired_in_every_later_version(tmp_path):
    revived = NEW.replace('version = "2027-03"', 'version = "2027-09"').replace(
        'retired = ["success_plus_enable"]', "retired = []"
    )
    folder = folder_with(tmp_path, v2026_11=OLD, v2027_03=NEW, v2027_09=revived)
    with pytest.raises(CatalogError, match=r"2027-09\.toml: 'success_plus_enable'"):
        certification(folder=folder)


def test_a_retired_key_is_not_used_again(tmp_path):
    revived = OLD.replace('version = "2026-11"', 'version = "2027-09"').replace(
        "retired = []", 'retired = ["webhook_secret_rotation"]'
    )
    folder = folder_with(tmp_path, v2026_11=OLD, v2027_03=NEW, v2027_09=revived)
    with pytest.raises(CatalogError, match="'success_plus_enable' was retired in 2027-03 or before"):
        certification(folder=folder)
