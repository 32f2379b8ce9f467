"""What happened: every kind of happening, recording one, reading them back. The feed, the audit log and the mails all read from here."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from structlog.contextvars import get_contextvars

from portal.extensions import db
from portal.models.event import Audience, Event
from portal.models.integration import Integration
from portal.models.partner import Partner
from portal.models.people import User
from portal.timeline import finding

KINDS: dict[str, type["Happening"]] = {}


@dataclass(frozen=True)
class Happening:
    """Something that happened, in the past tense; its fields are the payload. A kind is never renamed while rows exist."""

    kind: ClassVar[str] = ""
    audience: ClassVar[Audience] = Audience.PARTNER
    in_feed: ClassVar[bool] = True
    """False: only the audit log shows it (sign-ins, drafts saved)."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.kind in KINDS or not cls.kind:
            raise ValueError(f"{cls.__name__} needs a kind of its own, not {cls.kind!r}")
        KINDS[cls.kind] = cls

    def sentence(self) -> str:
        """What the feed says after the actor's name, without a full stop."""
        raise TypeError(f"{type(self).__name__} says nothing about itself")


def record(
    happening: Happening,
    *,
    by: User | None,
    partner: Partner | None = None,
    integration: Integration | None = None,
    section_key: str | None = None,
    question_key: str | None = None,
) -> Event:
    """Add the happening to the open transaction and give its row an id, so that mails and files can name it."""
    event = Event(
        kind=happening.kind,
        audience=happening.audience,
        partner_id=partner.id if partner else integration.partner_id if integration else None,
        integration_id=integration.id if integration else None,
        section_key=section_key,
        question_key=question_key,
        actor_id=by.id if by else None,
        actor_name=by.name if by else "",
        payload=asdict(happening),
        request_id=get_contextvars().get("request_id", ""),
    )
    db.session.add(event)
    db.session.flush([event])
    finding.keep(event, happening)
    for listener in _LISTENERS:
        listener(happening, event)
    return event


_LISTENERS: list[Callable[[Happening, Event], None]] = []


def tell(*listeners: Callable[[Happening, Event], None]) -> None:
    """From now on these hear of every happening, in the transaction that stores it."""
    _LISTENERS[:] = listeners


def read(kind: str, payload: Mapping[str, Any]) -> Happening:
    """The happening of a row."""
    return KINDS[kind](**payload)


def feed_kinds(audience: Audience) -> frozenset[str]:
    """The kinds that a feed shows: partners see their audience only, staff see both."""
    return frozenset(
        kind for kind, of in KINDS.items() if of.in_feed and (audience is Audience.STAFF or of.audience is Audience.PARTNER)
    )


from portal.timeline import account, build, content, desk, developers, exams, exports, launch, leads, support  # noqa: E402, F401 - at the end, because they need Happening: all kinds are known from here on
