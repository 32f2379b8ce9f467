"""What Acme and Birch have of Grow in the furnished world: an update that only they may read, with a file, and a feed."""

from portal.extensions import db
from portal.grow import drafts, feed_keys, marking, publishing
from portal.grow.values import fresh
from portal.models.content import ContentFile, ContentShown
from portal.status import ContentKind, FileState
from portal.storage import current as storage

OWN = {"zebra": "charity", "walrus": "membership"}


def content_of(mark, integration, manager, member, *, staff_only, picture):
    """Published for a category that only this house has; the draft has gone on since."""
    integration.partner.profile.more_categories = [OWN[mark]]
    item = drafts.new(ContentKind.UPDATE, by=manager)
    said = {"title": f"{mark} news", "summary": f"{mark} in short", "body": f"# {mark}\n\n![{mark}](picture.png)"}
    values = {**fresh(), "categories": [OWN[mark]], "action_by": "2099-01-31", "tags": [mark], "texts": {"en": said}}
    drafts.save(item, values, number=1, by=manager)
    file = ContentFile(
        item_id=item.id, original_name="picture.png", media_type="image/png", size=len(picture), sha256=mark,
        storage_key=storage().put(picture), state=FileState.READY, width=1, height=1,
    )  # fmt: skip
    db.session.add(file)
    db.session.flush()
    drafts.save(item, {**values, "files": [file.key]}, number=2, by=manager)
    publishing.publish(item, by=manager)
    shown = db.session.query(ContentShown).filter_by(item_id=item.id).one()
    marking.done(shown, integration.partner_id, by=member)
    planned = {**said, "body": f"{staff_only} {mark}: not yet"}
    drafts.save(item, {**item.draft, "texts": {"en": planned}}, number=3, by=manager)
    token = feed_keys.renew(integration, by=member).token
    return {
        "content_key": item.key, "article_key": item.key, "content_file_key": file.key, "version_number": "2", "feed_token": token,
    }  # fmt: skip
