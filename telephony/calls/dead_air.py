"""Keeps callers from dead air: a caller whose conversation does not go on is asked to wait, and hears music.

A conversation waits for its caller (a key, the end of a prompt, a talk) or for something else: the database,
a disk, a voice. The channel knows when it is the caller; every other wait shows by the time that passes, so
that no step of a conversation has to think of it.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from attrs import define, field

from hotline.calls.call import MEANWHILE, Scalar, Step
from hotline.calls.conversation import Done, EmergencySaid
from hotline.errors import CallGone
from hotline.isolation import run_isolated
from hotline.voice.speech import Phrase
from telephony.ari.errors import AriUnavailable
from telephony.calls.channel import FollowedChannel
from telephony.calls.journey import Journey
from telephony.calls.playing import Playing
from telephony.voice.engines import SynthesisError

log = logging.getLogger(__name__)

MOMENT_SECONDS = 1.5
"""Silence of that length is nothing to a caller; in longer waits they hear a word, and music."""
EMERGENCY_SECONDS = 3.0
"""How much longer a caller with an emergency waits before Asterisk's own queue takes them."""
AHEAD_SECONDS = 2.0
"""Keys with no longer pause between them are one answer, which was begun before we spoke."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitWords:
    """The words to a caller who has to wait, and the key that they may press meanwhile."""

    please_wait: Phrase
    emergency_key: Phrase
    """Which key it is; said to callers, not to people whom we have called."""
    key: str
    kept: str
    """Keys that keep their meaning for callers in the line, whenever they are pressed."""
    recorded: Phrase
    """The notice of recording: who has heard it hears no other in Asterisk's own queue."""


@define(eq=False, repr=False, kw_only=True)
class DeadAir:
    """The silence of one caller. `leave` gives them to Asterisk's own queue until their conversation goes on.

    Keys that they press meanwhile answer no question that they have not heard. The emergency's key leads to
    a person. Before the first question keys are meant for the menu, and kept, and so is what continues an
    answer that they began before we spoke; in the line so are keys that callers were told of there (`kept`).
    Other keys are put on record.
    """

    _channel: FollowedChannel
    _playing: Playing
    _journey: Journey
    _words: WaitWords
    _tasks: asyncio.TaskGroup
    _leave: Callable[[], Awaitable[None]]
    _awaited: Callable[[], bool]
    """Whether somebody has come for them."""
    _coming: Callable[[], bool]
    """Whether a desk is rung for them, or has just answered."""
    _outgoing: bool
    urgent: bool
    """They have an emergency, and wait for a person."""
    asked: bool = field(init=False)
    """Whether they have been asked anything: before that all keys are meant for the menu."""
    _open: bool = field(default=False, init=False)
    _in_company: bool = field(default=False, init=False)
    _in_talk: bool = field(default=False, init=False)
    _alarm: asyncio.TimerHandle | None = field(default=None, init=False)
    _filling: "asyncio.Task[None] | None" = field(default=None, init=False)
    _over: bool = field(default=False, init=False)
    _said: bool = field(default=False, init=False)
    """Whether they have been asked to wait, and may press the emergency's key."""
    _emergency: bool = field(default=False, init=False)
    _unasked: str = field(default="", init=False)
    _pressed_at: float = field(default=float("-inf"), init=False)

    def __attrs_post_init__(self) -> None:
        self.asked = self._outgoing or self._journey.has(Step.JOINED_LINE)
        self._channel.attendant = self

    @contextmanager
    def watched(self, *, from_now: bool) -> Iterator[None]:
        """Watch them while the call is served, from now on (`from_now`) or from the first `begin`."""
        self._open = True
        if from_now:
            self.begin()
        try:
            yield
        finally:
            self._open = False
            self._disarm()

    def begin(self) -> None:
        """Count the seconds in which nothing waits for the caller, from now on."""
        self._disarm()
        idle = self._filling is None and not self._in_company
        if self._open and idle and not self._channel.gone:
            self._alarm = asyncio.get_running_loop().call_later(MOMENT_SECONDS, self._fill)

    def waited_for(self) -> None:
        self._disarm()

    def waited_for_no_more(self) -> None:
        self.begin()

    def takes(self, key: str) -> bool:
        """Take a key that they press while they are asked to wait; False: it is an answer like any other."""
        now = asyncio.get_running_loop().time()
        goes_on = bool(self._channel.keys) and now - self._pressed_at < AHEAD_SECONDS
        self._pressed_at = now
        if not self._said or goes_on:
            return False
        if key == self._words.key and self._offers:
            self._emergency = True
            return True
        if key in self._words.kept and self._journey.has(Step.JOINED_LINE):
            return False
        if self.asked:
            self._unasked += key
        return self.asked

    @contextmanager
    def in_company(self) -> Iterator[None]:
        """Leave them to somebody else meanwhile: they are in a talk."""
        self._in_company = self._in_talk = True
        self._emergency = False
        self._disarm()
        try:
            yield
        finally:
            self._in_company = False
            self._talk_is_over()
            self.begin()

    async def meanwhile(self, work: Awaitable[Done]) -> Done:
        """Do the work of a talk that is over for the caller, who is in no bridge any more."""
        self._in_company = False
        self._talk_is_over()
        self.begin()
        try:
            return await work
        finally:
            self._in_company = True
            self._disarm()

    def _talk_is_over(self) -> None:
        """Forget the keys that they pressed in the talk; what they press from now on is meant for us."""
        if self._in_talk:
            self._channel.keys.clear()
        self._in_talk = False

    async def over(self) -> None:
        """Go on with the caller: what is said next is heard at once.

        Raises EmergencySaid when they have pressed its key, unless somebody has come for them.
        """
        if self._filling is not None:
            await self.end()
        self.begin()
        if self._emergency and not self.urgent and not self._awaited():
            self._emergency = False
            if self._channel.gone:  # on record already
                raise CallGone(f"{self._channel.id} hung up")
            await self._note_pressed(self._words.key)
            raise EmergencySaid

    async def end(self) -> None:
        """End the words that they hear only because they wait; music goes on until they hear the next."""
        self._disarm()
        filling = self._filling
        if filling is None:
            return
        self._over = True
        self._channel.changed()
        await asyncio.wait({filling})
        self._filling, self._over, self._said = None, False, False
        self._playing.hush_beside()
        if self._unasked:
            unasked, self._unasked = self._unasked, ""
            await self._note_pressed(unasked)

    @property
    def _offers(self) -> bool:
        return not self._outgoing and not self.urgent

    @property
    def _may_leave(self) -> bool:
        """Whether Asterisk's own queue is better than to wait on; people whom we called do not know it."""
        return self.urgent and not self._outgoing

    def _disarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def _fill(self) -> None:
        self._alarm = None
        hears_music = self._playing.music and not self._may_leave
        if not hears_music and not self._channel.gone and not self._awaited():
            name = f"dead air {self._channel.id}"
            self._filling = self._tasks.create_task(self._isolated(), name=name)

    async def _isolated(self) -> None:
        failure = f"caller waits in silence call_id={self._channel.id}"
        with contextlib.suppress(CallGone):  # the next verb tells
            await run_isolated(self._filled, failure, passing=(CallGone, AriUnavailable))

    async def _filled(self) -> None:
        """Ask them to wait; music follows until it is over. With an emergency they wait for a moment only."""
        if not self._playing.music:
            await self._ask_to_wait()
        if not self._over:
            await self._playing.start_music()
        patience = EMERGENCY_SECONDS if self._may_leave else None
        await self._channel.until(lambda: self._over or self._emergency, patience)
        if self._emergency:
            await self._channel.until(lambda: self._over, EMERGENCY_SECONDS)
        await self._channel.until(lambda: self._over or self._awaited() or not self._coming())
        if not self._over and not self._awaited():
            log.warning("emergency given to Asterisk's own queue meanwhile call_id=%s", self._channel.id)
            if self._emergency:
                await self._note_pressed(self._words.key)
            await self._leave()

    async def _ask_to_wait(self) -> None:
        key = (self._words.emergency_key,) if self._offers else ()
        words = (self._words.please_wait, *key)
        try:
            media = await self._playing.made(words)
        except SynthesisError:  # music is better than nothing
            return
        if self._over:
            return
        self._said = True
        keys = self._channel.keys
        if not self.asked and self._offers and list(keys) == [self._words.key]:  # in the silence before
            keys.clear()
            self._emergency = True
            return
        await self._playing.sound(words, media, **{MEANWHILE: True})
        await self._playing.until_said(lambda: self._over or self._emergency)
        self._playing.hush_beside()

    async def _note_pressed(self, keys: str) -> None:
        detail: Mapping[str, Scalar] = {"key": keys, "asked": self._words.please_wait.name, MEANWHILE: True}
        await self._journey.note(Step.PRESSED, detail)
