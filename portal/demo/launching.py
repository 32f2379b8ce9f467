"""What partners launch with, and what partner managers do about it: drawn logos, listings, documentation."""

import io
from typing import Any

from PIL import Image, ImageDraw

from portal import clock, journey
from portal.demo import pictures
from portal.demo.canvas import font
from portal.demo.cast import Scene
from portal.extensions import db
from portal.files import logo_upload as logos
from portal.files.intake import Upload
from portal.launch import documents, landing, publishing, service
from portal.launch.forms import TypedDocument, TypedListing
from portal.launch.landing import Finding
from portal.models.listing import Listing
from portal.models.partner import Partner

SIZE = (1320, 400)
MARKS = ("book", "flag", "leaf", "arch", "drop")
SEEN = (
    Finding("success", "The page can be reached."),
    Finding("success", "It names GoCardless."),
    Finding("success", "It names your product."),
    Finding("success", "It has a button or link with which merchants begin."),
    Finding("success", "It says how payments are collected."),
)
ADVICE = Finding("warning", "It has no link to a guide or to support. Link to your support documentation.")


def launch(scene: Scene) -> None:
    """Logo, texts and documentation; with `send` (the usual thing) it is sent to the partner managers."""
    partner, told = db.session.get_one(Partner, scene.house.partner_id), scene.house.story["launch"]
    listing = service.save(partner, TypedListing(_values(partner, told, scene.house.domain), 0), by=scene.me)
    received = logos.receive(Upload(f"{told['mark']}-logo.png", io.BytesIO(_logo(told["mark"], scene))))
    service.use_logo(partner, received, by=scene.me)
    _document(scene, partner, told)
    listing.landing = landing.told(listing.draft["landing_url"], [*SEEN, ADVICE], clock.now())
    service.send(partner, by=scene.me)


def publish(scene: Scene) -> None:
    listing = db.session.query(Listing).filter_by(partner_id=scene.house.partner_id).one()
    publishing.publish(listing, number=listing.pending_number, by=scene.me)
    journey.published(scene.integration, by=scene.me)


def update(scene: Scene) -> None:
    """Other words for some texts, sent to be looked at."""
    partner = db.session.get_one(Partner, scene.house.partner_id)
    listing = service.launch(partner).listing
    service.save(partner, TypedListing({**listing.draft, **scene.told["texts"]}, listing.version), by=scene.me)
    service.send(partner, by=scene.me)


def _values(partner: Partner, told: dict[str, Any], domain: str) -> dict[str, Any]:
    own: dict[str, Any] = {name: told[name] for name in ("summary", "description", "languages", "video_url") if name in told}
    links = {
        "landing_url": f"https://{domain}/gocardless",
        "start_url": f"https://app.{domain}/settings/payments",
        "support_contact": f"help@{domain}",
    }
    return {**service.launch(partner).listing.draft, **links, **own}


def _document(scene: Scene, partner: Partner, told: dict[str, Any]) -> None:
    day = clock.now().date().isoformat()
    link = TypedDocument(
        "Take payments with GoCardless", f"https://help.{scene.house.domain}/gocardless", ["en"], day, with_file=False
    )
    documents.add(partner, link, by=scene.me)
    if "manual" in told:
        drawn = pictures.pdf(told["manual"], told["pages"], scene.house.words, scene.house.colour)
        typed = TypedDocument(told["manual"], "", ["en"], day, with_file=True)
        file = documents.receive(Upload(f"{told['manual']}.pdf", io.BytesIO(drawn.data)))
        added = documents.add(partner, typed, by=scene.me, file=file)
        db.session.flush()
        documents.found_clean(added)


def _logo(mark: str, scene: Scene) -> bytes:
    """A mark and the name, in the partner's colour on nothing."""
    image = Image.new("RGBA", SIZE, (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    _draw_mark(draw, mark, scene.house.colour)
    name, size = scene.house.words["product"], 190
    while font(size).getlength(name) > SIZE[0] - 420:
        size -= 6
    draw.text(
        (400, SIZE[1] // 2),
        name,
        font=font(size),
        fill=scene.house.colour,
        anchor="lm",
        stroke_width=2,
        stroke_fill=scene.house.colour,
    )
    out = io.BytesIO()
    image.crop((0, 0, int(420 + font(size).getlength(name)), SIZE[1])).save(out, "PNG")
    return out.getvalue()


def _draw_mark(draw: ImageDraw.ImageDraw, mark: str, colour: str) -> None:
    draw.rounded_rectangle((40, 60, 320, 340), 64, fill=colour)
    white = "#ffffff"
    if mark == "book":
        draw.polygon([(100, 130), (176, 150), (176, 282), (100, 262)], fill=white)
        draw.polygon([(260, 130), (184, 150), (184, 282), (260, 262)], fill=white)
    elif mark == "flag":
        draw.rectangle((112, 116, 126, 288), fill=white)
        draw.polygon([(126, 120), (262, 164), (126, 208)], fill=white)
    elif mark == "leaf":
        draw.pieslice((96, 116, 264, 284), 90, 360, fill=white)
    elif mark == "arch":
        draw.pieslice((104, 120, 256, 272), 180, 360, fill=white)
        draw.rectangle((104, 194, 148, 284), fill=white)
        draw.rectangle((212, 194, 256, 284), fill=white)
    else:
        draw.ellipse((120, 140, 240, 280), fill=white)
