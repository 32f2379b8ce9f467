"""The main screens of the portal: who sees them, where, and what is done there before they are photographed."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

Act = Callable[[Page], None]
DOCUMENTED = (
    ("home.webp", "13-home-attention", (1280, 800), "light", ""),
    ("build.webp", "20-build-half-way", (1280, 900), "light", ""),
    ("section.webp", "26-section-attention", (1280, 900), "light", "#q-duplicates"),
    ("errors.webp", "25-section-errors", (1280, 800), "light", ""),
    ("queue.webp", "40-queue", (1280, 640), "light", ""),
    ("review.webp", "42-review-section", (1280, 900), "dark", "#q-refund_permission"),
    ("run.webp", "32-developers-run", (1280, 900), "light", ""),
    ("webhooks.webp", "32-developers-webhooks", (1280, 900), "light", ""),
    ("insight.webp", "32-developers-insight", (1280, 900), "dark", ""),
    ("exam.webp", "32-developers-exam", (1280, 900), "light", ""),
    ("checks.webp", "32-developers-checks", (1280, 900), "dark", ""),
    ("figures.webp", "48-figures", (1280, 900), "light", ""),
    ("grow.webp", "31-grow-open", (1280, 900), "light", ""),
    ("directory.webp", "07-directory", (1280, 640), "light", ""),
    ("phone-home.webp", "11-home-half-way", (390, 844), "light", ""),
    ("phone-section.webp", "24-section-in-progress", (390, 844), "dark", ""),
)
"""Name, screen, size, scheme and the part on top of what the README shows."""


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


def _first_item(page: Page) -> None:
    page.locator(".p-items a").first.click()
    page.wait_for_load_state("networkidle")


def _first_row(page: Page) -> None:
    page.locator("main tbody a").first.click()
    page.wait_for_load_state("networkidle")


def _first_exam(page: Page) -> None:
    page.locator("#exams tbody a").first.click()
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
        Screen("07-directory", "", "/directory"),
        Screen("07-directory-partner", "", "/directory/brightbooks"),
        Screen("07-certificate", "", f"/certificates/{keys['certificate']}"),
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
        Screen("30-launch-published", "sofia", "/launch"),
        Screen("30-launch-listing", "sofia", "/launch/listing"),
        Screen("30-launch-logo", "sofia", "/launch/logo"),
        Screen("30-launch-documents", "sofia", "/launch/documents"),
        Screen("31-grow", "mira", "/grow"),
        Screen("31-grow-open", "sofia", "/grow"),
        Screen("31-grow-library", "sofia", "/grow/content"),
        Screen("31-grow-item", "sofia", "/grow/content?kind=update", _first_item),
        Screen("31-grow-updates", "sofia", "/grow/updates"),
        Screen("31-grow-roadmap", "sofia", "/grow/roadmap"),
        Screen("31-grow-feed", "sofia", "/grow/feed"),
        Screen("32-developers", "mira", "/developers"),
        Screen("32-developers-code", "mira", "/developers/code"),
        Screen("32-developers-apps", "rhys", "/developers/apps"),
        Screen("32-developers-apps-new", "mira", "/developers/apps/new"),
        Screen("32-developers-go-live", "rhys", "/developers/go-live"),
        Screen("32-developers-connect", "mira", "/developers/connect"),
        Screen("32-developers-merchants", "rhys", "/developers/connections"),
        Screen("32-developers-runs", "rhys", "/developers/runs"),
        Screen("32-developers-payments", "rhys", "/developers/payments"),
        Screen("32-developers-insight", "rhys", "/developers/insight"),
        Screen("32-developers-webhooks", "rhys", "/developers/webhooks"),
        Screen("32-developers-forwarding", "rhys", "/developers/webhooks/forwarding"),
        Screen("32-developers-run", "rhys", "/developers/runs?status=passed", _first_row),
        Screen("32-developers-webhook", "rhys", "/developers/webhooks?verdict=invalid", _first_row),
        Screen("32-developers-checks-coverage", "rhys", "/developers/checks/coverage"),
        Screen("32-developers-checks", "rhys", "/developers/checks"),
        Screen("32-developers-exam", "rhys", "/developers/checks", _first_exam),
        Screen("32-developers-result", "rhys", "/developers/checks", _first_row),
        Screen("32-developers-keys", "rhys", "/developers/keys"),
        Screen("33-support", "mira", "/support"),
        Screen("33-support-new", "mira", "/support/new?category=integration"),
        Screen("33-lead-new", "sofia", "/grow/leads/new"),
        Screen("34-team", "jonas", "/team"),
        Screen("34-exports", "jonas", "/exports"),
        Screen("34-notifications", "jonas", "/settings/notifications"),
        Screen("34-status-changes", "rhys", "/developers/status-changes"),
        Screen("35-security", "mira", "/security"),
        Screen("36-updates", "hannah", "/updates"),
        Screen("38-leads", "sam", "/staff/leads"),
        Screen("38-leads-board", "sam", "/staff/leads/board"),
        Screen("39-cases", "tom", "/staff/cases"),
        Screen("40-queue", "tom", "/staff/queue"),
        Screen("41-review", "ines", f"/staff/reviews/{keys['clubhouse']}"),
        Screen("42-review-section", "ines", f"/staff/reviews/{keys['clubhouse']}/refunds-sending"),
        Screen("43-review-second-round", "tom", f"/staff/reviews/{keys['fieldnote']}/oauth"),
        Screen("44-saved-replies", "ines", "/staff/replies"),
        Screen("45-registrations", "priya", "/staff/registrations"),
        Screen("46-registration", "priya", f"/staff/registrations/{keys['registration']}"),
        Screen("47-partners", "priya", "/staff/partners"),
        Screen("48-partner", "priya", f"/staff/partners/{keys['partner']}"),
        Screen("48-listings", "priya", "/staff/listings"),
        Screen("48-listing", "priya", f"/staff/listings/{keys['listing']}"),
        Screen("48-certificate", "ada", f"/staff/certificates/{keys['certificate']}"),
        Screen("48-content", "priya", "/staff/content"),
        Screen("48-content-new", "priya", "/staff/content/new"),
        Screen("48-content-item", "priya", "/staff/content?status=published", _first_row),
        Screen("48-catalog", "tom", "/staff/catalog"),
        Screen("48-catalog-question", "tom", "/staff/catalog/2026-11/questions/duplicates"),
        Screen("48-figures", "ada", "/staff/figures"),
        Screen("48-holidays", "ada", "/staff/holidays"),
        Screen("49-mail", "ada", "/staff/mail"),
        Screen("50-audit", "ada", "/staff/audit"),
        Screen("51-staff-accounts", "ada", "/staff/people"),
        Screen("52-inbox", "", "/development/inbox"),
        Screen("53-inbox-mail", "", "/development/inbox", _first_mail),
        Screen("60-not-found", "mira", "/build/no-such-section"),
        Screen("61-not-allowed", "mira", "/staff/queue"),
        Screen("62-patterns", "ada", "/patterns"),
    ]
