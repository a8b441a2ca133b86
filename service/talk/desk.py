"""Dispatchers at their desks and duty contacts at their telephones, in a conversation without telephony."""

from datetime import timedelta

from hotline.calls.conversation import TalkEnd
from hotline.line.line import Dispatcher, Priority
from hotline.line.presence_states import Presence
from service.talk.clock import TalkClock
from service.talk.scene import Contacts
from storage.store import Storage

LOOKS = 2
"""So often a contact who does not answer is still rung."""
AHEAD = "ahead-"
BETWEEN_THEM = timedelta(seconds=20)


class TownDesk:
    """Serves the real line: each time that somebody holds, earlier talks are over and the next begin."""

    def __init__(self, storage: Storage, clock: TalkClock, contacts: Contacts) -> None:
        self._storage = storage
        self._clock = clock
        self._contacts = contacts
        self._served = 0
        self._busy = 0
        self._rung: Dispatcher | None = None

    async def on_duty(self, dispatchers: int, ahead: int, busy: int) -> None:
        """Put dispatchers on duty and callers into the line; for `busy` holds no dispatcher is free."""
        self._busy = busy
        now = self._clock.now()
        known = [one.extension for one in await self._storage.dispatchers.all()]
        for number in range(len(known), dispatchers):
            extension = f"{201 + number}"
            await self._storage.dispatchers.add(extension, f"Диспетчер {extension}", "-", frozenset())
        for one in list(await self._storage.dispatchers.all())[:dispatchers]:
            await self._storage.dispatchers.set_presence(one.id, Presence.READY, now)
        for number in range(ahead):
            at = now - BETWEEN_THEM * (ahead - number)
            await self._storage.line.enter(f"{AHEAD}{number + 1}", at=at)

    async def joined(self, call_id: str) -> None:
        """Ring a free dispatcher for the first caller in the line, before anything is said to them."""
        now, line = self._clock.now(), self._storage.line
        standing = await line.standing(call_id, now)
        if not self._busy and standing is not None and standing.position == 1:
            offer = await line.pair(now)
            self._rung = None if offer is None else offer.dispatcher

    async def comes(self, call_id: str) -> str | None:
        self._busy = max(0, self._busy - 1)
        if self._busy:
            return None
        now, line = self._clock.now(), self._storage.line
        rung, self._rung = self._rung, None
        if rung is not None and await line.answered(call_id, rung.id, now):
            return rung.name
        for talk in (await self._storage.records.on_record()).talks:
            await line.talk_ended(talk.call_id, talk.dispatcher_id, now, wrap_up=timedelta(0))
        while (offer := await line.pair(now)) is not None:
            if await line.answered(offer.call_id, offer.dispatcher.id, now) and offer.call_id == call_id:
                return offer.dispatcher.name
        return None

    async def contact(self) -> bool:
        return self._contacts is Contacts.COME and self._served > 0

    async def talked(self, call_id: str, end: TalkEnd) -> None:
        if end in {TalkEnd.PASSED_ON, TalkEnd.INTERRUPTED}:
            now = self._clock.now()
            await self._storage.line.enter(call_id, at=now, priority=Priority.RETURNING)

    async def sound(self, call_id: str, number: str | None) -> bool:  # noqa: ARG002 - there is one caller
        """`hotline.line.emergency_alarm.Alarm`: contacts are rung as the scene says."""
        self._served = LOOKS
        return self._contacts is not Contacts.NONE

    def rings(self) -> bool:
        self._served -= 1
        return self._contacts is not Contacts.NONE and self._served > 0

    def holds_no_longer(self, call_id: str, *, served: bool) -> None:  # noqa: ARG002 - nobody is told later
        self._served = 0
