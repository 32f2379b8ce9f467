"""Content of Grow: a partner manager publishes the starters, a partner does what one of them asks for."""

from datetime import timedelta

from sqlalchemy import select

from portal import clock
from portal.demo.cast import Scene
from portal.extensions import db
from portal.grow import drafts, marking, publishing, starters
from portal.models.content import ContentItem, ContentShown
from portal.status import ContentKind


def write(scene: Scene) -> None:
    """As it stands in its file; with days that fit the demo."""
    starter = starters.find(scene.told["starter"])
    if starter is None:
        raise LookupError(f"there is no starter {scene.told['starter']}")
    item = drafts.new(ContentKind.GUIDE, starter=starter.name, by=scene.me)
    head, today = starter.head, clock.now().date()
    days = {"review_on": head.get("demo_review_in", 180), "action_by": head.get("action_in_days")}
    since = {"review_on": today, "action_by": today + timedelta(days=head["demo_days"])}
    told = {name: (since[name] + timedelta(days=count)).isoformat() for name, count in days.items() if count}
    drafts.save(item, {**item.draft, **told}, number=item.number, by=scene.me)
    if "demo_schedule_in" in head:
        publishing.schedule(item, today + timedelta(days=head["demo_schedule_in"]), by=scene.me)
    else:
        publishing.publish(item, by=scene.me)


def do(scene: Scene) -> None:
    """Somebody of the team marks an update as read and done."""
    named = select(ContentShown).join(ContentItem, ContentItem.id == ContentShown.item_id)
    shown = db.session.scalars(named.where(ContentItem.title == scene.told["title"])).one()
    marking.read(shown, by=scene.me)
    marking.done(shown, scene.house.partner_id, by=scene.me)
