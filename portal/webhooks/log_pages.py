"""The list of webhooks: filters in the URL, pages by key, news for an open page, everything as a file."""

from dataclasses import dataclass
from functools import partial

from flask import Response, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue

from portal.apps.reading import hook
from portal.gates import Gate, gate
from portal.models.partner import Partner
from portal.web import settings
from portal.webhooks import exporting, searching
from portal.webhooks.blueprint import bp
from portal.webhooks.choices import chips, choices
from portal.webhooks.forms import NAMES
from portal.webhooks.lines import Line, line
from portal.webhooks.reader import Reader
from portal.webhooks.searching import Count, Page
from portal.words import zone_of

SIZE = 50
COUNTED = 2
"""Filters together of which all that fit are counted; of more only those that are shown."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the log, ready to be drawn. `live` when it is the newest page, which can be kept up to date."""

    lines: list[Line]
    older: str
    newer: str
    unfinished: bool
    live: bool
    version: str


@bp.get("/developers/webhooks", endpoint="index")
@gate(Gate.PARTNER)
def show(partner: Partner) -> ResponseReturnValue:
    return _log(Reader(partner))


@bp.get("/staff/partners/<partner_key>/webhooks")
@gate(Gate.STAFF)
def of_partner(partner: Partner) -> ResponseReturnValue:
    return _log(Reader(partner, staff=True))


def _log(reader: Reader) -> ResponseReturnValue:
    version = searching.version(reader.partner.id)
    listed = _listed(reader, version)
    return render_template(
        "webhooks/index.html",
        reader=reader,
        listed=listed,
        count=_count(reader, listed),
        typed=reader.asked.typed,
        values={name: reader.asked.typed.get(name, "") for name in NAMES},
        chips=chips(reader),
        choices=choices(reader),
        days=settings().webhook_days,
        most=exporting.MOST,
        hook=partial(hook, settings()),
    )


def _listed(reader: Reader, version: str) -> Listed:
    asked = reader.asked
    found = searching.page(reader.partner.id, asked.filters, before=reader.before, after=reader.after, limit=SIZE)
    zone = zone_of()
    return Listed(
        lines=[line(row, zone) for row in found.rows],
        older=reader.log(**asked.typed, before=found.older) if found.older else "",
        newer=_newer(reader, found),
        unfinished=found.unfinished,
        live=reader.before is None and reader.after is None,
        version=version,
    )


def _newer(reader: Reader, found: Page) -> str:
    """Where nothing is newer any more, the first page, which is live."""
    typed = reader.asked.typed
    if found.newer:
        return reader.log(**typed, after=found.newer)
    return "" if reader.before is None and reader.after is None else reader.log(**typed)


def _count(reader: Reader, listed: Listed) -> Count:
    """A page that holds everything needs no counting, a page further back none at all; what takes long to count is "50+"."""
    asked = reader.asked.filters
    if not listed.live or not listed.older or listed.unfinished or len(reader.asked.typed) > COUNTED:
        return Count(len(listed.lines), more=bool(listed.older))
    return searching.count(reader.partner.id, asked)


@bp.get("/developers/webhooks/news")
@gate(Gate.PARTNER)
def news(partner: Partner) -> ResponseReturnValue:
    return _news(Reader(partner))


@bp.get("/staff/partners/<partner_key>/webhooks/news")
@gate(Gate.STAFF)
def news_of_partner(partner: Partner) -> ResponseReturnValue:
    return _news(Reader(partner, staff=True))


def _news(reader: Reader) -> ResponseReturnValue:
    """The rows of the newest page for an open one; 304 before anything is drawn while its version is the same."""
    version = searching.version(reader.partner.id)
    if request.headers.get("If-None-Match") == f'"{version}"':
        return Response(status=304, headers={"ETag": f'"{version}"'})
    reader.before = reader.after = None
    listed = _listed(reader, version)
    answer = render_template("webhooks/rows.html", reader=reader, listed=listed)
    return answer, 200, {"ETag": f'"{version}"', "Cache-Control": "no-store", "Portal-Older": listed.older}


@bp.get("/developers/webhooks/export")
@gate(Gate.PARTNER)
def export(partner: Partner) -> ResponseReturnValue:
    return exported(Reader(partner))


@bp.get("/staff/partners/<partner_key>/webhooks/export")
@gate(Gate.STAFF)
def export_of_partner(partner: Partner) -> ResponseReturnValue:
    return exported(Reader(partner, staff=True))


def exported(reader: Reader) -> ResponseReturnValue:
    """The file that people and programs download, as it is made."""
    lines = exporting.lines(reader.partner.id, reader.asked.filters, before=reader.before)
    headers = {"Content-Disposition": f'attachment; filename="{exporting.NAME}"', "Cache-Control": "no-store"}
    return Response(stream_with_context(lines), mimetype="application/x-ndjson", headers=headers)
