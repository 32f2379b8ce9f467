"""The tabs, as data: label, endpoint, gate; and the frame that stands around every page, built from plain values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Tab:
    """One place in the bar. `gate` is a Gate by name; `area` is the key under which its state is told; `icon` is one of the sprite."""

    label: str
    endpoint: str
    gate: str
    area: str = ""
    icon: str = ""


AREAS = (
    Tab("My Account", "account.show", "partner", area="account"),
    Tab("Build", "build.overview", "partner", area="build"),
    Tab("Launch", "launch.show", "partner", area="launch"),
    Tab("Grow", "grow.show", "partner", area="grow"),
)
PARTNER_TOOLS = (
    Tab("Developers", "developers.show", "partner"),
    Tab("Support", "support.show", "partner"),
)
STAFF_TABS = (
    Tab("Queue", "reviews.queue", "staff"),
    Tab("Registrations", "staff.registrations", "partners"),
    Tab("Partners", "staff.partners", "staff"),
    Tab("Listings", "listings.index", "staff"),
    Tab("Leads", "leads.desk", "staff"),
    Tab("Cases", "support.desk", "staff"),
    Tab("Content", "content.index", "staff"),
    Tab("Figures", "staff.figures", "staff"),
)
STAFF_TOOLS = (
    Tab("Mail", "staff.mail", "staff"),
    Tab("Audit log", "staff.audit", "administer"),
)
PUBLIC_TABS = (
    Tab("Partner directory", "public.directory", "public"),
    Tab("Questions and answers", "public.faq", "public"),
)
PARTNER_MENU = (
    Tab("Company Profile", "account.profile", "partner", icon="building"),
    Tab("Team", "identity.team", "partner", icon="people"),
    Tab("Exports", "exports.index", "partner", icon="download"),
    Tab("Your settings", "identity.settings", "signed_in", icon="gear"),
    Tab("Notifications", "notifications.settings", "signed_in", icon="bell"),
    Tab("Security", "identity.security", "signed_in", icon="shield-lock"),
)
STAFF_MENU = (
    Tab("Certification catalog", "staff.catalog", "staff", icon="journal-text"),
    Tab("Saved replies", "reviews.replies", "review", icon="chat-left-text"),
    Tab("Holidays", "staff.holidays", "staff", icon="clock"),
    Tab("Staff accounts", "identity.people", "administer", icon="people"),
    Tab("Your settings", "identity.settings", "signed_in", icon="gear"),
    Tab("Notifications", "notifications.settings", "signed_in", icon="bell"),
    Tab("Security", "identity.security", "signed_in", icon="shield-lock"),
)
FOOT = (
    Tab("Partner directory", "public.directory", "public"),
    Tab("Accessibility", "public.accessibility", "public"),
)
DEVELOPER_TABS = (
    Tab("Overview", "developers.show", "partner"),
    Tab("Apps", "apps.index", "partner"),
    Tab("Connect test", "connect.show", "partner"),
    Tab("Payments", "payments.index", "partner"),
    Tab("Runs", "runs.index", "partner"),
    Tab("Webhooks", "webhooks.index", "partner"),
    Tab("Integration checks", "exam.index", "partner"),
    Tab("Code", "samples.show", "partner"),
    Tab("Insight", "payments.insight", "partner"),
    Tab("API keys", "keys.index", "partner"),
    Tab("Status changes", "notifications.hooks_index", "partner"),
    Tab("Go live", "apps.go_live", "partner"),
)
"""The pages of the developers' area; the first one's address is the beginning of all others."""
HOME = {"partner": "home.show", "staff": "reviews.queue", "public": "public.welcome"}


@dataclass(frozen=True, slots=True)
class AreaState:
    """How far an area is: words such as "7 of 10", a tone of the look, and whether it is shut."""

    words: str
    tone: str = "neutral"
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in, in the words that the bar shows; the key keeps what one person typed apart from another's."""

    key: str
    name: str
    email: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A tab ready to be drawn."""

    label: str
    url: str
    current: bool = False
    icon: str = ""
    state: AreaState | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """All that base.html needs to know. `kind` is partner, staff or public; an empty URL means that the place does not exist here."""

    kind: str
    home: str
    areas: tuple[Link, ...]
    tools: tuple[Link, ...]
    menu: tuple[Link, ...]
    foot: tuple[Link, ...]
    developers: tuple[Link, ...]
    """the pages of the developers' area, empty elsewhere and for everybody but partners"""
    person: Person | None
    partner_name: str
    unread: int
    updates: str
    sign_in: str
    sign_out: str
    nonce: str
    scheme: str
    """light or dark when the person chose one, otherwise empty: the device decides"""


Place = Callable[[str, str], str]
"""Endpoint and gate name in; the URL out, or "" when the page does not exist or this person may not open it."""

TABS = {
    "partner": (AREAS, PARTNER_TOOLS, PARTNER_MENU),
    "staff": (STAFF_TABS, STAFF_TOOLS, STAFF_MENU),
    "public": (PUBLIC_TABS, (), ()),
}


def frame_for(
    kind: str,
    *,
    place: Place,
    path: str,
    nonce: str,
    person: Person | None = None,
    partner_name: str = "",
    states: Mapping[str, AreaState] | None = None,
    unread: int = 0,
    scheme: str = "",
) -> Frame:
    """The frame of one page; `path` is the one asked for, and decides which tab is current."""
    areas, tools, menu = (_links(tabs, place, path, states or {}) for tabs in TABS[kind])
    return Frame(
        kind=kind,
        home=place(HOME[kind], "public") or "/",
        areas=areas,
        tools=tools,
        menu=menu,
        foot=_links(FOOT, place, path, {}),
        developers=_developers(place, path) if kind == "partner" else (),
        person=person,
        partner_name=partner_name,
        unread=unread,
        updates=place("home.updates", "partner") if kind == "partner" else "",
        sign_in=place("security.login", "public"),
        sign_out=place("security.logout", "public"),
        nonce=nonce,
        scheme=scheme,
    )


def _links(tabs: tuple[Tab, ...], place: Place, path: str, states: Mapping[str, AreaState]) -> tuple[Link, ...]:
    found = ((tab, place(tab.endpoint, tab.gate)) for tab in tabs)
    return tuple(Link(tab.label, url, _within(path, url), tab.icon, states.get(tab.area)) for tab, url in found if url)


def _developers(place: Place, path: str) -> tuple[Link, ...]:
    """The pages of the developers' area, within it only."""
    begin = place("developers.show", "partner")
    return _only_one(_links(DEVELOPER_TABS, place, path, {})) if begin and _within(path, begin) else ()


def _only_one(links: tuple[Link, ...]) -> tuple[Link, ...]:
    """Of pages whose addresses lie within each other, the one nearest to the page is the current one."""
    nearest = max((link.url for link in links if link.current), key=len, default="")
    return tuple(replace(link, current=link.url == nearest) for link in links)


def _within(path: str, url: str) -> bool:
    """A page below a tab's own is under that tab."""
    return path == url.rstrip("/") or path.startswith(url.rstrip("/") + "/")
