"""Hands appeals that we took over to the city that they are for, as a carrier of the outbox."""

from collections import defaultdict

from attrs import define, field

from hotline.clock import Clock
from hotline.delivery.handing_over import Known, Message, NotTaken, Refused, Unclear, Word
from hotline.delivery.outbox import Notice
from hotline.neighbours.agreement import Agreements
from hotline.neighbours.taken import Taken, TakenAppeals, taken_of
from service.delivery.pace import Breaker
from service.neighbours.client import NeighbourClient
from service.neighbours.sealed_keys import LOCKED, SealedKeys


def to_city(notice: Notice) -> Message:
    """Write a notice as its carrier takes it: it names the appeal, which is read when it is handed over."""
    return Message(key=notice.key, address=notice.to, subject=notice.matter, text="", at=notice.owed_at)


@define(eq=False, repr=False, kw_only=True)
class NeighbourCarrier:
    """`hotline.delivery.handing_over.Carrier`. What is not known to have arrived goes again under its key."""

    _agreements: Agreements
    _taken: TakenAppeals
    _keys: SealedKeys
    _client: NeighbourClient
    _clock: Clock
    _breakers: defaultdict[int, Breaker] = field(factory=lambda: defaultdict(Breaker), init=False)
    repeatable: bool = field(default=True, init=False)
    asks_by_key: bool = field(default=False, init=False)
    asks_by_id: bool = field(default=False, init=False)

    async def hand_over(self, message: Message) -> str:
        """Give it to the other city's register; its number there. Raises NotTaken, Refused or Unclear."""
        taken = await self._taken.get(taken_of(message.subject) or 0)
        if taken.settled:
            return taken.number
        try:
            return await self._give(taken)
        except (NotTaken, Refused, Unclear) as error:
            await self._taken.failed(taken.id, str(error))
            raise

    async def ask(self, *, key: str, provider_id: str) -> Word:
        """Nobody is asked: the other city knows a repeated appeal by its key."""
        del key, provider_id
        return Word(known=Known.UNKNOWN)

    async def _give(self, taken: Taken) -> str:
        agreement = await self._agreements.get(taken.agreement_id)
        if agreement.ended_at is not None:
            raise Refused("The agreement has ended: hand it over in another way.")
        breaker = self._breakers[agreement.id]
        if breaker.open and not taken.urgent:
            raise NotTaken("the other city's hotline is away")
        try:
            key = await self._keys.key(agreement)
            handed = await self._client.hand_over(agreement.address, key, taken.body, once=taken.key)
        except LOCKED as error:
            raise NotTaken("the key cannot be opened: see the file of keys") from error
        except (NotTaken, Unclear):
            breaker.failed()
            raise
        breaker.worked()
        await self._taken.handed(taken.id, handed.number, handed.follow_code, self._clock.now())
        return handed.number
