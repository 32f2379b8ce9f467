"""Pictures of every main screen, from fresh demo data: three widths, light and dark, with contact sheets. `make shots`.

`python -m tests.shots home review` takes only the screens whose names contain one of these words;
`python -m tests.shots --docs` renews the few that docs/pictures/ shows.
"""

import io
import logging
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
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
from portal.models.integration import Integration
from portal.models.partner import Partner, Registration
from portal.models.people import User
from portal.models.review import Round
from portal.status import RegistrationStatus
from portal.worker import drain
from tests.browser import FLAGS, Quiet, chromium
from tests.world import World

FOLDER = Path("shots")
WIDTHS = {390: 844, 768: 1024, 1440: 900}
SCHEMES = ("light", "dark")
TALLEST = 3600
"""Pixels of a page that a picture keeps."""
THUMBNAIL = (300, 420)
DOCS = Path("docs/pictures")
DOCUMENTED = (
    ("home.webp", "13-home-attention", (1280, 800), "light", ""),
    ("build.webp", "20-build-half-way", (1280, 900), "light", ""),
    ("section.webp", "26-section-attention", (1280, 900), "light", "#q-duplicates"),
    ("errors.webp", "25-section-errors", (1280, 800), "light", ""),
    ("queue.webp", "40-queue", (1280, 640), "light", ""),
    ("review.webp", "42-review-section", (1280, 900), "dark", "#q-refund_permission"),
    ("phone-home.webp", "11-home-half-way", (390, 844), "light", ""),
    ("phone-section.webp", "24-section-in-progress", (390, 844), "dark", ""),
)
"""Name, screen, size, scheme and the part on top of what the README shows."""
Act = Callable[[Page], None]


@dataclass(frozen=True)
class Screen:
    """A picture's name, who sees it (nobody when empty), where, and what is done there first."""

    name: str
    person: str
    path: str
    act: Act | None = None


def _mark_complete(page: Page) -> None:
    page.get_by_role("button", name="Mark complete").first.click()
    page.wait_for_load_state("networkidle")


def _sign_in_wrongly(page: Page) -> None:
    page.get_by_label("E-mail address or username").fill("mira")
    page.get_by_label("Password", exact=False).first.fill("not the password")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_load_state("networkidle")


def _send_empty(page: Page) -> None:
    page.locator("main form").first.evaluate("form => { form.noValidate = true; form.requestSubmit() }")
    page.wait_for_load_state("networkidle")


def _first_mail(page: Page) -> None:
    page.locator("main a[href*='/development/inbox/']").first.click()
    page.wait_for_load_state("networkidle")


def screens(keys: dict[str, str]) -> list[Screen]:
    """Every main screen, in the order in which one meets them."""
    return [
        Screen("01-front-door", "", "/welcome"),
        Screen("02-register", "", "/register"),
        Screen("03-register-errors", "", "/register", _send_empty),
        Screen("04-questions", "", "/questions"),
        Screen("05-sign-in", "", "/sign-in"),
        Screen("06-sign-in-wrong", "", "/sign-in", _sign_in_wrongly),
        Screen("07-forgotten-password", "", "/sign-in/forgotten-password"),
        Screen("10-home-invited", "freya", "/"),
        Screen("11-home-half-way", "mira", "/"),
        Screen("12-home-submitted", "grace", "/"),
        Screen("13-home-attention", "jonas", "/"),
        Screen("14-home-certified", "sofia", "/"),
        Screen("15-account-empty", "freya", "/account/"),
        Screen("16-account-half", "daniel", "/account/"),
        Screen("17-account-history", "jonas", "/account/history"),
        Screen("20-build-half-way", "mira", "/build/"),
        Screen("21-build-submitted", "grace", "/build/"),
        Screen("22-build-attention", "jonas", "/build/"),
        Screen("23-build-certified", "sofia", "/build/"),
        Screen("24-section-in-progress", "mira", "/build/payments"),
        Screen("25-section-errors", "mira", "/build/payments", _mark_complete),
        Screen("26-section-attention", "jonas", "/build/webhooks"),
        Screen("27-section-under-review", "jonas", "/build/oauth"),
        Screen("28-section-approved", "sofia", "/build/readiness"),
        Screen("29-summary", "grace", "/build/summary"),
        Screen("30-launch", "grace", "/launch"),
        Screen("31-grow", "mira", "/grow"),
        Screen("32-developers", "mira", "/developers"),
        Screen("33-support", "mira", "/support"),
        Screen("34-team", "jonas", "/team"),
        Screen("35-security", "mira", "/security"),
        Screen("36-updates", "hannah", "/updates"),
        Screen("40-queue", "tom", "/staff/queue"),
        Screen("41-review", "ines", f"/staff/reviews/{keys['clubhouse']}"),
        Screen("42-review-section", "ines", f"/staff/reviews/{keys['clubhouse']}/refunds-sending"),
        Screen("43-review-second-round", "tom", f"/staff/reviews/{keys['fieldnote']}/oauth"),
        Screen("44-saved-replies", "ines", "/staff/replies"),
        Screen("45-registrations", "priya", "/staff/registrations"),
        Screen("46-registration", "priya", f"/staff/registrations/{keys['registration']}"),
        Screen("47-partners", "priya", "/staff/partners"),
        Screen("48-partner", "priya", f"/staff/partners/{keys['partner']}"),
        Screen("49-mail", "ada", "/staff/mail"),
        Screen("50-audit", "ada", "/staff/audit"),
        Screen("51-staff-accounts", "ada", "/staff/people"),
        Screen("52-inbox", "", "/development/inbox"),
        Screen("53-inbox-mail", "", "/development/inbox", _first_mail),
        Screen("60-not-found", "mira", "/build/no-such-section"),
        Screen("61-not-allowed", "mira", "/staff/queue"),
        Screen("62-patterns", "ada", "/patterns"),
    ]


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
