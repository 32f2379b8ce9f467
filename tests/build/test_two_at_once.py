"""Two people at the same moment: on either database nothing is lost, nothing happens twice."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from portal.build.typed import Stored
from portal.extensions import db
from portal.models.event import Event
from portal.models.integration import Section
from portal.models.review import Round
from portal.transaction import writing
from tests.build.acts import complete_all, row, stored
from tests.world import complete_profile

EMPTY = Stored().token
AT_ONCE = 6


@pytest.fixture
def crowd(app, world):
    """Runs the same act with as many signed-in clients at once, and gives back the statuses of their answers."""

    def run(act):
        clients = [world.client(("alice", "bob")[n % 2]) for n in range(AT_ONCE)]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return sorted(pool.map(lambda pair: act(*pair).status_code, enumerate(clients)))

    return run


def test_one_of_many_texts_is_stored_and_the_others_are_asked(crowd, app, world):
    def save(n, client):
        data = {"answer-app_public_name": f"Name {n}", "version-app_public_name": EMPTY}
        return client.post("/build/app-setup", data=data)

    assert crowd(save) == [303] + [409] * (AT_ONCE - 1)
    with app.app_context():
        assert stored(world.integration("acme"), "app_public_name").version == 1
        assert db.session.query(Event).filter_by(kind="draft_saved").count() == 1
        db.session.rollback()


def test_different_questions_are_all_stored(crowd, app, world):
    keys = ["app_profile_complete", "contact_details_current", "environments_separated", "partner_agreement_accepted"]
    keys += ["oauth_state_csrf", "code_exchange_server"]

    def save(n, client):
        section = "app-setup" if n < 4 else "oauth"
        return client.post(f"/build/{section}", data={f"answer-{keys[n]}": "yes", f"version-{keys[n]}": EMPTY})

    assert crowd(save) == [303] * AT_ONCE
    with app.app_context():
        acme = world.integration("acme")
        assert [stored(acme, key).value for key in keys] == ["yes"] * AT_ONCE
        assert (row(acme, "app-setup").answered, row(acme, "oauth").answered) == (4, 2)
        db.session.rollback()


def test_many_confirm_and_one_round_is_sent(crowd, app, world):
    with app.app_context(), writing():
        acme = world.integration("acme")
        complete_profile(acme.partner)
        acme.partner.profile.complete = True
        complete_all(acme, by=world.user("alice"))
    assert crowd(lambda n, client: client.post("/build/summary")) == [303] * AT_ONCE
    with app.app_context():
        assert db.session.query(Round).count() == 1
        assert {
            section.status for section in db.session.query(Section).filter_by(integration_id=world.integrations["acme"])
        } == {"under_review"}
        db.session.rollback()


def test_a_message_and_an_answer_do_not_wait_for_each_other_in_a_circle(crowd):
    def act(n, client):
        if n % 2:
            return client.post("/build/app-setup/feed", data={"text": f"Message {n}"})
        return client.post("/build/app-setup", data={"answer-monetisation": "neither", "version-monetisation": EMPTY})

    assert crowd(act) == [303] * AT_ONCE
