"""Hang-ups that Asterisk has put on its own account (CEL) and nobody has read yet."""

import asyncio
from collections.abc import Collection
from pathlib import Path

from attrs import define

from service.calls.reconciliation import CelCursor
from telephony.node.cel import read_cel


@define
class HangUps:
    """Reads the rest of one Asterisk's CEL file at once, which the call log is reconciled with later."""

    _file: Path
    _cursor: CelCursor

    async def among(self, call_ids: Collection[str]) -> Collection[str]:
        """Give those of these calls, none of which has ended on record, whose end Asterisk tells."""
        read_to, offset, found = -1, await self._cursor.offset(str(self._file)), set[str]()
        while read_to != offset:
            read_to = offset
            events, offset, _ = await asyncio.to_thread(read_cel, self._file, offset)
            found |= {one.channel_id for one in events if one.kind == "CHAN_END"}
        return found & set(call_ids)
