"""Gives messengers what is written to residents: in order, once, and one person's failure holds up nobody.

What was on its way when the process died, or was not answered, is given again and says so: no messenger
can be asked whether it has a message.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from attrs import define, field

from hotline.chats.chat_states import ChatState
from hotline.chats.chats import AGAIN, BY_RESIDENT, READ, Button, Chat, Chats, Line, Medium
from hotline.chats.messengers import Letter, Messenger, NotGiven, NotReached
from hotline.isolation import run_isolated

log = logging.getLogger(__name__)

AT_ONCE = 8
PERSON_PAUSE = 1.0
"""Seconds between two letters to one person: messengers refuse more."""
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 300.0
"""Seconds for which a person is left alone after a failure, doubling."""
LOOKED_EVERY = 60.0


@define(eq=False, repr=False, kw_only=True)
class Sending:
    """Gives one messenger what is owed. `gone` is told of who is not reached any more."""

    _medium: Medium
    _chats: Chats
    _messenger: Messenger
    _gone: Callable[[Chat], Awaitable[None]]
    _ready: Callable[[Chat], bool] = lambda _chat: True
    """Tells whether the chat may be given now: nothing of it is being worked off."""
    _answers_alone: bool = False
    """Of the hotline's texts only those behind the resident's last words are given."""
    _pause: float = PERSON_PAUSE
    _monotonic: Callable[[], float] = time.monotonic
    _news: asyncio.Event = field(factory=asyncio.Event, init=False)
    _not_before: dict[int, float] = field(factory=dict, init=False)
    _failures: dict[int, int] = field(factory=dict, init=False)
    _all_not_before: float = field(default=0.0, init=False)

    def tell(self, chat: Chat) -> None:
        """Hear that a chat has changed."""
        if chat.medium is self._medium:
            self._news.set()

    def look(self) -> None:
        """Look again: what was being worked off may be given now."""
        self._news.set()

    async def keep(self) -> None:
        """Give what is owed, for ever."""
        while True:
            self._news.clear()
            await run_isolated(self.once, f"lines of chats not given to {self._medium}")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), self._next_look())

    async def once(self) -> None:
        """Give what may be given now."""
        now = self._monotonic()
        unsent = await self._chats.unsent(self._medium)
        owed = [one for one in unsent if self._may(one.id, now) and self._ready(one)]
        self._not_before = {one: at for one, at in self._not_before.items() if at > now}
        turns = asyncio.Semaphore(AT_ONCE)

        async def one_after(chat: Chat) -> None:
            async with turns:
                if self._monotonic() >= self._all_not_before:
                    await run_isolated(lambda: self._give(chat), f"lines not given chat={chat.id}")

        await asyncio.gather(*(one_after(one) for one in owed))

    def _may(self, chat_id: int, now: float) -> bool:
        return now >= max(self._all_not_before, self._not_before.get(chat_id, 0.0))

    def _next_look(self) -> float:
        """Give the seconds until somebody who was left alone may be given more."""
        soonest = min(self._not_before.values(), default=self._monotonic() + LOOKED_EVERY)
        return max(0.05, max(soonest, self._all_not_before) - self._monotonic())

    async def _give(self, chat: Chat) -> None:
        lines = await self._chats.lines(chat.id, after=chat.sent)
        given = _behind_words(lines) if self._answers_alone else lines
        ours = [one for one in _latest_words(given) if one.kind in READ - BY_RESIDENT]
        texts = list(filter(None, map(_text_of, ours)))
        last = lines[-1].number if lines else chat.lines
        if not texts:
            await self._chats.sent_up_to(chat.id, last)
            return
        letter = Letter(
            chat=chat,
            texts=texts,
            buttons=_open_choices(lines),
            seen=last,
            first=chat.sent == 0 and chat.state is not ChatState.OVER,
            again=chat.sending is not None,
        )
        await self._chats.send_up_to(chat.id, last)
        self._leave_alone(chat.id, pause_after(self._failures.get(chat.id, 0)))
        self._failures[chat.id] = self._failures.get(chat.id, 0) + 1
        try:
            await self._messenger.give(letter)
        except NotReached as error:
            log.info("chat is not reached any more chat=%s why=%s", chat.id, error)
            await self._gone(chat)
        except NotGiven as error:
            await self._chats.send_up_to(chat.id, chat.sending)
            log.warning("lines not taken by %s chat=%s why=%s", self._medium, chat.id, error)
            if error.after:
                self._all_not_before = max(self._all_not_before, self._monotonic() + error.after)
            return
        else:
            await self._chats.sent_up_to(chat.id, last)
        self._failures.pop(chat.id, None)
        self._leave_alone(chat.id, self._pause)

    def _leave_alone(self, chat_id: int, seconds: float) -> None:
        self._not_before[chat_id] = self._monotonic() + seconds


def pause_after(failures: int) -> float:
    """Give the pause, in seconds, before a person is tried again who was not reached `failures` times."""
    doubled = FIRST_PAUSE
    while failures and doubled < LONGEST_PAUSE:
        doubled, failures = 2 * doubled, failures - 1
    return min(doubled, LONGEST_PAUSE)


def _text_of(line: Line) -> str:
    """Give its text; a question of choices alone is told by them."""
    return line.text or " · ".join(one.label for one in line.buttons)


def _latest_words(lines: Sequence[Line]) -> Sequence[Line]:
    """Give the lines, but those that a later one says anew: of an album the last count is given."""
    latest = {about: one.number for one in lines if isinstance(about := one.detail.get(AGAIN), str)}
    return [one for one in lines if latest.get(one.detail.get(AGAIN, ""), one.number) == one.number]


def _behind_words(lines: Sequence[Line]) -> Sequence[Line]:
    """Give the lines behind the last that the resident wrote."""
    since = max((at + 1 for at, one in enumerate(lines) if one.kind in BY_RESIDENT), default=0)
    return lines[since:]


def _open_choices(lines: Sequence[Line]) -> tuple[Button, ...]:
    """Give the choices of the question that nobody has answered yet."""
    for one in reversed(lines):
        if one.kind in BY_RESIDENT:
            return ()
        if one.buttons:
            return one.buttons
    return ()
