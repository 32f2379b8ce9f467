"""Orders to the partner's test hook; one that stays silent is not asked again and again."""

from typing import Any

from portal.exam.nouns import Skip
from portal.exam.rig import Rig, document
from portal.exchange import Exchange

ENOUGH = 2
"""Orders in a row without an answer, after which no more are given."""
SILENT = "hook_silent"


def order(rig: Rig, action: str, **values: Any) -> Exchange:
    """Raises Skip when the hook has not answered several times."""
    if rig.carried.get(SILENT, 0) >= ENOUGH:
        raise Skip("Your test hook did not answer several times.")
    said = rig.act(action, **values)
    rig.carried[SILENT] = rig.carried.get(SILENT, 0) + 1 if said.status is None else 0
    return said


def status(rig: Rig, **values: Any) -> dict[str, Any]:
    """What the hook knows of a merchant or an event; nothing where there is none, or it does not answer."""
    if not rig.settings.action_url or rig.carried.get(SILENT, 0) >= ENOUGH:
        return {}
    return document(order(rig, "status", **values))
