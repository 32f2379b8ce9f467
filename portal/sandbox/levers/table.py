"""Every lever that takes JSON, as the addresses and the OpenAPI document are made from."""

from portal.sandbox.levers import actions, apps, merchants, oauth

LEVERS = (*actions.LEVERS, *apps.LEVERS, *merchants.LEVERS, *oauth.LEVERS)
