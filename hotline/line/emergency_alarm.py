"""The alarm rings duty contacts while a caller with an emergency holds and no dispatcher can take them.

Whose contacts, and when again, is decided in `service.calls.alarm_calls`.
"""

from typing import Protocol


class Alarm(Protocol):
    """Rings those who are on duty at the enterprise that takes emergencies; one alarm for all who hold."""

    async def sound(self, call_id: str, number: str | None) -> bool:
        """Have them rung for this caller, who holds; False: there is nobody to ring."""
        ...

    def rings(self) -> bool:
        """Tell whether the service rings a contact now, or is about to."""
        ...

    def holds_no_longer(self, call_id: str, *, served: bool) -> None:
        """End the caller's part in the alarm; unless `served`, a contact who answers later gets it."""
        ...
