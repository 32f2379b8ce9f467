"""From the posted forms of Launch to plain values: what was typed, valid or not."""

from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import FileStorage, MultiDict

from portal.account.fields import MOST_TYPED, Field, Value
from portal.account.forms import clean
from portal.files.intake import Upload
from portal.launch.fields import FIELDS, languages
from portal.refusals import Invalid
from portal.web import number

Posted = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class TypedListing:
    """The texts; `version` is the state of the draft that the form showed."""

    values: dict[str, Value]
    version: int


def listing(posted: Posted) -> TypedListing:
    """Raises Invalid when a text is too long even for a draft; nothing else is judged here."""
    too_long = {
        name: f"This is far too long: {len(value):,} characters."
        for name, value in posted.items(multi=True)
        if len(value) > MOST_TYPED
    }
    if too_long:
        raise Invalid(too_long)
    return TypedListing(values(posted), posted.get("version", 0, type=number))


def values(posted: Posted) -> dict[str, Value]:
    return {field.name: _value(field, posted) for field in FIELDS}


def _value(field: Field, posted: Posted) -> Value:
    if field.several:
        return sorted({clean(code) for code in posted.getlist(field.name) if code})
    return clean(posted.get(field.name, ""))


@dataclass(frozen=True, slots=True)
class TypedDocument:
    """A support document as it was typed: with an address, or with a file that travels beside it."""

    title: str
    url: str
    languages: list[str]
    reviewed: str
    with_file: bool

    @property
    def reviewed_on(self) -> date | None:
        """The day, or None when what was typed is none."""
        try:
            return date.fromisoformat(self.reviewed)
        except ValueError:
            return None


NOTHING_TYPED = TypedDocument("", "", [], "", with_file=False)


def document(posted: Posted, *, with_file: bool) -> TypedDocument:
    offered = {code for code, _ in languages()}
    return TypedDocument(
        title=clean(posted.get("title", ""))[:500],
        url=clean(posted.get("url", ""))[:5000],
        languages=sorted({code for code in posted.getlist("languages") if code in offered}),
        reviewed=clean(posted.get("reviewed_on", ""))[:20],
        with_file=with_file,
    )


def upload(files: MultiDict[str, FileStorage], field: str) -> Upload | None:
    """The chosen file; a browser sends an empty part for a field that was left alone."""
    part = files.get(field)
    return Upload(part.filename, part.stream) if part is not None and part.filename else None
