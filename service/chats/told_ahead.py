"""Being told before the power changes, asked for in a chat: by which way, and kept once."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from attrs import define

from hotline.chats.chats import Medium
from hotline.contact.channel import Channel
from hotline.outages.subscriptions import Subscription, SubscriptionRequest, TooManyMessages
from hotline.outages.watchers import WatcherWays
from ivr_flows.ports import AheadWay, AsksAhead
from service.chats.written_call import WrittenCall

IN_CHAT = frozenset({Medium.TELEGRAM, Medium.VIBER})
"""Messengers in whose chats people are told: it costs nothing, and they give it at any time."""
_YES, _NO, _TOO_MANY = "yes", "no", "too-many"


def contact_of(medium: Medium, address: str) -> str:
    """Give the contact of a messenger's person, as subscriptions have it."""
    return f"{medium.value}:{address}"


def person_of(contact: str) -> tuple[Medium, str]:
    """Read whose contact it is; ValueError where it is no person's of a messenger."""
    medium, _, address = contact.partition(":")
    return Medium(medium), address


def ahead_way(medium: Medium, address: str, number: str | None, ways: WatcherWays) -> AheadWay:
    """Give how they are told: a number that the medium does not prove has to show the code of a message."""
    if medium in IN_CHAT:
        return AheadWay(channel=Channel.CHAT, contact=contact_of(medium, address), proven=True)
    channel = ways.channel(number)
    if channel is None or number is None:
        return AheadWay(channel=Channel.PAGE)
    proven = medium is Medium.WHATSAPP and channel is Channel.SMS
    return AheadWay(channel=channel, contact=number, proven=proven)


@define(eq=False, repr=False)
class AsksAheadInChat:
    """`ivr_flows.ports.AsksAhead` of one chat: what was done is not done again, and is known as it was."""

    _call: WrittenCall
    _kept: AsksAhead

    async def of_contact(self, channel: Channel, contact: str) -> Sequence[Subscription]:
        async def read() -> str:
            return " ".join(str(one.id) for one in await self._kept.of_contact(channel, contact))

        ids = await self._call.word("subscriptions", read)
        found = [await self._kept.find(int(one)) for one in ids.split()]
        return [one for one in found if one is not None]

    async def find(self, subscription_id: int) -> Subscription | None:
        return await self._kept.find(subscription_id)

    async def ask(self, wish: SubscriptionRequest, code: str, about: str, at: datetime) -> Subscription:
        async def ask() -> str:
            try:
                return str((await self._kept.ask(wish, code, about, at)).id)
            except TooManyMessages:
                return _TOO_MANY

        said = await self._call.word("subscription-asked", ask)
        asked = None if said == _TOO_MANY else await self._kept.find(int(said))
        if asked is None:
            raise TooManyMessages("This contact was asked too often today.")
        return asked

    async def try_code(self, subscription_id: int, typed: str, at: datetime) -> bool:
        async def tried() -> str:
            return _YES if await self._kept.try_code(subscription_id, typed, at) else _NO

        return await self._call.word("subscription-code", tried) == _YES

    async def keep(self, wish: SubscriptionRequest, at: datetime) -> None:
        async def keep() -> str:
            try:
                await self._kept.keep(wish, at)
            except TooManyMessages:
                return _TOO_MANY
            return _YES

        if await self._call.word("subscription-kept", keep) == _TOO_MANY:
            raise TooManyMessages("This contact has asked too often today.")

    async def end(self, subscription_ids: Sequence[int], at: datetime) -> None:
        async def end() -> str:
            await self._kept.end(subscription_ids, at)
            return _YES

        await self._call.word("subscriptions-ended", end)


@define(eq=False, repr=False)
class StopsTelling:
    """Ends what somebody who writes has asked to be told."""

    _stop: Callable[[Channel, str, datetime], Awaitable[None]]

    async def stop(self, medium: Medium, address: str, number: str | None, at: datetime) -> bool:
        """End all of it by the way in which they are told; False: nobody knows whose it would be."""
        if medium in IN_CHAT:
            await self._stop(Channel.CHAT, contact_of(medium, address), at)
            return True
        if number is None:
            return False
        await self._stop(Channel.SMS, number, at)
        return True
