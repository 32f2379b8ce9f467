"""The four areas as home shows them, and the one next step; pure functions of where the partner stands."""

from dataclasses import dataclass

from portal.journey import Stage, grow_reasons, launch_reasons
from portal.status import LISTING, IntegrationStatus, ListingStatus


@dataclass(frozen=True, slots=True)
class Area:
    """One card of the journey. `endpoint` is where its button leads."""

    title: str
    endpoint: str
    status: str
    tone: str
    words: str
    button: str
    done: int = 0
    total: int = 0
    progress: str = ""
    locked: bool = False
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """What to do next, in one sentence; without a button when it is somebody else's turn."""

    words: str
    endpoint: str = ""
    button: str = ""


def areas(now: Stage) -> list[Area]:
    return [_account(now), _build(now), _launch(now), _grow(now)]


def next_step(now: Stage) -> Step:
    """The one thing that moves this partner on (product.md H1)."""
    if now.attention:
        what = "a section needs" if now.attention == 1 else f"{now.attention} sections need"
        return Step(f"Our feedback is there: {what} your attention.", "build.overview", "See the feedback")
    if now.certified:
        return _after_certification(now)
    if now.submitted:
        return Step("We are reviewing your integration. Meanwhile you can prepare its launch.", "launch.show", "Go to Launch")
    if not now.account_complete and (now.started == 0 or now.done == now.total):
        return Step("Tell us about your product and your users in My Account.", "account.show", "Go to My Account")
    if now.done == now.total and not now.confirmed:
        return Step("All ten sections are complete. Check the summary and confirm it.", "build.summary", "Check and confirm")
    return Step("Answer the ten Build sections, in any order.", "build.overview", "Go to Build")


def _after_certification(now: Stage) -> Step:
    if now.listing is ListingStatus.READY:
        return Step("Your integration is certified and live. We are looking at your listing.")
    if not now.launch_complete:
        return Step("Your integration is certified and live. Prepare its launch.", "launch.show", "Go to Launch")
    if grow_reasons(now):
        return Step("Complete My Account; it opens Grow.", "account.show", "Go to My Account")
    return Step("Merchants find you in the partner directory. Grow is open.", "grow.show", "Go to Grow")


def _account(now: Stage) -> Area:
    if now.account_complete:
        return Area(
            "My Account",
            "account.show",
            "Complete",
            "success",
            "What we know about your company. Change it whenever it changes.",
            "Open",
        )
    return Area(
        "My Account",
        "account.show",
        "In progress",
        "info",
        "Your company, your users and the schemes you will cover. Needed before a review can start.",
        "Get Started",
    )


_BUILD = {
    IntegrationStatus.SUBMITTED: ("Under Review", "info", "Our solutions engineers are reading your answers."),
    IntegrationStatus.CHANGES_REQUESTED: (
        "Attention Needed",
        "warning",
        "Some answers need a correction before we can approve them.",
    ),
    IntegrationStatus.LIVE: ("Approved", "success", "All ten sections are approved. Your integration is certified and live."),
}


def _build(now: Stage) -> Area:
    draft = ("In progress", "info") if now.started else ("Not started", "neutral")
    status, tone, words = _BUILD.get(now.status, (*draft, "Ten sections of questions that lead to technical certification."))
    done, what = (now.approved, "approved") if now.submitted else (now.done, "complete")
    return Area(
        "Build",
        "build.overview",
        status,
        tone,
        words,
        "Get Started" if not now.started else "Open",
        done=done,
        total=now.total,
        progress=f"{done} of {now.total} sections {what}",
    )


def _launch(now: Stage) -> Area:
    reasons = tuple(reason.words for reason in launch_reasons(now))
    words = "Your logo, your landing page and the documentation that your users need."
    if reasons:
        return Area("Launch", "launch.show", "Read only for now", "neutral", words, "Read", reasons=reasons)
    if now.listing is None:
        return Area("Launch", "launch.show", "Open", "info", words, "Get Started")
    shown = LISTING[now.listing]
    return Area("Launch", "launch.show", shown.words, shown.tone, _LAUNCH.get(now.listing, words), "Open")


_LAUNCH = {
    ListingStatus.READY: "Your listing is with us. A partner manager looks at it before merchants see it.",
    ListingStatus.PUBLISHED: "Merchants find you in the partner directory.",
    ListingStatus.UPDATE_PENDING: "Merchants find you in the partner directory. We are looking at your update.",
    ListingStatus.WITHDRAWN: "Your listing is not in the partner directory now.",
}


def _grow(now: Stage) -> Area:
    reasons = tuple(reason.words for reason in grow_reasons(now))
    words = "Marketing content, product updates and merchant leads that we work on together."
    if reasons:
        return Area("Grow", "grow.show", "Locked", "neutral", words, "See what unlocks it", locked=True, reasons=reasons)
    return Area("Grow", "grow.show", "Open", "success", words, "Get Started")
