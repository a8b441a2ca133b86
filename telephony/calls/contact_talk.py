"""The talk of a citizen and a duty contact: with an emergency for which no dispatcher was there.

Their bridge is recorded, both sides in one file. On the contact's own leg, which Asterisk has dialled from a
bridge of its own, the citizen's side would be missing in every second recording (docs/decisions/0002).
"""

import contextlib
from functools import partial
from pathlib import Path
from typing import Protocol

from attrs import define

from hotline.calls.call import CallLog, Recording, Scalar, Step
from hotline.calls.conversation import TalkEnd
from hotline.clock import Clock
from hotline.errors import CallGone
from telephony.ari.actions import Ari
from telephony.calls.channel import FollowedChannel
from telephony.ids import contact_bridge
from telephony.owed import OwedWrites

UNHEARD_SECONDS = 3.0
"""A duty contact who hangs up sooner has not been told of the emergency."""
CAUSE_SECONDS = 1.0
"""How long the news of a hang-up may come after Asterisk refused to bridge the channel for it."""


class Party(Protocol):
    """One side of the talk; `contact` is who has come for a citizen."""

    id: str
    channel: FollowedChannel
    recording_refused: bool

    async def note(self, step: Step, **detail: Scalar) -> None: ...


class HoldingCitizen(Party, Protocol):
    """The side that holds with an emergency."""

    @property
    def contact(self) -> Party | None:
        """The duty contact who has come for them and has not hung up."""
        ...


@define(eq=False, repr=False, kw_only=True)
class ContactTalks:
    """Brings duty contacts and citizens together on one Asterisk."""

    _ari: Ari
    _calls: CallLog
    _clock: Clock
    _messages: Path
    """The folder in which Asterisk keeps what it records for ARI."""
    _owed: OwedWrites

    async def talk(self, citizen: HoldingCitizen, contact: Party) -> TalkEnd:
        """Let the two speak until one hangs up; BROKEN: the contact did before a word could be said.

        A contact is no dispatcher: nobody is freed. Raises CallGone when the citizen hangs up.
        """
        bridge = contact_bridge(contact.id)
        try:
            await self._join(citizen, contact, bridge)
        except CallGone:  # one of the two hung up in this very moment; their events tell which
            await self._leave(citizen, bridge)
            await citizen.channel.until(lambda: contact.channel.gone, CAUSE_SECONDS)
            return TalkEnd.BROKEN
        try:
            unheard = await citizen.channel.until(lambda: citizen.contact is not contact, UNHEARD_SECONDS)
            await citizen.channel.until(lambda: citizen.contact is not contact)
        finally:
            for one in (citizen, contact):
                await one.note(Step.TALK_ENDED)
            await self._leave(citizen, bridge)
        return TalkEnd.BROKEN if unheard else TalkEnd.OVER

    async def _join(self, citizen: HoldingCitizen, contact: Party, bridge: str) -> None:
        await self._ari.create_bridge(bridge)
        if not citizen.recording_refused:
            await self._record(citizen, contact, bridge)
        await self._ari.add_to_bridge(bridge, citizen.id, contact.id)
        await contact.note(Step.TALK_STARTED, **{"with": citizen.id})
        await citizen.note(Step.TALK_STARTED, contact=contact.id)

    async def _record(self, citizen: HoldingCitizen, contact: Party, bridge: str) -> None:
        file = str(self._messages / f"{contact.id}.wav")
        recording = Recording(
            id=contact.id,
            call_id=citizen.id,
            dispatcher_id=None,
            started_at=self._clock.now(),
            caller_file=file,
            dispatcher_file=file,
        )
        keep = partial(self._calls.keep_recording, recording)
        await self._owed.write(keep, f"recording not on record contact={contact.id}")
        await self._ari.record_bridge(bridge, contact.id)

    async def _leave(self, citizen: HoldingCitizen, bridge: str) -> None:
        """Take the citizen out first: thrown out by a bridge that ends, they may lose the next prompt."""
        with contextlib.suppress(CallGone):
            await self._ari.remove_from_bridge(bridge, citizen.id)
        with contextlib.suppress(CallGone):
            await self._ari.destroy_bridge(bridge)
