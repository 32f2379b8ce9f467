"""Bundles, hashes, compressed twins, and how they are served."""

import json
import os

import brotli
import pytest
from flask import Flask

from portal import assets

PARTS = {part: b"" for parts in assets.BUNDLES.values() for part in parts}


@pytest.fixture
def static(tmp_path):
    """A small static folder in which every part of every bundle is there."""
    for name in (*PARTS, "vendor/icons.svg"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"const a = '{name}';\n" if name.endswith(".js") else f"/* {name} */\n")
    return tmp_path


def test_a_build_names_files_after_their_contents(static):
    first = dict(assets.build(static))
    assert assets.build(static) == first
    (static / "vendor/icons.svg").write_text("<svg/>")
    second = assets.build(static)
    assert second["vendor/icons.svg"] != first["vendor/icons.svg"]
    assert second["portal.css"] == first["portal.css"]


def test_files_of_an_earlier_build_stay_for_a_week(static):
    first = static / assets.build(static)["vendor/icons.svg"]
    (static / "vendor/icons.svg").write_text("<svg/>")
    assets.build(static)
    assert first.exists()
    os.utime(first, (0, 0))
    now = assets.build(static)
    assert not first.exists()
    assert all((static / name).exists() for name in now.values())


def test_a_bundle_holds_its_parts_in_order_and_scripts_keep_their_names_apart(static):
    files = assets.build(static)
    styles = (static / files["portal.css"]).read_text()
    assert styles.index("vendor/bootstrap") < styles.index("css/tokens") < styles.index("css/log")
    script = (static / files["portal.js"]).read_text()
    assert script.count("try {\n") == script.count("\n} catch (error) {\n") == len(assets.BUNDLES["portal.js"])


def test_the_compressed_twin_says_the_same(static):
    path = static / assets.build(static)["portal.css"]
    assert brotli.decompress(path.with_name(path.name + ".br").read_bytes()) == path.read_bytes()


def test_a_build_older_than_its_sources_is_not_used(static):
    assert assets.built(static) == {}
    assets.build(static)
    assert assets.built(static)
    (static / "css/base.css").write_text("body { color: red }")
    assert assets.built(static) == {}


def test_addresses_with_and_without_a_build(static):
    bare = assets.Assets(static, {})
    assert len(bare.urls("portal.js")) == len(assets.BUNDLES["portal.js"])
    assert bare.url("vendor/icons.svg").startswith("/static/vendor/icons.svg?v=")
    done = assets.Assets(static, assets.build(static))
    assert done.urls("portal.js") == [done.url("portal.js")]
    assert done.url("portal.js").startswith("/static/dist/portal.")


def served(static, monkeypatch):
    monkeypatch.setattr(assets, "STATIC", static)
    app = Flask("assets", static_folder=None)
    app.jinja_env.globals.clear()
    assets.init_app(app)
    return app.jinja_env.globals["asset_url"], app.test_client()


def test_what_was_built_is_served_compressed_for_ever_to_this_site_only(static, monkeypatch):
    assets.build(static)
    url, client = served(static, monkeypatch)
    with client.get(url("portal.css"), headers={"Accept-Encoding": "br"}) as answer:
        headers = answer.headers
    assert headers["Content-Encoding"] == "br"
    assert "immutable" in headers["Cache-Control"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in headers


def test_without_a_build_the_sources_are_served_and_never_kept(static, monkeypatch):
    url, client = served(static, monkeypatch)
    with client.get(url("css/base.css")) as answer:
        assert answer.status_code == 200
    assert "immutable" not in answer.headers["Cache-Control"]


def test_every_part_of_a_bundle_is_there_and_no_script_or_style_of_ours_is_left_out():
    ours = {
        path.relative_to(assets.STATIC).as_posix() for folder in ("js", "css") for path in (assets.STATIC / folder).iterdir()
    }
    bundled = set(PARTS)
    pages = "".join(path.read_text() for path in (assets.STATIC.parent / "templates").rglob("*.html"))
    assert [name for name in ours - bundled if f'asset_url("{name}")' not in pages] == []
    assert all((assets.STATIC / part).exists() for part in bundled)


def test_a_first_visit_loads_at_most_sixty_kilobytes_of_styles_scripts_and_icons(tmp_path):
    for path in assets.STATIC.rglob("*"):
        if path.suffix in assets.SERVED and "dist" not in path.parts:
            copy = tmp_path / path.relative_to(assets.STATIC)
            copy.parent.mkdir(exist_ok=True)
            copy.write_bytes(path.read_bytes())
    files = assets.build(tmp_path)
    wanted = ("portal.css", "portal.js", "vendor/htmx.min.js", "vendor/icons.svg", "mark.svg")
    assert sum((tmp_path / f"{files[name]}.br").stat().st_size for name in wanted) <= 60_000


def test_the_manifest_is_plain_json(static):
    files = assets.build(static)
    assert json.loads((static / "dist/manifest.json").read_text())["files"] == files
