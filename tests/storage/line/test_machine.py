"""Whatever people and machines do with the line in whatever order, and whatever fails on the way, it heals.

The telephone is a small model: who is on it, and which phones ring or talk. What fails, fails at a
statement of the database, or after it was done: then nobody hears of it.
"""

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import event

from hotline.errors import HotlineError
from hotline.line.cut_off import CutOff
from hotline.line.invariants import Bridge, Broken, InAsterisk, Living, Truth, broken
from hotline.line.line import Dispatcher, Offer, Priority, QueueEntry
from hotline.line.presence_states import CONSULT, ENGAGED, Presence
from hotline.line.queue_entry_states import HOLDING, QueueEntryState
from storage.store import Storage, open_storage
from telephony.ari.actions import Ari
from telephony.calls.talk import Talks
from telephony.line.fallback_queue import FallbackQueue
from telephony.node.invariant_healing import Healing
from telephony.node.registry import ChannelRegistry
from tests.effort import effort
from tests.fakes.clock import SetClock
from tests.storage.appeals.test_machine import Emptied, emptied
from tests.storage.conftest import NOON

__all__ = ["emptied"]

Given = TypeVar("Given")
DESKS, STEPS = 3, 30
EXAMPLES = {"sqlite": effort(day=5, night=50), "postgresql": effort(day=2, night=12)}
NUMBER = "+380457900001"
OUT_OF_REACH = frozenset({Truth.TALK_IS_RECORDED})
"""Nobody records here."""
BY_ITSELF = frozenset({Truth.ONE_ENTRY, Truth.ENTRY_ENGAGES, Truth.ONE_ATTEMPT})
"""What no failure at all may break, as it lies in one transaction."""
FAILS = st.one_of(st.none(), st.integers(0, 8))
"""At which statement the act fails; 0: it is done, and its answer is lost."""
desk = st.integers(1, DESKS)


skill = st.sampled_from(["heat", "english"])
skills = st.frozensets(skill)


def may_take(entry: QueueEntry, one: Dispatcher, everyone: Sequence[Dispatcher], at: datetime) -> bool:
    """Tell whether the caller may be offered to this dispatcher, as the rule says it."""
    if entry.wanted_dispatcher_id is not None:
        return entry.wanted_dispatcher_id == one.id
    if entry.anybody_from is None or entry.anybody_from <= at:
        return True
    assert entry.priority is not Priority.EMERGENCY
    return entry.skill in one.skills or not any(
        entry.skill in each.skills for each in everyone if each.on_duty
    )


class DiedError(Exception):
    """The database was gone in the middle of an act."""


@dataclass
class Phone:
    """A dispatcher's phone that rings or talks; `call` is None in a consult."""

    call: str | None
    up: bool = False
    calls_back: bool = False


class Line(RuleBasedStateMachine):
    """Three dispatchers and any number of callers."""

    emptied: Emptied

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.opened = open_storage(self.emptied())
        self.storage: Storage = self.run(self.opened.__aenter__())
        self.clock = SetClock(NOON)
        self.callers: set[str] = set()
        self.phones: dict[int, Phone] = {}
        self.named = 0
        self.healing = Healing(
            ari=Ari(Silent(), "hotline"),
            line=self.storage.line,
            kept=self.storage.kept_places,
            fallback=FallbackQueue.__new__(FallbackQueue),  # nothing here is left to Asterisk's own queue
            registry=ChannelRegistry(),
            talks=Talks.__new__(Talks),  # nobody records here
            clock=self.clock,
            wrap_up=timedelta(0),
            line_changed=asyncio.Event(),
        )

    def run(self, asked: Coroutine[Any, Any, Given]) -> Given:
        return self.runner.run(asked)

    def teardown(self) -> None:
        self.heals()
        self.run(self.opened.__aexit__(None, None, None))
        self.runner.close()

    @property
    def now(self) -> datetime:
        self.clock.pass_by(1)
        return self.clock.now()

    def tried(self, act: Coroutine[Any, Any, Given], fails: int | None) -> tuple[bool, Given | None]:
        """Do it, or fail; whether it is known how it went, and what it gave."""
        try:
            with self.failing(fails):
                given = self.run(act)
        except DiedError:
            return False, None
        return fails != 0, given

    @contextmanager
    def failing(self, statement: int | None) -> Iterator[None]:
        left = statement or 0

        def count(*_: object) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                raise DiedError

        engines = [
            self.storage.database._writer.sync_engine,
            self.storage.database._inline_writer.sync_engine,
        ]
        for engine in engines if left else ():
            event.listen(engine, "before_cursor_execute", count)
        try:
            yield
        finally:
            for engine in engines if statement else ():
                event.remove(engine, "before_cursor_execute", count)

    def place_of(self, call: str) -> QueueEntry | None:
        return self.run(self.storage.line.entry(call))

    @initialize(ready=st.lists(st.tuples(st.booleans(), skills), min_size=DESKS, max_size=DESKS))
    def people_come(self, *, ready: list[tuple[bool, frozenset[str]]]) -> None:
        for number, (is_ready, has) in enumerate(ready, start=1):
            one = self.run(self.storage.dispatchers.add(f"10{number}", "Оля", "s", has))
            assert one.id == number
            if is_ready:
                self.run(self.storage.dispatchers.set_presence(one.id, Presence.READY, self.now))

    @rule(priority=st.sampled_from(Priority), wanted=st.one_of(st.none(), desk), fails=FAILS)
    def somebody_calls(self, *, priority: Priority, wanted: int | None, fails: int | None) -> None:
        self._enters(fails, priority=priority, wanted_dispatcher_id=wanted)

    @rule(priority=st.sampled_from(Priority), skill=skill, patience=st.integers(0, 20), fails=FAILS)
    def somebody_asks_for_a_skill(
        self, *, priority: Priority, skill: str, patience: int, fails: int | None
    ) -> None:
        until = self.now + timedelta(seconds=patience)
        self._enters(fails, priority=priority, skill=skill, anybody_from=until)

    def _enters(self, fails: int | None, **asked: Any) -> None:
        self.named += 1
        call = f"c{self.named}"
        self.callers.add(call)
        self.tried(self.storage.line.enter(call, at=self.now, **asked), fails)

    @rule(one=desk, has=skills, fails=FAILS)
    def somebody_learns(self, *, one: int, has: frozenset[str], fails: int | None) -> None:
        self.tried(self.storage.dispatchers.set_skills(one, has), fails)

    @rule(fails=FAILS)
    def the_line_is_paired(self, *, fails: int | None) -> None:
        """Nobody who can be served waits, and for a skill one waits only for who has it."""
        before, at = self.run(self.storage.records.on_record()), self.now
        known, offer = self.tried(self.storage.line.pair(at), fails)
        if not known:
            return
        waiting = [one for one in before.entries if one.state is QueueEntryState.WAITING]
        free = [one for one in before.dispatchers if one.presence is Presence.READY]
        if offer is not None:
            self._rings(offer)
            entry = next(one for one in waiting if one.call_id == offer.call_id)
            taken = next(one for one in before.dispatchers if one.id == offer.dispatcher.id)
            assert may_take(entry, taken, before.dispatchers, at)
            others = (one for one in free if taken in free and may_take(entry, one, before.dispatchers, at))
            assert entry.skill in taken.skills or not any(entry.skill in one.skills for one in others)
        for entry in waiting if offer is None else ():
            kept = entry.callback_to is not None  # it may be their turn later
            assert kept or not any(may_take(entry, one, before.dispatchers, at) for one in free)

    @precondition(lambda self: self.callers)
    @rule(one=desk, data=st.data(), fails=FAILS)
    def somebody_is_picked(self, *, one: int, data: st.DataObject, fails: int | None) -> None:
        call = data.draw(st.sampled_from(sorted(self.callers)))
        known, offer = self.tried(self.storage.line.pick(call, one, self.now), fails)
        if known and offer is not None:
            self._rings(offer)

    def _rings(self, offer: Offer) -> None:
        """Nobody is rung who talks or is rung already, and nobody for a caller whom Asterisk has lost."""
        assert offer.dispatcher.id not in self.phones
        if offer.callback_to is None and offer.call_id not in self.callers:
            return
        self.phones[offer.dispatcher.id] = Phone(offer.call_id, calls_back=offer.callback_to is not None)

    def _phone(self, one: int, *, up: bool) -> Phone | None:
        phone = self.phones.get(one)
        return phone if phone is not None and phone.up is up and phone.call is not None else None

    @rule(one=desk, fails=FAILS)
    def a_phone_is_answered(self, *, one: int, fails: int | None) -> None:
        phone = self._phone(one, up=False)
        if phone is None or phone.call is None or phone.calls_back:
            return
        known, answered = self.tried(self.storage.line.answered(phone.call, one, self.now), fails)
        if known and answered:
            phone.up = True
        else:
            del self.phones[one]

    @rule(one=desk, fails=FAILS)
    def a_phone_is_not_answered(self, *, one: int, fails: int | None) -> None:
        phone = self._phone(one, up=False)
        if phone is None or phone.call is None:
            return
        del self.phones[one]
        if phone.calls_back:
            cut = self.storage.kept_places.break_off(phone.call, self.now, self.now)
            self.tried(cut, fails)
        else:
            self.tried(self.storage.line.missed(phone.call, one, self.now, pause_after=2), fails)

    @rule(one=desk, fails=FAILS)
    def a_talk_ends(self, *, one: int, fails: int | None) -> None:
        phone = self._phone(one, up=True)
        if phone is None or phone.call is None:
            return
        del self.phones[one]
        ending = self.storage.line.talk_ended(phone.call, one, self.now, wrap_up=timedelta(seconds=5))
        self.tried(ending, fails)
        self.callers.discard(phone.call)
        self.tried(self.storage.line.leave(phone.call, self.now), fails)

    @rule(one=desk, to=desk, fails=FAILS)
    def a_caller_is_passed_on_to_a_colleague_who_was_asked(
        self, *, one: int, to: int, fails: int | None
    ) -> None:
        phone, asked = self._phone(one, up=True), self.phones.get(to)
        if phone is None or phone.call is None or asked is None or asked.call is not None or one == to:
            return
        known, _ = self.tried(self.storage.line.passed_on(phone.call, to, self.now), fails)
        del self.phones[one]
        if known:
            asked.call = phone.call
            self.run(self.storage.line.disengage(to, self.now, reason=CONSULT))
        else:
            del self.phones[to]
        ending = self.storage.line.talk_ended(phone.call, one, self.now, wrap_up=timedelta(0))
        self.tried(ending, fails)

    @rule(one=desk, fails=FAILS)
    def a_dispatcher_calls_out(self, *, one: int, fails: int | None) -> None:
        self.named += 1
        call = f"out-{self.named}"
        known, before = self.tried(self.storage.line.calls_out(call, one, self.now), fails)
        if known and before is not None:
            assert one not in self.phones
            self.callers.add(call)
            self.phones[one] = Phone(call, up=True)
            self.run(self.storage.line.passed_on(call, one, self.now))

    @rule(one=desk, fails=FAILS)
    def a_dispatcher_is_asked(self, *, one: int, fails: int | None) -> None:
        known, engaged = self.tried(self.storage.line.engage(one, self.now, CONSULT), fails)
        if known and engaged:
            assert one not in self.phones
            self.phones[one] = Phone(None, up=True)

    @rule(one=desk, fails=FAILS)
    def a_consult_ends(self, *, one: int, fails: int | None) -> None:
        phone = self.phones.get(one)
        if phone is not None and phone.call is None:
            del self.phones[one]
            self.tried(self.storage.line.disengage(one, self.now, reason=CONSULT), fails)

    @rule(one=desk, presence=st.sampled_from([Presence.READY, Presence.PAUSED, Presence.AWAY]), fails=FAILS)
    def a_button_is_pressed(self, *, one: int, presence: Presence, fails: int | None) -> None:
        reason = "tea" if presence is Presence.PAUSED else ""
        with suppress(HotlineError):
            self.tried(self.storage.dispatchers.set_presence(one, presence, self.now, reason), fails)

    @precondition(lambda self: self.callers)
    @rule(data=st.data(), fails=FAILS)
    def a_caller_hangs_up(self, *, data: st.DataObject, fails: int | None) -> None:
        call = data.draw(st.sampled_from(sorted(self.callers)))
        self.callers.discard(call)
        for one, phone in list(self.phones.items()):
            if phone.call == call:
                del self.phones[one]
                if phone.up:
                    ending = self.storage.line.talk_ended(call, one, self.now, wrap_up=timedelta(0))
                    self.tried(ending, fails)
        self.tried(self.storage.line.leave(call, self.now), fails)

    @precondition(lambda self: self.callers)
    @rule(data=st.data(), fails=FAILS)
    def a_place_is_kept(self, *, data: st.DataObject, fails: int | None) -> None:
        call = data.draw(st.sampled_from(sorted(self.callers)))
        if self.place_of(call) is None:
            return
        known, kept = self.tried(self.storage.kept_places.keep(call, NUMBER, NOON), fails)
        if known and kept:
            self.callers.discard(call)

    @rule(fails=FAILS)
    def asterisk_dies(self, *, fails: int | None) -> None:
        """Everybody is cut off, and called back; the dispatchers of talks are kept free for them."""
        lost = sorted(self.callers)
        self.callers.clear()
        self.phones.clear()
        for call in lost:
            cut = CutOff(call_id=call, number=NUMBER, arrived_at=NOON)
            known, now = self.tried(self.storage.kept_places.cut_off(cut, self.now), fails)
            if known and now is not None and now.dispatcher_id is not None:
                self.phones[now.dispatcher_id] = Phone(call, calls_back=True)

    @rule(fails=FAILS)
    def time_after_calls_is_over(self, *, fails: int | None) -> None:
        self.clock.pass_by(10)
        self.tried(self.storage.line.end_wrap_ups(self.now), fails)

    @rule()
    def heals(self) -> None:
        """Everything holds again: nobody is engaged for nobody, and no talk was lost."""
        found = self._broken()
        for _ in range(4):
            for one in sorted(found):
                record = self.run(self.storage.records.on_record())
                self.run(self.healing.heal(one, record, self._asterisk()))
            found = self._broken()
        assert not found
        record = self.run(self.storage.records.on_record())
        held = {entry.dispatcher_id for entry in record.entries if entry.state in HOLDING}
        for one in record.dispatchers:
            assert (one.presence in ENGAGED) == (one.id in held or one.id in self.phones), one
        talking = {entry.call_id for entry in record.entries if entry.state is QueueEntryState.TALKING}
        assert {phone.call for phone in self.phones.values() if phone.up and phone.call} <= talking

    @invariant()
    def no_failure_breaks_what_lies_in_one_transaction(self) -> None:
        assert not {one for one in self._broken() if one.truth in BY_ITSELF}

    def _broken(self) -> set[Broken]:
        record = self.run(self.storage.records.on_record())
        return {one for one in broken(record, self._asterisk()) if one.truth not in OUT_OF_REACH}

    def _asterisk(self) -> InAsterisk:
        channels = [Living(id=call) for call in self.callers]
        bridges = []
        for one, phone in self.phones.items():
            leg = f"ring-{one}"
            if phone.calls_back:
                channels.append(Living(id=f"back-{one}", calls_back=phone.call, up=False))
                continue
            channels.append(Living(id=leg, desk=f"10{one}", up=phone.up))
            if phone.up:
                together = frozenset({leg, phone.call or leg})
                bridges.append(Bridge(id=f"talk-{leg}", named_after=leg, channels=together))
        return InAsterisk(channels={channel.id: channel for channel in channels}, bridges=bridges)


class Silent:
    """Asterisk, of which nothing is asked: all that is healed here is in the database."""

    async def request(self, method: str, path: str, *_: object) -> str:
        raise AssertionError(f"{method} {path}")

    def order(self, method: str, path: str) -> None:
        raise AssertionError(f"{method} {path}")


def test_the_line_heals_whatever_was_done_and_whatever_failed(emptied: tuple[str, Emptied]) -> None:
    name, fresh = emptied
    machine = type("LineHere", (Line,), {"emptied": staticmethod(fresh)})
    bounded = settings(
        max_examples=EXAMPLES[name], stateful_step_count=STEPS, deadline=None, phases=[Phase.generate]
    )
    run_state_machine_as_test(machine, settings=bounded)
