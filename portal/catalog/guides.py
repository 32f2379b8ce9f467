"""Every link to a guide, in one place."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from portal.catalog.nouns import Guide
from portal.catalog.reading import Table, no_repeats, read

FILE = Path(__file__).with_name("guides.toml")


@cache
def guides(file: Path = FILE) -> Mapping[str, Guide]:
    """The guides by key, in the order of the file."""
    table = read(file).only({"guide"})
    found = [_guide(entry) for entry in table.tables("guide")]
    no_repeats(table.place, "guide", [guide.key for guide in found])
    return MappingProxyType({guide.key: guide for guide in found})


def _guide(table: Table) -> Guide:
    table.only({"key", "title", "url"})
    return Guide(
        key=table.code("key"),
        title=table.text("title"),
        url=table.matching("url", r"https://\S+", "an https address"),
    )
