"""Carries events from the telephone to the screens, within this process.

Several processes tell each other behind the same port (`service.processes.events`).
"""

from collections.abc import Callable

from hotline.events import Event

Listener = Callable[[Event], None]


class Bus:
    """`hotline.events.Events`. Listeners return at once: what takes time, they put into a queue."""

    def __init__(self, *listeners: Listener) -> None:
        self._listeners = list(listeners)

    def add(self, listener: Listener) -> None:
        """Tell this one as well from now on."""
        self._listeners.append(listener)

    def tell(self, event: Event) -> None:
        for listener in self._listeners:
            listener(event)
