"""Every room that answers requests."""

from flask import Blueprint

import portal.public.health  # noqa: F401 - its view joins the public room
from portal.account.routes import bp as account
from portal.build.routes import bp as build
from portal.developers.routes import bp as developers
from portal.files.routes import bp as files
from portal.grow.routes import bp as grow
from portal.home.routes import bp as home
from portal.identity.routes import bp as identity
from portal.launch.routes import bp as launch
from portal.patterns.routes import bp as patterns
from portal.public.routes import bp as public
from portal.reviews.routes import bp as reviews
from portal.staff.routes import bp as staff
from portal.support.routes import bp as support


def blueprints() -> list[Blueprint]:
    return [public, identity, home, account, build, launch, grow, developers, support, files, reviews, staff, patterns]
