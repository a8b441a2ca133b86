"""A talk's bridge that stays mixed: silence is played into it without an end, and tones before that silence.

Asterisk plays one thing after another into a bridge, so that what never ends is replaced: the next tone waits
behind it, with silence of its own, and comes as soon as what was before is stopped. Why a talk is kept mixed:
docs/decisions/0031.
"""

import contextlib

from attrs import define

from hotline.errors import CallGone
from telephony.ari.actions import SILENT_TONE, Ari
from telephony.calls.leg import Leg
from telephony.ids import bridge_id, consult_bridge, mixed_by


@define(eq=False, repr=False)
class Mixing:
    """Keeps talks mixed on one Asterisk."""

    _ari: Ari

    async def keep(self, leg: Leg, *first: str) -> None:
        """Have the talk of this leg be mixed until it ends; `first`: media that all in it hear now.

        Raises CallGone when the talk is over, AriRefused.
        """
        bridge = bridge_id(leg.id)
        before = leg.mixed_by or await self._going_on(bridge)
        if before is not None and not first:
            return
        now, other = mixed_by(bridge)
        now = other if before == now else now
        await self._ari.play_in_bridge(bridge, now, [*first, SILENT_TONE])
        leg.mixed_by = now
        if before is not None:
            with contextlib.suppress(CallGone):  # it has ended by itself
                await self._ari.stop_playback(before)

    async def sound(self, leg: Leg, media: str) -> None:
        """Have those hear it with whom this dispatcher speaks now. Raises CallGone, AriRefused."""
        if leg.parted and leg.third is not None:  # with a third, in a bridge that is mixed anyway
            await self._ari.play_in_bridge(consult_bridge(leg.third.id), f"tone-{leg.third.id}", [media])
        else:
            await self.keep(leg, media)

    async def _going_on(self, bridge: str) -> str | None:
        """Find what was played before a restart of the service."""
        for one in mixed_by(bridge):
            if await self._ari.plays(one):
                return one
        return None
