"""Progressive desks: claims the next entry, shows it, and gives it up where others go first."""

from collections.abc import Sequence
from datetime import datetime

from attrs import define, field

from cti_server.audit import Action
from cti_server.desk.missed import Missed
from cti_server.desk.progressive_view import OFF, NextCallee, ProgressiveView, find_callee, next_callee
from cti_server.desk.sources import Sources
from hotline.access.users import AuditEntry, AuditLog
from hotline.desk.callers import WaitingCaller
from hotline.errors import NotFound
from hotline.line.line import Dispatcher
from hotline.line.presence_states import Presence
from hotline.line.progressive import (
    LEFT_OUT_FOR,
    NOT_DIALLED_AFTER,
    Entry,
    NobodyNext,
    Working,
    candidates,
    must_wait,
)

TRIED_AT_ONCE = 3
"""Entries that others have claimed in this very second are skipped; the next look finds the rest."""


@define(eq=False, repr=False)
class ProgressiveDesks:
    """Supplies the desks of this process. It remembers only the names that it has read for them."""

    _sources: Sources
    _audit: AuditLog
    _shown: dict[int, NextCallee] = field(factory=dict, init=False)

    async def take(
        self, one: Working, me: Dispatcher, line: Sequence[WaitingCaller], missed: Missed, now: datetime
    ) -> ProgressiveView:
        """Bring one desk to what it may show now."""
        if me.presence is Presence.AWAY:
            await end(self._sources, one.dispatcher_id, one.user_id)
            return OFF
        waits = must_wait(me.presence, [caller.entry for caller in line])
        if one.reference and not await self._still(one, waits, missed, now):
            return ProgressiveView(on=True, waits=waits)
        if waits is not None:
            return ProgressiveView(on=True, waits=waits)
        next_one = self._shown.get(one.dispatcher_id) if one.reference else await self._next(one, missed, now)
        return ProgressiveView(on=True, waits=None if next_one else NobodyNext.NOBODY, next=next_one)

    async def _still(self, one: Working, waits: NobodyNext | None, missed: Missed, now: datetime) -> bool:
        """Whether the shown entry stays; else it is freed for others."""
        dials_at = (one.shown_at or now) + self._sources.dials_after
        late = now > dials_at + NOT_DIALLED_AFTER
        if waits is None and not late and await self._known(one, missed):
            return True
        until = now + LEFT_OUT_FOR if late else now
        if await self._sources.progressive.put_aside(one.dispatcher_id, one.reference, until):
            await self._sources.claims.release(one.reference, one.user_id)
        return False

    async def _known(self, one: Working, missed: Missed) -> bool:
        """Whether they are still to be called: nobody has talked with them meanwhile."""
        known = self._shown.get(one.dispatcher_id)
        if known is None or known.reference != one.reference:
            known = await find_callee(self._sources, missed.entries, one.reference)
        elif all(known.number != entry.number for entry in missed.entries):
            known = None
        if known is None:
            return False
        self._shown[one.dispatcher_id] = known
        return True

    async def _next(self, one: Working, missed: Missed, now: datetime) -> NextCallee | None:
        """Claim the first who is to be called, and note that they are shown."""
        found = candidates(missed.entries, working=one, claimed=missed.claimed.keys(), at=now)
        for candidate in found[:TRIED_AT_ONCE]:
            if await self._taken(one, candidate.reference, now):
                self._shown[one.dispatcher_id] = next_one = await next_callee(self._sources, candidate)
                await self._seen(one, candidate, now)
                return next_one
        return None

    async def _taken(self, one: Working, reference: str, now: datetime) -> bool:
        claims = self._sources.claims
        try:
            claim = await claims.claim(reference, one.user_id, now)
        except NotFound:  # settled a moment ago
            return False
        if claim.user_id != one.user_id:
            return False
        if await self._sources.progressive.show(one.dispatcher_id, reference, now):
            return True
        await claims.release(reference, one.user_id)
        return False

    async def _seen(self, one: Working, candidate: Entry, now: datetime) -> None:
        entry = AuditEntry(
            at=now,
            user_id=one.user_id,
            action=Action.VIEW,
            subject=f"number:{candidate.number}",
            address="",
            detail=f"next:{candidate.reference}",
        )
        await self._audit.append(entry)


async def end(sources: Sources, dispatcher_id: int, user_id: int) -> None:
    """Turn progressive calling off for a desk; the shown entry is free for others."""
    if reference := await sources.progressive.turn_off(dispatcher_id):
        await sources.claims.release(reference, user_id)
