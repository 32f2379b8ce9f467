"""Keys as programs use them."""

import pytest

from portal.extensions import db
from portal.keys import service
from portal.transaction import writing


@pytest.fixture
def token(app, world):
    """`token("acme")` creates a key and gives its token."""

    def create(house, by="alice", name="Laptop"):
        with app.app_context(), writing():
            _, made = service.create(world.partner(house), name=name, by=world.user(by))
            db.session.flush()
        return made

    return create


@pytest.fixture
def call(app):
    """`call(token, "/api/v1/key")` as a program would: no cookie, no CSRF token."""

    def ask(token, path, method="GET", **more):
        headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
        return app.test_client().open(path, method=method, headers=headers, **more)

    return ask
