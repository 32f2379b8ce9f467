"""Style sheets, scripts and icons: bundled and hashed by a build, served by WhiteNoise, and found by name in templates."""

import gzip
import hashlib
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import brotli
from flask import Flask
from whitenoise import WhiteNoise

STATIC = Path(__file__).parent / "static"
PREFIX = "/static/"
KEPT_SECONDS = 7 * 24 * 60 * 60
SERVED = (".css", ".js", ".svg", ".png")
BUNDLES: Mapping[str, tuple[str, ...]] = {
    "portal.css": (
        "vendor/bootstrap.min.css",
        *(f"css/{part}.css" for part in ("tokens", "base", "frame", "controls", "parts", "work", "log")),
    ),
    "portal.js": tuple(
        f"js/{part}.js"
        for part in (
            "focus",
            "menu",
            "counter",
            "reveal",
            "copy",
            "save",
            "keep",
            "choose",
            "upload",
            "poll",
            "keys",
        )
    ),
}
"""Files that travel together, in order. Every other served file travels alone."""


@dataclass(frozen=True, slots=True)
class Assets:
    """Where each name is found; `built` is empty in development, where the sources are served as they are."""

    static: Path
    built: Mapping[str, str]

    def url(self, name: str) -> str:
        """The address of one file, or of a bundle that was built."""
        return PREFIX + (self.built.get(name) or self._dated(name))

    def urls(self, name: str) -> list[str]:
        """The addresses that make up a bundle: one after a build, its parts in development."""
        return [self.url(name)] if name in self.built else [self.url(part) for part in BUNDLES[name]]

    def _dated(self, name: str) -> str:
        return f"{name}?v={(self.static / name).stat().st_mtime_ns}"


def init_app(app: Flask) -> None:
    assets = Assets(STATIC, built(STATIC))
    app.jinja_env.globals.update(asset_url=assets.url, asset_urls=assets.urls)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]  # how WSGI middleware is put around Flask
        app.wsgi_app,
        root=str(STATIC),
        prefix=PREFIX,
        autorefresh=not assets.built,
        max_age=60 if assets.built else 0,
        allow_all_origins=False,
        immutable_file_test=r"\.[0-9a-f]{12}\.\w+$",
        add_headers_function=_harden,
    )


def _harden(headers: dict[str, str], path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"


def build(static: Path = STATIC) -> Mapping[str, str]:
    """Write static/dist: hashed names, compressed twins, and the manifest that tells which source they were made from."""
    dist = static / "dist"
    dist.mkdir(exist_ok=True)
    files = {name: _store(dist, name, content) for name, content in _contents(static)}
    (dist / "manifest.json").write_text(json.dumps({"sources": _fingerprint(static), "files": files}, indent=1))
    _forget(dist, set(files.values()))
    return files


def _forget(dist: Path, current: set[str]) -> None:
    """Files of earlier builds stay for a while: a page that was opened before, or a server still running, asks for them."""
    for old in dist.iterdir():
        name = f"dist/{old.name.removesuffix('.br').removesuffix('.gz')}"
        if name not in current and old.name != "manifest.json" and time.time() - old.stat().st_mtime > KEPT_SECONDS:
            old.unlink(missing_ok=True)


def built(static: Path = STATIC) -> Mapping[str, str]:
    """What the last build made, or nothing when there is none or a source was changed since."""
    manifest = static / "dist" / "manifest.json"
    if not manifest.exists():
        return {}
    told = json.loads(manifest.read_text())
    files: Mapping[str, str] = told["files"]
    return files if told["sources"] == _fingerprint(static) else {}


def _sources(static: Path) -> list[Path]:
    return sorted(p for p in static.rglob("*") if p.suffix in SERVED and (static / "dist") not in p.parents)


def _fingerprint(static: Path) -> str:
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for path in _sources(static):
        digest.update(f"{path.relative_to(static)}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def _contents(static: Path) -> Iterable[tuple[str, bytes]]:
    """Every bundle, then every file that is in none."""
    for name, parts in BUNDLES.items():
        yield name, b"\n".join(_part(static / part) for part in parts)
    bundled = {static / part for parts in BUNDLES.values() for part in parts}
    for path in _sources(static):
        if path not in bundled:
            yield path.relative_to(static).as_posix(), path.read_bytes()


def _part(path: Path) -> bytes:
    """A script that is joined with others keeps its names and its failures to itself: a block is a scope of its own in a module."""
    content = path.read_bytes()
    return b"try {\n" + content + b"} catch (error) {\n  reportError(error);\n}" if path.suffix == ".js" else content


def _store(dist: Path, name: str, content: bytes) -> str:
    """Write one file and its compressed twins; give back its path below static/."""
    stem, dot, suffix = name.rpartition("/")[2].rpartition(".")
    hashed = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}{dot}{suffix}"
    if not (dist / hashed).exists():
        (dist / f"{hashed}.br").write_bytes(brotli.compress(content))
        (dist / f"{hashed}.gz").write_bytes(gzip.compress(content, mtime=0))
        (dist / hashed).write_bytes(content)
    return f"dist/{hashed}"
