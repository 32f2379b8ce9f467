"""Every room that answers requests."""

from flask import Blueprint

from portal.account.routes import bp as account
from portal.build.routes import bp as build
from portal.files.routes import bp as files
from portal.home.routes import bp as home
from portal.identity.routes import bp as identity
from portal.public.routes import bp as public
from portal.reviews.routes import bp as reviews
from portal.staff.routes import bp as staff


def blueprints() -> list[Blueprint]:
    return [public, identity, home, account, build, files, reviews, staff]
