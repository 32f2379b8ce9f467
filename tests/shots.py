"""Pictures of every main screen, from fresh demo data: three widths, light and dark, with contact sheets. `make shots`.

`python -m tests.shots home review` takes only the screens whose names contain one of these words;
`python -m tests.shots --docs` renews the few that docs/pictures/ shows.
"""

import io
import logging
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import click
import structlog
from flask_migrate import upgrade
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select
from werkzeug.serving import make_server

from portal import create_app, demo
from portal.config import Settings
from portal.extensions import db
from portal.models.directory import Entry
from portal.models.integration import Integration
from portal.models.listing import Listing
from portal.models.partner import Partner, Registration
from portal.models.people import User
from portal.models.review import Round
from portal.status import RegistrationStatus
from portal.worker import drain
from tests.browser import FLAGS, Quiet, chromium
from tests.screens import DOCUMENTED, Screen, screens
from tests.world import World

FOLDER = Path("shots")
WIDTHS = {390: 844, 768: 1024, 1440: 900}
SCHEMES = ("light", "dark")
TALLEST = 3600
"""Pixels of a page that a picture keeps."""
THUMBNAIL = (300, 420)
DOCS = Path("docs/pictures")


def main(words: list[str]) -> int:
    path = chromium()
    if path is None:
        click.echo("There is no Chromium here: set CHROMIUM to the path of one.", err=True)
        return 1
    with tempfile.TemporaryDirectory(prefix="portal-shots-") as folder:
        app = create_app(Settings(environment="development", instance=Path(folder)))
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
        server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
        all_screens = screens(_fill(app))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
            studio = Studio(browser, f"http://localhost:{server.port}", _world(app))
            take = _documented if "--docs" in words else _chosen
            take(studio, all_screens, words)
        server.shutdown()
    for trouble in studio.troubles:
        click.echo(f"trouble: {trouble}", err=True)
    return 1 if studio.troubles else 0


def _fill(app) -> dict[str, str]:
    """Load the demo data and name what the addresses need."""
    with app.app_context():
        upgrade()
        demo.load()
    drain(app)
    with app.app_context():
        waiting = select(Round.key).join(Integration).join(Partner).order_by(Round.number.desc())
        return {
            "clubhouse": db.session.scalars(waiting.where(Partner.name == "Clubhouse")).first(),
            "fieldnote": db.session.scalars(waiting.where(Partner.name == "Fieldnote")).first(),
            "partner": db.session.scalars(select(Partner.key).where(Partner.name == "Fieldnote")).one(),
            "listing": db.session.scalars(select(Listing.key).where(Listing.slug == "brightbooks")).one(),
            "certificate": db.session.scalars(select(Entry.certificate_key).where(Entry.slug == "brightbooks")).one(),
            "registration": db.session.scalars(select(Registration.key).filter_by(status=RegistrationStatus.NEW)).first(),
        }


def _world(app) -> World:
    with app.app_context():
        return World(app, users=dict(db.session.execute(select(User.username, User.id)).all()))


@dataclass
class Studio:
    """A browser, the portal's address, its people, and what went wrong, in words."""

    browser: Browser
    address: str
    world: World
    troubles: list[str] = field(default_factory=list)

    @contextmanager
    def shown(self, screen: Screen) -> Iterator[Page]:
        """The screen, as its person sees it. What fails inside is noted, and the next screen has its turn."""
        context = self.browser.new_context(base_url=self.address, reduced_motion="reduce")
        if screen.person:
            cookie = self.world.client(screen.person).get_cookie("portal_session")
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.address}])
        page = context.new_page()
        page.on("console", lambda message: self._hear(screen, message))
        try:
            answer = page.goto(screen.path, wait_until="networkidle")
            if answer and answer.status >= 500:
                raise RuntimeError(f"{screen.path} answered {answer.status}")
            if screen.act:
                screen.act(page)
            yield page
        except Exception as error:
            self.troubles.append(f"{screen.name}: {str(error).splitlines()[0]}")
        context.close()

    def _hear(self, screen: Screen, message) -> None:
        if message.type == "error" and "status of 4" not in message.text:
            self.troubles.append(f"{screen.name}: {message.text}")


def _chosen(studio: Studio, everything: list[Screen], words: list[str]) -> None:
    """Each screen is loaded once and photographed at every width, in both schemes."""
    FOLDER.mkdir(exist_ok=True)
    wanted = [screen for screen in everything if not words or any(word in screen.name for word in words)]
    for screen in wanted:
        with studio.shown(screen) as page:
            _take(page, screen)
    _contact_sheets()
    click.echo(f"{len(wanted)} screens are in {FOLDER.resolve()}")


def _take(page: Page, screen: Screen) -> None:
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            whole = page.evaluate("document.documentElement.scrollHeight")
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                click.echo(f"{screen.name} at {width}: {wide - width} pixels too wide")
            box = {"x": 0, "y": 0, "width": width, "height": min(max(whole, height), TALLEST)}
            page.screenshot(path=FOLDER / f"{screen.name}-{width}-{scheme}.png", full_page=True, clip=box)


def _documented(studio: Studio, everything: list[Screen], _: list[str]) -> None:
    """The pictures of the README, small enough to live in the repository."""
    DOCS.mkdir(parents=True, exist_ok=True)
    by_name = {screen.name: screen for screen in everything}
    for file, name, (width, height), scheme, top in DOCUMENTED:
        with studio.shown(by_name[name]) as page:
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=scheme)
            page.evaluate("document.activeElement.blur()")
            if top:
                page.locator(top).evaluate("part => window.scrollTo(0, part.getBoundingClientRect().top + scrollY - 24)")
                page.wait_for_load_state("networkidle")
            with Image.open(io.BytesIO(page.screenshot())) as image:
                image.convert("RGB").save(DOCS / file, "WEBP", quality=80, method=6)
    click.echo(f"{len(DOCUMENTED)} pictures are in {DOCS}")


def _contact_sheets() -> None:
    """One picture of all pictures for each width and scheme."""
    for width in WIDTHS:
        for scheme in SCHEMES:
            files = sorted(FOLDER.glob(f"[0-9]*-{width}-{scheme}.png"))
            if files:
                _sheet(files).save(FOLDER / f"sheet-{width}-{scheme}.png")


def _sheet(files: list[Path], columns: int = 6) -> Image.Image:
    across, down = THUMBNAIL[0] + 20, THUMBNAIL[1] + 44
    sheet = Image.new("RGB", (across * columns, down * -(-len(files) // columns)), "#8b93a5")
    draw = ImageDraw.Draw(sheet)
    for number, file in enumerate(files):
        x, y = number % columns * across + 10, number // columns * down + 30
        with Image.open(file) as image:
            tall = image.width * THUMBNAIL[1] // THUMBNAIL[0]
            part = image.convert("RGB").crop((0, 0, image.width, min(image.height, tall)))
            part.thumbnail(THUMBNAIL)
            sheet.paste(part, (x, y))
        draw.text((x, y - 22), file.stem, font=ImageFont.load_default(size=14), fill="#ffffff")
    return sheet


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
