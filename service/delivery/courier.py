"""One channel's courier: claims owed notices, hands them over, and records the results.

Claim and result are two transactions with the hand-over between them. A courier that dies in between leaves a
claim behind; the notice becomes unsure, and the other side is asked, where it can be.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from hotline.clock import Clock
from hotline.contact.channel import Channel
from hotline.delivery.handing_over import (
    Attachment,
    Carrier,
    Known,
    Message,
    NotTaken,
    QuietHours,
    Receipts,
    Refused,
    Unclear,
    Word,
    ask_again_after,
    may_wait,
    wait_after,
)
from hotline.delivery.notice_states import NoticeEvent
from hotline.delivery.outbox import Hold, Notice, Outbox
from hotline.isolation import IsolatedItems, run_isolated
from service.delivery.pace import Breaker, Pace

_SETTLED = {
    Known.TAKEN: NoticeEvent.CONFIRM,
    Known.DELIVERED: NoticeEvent.DELIVER,
    Known.FAILED: NoticeEvent.BOUNCE,
    Known.UNKNOWN: NoticeEvent.MISS,
}
LONGEST_FAULT = 300

log = logging.getLogger(__name__)

Write = Callable[[Notice], Message]
"""Words a notice."""
Attach = Callable[[Notice], Awaitable[Sequence[Attachment]]]
"""Makes the files that go with a notice; raises NotTaken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourierLimits:
    """How much one channel does, and how patient it is."""

    per_minute: int = 60
    at_once: int = 4
    hand_over_seconds: float = 60.0
    """At the latest then it is unclear; carriers know sooner and better."""
    wait_seconds: float | None = None
    """How long a round waits; what takes longer goes on beside the next ones. None: to its end."""
    beside: int = 24
    """Recipients to whom something is handed over beside the rounds at most."""
    attach_seconds: float = 60.0
    """How long its files may take; afterwards it is tried again."""
    lease: timedelta = timedelta(minutes=5)
    """A claim that is older belongs to somebody who died."""
    grace: timedelta = timedelta(seconds=30)
    """How long the other side is given to know of what it got, before it is asked."""
    word_within: timedelta = timedelta(minutes=15)
    """How long an unsure notice holds back the following ones, where the other side can be asked."""
    awaited_for: timedelta = timedelta(days=3)
    """How long the other side is asked whether it was delivered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """The outbox, and the reports of gateways."""

    outbox: Outbox
    receipts: Receipts
    clock: Clock


class Courier:
    """Delivers one channel. Several couriers may work on one database: each has its own claims."""

    def __init__(
        self,
        channel: Channel,
        carrier: Carrier,
        books: Books,
        write: Write,
        *,
        limits: CourierLimits | None = None,
        quiet: QuietHours | None = None,
        attach: Attach | None = None,
        hold: Hold | None = None,
    ) -> None:
        """Give it its channel; `hold` tells which notices wait besides, and none of those has quiet hours."""
        self.channel = channel
        self._carrier = carrier
        self._books = books
        self._write = write
        self._limits = limits or CourierLimits()
        self._quiet = quiet
        self._attach = attach
        self._rests = hold
        self._pace = Pace(self._limits.per_minute)
        self._breaker = Breaker()
        self._isolated = IsolatedItems(f"notice by {channel} not looked at")
        self._going: dict[str, asyncio.Task[None]] = {}

    async def all_died(self) -> None:
        """Mark every claim as left behind: when no other process delivers from this database."""
        await self._died(self._books.clock.now())

    async def round(self) -> bool:
        """Settle unsure notices, ask about sent ones, hand over due ones; returns whether more may be due."""
        now = self._books.clock.now()
        under_way = await self._books.outbox.any_under_way(self.channel)  # mostly none is
        if under_way:
            await self._died(now - self._limits.lease)
        if self._breaker.open:
            return False
        if under_way:
            await self._settle_unsure(now)
        await self._ask_about_sent(now)
        return under_way and await self._hand_over_due()

    async def finish(self) -> None:
        """Wait for the hand-overs that go on beside the rounds."""
        await self._wait(None)

    def drop(self) -> None:
        """Break off the hand-overs beside the rounds: they are left as those of a courier that died."""
        for one in self._going.values():
            one.cancel()
        self._going.clear()

    async def _died(self, before: datetime) -> None:
        now = self._books.clock.now()
        if number := await self._books.outbox.died(before, now, (self.channel,)):
            log.warning("hand-over died channel=%s notices=%d", self.channel, number)

    @property
    def _settles(self) -> bool:
        """Whether unsure notices are settled without a person."""
        return self._carrier.asks_by_key or self._carrier.repeatable

    async def _settle_unsure(self, now: datetime) -> None:
        if not self._settles:
            return
        for notice in await self._books.receipts.unsure(self.channel, now - self._limits.grace):
            if self._breaker.open:
                return
            await self._isolated.do(f"unsure-{notice.id}", partial(self._settle_one, notice))

    async def _settle_one(self, notice: Notice) -> None:
        word: Word | None = Word(known=Known.UNKNOWN)
        if self._carrier.asks_by_key:
            word = await self._ask(notice)
        if word is not None:
            await self._settle(notice, word)

    async def _ask_about_sent(self, now: datetime) -> None:
        if not self._carrier.asks_by_id:
            return
        since, by = now - self._limits.awaited_for, now - self._limits.grace
        for notice in await self._books.receipts.awaited(self.channel, since, by):
            if self._breaker.open:
                return
            await self._isolated.do(f"sent-{notice.id}", partial(self._ask_about, notice))

    async def _ask_about(self, notice: Notice) -> None:
        word = await self._ask(notice)
        if word is not None and word.known in (Known.DELIVERED, Known.FAILED):
            await self._settle(notice, word)
        elif word is not None:
            await self._ask_later(notice)

    async def _ask(self, notice: Notice) -> Word | None:
        """Ask the other side; None when it does not answer, and it is asked again later."""
        try:
            return await self._carrier.ask(key=notice.key, provider_id=notice.provider_id)
        except NotTaken as error:
            await self._ask_later(notice)
            if error.theirs:
                self._away(error.after, error)
            return None

    async def _ask_later(self, notice: Notice) -> None:
        now = self._books.clock.now()
        await self._books.receipts.ask_later(notice, now + ask_again_after(notice, now))

    async def _settle(self, notice: Notice, word: Word) -> None:
        event = _SETTLED[word.known]
        fault = word.said[:LONGEST_FAULT] if event is NoticeEvent.BOUNCE else ""
        now = self._books.clock.now()
        if await self._books.receipts.settle(notice, now, event, word.provider_id, fault):
            log.info(
                "notice settled id=%d channel=%s was=%s said=%s", notice.id, self.channel, notice.state, event
            )

    async def _hand_over_due(self) -> bool:
        await self._wait(0)
        beside = self._limits.beside - len(self._going)
        room = min(1 if self._breaker.trying else self._limits.at_once, self._pace.left(), beside)
        if room <= 0:
            return False
        now = self._books.clock.now()
        word_within = self._limits.word_within if self._settles else timedelta()
        claimed = await self._books.outbox.claim(
            (self.channel,), now, room, hold=self._hold(now), word_within=word_within, but=self._going
        )
        self._pace.count(len(claimed))
        by_recipient: dict[str, list[Notice]] = defaultdict(list)
        for notice in claimed:
            by_recipient[notice.to].append(notice)
        for recipient, notices in by_recipient.items():
            self._going[recipient] = asyncio.create_task(self._in_order(notices))
        await self._wait(self._limits.wait_seconds)
        return bool(claimed) and not self._breaker.open

    async def _wait(self, seconds: float | None) -> None:
        """Wait for the hand-overs under way, or until the time is over; raises the error of a failed one."""
        if not self._going:
            return
        try:
            await asyncio.wait(self._going.values(), timeout=seconds)
        except asyncio.CancelledError:
            self.drop()
            raise
        ended = [self._going.pop(name) for name, one in list(self._going.items()) if one.done()]
        for error in [one.exception() for one in ended]:
            if error is not None:
                raise error

    def _hold(self, now: datetime) -> Hold | None:
        if self._rests is not None:
            return self._rests
        end = self._quiet.end(now) if self._quiet else None
        return None if end is None else lambda notice: end if may_wait(notice) else None

    async def _in_order(self, notices: Sequence[Notice]) -> None:
        """One after another, so that a recipient hears of things in the order in which they happened."""
        for notice in notices:
            failure = f"notice not handed over id={notice.id} channel={self.channel}"
            if not await run_isolated(partial(self._hand_over, notice), failure):
                await self._books.outbox.unclear(notice.id, self._now(), "failed unexpectedly: see the log")

    async def _hand_over(self, notice: Notice) -> None:
        outbox = self._books.outbox
        try:
            message = self._write(notice)
        except (LookupError, ValueError) as error:
            log.error("notice cannot be worded id=%d about=%s reason=%r", notice.id, notice.about, error)
            await outbox.failed(notice.id, self._now(), f"cannot be worded: {error!r}", again_in=None)
            return
        try:
            message = await self._with_files(message, notice)
            async with asyncio.timeout(self._limits.hand_over_seconds):
                provider_id = await self._carrier.hand_over(message)
        except NotTaken as error:
            await self._not_taken(notice, error)
        except Refused as error:
            log.warning("notice refused id=%d channel=%s reason=%s", notice.id, self.channel, error)
            await outbox.failed(notice.id, self._now(), str(error)[:LONGEST_FAULT], again_in=None)
        except (Unclear, TimeoutError) as error:
            reason = str(error) or "no answer in time"
            await outbox.unclear(notice.id, self._now(), reason[:LONGEST_FAULT])
            if not isinstance(error, Unclear) or error.theirs:
                self._away(None, error)
        else:
            await outbox.sent(notice.id, self._now(), provider_id)
            if self._breaker.trying:
                log.info("channel is back channel=%s", self.channel)
            self._breaker.worked()
            log.info("notice sent id=%d channel=%s about=%s", notice.id, self.channel, notice.about)

    async def _with_files(self, message: Message, notice: Notice) -> Message:
        """Have its files made. Raises NotTaken: nothing has been handed over so far."""
        if self._attach is None:
            return message
        try:
            async with asyncio.timeout(self._limits.attach_seconds):
                return replace(message, attachments=await self._attach(notice))
        except TimeoutError as error:
            raise NotTaken("its files were not made in time") from error

    async def _not_taken(self, notice: Notice, error: NotTaken) -> None:
        now = self._now()
        wait = wait_after(notice, now, asked=error.after)
        await self._books.outbox.failed(notice.id, now, str(error)[:LONGEST_FAULT], again_in=wait)
        if wait is None:
            log.error("notice given up id=%d channel=%s tries=%d", notice.id, self.channel, notice.tries)
        if error.theirs:
            self._away(error.after, error)

    def _away(self, after: timedelta | None, error: Exception) -> None:
        pause = self._breaker.failed(after)
        log.warning("channel away channel=%s again_in=%.0fs reason=%s", self.channel, pause, error)

    def _now(self) -> datetime:
        return self._books.clock.now()
