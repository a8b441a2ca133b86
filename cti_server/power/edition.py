"""Editions of what is known of power: by their number and the minute its page is kept."""

from datetime import datetime

from attrs import define, field

from cti_server.outages.public.published import Key
from hotline.power.schedule import KnownPower


@define(eq=False)
class PowerEdition:
    """Counts the changes of what is known."""

    _number: int = field(default=0, init=False)
    _known: KnownPower | None = field(default=None, init=False)

    def key(self, known: KnownPower, now: datetime) -> Key:
        """Give what a page is kept by: another after any change, and each minute, as strips show the hour."""
        if known is not self._known:
            self._number += known != self._known
            self._known = known
        return str(self._number), f"{now:%d %H:%M}"
