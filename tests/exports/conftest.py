"""These tests delete stored files: what the world was furnished with comes back afterwards."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _files_come_back(request, tmp_path):
    if "furnished" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("furnished")
    folder, aside = Path(request.getfixturevalue("settings").storage), tmp_path / "stored"
    shutil.copytree(folder, aside)
    yield
    shutil.copytree(aside, folder, dirs_exist_ok=True)
