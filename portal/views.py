"""Every room that answers requests."""

from flask import Blueprint

import portal.public.certificate_routes
import portal.public.directory_routes
import portal.public.health
import portal.staff.mail  # noqa: F401 - the views of these two join rooms below
from portal.account.routes import bp as account
from portal.apps.routes import bp as apps
from portal.build.routes import bp as build
from portal.connect.routes import bp as connect
from portal.developers.routes import bp as developers
from portal.development.routes import bp as development_only
from portal.exam.routes import bp as exam
from portal.exports.routes import bp as exports
from portal.files.routes import bp as files
from portal.grow.routes import bp as grow
from portal.grow.routes import desk as content
from portal.home.routes import bp as home
from portal.identity.routes import bp as identity
from portal.keys.routes import bp as keys
from portal.launch.desk_routes import bp as listings
from portal.launch.routes import bp as launch
from portal.leads.routes import bp as leads
from portal.notifications.routes import bp as notifications
from portal.patterns.routes import bp as patterns
from portal.payments.routes import bp as payments
from portal.public.routes import bp as public
from portal.reviews.routes import bp as reviews
from portal.runs.routes import bp as runs
from portal.samples.routes import bp as samples
from portal.staff.routes import bp as staff
from portal.support.routes import bp as support
from portal.webhooks.hook_routes import bp as hooks
from portal.webhooks.routes import bp as webhooks


def blueprints(*, development: bool) -> list[Blueprint]:
    """The development tools only where somebody develops."""
    rooms = [public, identity, home, account, build, launch, grow, developers, support, files, reviews, staff, patterns]
    rooms += [
        listings,
        content,
        apps,
        connect,
        runs,
        payments,
        hooks,
        webhooks,
        samples,
        keys,
        leads,
        exam,
        exports,
        notifications,
    ]
    return [*rooms, development_only] if development else rooms
