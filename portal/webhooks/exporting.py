"""Everything that fits some filters as NDJSON, piece by piece: no transaction and little memory is held on the way."""

from collections.abc import Iterator

from portal import transaction
from portal.webhooks import searching, telling
from portal.webhooks.searching import Filters

MOST = 10_000
"""Webhooks in one file; `before` with the cursor of its last line gives the next."""
PIECE = 200
NAME = "webhooks.ndjson"


def lines(partner_id: int, filters: Filters, *, before: int | None, most: int = MOST) -> Iterator[bytes]:
    """Newest first, a JSON object a line."""
    left = most
    while left > 0:
        page = searching.page(partner_id, filters, before=before, limit=min(PIECE, left))
        ids = telling.fitting(page.rows)
        piece = b"".join(telling.line(one) for one in telling.whole(ids))
        transaction.release()
        if piece:
            yield piece
        left -= len(ids)
        before = ids[-1] if len(ids) < len(page.rows) else page.older
        if before is None:
            return
