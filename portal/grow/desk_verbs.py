"""What is done with an item of content beside writing it: publish, schedule, archive, read through, files, older versions."""

import structlog
from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal import storage, transaction
from portal.errors import page as error_page
from portal.extensions import db
from portal.gates import Gate, gate
from portal.grow import attachments, drafts, forms, publishing
from portal.grow.blueprint import desk
from portal.grow.desk_pages import Sheet, page
from portal.grow.values import FIRST
from portal.launch.forms import upload
from portal.models.content import ContentFile, ContentItem
from portal.models.people import User
from portal.refusals import Invalid

log = structlog.get_logger("portal.grow")
NO_STORAGE = "The file could not be stored just now. Nothing was changed; try again in a moment."


def _to(item: ContentItem, words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for(".edit", content_key=item.key), 303)


def _refused(item: ContentItem, refused: Invalid) -> ResponseReturnValue:
    db.session.rollback()
    return page(item, Sheet(item.draft, FIRST, refused.problems, status=422))


@desk.post("/staff/content/<content_key>/publish")
@gate(Gate.PARTNERS)
def publish(content: ContentItem, me: User) -> ResponseReturnValue:
    try:
        publishing.publish(content, by=me, again=request.form.get("again") == "y")
    except Invalid as refused:
        return _refused(content, refused)
    return _to(content, f"Version {content.published_number} is published.")


@desk.post("/staff/content/<content_key>/schedule")
@gate(Gate.PARTNERS)
def schedule(content: ContentItem, me: User) -> ResponseReturnValue:
    try:
        publishing.schedule(content, forms.posted_day("publish_on"), by=me)
    except Invalid as refused:
        return _refused(content, refused)
    return _to(content, f"Version {content.scheduled_number} is scheduled.")


@desk.post("/staff/content/<content_key>/unschedule")
@gate(Gate.PARTNERS)
def unschedule(content: ContentItem, me: User) -> ResponseReturnValue:
    publishing.withdraw_schedule(content, by=me)
    return _to(content, "It is a draft again and will not be published by itself.")


@desk.post("/staff/content/<content_key>/archive")
@gate(Gate.PARTNERS)
def archive(content: ContentItem, me: User) -> ResponseReturnValue:
    publishing.archive(content, by=me)
    return _to(content, "It is archived. Partners do not see it any more.")


@desk.post("/staff/content/<content_key>/bring-back")
@gate(Gate.PARTNERS)
def bring_back(content: ContentItem, me: User) -> ResponseReturnValue:
    publishing.bring_back(content, by=me)
    return _to(content, "It is a draft again.")


@desk.post("/staff/content/<content_key>/reviewed")
@gate(Gate.PARTNERS)
def reviewed(content: ContentItem, me: User) -> ResponseReturnValue:
    """It was read through and still holds."""
    again_on = forms.posted_day("again_on")
    try:
        if again_on is None:
            raise Invalid({"again_on": "Enter the day on which somebody reads it through again."})
        drafts.read_through(content, again_on=again_on, by=me)
    except Invalid as refused:
        return _refused(content, refused)
    return _to(content, f"Noted. It is to be read through again on {again_on.isoformat()}.")


@desk.post("/staff/content/<content_key>/versions/<version_number>/restore")
@gate(Gate.PARTNERS)
def restore(content: ContentItem, version_number: str, me: User) -> ResponseReturnValue:
    known = version_number.isascii() and version_number.isdecimal() and len(version_number) < 9
    version = drafts.version(content, int(version_number)) if known else None
    drafts.restore(content, version or abort(404), by=me)
    return _to(content, f"The draft has the words of version {version_number} again.")


@desk.post("/staff/content/<content_key>/files")
@gate(Gate.PARTNERS)
def attach(content: ContentItem, me: User) -> ResponseReturnValue:
    sent = upload(request.files, "file")
    if sent is None:
        return _refused(content, Invalid({"file": "Choose a file."}))
    transaction.release()  # the file is looked at while nobody waits for our lock
    try:
        one = attachments.receive(sent)
    except Invalid as refused:
        return _refused(content, refused)
    except storage.StorageUnavailable:
        log.exception("file of content not stored")
        return error_page(503, words=NO_STORAGE)
    try:
        attachments.attach(content, one, by=me)
        transaction.checkpoint()
    except Exception as error:
        storage.current().delete(one.storage_key)
        if isinstance(error, Invalid):
            return _refused(content, error)
        raise
    return _to(content, "Attached. It is checked before anybody can take it; that takes a moment.")


@desk.post("/staff/content/<content_key>/files/<content_file_key>/remove")
@gate(Gate.PARTNERS)
def remove(content: ContentItem, content_file_key: str, me: User) -> ResponseReturnValue:
    file = next((one for one in drafts.files(content) if one.key == content_file_key), None)
    gone: ContentFile = file or abort(404)
    attachments.remove(content, gone, by=me)
    return _to(content, f"“{gone.original_name}” is removed. What is published shows it until you publish again.")
