"""What partners read in Grow: the library with its filters, product updates, the roadmap, one item, its files."""

from typing import Any
from urllib.parse import urlencode

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import storage
from portal.catalog import account_choices
from portal.files.names import plain_disposition
from portal.gates import Gate, gate
from portal.grow import finding, forms, marking, reading
from portal.grow.blueprint import bp, check_open, person
from portal.grow.finding import Asked, Person
from portal.grow.publishing import ACTION, ALL
from portal.grow.values import language_name, offered
from portal.models.content import ContentFile, ContentShown
from portal.models.people import User
from portal.status import CONTENT_KIND, ContentKind, ContentStage, FileState, Horizon

MOST_TAGS = 24
"""As many as are offered as links: those with most items."""
Chip = tuple[str, str, bool, int | None]


@bp.get("/grow/content")
@gate(Gate.PARTNER)
def content(me: User) -> ResponseReturnValue:
    check_open()
    who, asked = person(me), forms.asked(request.args)
    found = finding.find(asked, who)
    numbers = finding.counts(asked, who.reader)
    return render_template(
        "grow/content.html",
        found=found,
        asked=asked,
        kinds=_kinds(asked, numbers),
        tags=_tags(asked, numbers),
        schemes=_own("schemes", who),
        countries=_own("countries", who),
        stages=ContentStage,
        languages=_languages(asked, found),
        older=_address(asked, before=found.older) if found.older else "",
        clear=url_for(".content") if _address(asked) != url_for(".content") else "",
    )


def _kinds(asked: Asked, numbers: Any) -> list[Chip]:
    """Counted where counting is exact: without words."""
    codes = [ALL, *(kind.value for kind in ContentKind)]
    words = {ALL: "Everything", **{kind.value: CONTENT_KIND[kind].words for kind in ContentKind}}
    shown = [code for code in codes if code in (ALL, asked.kind) or numbers.get((code, asked.tag))]
    return [
        (words[code], _address(asked, kind=code), code == asked.kind, _number(asked, numbers, code, asked.tag))
        for code in shown
    ]


def _tags(asked: Asked, numbers: Any) -> list[Chip]:
    """Each leads into the list, or out of it again."""
    there = {tag: number for (kind, tag), number in numbers.items() if kind == asked.kind and tag and not tag.startswith("~")}
    first = sorted(there, key=lambda tag: (tag != asked.tag, -there[tag], tag))[:MOST_TAGS]
    chosen = [asked.tag] if asked.tag != ALL and asked.tag not in first else []
    return [
        (tag, _address(asked, tag=ALL if tag == asked.tag else tag), tag == asked.tag, _number(asked, numbers, asked.kind, tag))
        for tag in sorted([*chosen, *first])
    ]


def _number(asked: Asked, numbers: Any, kind: str, tag: str) -> int | None:
    return None if asked.text else numbers.get((kind, tag), 0)


def _languages(asked: Asked, found: finding.Found) -> list[Chip]:
    """Those in which something on this page is written, when there is a choice."""
    codes = {code for card in found.cards for code in card.languages} | {asked.language}
    chips: list[Chip] = [
        (language_name(code), _address(asked, language=code), code == asked.language, None) for code in sorted(codes)
    ]
    return chips if len(chips) > 1 else []


def _own(name: str, who: Person) -> list[tuple[str, str]]:
    own = getattr(who.reader, name)
    return [(code, words) for code, words in offered()[name] if code in own]


def _address(asked: Asked, **changed: object) -> str:
    """Of the same list with this changed; on its first page unless it says otherwise."""
    query = {**forms.query(asked), **changed}
    kept = {name: value for name, value in query.items() if value and not (name == "language" and value == "en")}
    return f"{url_for('.content')}?{urlencode(kept)}" if kept else url_for(".content")


@bp.get("/grow/updates")
@gate(Gate.PARTNER)
def updates(me: User) -> ResponseReturnValue:
    """Product updates, newest first; or only those that still ask for something."""
    check_open()
    undone = request.args.get("show") == "to-do"
    asked = forms.asked(request.args)
    asked = Asked(kind=ContentKind.UPDATE, tag=ACTION if undone else ALL, undone=undone, before=asked.before)
    return render_template("grow/updates.html", found=finding.find(asked, person(me)), undone=undone)


@bp.get("/grow/roadmap")
@gate(Gate.PARTNER)
def roadmap(me: User) -> ResponseReturnValue:
    check_open()
    columns = finding.roadmap(person(me), [one.value for one in Horizon])
    return render_template("grow/roadmap.html", columns=[(one, columns[one.value]) for one in Horizon])


@bp.get("/grow/content/<article_key>")
@gate(Gate.PARTNER)
def article(article_key: str, me: User) -> ResponseReturnValue:
    who, shown = _article(article_key, me)
    check_open()
    language = forms.language(request.args)
    card = finding.cards([shown.id], who, language=language)[0]
    choices = account_choices().sign_up_countries
    return render_template(
        "grow/article.html",
        card=card,
        html=reading.html(shown, card.language),
        files=reading.files(shown),
        languages=[
            (language_name(code), url_for(".article", article_key=shown.key, language=code), code == card.language)
            for code in card.languages
        ],
        language=card.language,
        countries={one.code: one.words for one in choices},
    )


def _article(key: str, me: User) -> tuple[Person, ContentShown]:
    who = person(me)
    return who, finding.article(key, who.reader) or abort(404)


@bp.post("/grow/content/<article_key>/read")
@gate(Gate.WORK)
def mark_read(article_key: str, me: User) -> ResponseReturnValue:
    _, shown = _article(article_key, me)
    check_open()
    marking.read(shown, by=me)
    return _back(shown, "Marked as read.")


@bp.post("/grow/content/<article_key>/done")
@gate(Gate.WORK)
def mark_done(article_key: str, me: User) -> ResponseReturnValue:
    who, shown = _article(article_key, me)
    check_open()
    marking.done(shown, who.reader.partner_id, by=me)
    return _back(shown, "Marked as done for your whole team.")


@bp.post("/grow/content/<article_key>/not-done")
@gate(Gate.WORK)
def mark_not_done(article_key: str, me: User) -> ResponseReturnValue:
    who, shown = _article(article_key, me)
    check_open()
    marking.not_done(shown, who.reader.partner_id, by=me)
    return _back(shown, "It is on your list again.")


def _back(shown: ContentShown, words: str) -> ResponseReturnValue:
    """To the list that it was marked in, or to the item."""
    flash(words, "success")
    from_list = request.form.get("from") == "updates"
    return redirect(url_for(".updates") if from_list else url_for(".article", article_key=shown.key), 303)


@bp.get("/grow/files/<content_file_key>", endpoint="file")
@gate(Gate.EVIDENCE)
def attached(content_file_key: str, me: User) -> ResponseReturnValue:
    """A file of an item that this partner may read; staff read all of them."""
    reader = None if me.is_staff else person(me).reader
    file = reading.file(content_file_key, reader) or abort(404)
    if reader is not None:
        check_open()
    return _whole(file)


def _whole(file: ContentFile) -> Response:
    """Saved by the browser, or drawn inside a page of ours; never opened in our name."""
    if file.state is not FileState.READY:
        abort(404)
    response = Response(mimetype=file.media_type)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Content-Disposition"] = plain_disposition(file.original_name)
    response.set_etag(file.sha256)
    if request.if_none_match.contains(file.sha256):
        response.status_code = 304
        return response
    response.content_length = file.size
    if request.method != "HEAD":
        response.response = storage.current().open(file.storage_key)
    return response
