"""A dispatcher at a desk who picks up the phone on the real line while a caller holds."""

from datetime import timedelta

from hotline.line.line import Dispatcher, Priority
from hotline.line.presence_states import Presence
from storage.store import Storage
from tests.fakes.clock import SetClock


class FakeDesk:
    """`hold` serves the line as `telephony` would; it comes for callers after `busy_for` holds."""

    def __init__(self, storage: Storage, clock: SetClock, *, busy_for: int = 0) -> None:
        self._storage = storage
        self._clock = clock
        self.busy_for = busy_for
        self.holds = 0

    async def comes_on_duty(self, extension: str = "201", presence: Presence = Presence.READY) -> Dispatcher:
        one = await self._storage.dispatchers.add(extension, f"Диспетчер {extension}", "secret", frozenset())
        if presence is Presence.AWAY:
            return one
        return await self._storage.dispatchers.set_presence(one.id, presence, self._clock.now())

    async def hold(self, seconds: float) -> bool:
        self.holds += 1
        if self.busy_for:
            self.busy_for -= 1
            self._clock.pass_by(seconds)
            return False
        offer = await self._storage.line.pair(self._clock.now())
        if offer is None:
            self._clock.pass_by(seconds)
            return False
        return await self._storage.line.answered(offer.call_id, offer.dispatcher.id, self._clock.now())

    async def pass_on(self, call_id: str, wanted: Dispatcher | None = None) -> None:
        """The dispatcher passes the caller on, to one colleague or to whoever is free."""
        await self._storage.line.enter(
            call_id,
            at=self._clock.now(),
            priority=Priority.RETURNING,
            wanted_dispatcher_id=wanted.id if wanted else None,
        )

    async def hang_up(self) -> None:
        """Every talk ends on the dispatchers' side; nobody rests."""
        for one in (await self._storage.records.on_record()).talks:
            now = self._clock.now()
            await self._storage.line.talk_ended(one.call_id, one.dispatcher_id, now, wrap_up=timedelta(0))

    async def hold_after_the_talk(self, seconds: float) -> bool:
        """Like `hold`; whoever was talking has hung up by then."""
        await self.hang_up()
        return await self.hold(seconds)
