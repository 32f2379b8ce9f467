"""The bar: which tabs a person is shown, and which is current."""

import pytest

from portal.gates import Gate
from portal.navigation import DEVELOPER_TABS, FOOT, TABS, AreaState, Person, frame_for

ALICE = Person("k1", "Alice Martin", "alice@example.com")


def anywhere(endpoint, gate):
    return "/" + endpoint.replace(".", "/")


def frame(kind="partner", place=anywhere, path="/", **more):
    return frame_for(kind, place=place, path=path, nonce="n", person=ALICE, **more)


def test_the_four_areas_stand_in_the_order_of_the_journey():
    assert [link.label for link in frame().areas] == ["My Account", "Build", "Launch", "Grow"]


def test_staff_and_visitors_have_bars_of_their_own():
    assert [link.label for link in frame("staff").areas][:2] == ["Queue", "Registrations"]
    assert not frame("public").menu
    assert frame("staff").updates == ""


def test_a_place_that_is_not_there_or_not_allowed_is_not_shown():
    shown = frame("staff", place=lambda endpoint, gate: "" if gate == "administer" else anywhere(endpoint, gate))
    assert "Audit log" not in [link.label for link in shown.tools]


@pytest.mark.parametrize(("path", "current"), [("/build", True), ("/build/webhooks", True), ("/builders", False), ("/", False)])
def test_a_tab_is_current_on_its_page_and_below(path, current):
    build = frame(place=lambda endpoint, gate: "/" + endpoint.split(".")[0], path=path).areas[1]
    assert build.current is current


def test_an_area_carries_its_state_in_words():
    shown = frame(states={"grow": AreaState("Locked", locked=True)}).areas
    assert shown[3].state == AreaState("Locked", "neutral", True)
    assert shown[1].state is None


def test_every_tab_names_a_gate_that_exists():
    tabs = [tab for bars in TABS.values() for bar in bars for tab in bar] + [*FOOT, *DEVELOPER_TABS]
    assert {tab.gate for tab in tabs} <= {gate.value for gate in Gate}


DEVELOPERS = {
    "developers.show": "/developers",
    "apps.index": "/developers/apps",
    "apps.go_live": "/developers/go-live",
    "webhooks.index": "/developers/webhooks",
}


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/developers", ["Overview"]),
        ("/developers/apps", ["Apps"]),
        ("/developers/apps/k1/edit", ["Apps"]),
        ("/developers/runs/k1", ["Overview"]),
    ],
)
def test_of_the_developers_pages_the_nearest_is_current(path, current):
    links = frame(place=lambda endpoint, gate: DEVELOPERS.get(endpoint, ""), path=path).developers
    assert [link.label for link in links] == ["Overview", "Apps", "Webhooks", "Go live"]
    assert [link.label for link in links if link.current] == current


def test_only_partners_have_developers_pages_and_only_there():
    assert frame("staff").developers == frame("public").developers == ()
    elsewhere = frame(place=lambda endpoint, gate: DEVELOPERS.get(endpoint, ""), path="/build")
    assert elsewhere.developers == ()
