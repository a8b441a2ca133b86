from datetime import UTC, datetime

from hotline.events import Event, LineChanged
from service.node.bus import Bus


def test_every_listener_is_told_every_event_in_order() -> None:
    heard: list[tuple[str, Event]] = []
    bus = Bus(lambda event: heard.append(("a", event)), lambda event: heard.append(("b", event)))
    first, second = (LineChanged(at=datetime(2026, 1, day, tzinfo=UTC)) for day in (1, 2))
    bus.tell(first)
    bus.tell(second)
    assert heard == [("a", first), ("b", first), ("a", second), ("b", second)]
