"""Hang-ups that Asterisk has put on its own account (CEL) and nobody has read yet."""

import asyncio
from collections.abc import Collection
from pathlib import Path

from attrs import define

from service.calls.cel_additions import FALLBACK
from service.calls.reconciliation import CelCursor
from telephony.node.cel import read_cel


@define
class HangUps:
    """Reads the rest of one Asterisk's CEL file at once, which the call log is reconciled with later."""

    _file: Path
    _cursor: CelCursor

    async def among(self, call_ids: Collection[str]) -> Collection[str]:
        """Give those of these calls, none of which has ended on record, that were hung up.

        Not those that Asterisk ended as it was shut down; its own queue ends calls by itself.
        """
        read_to, offset, found = -1, await self._cursor.offset(str(self._file)), set[str]()
        while read_to != offset:
            read_to = offset
            events, offset, _ = await asyncio.to_thread(read_cel, self._file, offset)
            ends = (one for one in events if one.kind == "HANGUP")
            found |= {one.channel_id for one in ends if one.hung_up_by or one.context == FALLBACK}
        return found & set(call_ids)
