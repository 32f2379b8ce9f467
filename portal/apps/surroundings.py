"""What an app is looked at against: where it is to run, and what a run or a link of the partner's own asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from portal.gocardless import Place
from portal.models.partner_app import PartnerApp
from portal.status import Environment


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the app meets: the hosts of its environment and of the others, the portal's own addresses, the partner's other apps."""

    place: Place
    callback: str
    """The portal's own redirect URI."""
    hook: str
    """Where the portal receives this app's webhooks."""
    elsewhere: Mapping[Environment, Place] = field(default_factory=dict)
    siblings: Sequence[PartnerApp] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """What a run, or an authorise link of the partner's own product, sends. Empty: as the portal does it."""

    redirect_uri: str = ""
    scope: str = "read_write"
    client_id: str = ""
    link: Mapping[str, str] | None = None
    """Of a link: everything that its query carries, and `url`, the page it leads to."""
