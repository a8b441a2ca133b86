"""An alarm that rings nobody, or somebody for so many looks."""


class FakeAlarm:
    """Implements `emergency_alarm.Alarm`; `rings_for` is how often it says that somebody is still rung."""

    def __init__(self, rings_for: int = 0) -> None:
        self.rings_for = rings_for
        self.sounded: list[tuple[str, str | None]] = []
        self.over: list[tuple[str, bool]] = []

    async def sound(self, call_id: str, number: str | None) -> bool:
        self.sounded.append((call_id, number))
        return self.rings_for > 0

    def rings(self) -> bool:
        self.rings_for -= 1
        return self.rings_for > 0

    def holds_no_longer(self, call_id: str, *, served: bool) -> None:
        self.over.append((call_id, served))
