"""A submitted integration, as Build hands it over, for everything that reviewers do with it."""

import pytest

from portal.extensions import db
from portal.models.review import Round
from portal.transaction import writing
from tests.reviews.sent import submit, trying


@pytest.fixture
def sent(app, world):
    """The key of Acme's first round: all ten sections, with some answers."""
    with app.app_context(), writing():
        return submit(world, "acme").key


@pytest.fixture
def review(app, world, sent):
    """The round itself, inside an application context whose changes are never stored."""
    with trying(app):
        yield db.session.query(Round).filter_by(key=sent).one()


@pytest.fixture
def se(world, review):
    """Rita, who reviews."""
    return world.user("rita")


@pytest.fixture
def other_se(world, review):
    """Ruth, who reviews too."""
    return world.user("ruth")
