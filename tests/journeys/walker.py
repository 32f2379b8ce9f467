"""Acts of people in a browser, in their own words, so that a journey can be read."""

import secrets
from urllib.parse import urlsplit

from portal.account.fields import FIELDS, Kind
from portal.catalog import Need, QuestionType, certification, need
from portal.development import messages
from portal.mail.files import folder
from portal.worker.delivery import drain
from tests.browser import AXE, accessible, next_page
from tests.build.acts import good
from tests.files import samples
from tests.world import PASSWORD

COMPANY = {
    "company": "Otter Invoices",
    "website": "https://otter.example.com",
    "country": "GB",
    "contact_name": "Olive Otter",
    "about": "Invoices and reminders for small plumbing firms; about four thousand of them today.",
}
ACCOUNT = {
    "legal_name": "Otter Invoices Ltd",
    "website": "https://otter.example.com",
    "head_office": "GB",
    "description": "Invoices, subscriptions and reminders for small firms that want to be paid on time, in one calm place.",
    "time_zone": "Europe/London",
    "category": "invoicing",
    "use_cases": ["invoicing"],
    "user_types": ["company"],
    "user_sizes": ["micro"],
    "user_countries": ["GB"],
    "schemes": ["bacs", "faster_payments"],
}
CONTACT = {"first_name": "Olive", "last_name": "Otter"}


class Walker:
    """Opens browsers for people, with or without scripts, and looks at the pages on the way with axe."""

    def __init__(self, app, fresh, *, script):
        self.app, self.fresh, self.script = app, fresh, script
        self.to = f"olive.{secrets.token_hex(4)}@otter.example.com"
        """The partner's address: mails of other journeys lie in the same folder."""

    def browser(self):
        page = self.fresh(java_script_enabled=self.script)
        page.set_default_timeout(30_000)
        return page

    def look(self, page):
        """The page as it is now; without scripts the markup is the same."""
        if self.script and AXE.exists():
            accessible(page)

    def signed_in(self, name, password=PASSWORD):
        page = self.browser()
        page.goto("/sign-in")
        page.get_by_label("E-mail address or username").fill(name)
        page.locator("#password").fill(password)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    def letters(self):
        """Every mail that has left to the partner, the newest first, after the worker has done all that is due."""
        drain(self.app)
        return messages.latest(folder(self.app.settings), to=self.to)

    def letter(self, words):
        """The newest of them with these words in its subject."""
        found = [one for one in self.letters() if words in one.subject]
        assert found, f"no mail to {self.to} says {words!r}: {[one.subject for one in self.letters()]}"
        return found[0]

    def press(self, page, name, within=None):
        (within or page).get_by_role("button", name=name, exact=True).first.click()


def path_of(link):
    """A mail's link on the server of this test."""
    parts = urlsplit(link)
    return parts.path + (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")


def register(walk):
    page = walk.browser()
    page.goto("/welcome")
    walk.look(page)
    with next_page(page):
        page.get_by_role("link", name="Register your interest").first.click()
    walk.look(page)
    for name, value in {**COMPANY, "email": walk.to}.items():
        if name == "country":
            page.locator("#country").select_option(value)
        else:
            page.locator(f"#{name}").fill(value)
    walk.press(page, "Send registration")
    page.wait_for_url("**/register/thanks")
    walk.look(page)


def accept(walk):
    """The partner manager accepts; gives back the link of the invitation."""
    pam = walk.signed_in("pam")
    pam.goto("/staff/registrations")
    walk.look(pam)
    with next_page(pam):
        pam.get_by_role("link", name=COMPANY["company"]).click()
    walk.look(pam)
    walk.press(pam, "Accept and send the invitation")
    pam.get_by_text("is a partner now").wait_for()
    walk.letter("Your invitation")
    pam.goto(f"/development/inbox?to={walk.to}")
    pam.get_by_role("link", name="Your invitation").click()
    return path_of(pam.locator("pre a", has_text="/invitation/").get_attribute("href"))


def join(walk, link):
    page = walk.browser()
    page.goto(link)
    walk.look(page)
    page.locator("#password").fill(PASSWORD)
    page.locator("#password_confirm").fill(PASSWORD)
    walk.press(page, "Create your account")
    page.wait_for_url(lambda url: urlsplit(url).path == "/")
    walk.look(page)
    return page


def fill_account(page, to):
    for field in FIELDS:
        value = ACCOUNT.get(field.name)
        if value is None:
            continue
        if field.kind is Kind.MANY:
            for one in value:
                page.locator(f"[name='{field.name}'][value='{one}']").check()
        elif field.kind is Kind.ONE:
            page.locator(f"#{field.name}").select_option(value)
        else:
            page.locator(f"#{field.name}").fill(value)
    for name, value in {**CONTACT, "email": to}.items():
        page.locator(f"#contact-0-{name}").fill(value)
    page.locator("[name='contact-0-roles']").first.check()
    page.locator("[name='contact-0-review_mails']").check()


def complete_account(walk, page):
    page.goto("/account/")
    walk.look(page)
    fill_account(page, walk.to)
    page.locator("button[name='complete']").click()
    page.wait_for_url(lambda url: urlsplit(url).path == "/")


def complete_section(walk, page, key):
    """Answer all that is asked there and mark it complete, attaching files where they are wanted."""
    page.goto(f"/build/{key}")
    for _ in range(4):
        answer_all(walk, page, key)
        with next_page(page):
            walk.press(page, "Mark complete")
        if not page.url.endswith("/complete"):
            return
    raise AssertionError(f"{key} cannot be completed: {page.locator('.p-summary, [role=alert]').first.inner_text()}")


def answer_all(walk, page, key):
    wanting = [question for question in certification().section(key).questions if _answer(page, question)]
    for question in wanting:
        page.locator(f"#files-{question.key}").set_input_files(
            {"name": f"{question.key}.png", "mimeType": "image/png", "buffer": samples.png()}
        )
        if walk.script:
            page.locator(f"#files-{question.key}-slot").get_by_text("Being checked").wait_for()
    if wanting and not walk.script:
        walk.press(page, "Upload", page.locator(f"#files-{wanting[0].key}-slot"))
        page.get_by_text("being checked").first.wait_for()
    drain(walk.app)


def _answer(page, question):
    """Fill one question when it is asked and not answered yet; whether it wants a file then."""
    card, value = page.locator(f"#q-{question.key}"), good(question)
    if not card.is_visible():
        return False
    if question.type in (QuestionType.TEXT, QuestionType.URL):
        card.locator(f"#answer-{question.key}").fill(value)
    else:
        for one in [value] if isinstance(value, str) else value:
            card.locator(f"[name='answer-{question.key}'][value='{one}']").check()
    wanted = need(question, value)
    if wanted is Need.COMMENT:
        comment(page, question.key, "This is why.")
    return wanted is Need.FILE and not card.locator(".p-file").count()


def comment(page, key, words):
    field = page.locator(f"#comment-{key}")
    if not field.is_visible():
        page.locator(f"#q-{key}").locator("summary", has_text="comment").click()
    field.fill(words)


def remark(walk, page, url, place, kind, words):
    """The reviewer says something about a question, or about the section when the place is "-"."""
    page.goto(url)
    within = page.locator(f"#write-{place}")
    within.get_by_role("link", name=kind, exact=True).click()
    page.locator(f"#text-{place}").fill(words)
    walk.look(page)
    walk.press(page, "Add the remark", page.locator(f"#write-{place} form.p-compose .p-actions"))
    page.get_by_text(words).first.wait_for()
