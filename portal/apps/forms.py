"""From the posted forms of this room to plain values: what was typed, valid or not."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from werkzeug.datastructures import MultiDict

from portal.apps.details import Details
from portal.apps.service import Credentials
from portal.models.columns import new_key
from portal.models.partner_app import PartnerApp
from portal.status import Environment
from portal.web import number

Posted = MultiDict[str, str]
KEY = re.compile(r"[A-Za-z0-9_-]{22}")
LINE = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Typed:
    """The form of an app as it stands on the page; the portal's own redirect URIs are not in it."""

    environment: Environment
    name: str = ""
    description: str = ""
    homepage_url: str = ""
    redirect_uris: str = ""
    post_onboarding_url: str = ""
    webhook_url: str = ""
    terms: bool = False
    key: str = ""
    """Of the app to be: a form that is sent twice names the same."""
    version: int = 0

    @classmethod
    def empty(cls, environment: Environment) -> Self:
        return cls(environment, key=new_key())

    @classmethod
    def of(cls, app: PartnerApp, *, own: Iterable[str]) -> Self:
        mine = set(own)
        return cls(
            environment=app.environment,
            name=app.name,
            description=app.description,
            homepage_url=app.homepage_url,
            redirect_uris="\n".join(uri for uri in app.redirect_uris if uri not in mine),
            post_onboarding_url=app.post_onboarding_url,
            webhook_url=app.webhook_url,
            terms=app.terms_accepted_at is not None,
            version=app.version,
        )

    def details(self, *, own: Iterable[str]) -> Details:
        """All redirect URIs, the portal's own first; one of these that was typed as well is taken once."""
        first = list(dict.fromkeys(own))
        typed = [line for line in (part.strip(" \t") for part in LINE.split(self.redirect_uris)) if line and line not in first]
        return Details(
            name=" ".join(self.name.split()),
            description=LINE.sub("\n", self.description).strip(),
            homepage_url=self.homepage_url.strip(" \t"),
            redirect_uris=[*first, *typed],
            post_onboarding_url=self.post_onboarding_url.strip(" \t"),
            webhook_url=self.webhook_url.strip(" \t"),
        )


def read(posted: Posted, environment: Environment) -> Typed:
    """The form of an app in this environment, as it was typed."""
    key = posted.get("key", "")
    return Typed(
        environment=environment,
        name=posted.get("name", ""),
        description=posted.get("description", ""),
        homepage_url=posted.get("homepage_url", ""),
        redirect_uris=posted.get("redirect_uris", ""),
        post_onboarding_url=posted.get("post_onboarding_url", ""),
        webhook_url=posted.get("webhook_url", ""),
        terms=bool(posted.get("terms")),
        key=key if KEY.fullmatch(key) else new_key(),
        version=posted.get("version", 0, type=number),
    )


def credentials(posted: Posted) -> Credentials:
    """Exactly as they were pasted, spaces and all."""
    return Credentials(posted.get("client_id", ""), posted.get("client_secret", ""), posted.get("webhook_secret", ""))


def environment(code: str, offered: Iterable[Environment]) -> Environment | None:
    """None for one that is not offered here."""
    return next((one for one in offered if one.value == code), None)
