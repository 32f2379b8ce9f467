"""The desk of content: the list, a new item, writing it with a preview, its versions, and how partners will see it."""

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from portal import clock
from portal.account.forms import clean
from portal.extensions import db
from portal.gates import Gate, gate
from portal.grow import desk_finding, drafts, forms, markdown, starters
from portal.grow.blueprint import desk
from portal.grow.publishing import FILE_AT
from portal.grow.values import BODY, FIRST, SUMMARY, TITLE, Values, language_name, offered, problems, text
from portal.launch.fields import languages
from portal.models.content import ContentDone, ContentItem
from portal.models.partner import Partner
from portal.models.people import User
from portal.refusals import Invalid, StaleDraft
from portal.status import ContentKind, ContentStage, ContentStatus, Horizon

MOST_DONE = 200
"""Partners named as having done what an update asks for."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The form as it is shown: what stands in it, in which language, what is wrong, what it would look like."""

    values: Values
    language: str
    problems: dict[str, str] = field(default_factory=dict)
    preview: bool = False
    status: int = 200


@desk.get("/staff/content")
@gate(Gate.STAFF)
def index() -> ResponseReturnValue:
    asked = forms.desk(request.args)
    kept = {name: request.args[name] for name in ("status", "kind", "due", "q") if request.args.get(name)}
    return render_template(
        "content/index.html",
        page=desk_finding.find(asked),
        due=desk_finding.due(),
        asked=asked,
        kept=kept,
        statuses=ContentStatus,
        kinds=ContentKind,
        today=clock.now().date(),
    )


@desk.get("/staff/content/new")
@gate(Gate.PARTNERS)
def new() -> ResponseReturnValue:
    return render_template("content/new.html", kinds=ContentKind, starters=starters.starters(), problems={})


@desk.post("/staff/content/new")
@gate(Gate.PARTNERS)
def create(me: User) -> ResponseReturnValue:
    kind, starter = request.form.get("kind", ""), clean(request.form.get("starter", ""))[:80]
    if not starter and kind not in set(ContentKind):
        wrong = {"kind": "Choose what it is."}
        return render_template("content/new.html", kinds=ContentKind, starters=starters.starters(), problems=wrong), 422
    item = drafts.new(ContentKind.GUIDE if starter else ContentKind(kind), starter=starter, by=me)
    return redirect(url_for(".edit", content_key=item.key), 303)


@desk.get("/staff/content/<content_key>")
@gate(Gate.PARTNERS)
def edit(content: ContentItem) -> ResponseReturnValue:
    return page(content, Sheet(content.draft, forms.language(request.args)))


@desk.post("/staff/content/<content_key>")
@gate(Gate.PARTNERS)
def save(content: ContentItem, me: User) -> ResponseReturnValue:
    language = forms.language(request.form)
    try:
        values = forms.values(request.form, content.draft)
        drafts.save(content, values, number=request.form.get("version", 0, type=int), by=me)
    except Invalid as refused:
        return page(content, Sheet(content.draft, language, refused.problems, status=422))
    except StaleDraft as refused:
        return page(content, Sheet(values, language, {"": refused.words}, status=409))
    flash("Saved. Partners see it when you publish it.", "success")
    return redirect(url_for(".edit", content_key=content.key, language=None if language == FIRST else language), 303)


@desk.post("/staff/content/<content_key>/preview")
@gate(Gate.PARTNERS)
def preview(content: ContentItem) -> ResponseReturnValue:
    """What was typed as partners would see it; nothing is stored. A script gets the preview alone."""
    sheet = Sheet(forms.values(request.form, content.draft), forms.language(request.form), preview=True)
    if request.headers.get("HX-Request"):
        return render_template("content/preview.html", preview=_preview(content, sheet))
    return page(content, sheet)


@desk.get("/staff/content/<content_key>/view")
@gate(Gate.STAFF)
def view(content: ContentItem) -> ResponseReturnValue:
    """The draft as partners would see it."""
    sheet = Sheet(content.draft, forms.language(request.args), preview=True)
    codes = [
        (language_name(code), url_for(".view", content_key=content.key, language=code), code == sheet.language)
        for code in content.draft["texts"]
    ]
    return render_template(
        "content/view.html", item=content, preview=_preview(content, sheet), languages=codes, done=_done(content)
    )


def _done(item: ContentItem) -> Any:
    """Partners that did what it asks for."""
    who = select(Partner.name, Partner.key, ContentDone.by_name, ContentDone.at).join(
        Partner, Partner.id == ContentDone.partner_id
    )
    return db.session.execute(
        who.where(ContentDone.item_id == item.id).order_by(Partner.name, Partner.id).limit(MOST_DONE)
    ).all()


@desk.get("/staff/content/<content_key>/versions/<version_number>", endpoint="version")
@gate(Gate.PARTNERS)
def old_version(content: ContentItem, version_number: str) -> ResponseReturnValue:
    known = version_number.isascii() and version_number.isdecimal() and len(version_number) < 9
    found = drafts.version(content, int(version_number)) if known else None
    old = found or abort(404)
    codes = sorted({*old.values["texts"], *content.draft["texts"]}, key=lambda code: (code != FIRST, code))
    beside = [(language_name(code), text(old.values, code), text(content.draft, code)) for code in codes]
    names = [name for name in old.values if name != "texts" and old.values[name] != content.draft.get(name)]
    return render_template("content/version.html", item=content, old=old, beside=beside, names=names)


def page(item: ContentItem, sheet: Sheet) -> ResponseReturnValue:
    attached = drafts.files(item)
    kind = item.kind
    judged = problems(kind, sheet.values, pictures=list(drafts.pictures(attached)))
    drawn = render_template(
        "content/edit.html",
        item=item,
        sheet=sheet,
        typed=text(sheet.values, sheet.language),
        asked=sheet.problems,
        advice=[] if sheet.problems else list(judged.items()),
        files=attached,
        preview=_preview(item, sheet) if sheet.preview else None,
        versions=drafts.versions(item),
        offered=offered(),
        stages=ContentStage,
        horizons=Horizon,
        limits={"title": TITLE, "summary": SUMMARY, "body": BODY},
        languages=languages(),
        written=[(language_name(code), code) for code in sheet.values["texts"]],
        language_name=language_name(sheet.language),
        tomorrow=clock.now().date() + clock.DAY,
    )
    return drawn, sheet.status


def _preview(item: ContentItem, sheet: Sheet) -> dict[str, Any]:
    """Title, summary and HTML, and what is left out of it."""
    said = text(sheet.values, sheet.language if sheet.language in sheet.values["texts"] else FIRST)
    pictures = drafts.pictures(drafts.files(item))
    body = said["body"][:BODY]
    addresses = {name: FILE_AT.format(key) for name, key in pictures.items()}
    wrong = markdown.problems(body, pictures=list(pictures))
    return {**deepcopy(said), "html": markdown.html(body, pictures=addresses), "wrong": wrong[:10]}
