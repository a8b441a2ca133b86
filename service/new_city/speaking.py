"""The phrases of a new city, spoken beside the pages: what there is already is passed over."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol

from attrs import define, field

from cti_server.new_city.sources import SpokenSoFar
from hotline.voice.speech import Language, Phrase
from service.new_city.one_at_a_time import OneAtATime


class Prepares(Protocol):
    """A voice that reads phrases ahead of every call."""

    async def prepare(
        self, phrases: Iterable[Phrase], languages: Iterable[Language], progress: Callable[[int, int], None]
    ) -> None: ...


@define(eq=False, repr=False)
class Speaking:
    """`cti_server.new_city.sources.Speaking`: `keep` runs beside the pages."""

    _voice: Prepares
    _phrases: Callable[[], Iterable[Phrase]]
    _over: Callable[[], Awaitable[None]]
    """Told once all is spoken; has Asterisk's own dialplan say the same."""
    _done: int = field(default=0, init=False)
    _of: int = field(default=0, init=False)
    _failed: bool = field(default=False, init=False)
    _runner: OneAtATime = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._runner = OneAtATime(self._speak, "phrases of the new city not spoken")

    def begin(self) -> None:
        if not self._runner.running:
            self._done = self._of = 0
            self._failed = False
            self._runner.begin()

    def stop(self) -> None:
        self._runner.stop()

    def so_far(self) -> SpokenSoFar:
        return SpokenSoFar(done=self._done, of=self._of, running=self._runner.running, failed=self._failed)

    async def keep(self) -> None:
        """Speak whenever a page asks for it, until cancelled."""
        await self._runner.keep()

    async def _speak(self) -> None:
        self._failed = True  # until it is known to have come to its end
        await self._voice.prepare(self._phrases(), Language, self._noted)
        await self._over()
        self._failed = False

    def _noted(self, done: int, of: int) -> None:
        self._done, self._of = done, of
