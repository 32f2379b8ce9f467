"""The versions of the certification: old ones stay readable, the newest is the default."""

from functools import cache
from pathlib import Path

from portal.catalog.guides import guides
from portal.catalog.loading import load
from portal.catalog.nouns import Catalog
from portal.catalog.reading import CatalogError

FOLDER = Path(__file__).with_name("certification")


class _Current:
    folder = FOLDER


def configure(folder: Path | None) -> None:
    """Called once, when the portal is assembled: another folder with the versions of this installation."""
    _Current.folder = folder or FOLDER


class UnknownVersion(LookupError):
    """No file for this version of the certification."""


def versions(folder: Path | None = None) -> tuple[str, ...]:
    """All versions, the oldest first."""
    return _versions(folder or _Current.folder)


def certification(version: str | None = None, folder: Path | None = None) -> Catalog:
    """One version, by default the newest; raises UnknownVersion, or CatalogError for a mistake in a file."""
    known = versions(folder)
    if not known or version not in (None, *known):
        raise UnknownVersion(f"there is no version {version!r}; there are {', '.join(known) or 'none'}")
    return _certification(version or known[-1], folder or _Current.folder)


@cache
def _versions(folder: Path) -> tuple[str, ...]:
    return tuple(sorted(file.stem for file in folder.glob("*.toml")))


@cache
def _certification(version: str, folder: Path) -> Catalog:
    catalog = load(folder / f"{version}.toml", guides())
    older = [name for name in versions(folder) if name < version]
    if older:
        _check_retired(catalog, _certification(older[-1], folder))
    return catalog


def _check_retired(new: Catalog, old: Catalog) -> None:
    """A key that an older version had is still there or retired, and what was retired stays so."""
    for key in sorted({question.key for question in old.questions} | old.retired):
        if key in old.retired and key in new:
            raise CatalogError(f"{new.version}.toml", f"{key!r} was retired in {old.version} or before")
        if key not in new and key not in new.retired:
            raise CatalogError(
                f"{new.version}.toml",
                f"{key!r} of {old.version} is gone; add it to 'retired'",
            )
