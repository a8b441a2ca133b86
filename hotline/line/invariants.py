"""Invariants of the line and of Asterisk together, and which of them are broken; this module heals nothing.

`broken` compares the database with Asterisk at about the same moment. The two are read one after the other
and change meanwhile, so an invariant counts as broken only when it stays broken for its `patience`, look
after look (`Looks`).
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from hotline.line.line import Dispatcher, QueueEntry
from hotline.line.presence_states import CALLING_OUT, ENGAGED, Presence
from hotline.line.queue_entry_states import HOLDING, QueueEntryState


class Truth(StrEnum):
    """Invariants; `SENTENCES` has the sentence of each."""

    ONE_ENTRY = "one-place"
    ENTRY_ENGAGES = "place-engages"
    ENGAGED_WITH_SOMEBODY = "engaged-with-somebody"
    PHONE_ENGAGES = "phone-engages"
    OFFER_RINGS = "offer-rings"
    TALK_HAS_PHONE = "talk-has-phone"
    TALK_IS_HEARD = "talk-is-heard"
    CALLER_IS_HERE = "caller-is-here"
    BRIDGE_HOLDS_SOMEBODY = "bridge-holds-somebody"
    CHANNEL_IS_FOLLOWED = "channel-is-followed"
    CALL_ENDS = "call-ends"
    TALK_ENDS = "talk-ends"
    TALK_IS_RECORDED = "talk-is-recorded"
    ONE_ATTEMPT = "one-attempt"
    LISTENER_HAS_TALK = "listener-has-talk"


SENTENCES: Mapping[Truth, str] = {
    Truth.ONE_ENTRY: "a dispatcher has at most one caller offered or talking",
    Truth.ENTRY_ENGAGES: "whoever has a caller offered or talking is shown as engaged",
    Truth.ENGAGED_WITH_SOMEBODY: "an engaged dispatcher has a caller, or somebody on their telephone",
    Truth.PHONE_ENGAGES: "whoever talks on their telephone is engaged",
    Truth.OFFER_RINGS: "a caller who is offered to a dispatcher rings there",
    Truth.TALK_HAS_PHONE: "a talk has the dispatcher's telephone in it",
    Truth.TALK_IS_HEARD: "the dispatcher of a talk is connected with somebody",
    Truth.CALLER_IS_HERE: "whoever stands in the line is on the telephone, or is to be called back",
    Truth.BRIDGE_HOLDS_SOMEBODY: "no bridge of ours is left empty",
    Truth.CHANNEL_IS_FOLLOWED: "no channel in our application is followed by nobody",
    Truth.CALL_ENDS: "a call that is over in Asterisk is over on record",
    Truth.TALK_ENDS: "a talk on record that goes on has its place in the line",
    Truth.TALK_IS_RECORDED: "a talk is recorded, unless the caller refused",
    Truth.ONE_ATTEMPT: "at most one attempt to call a number is under way",
    Truth.LISTENER_HAS_TALK: "a supervisor listens to a call that goes on",
}

_PATIENCE: Mapping[Truth, timedelta] = {
    # The row is written first, the telephone is rung or taken next.
    Truth.OFFER_RINGS: timedelta(seconds=5),
    Truth.TALK_HAS_PHONE: timedelta(seconds=5),
    Truth.ENGAGED_WITH_SOMEBODY: timedelta(seconds=5),
    Truth.CALLER_IS_HERE: timedelta(seconds=5),
    Truth.BRIDGE_HOLDS_SOMEBODY: timedelta(seconds=5),
    Truth.LISTENER_HAS_TALK: timedelta(seconds=5),
    # A page is notified first, and a called person hears who calls, before they are connected.
    Truth.TALK_IS_HEARD: timedelta(seconds=60),
    # A channel is made, then put on record, then followed; a database that is locked delays that.
    Truth.CHANNEL_IS_FOLLOWED: timedelta(seconds=20),
    Truth.TALK_IS_RECORDED: timedelta(seconds=15),
    # Asterisk's own account, by which calls end, and talks that its own queue held, is read seconds behind.
    Truth.TALK_ENDS: timedelta(seconds=15),
    Truth.CALL_ENDS: timedelta(seconds=60),
}
AT_LEAST = timedelta(seconds=2)
"""The shortest patience: one transaction of ours is not one of Asterisk's."""
IS_CALLED_BACK_WITHIN = timedelta(seconds=30)
"""How long a kept place may be offered before its number is dialled: a line or a voice may be awaited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Living:
    """A channel that lives in Asterisk."""

    id: str
    desk: str | None = None
    """The extension of the dispatcher whose phone this is; None: a citizen's channel, or an outside
    party's."""
    up: bool = True
    """Answered."""
    ours: bool = True
    """In our application, and not in Asterisk's own hands."""
    calls_back: str | None = None
    """The call whose kept place this channel calls back."""
    listens_to: str | None = None
    """The channel to which a supervisor listens, or for whom this one carries the sound; None in a talk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridge:
    """A bridge that we made, and the channel after which it is named."""

    id: str
    named_after: str
    channels: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class InAsterisk:
    """Channels and bridges alive in Asterisk.

    `followed`: the channels that the service follows, where known.
    """

    channels: Mapping[str, Living]
    bridges: Sequence[Bridge]
    followed: AbstractSet[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTalk:
    """A talk on record that has not ended."""

    call_id: str
    dispatcher_id: int
    recorded: bool
    """A recording of this dispatcher in this call is on record, or the caller refused it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnRecord:
    """The database's view of the line."""

    entries: Sequence[QueueEntry]
    dispatchers: Sequence[Dispatcher]
    talks: Sequence[OpenTalk]
    unended: AbstractSet[str]
    """The calls without an ending."""
    attempts: Mapping[str, str] = field(default_factory=dict)
    """The attempts to call somebody that are under way, by call, with the number."""


class Records(Protocol):
    """Reads the database's view of the line."""

    async def on_record(self) -> OnRecord: ...


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Broken:
    """A broken invariant and its subject. `channel` is the id of a channel or a bridge."""

    truth: Truth
    call_id: str = ""
    dispatcher_id: int = 0
    channel: str = ""
    kept: bool = False
    """The call's place is kept: they are called back, and not on the telephone."""

    @property
    def patience(self) -> timedelta:
        """How long it must stay broken to count."""
        kept = self.kept and self.truth is Truth.OFFER_RINGS
        return IS_CALLED_BACK_WITHIN if kept else _PATIENCE.get(self.truth, AT_LEAST)

    def __str__(self) -> str:
        about = {"call_id": self.call_id, "dispatcher": self.dispatcher_id, "channel": self.channel}
        known = (f"{name}={value}" for name, value in about.items() if value)
        return " ".join([self.truth, *known])


@dataclass(frozen=True, slots=True)
class Looks:
    """Since when, by a clock that never jumps, each broken truth has been seen broken at every look."""

    since: Mapping[Broken, float] = field(default_factory=dict)

    def after(self, broken: Collection[Broken], at: float) -> "Looks":
        """Look once more: what holds again is forgotten."""
        return Looks({one: self.since.get(one, at) for one in broken})

    def without(self, one: Broken) -> "Looks":
        """Forget one that was healed: should it be broken again, it is a new matter."""
        return Looks({other: since for other, since in self.since.items() if other != one})

    def standing(self, at: float) -> Sequence[Broken]:
        """Return the invariants that have been broken for long enough to count."""
        return sorted(one for one, since in self.since.items() if at - since >= one.patience.total_seconds())


def broken(record: OnRecord, asterisk: InAsterisk) -> AbstractSet[Broken]:
    """Tell every truth that does not hold."""
    return frozenset(_Look(record, asterisk).all())


class _Look:
    def __init__(self, record: OnRecord, asterisk: InAsterisk) -> None:
        self._record = record
        self._asterisk = asterisk
        self._held: dict[int, list[QueueEntry]] = defaultdict(list)
        for entry in record.entries:
            if entry.dispatcher_id is not None and entry.state in HOLDING:
                self._held[entry.dispatcher_id].append(entry)
        self._phones: dict[str, list[Living]] = defaultdict(list)
        for channel in asterisk.channels.values():
            if channel.desk is not None:
                self._phones[channel.desk].append(channel)
        self._bridged = {channel for bridge in asterisk.bridges for channel in bridge.channels}
        self._dispatchers = {one.id: one for one in record.dispatchers}

    def all(self) -> Iterator[Broken]:
        for dispatcher in self._record.dispatchers:
            yield from self._of_dispatcher(dispatcher)
        for entry in self._record.entries:
            yield from self._of_entry(entry)
        for talk in self._record.talks:
            yield from self._of_talk(talk)
        yield from self._of_asterisk()
        yield from self._of_calls()

    def _of_dispatcher(self, dispatcher: Dispatcher) -> Iterator[Broken]:
        held, phones = self._held[dispatcher.id], self._phones[dispatcher.extension]
        if len(held) > 1:
            yield Broken(truth=Truth.ONE_ENTRY, dispatcher_id=dispatcher.id)
        if held and dispatcher.presence not in ENGAGED:
            yield Broken(truth=Truth.ENTRY_ENGAGES, dispatcher_id=dispatcher.id, call_id=held[0].call_id)
        if not held and dispatcher.presence in ENGAGED and not phones:
            yield Broken(truth=Truth.ENGAGED_WITH_SOMEBODY, dispatcher_id=dispatcher.id)
        free = not held and dispatcher.presence not in ENGAGED | {
            Presence.AWAY
        }  # who is away may be asked, and stays so
        if free and any(phone.up for phone in phones):
            yield Broken(truth=Truth.PHONE_ENGAGES, dispatcher_id=dispatcher.id)

    def _of_entry(self, entry: QueueEntry) -> Iterator[Broken]:
        kept = entry.callback_to is not None
        if not kept and entry.call_id not in self._asterisk.channels:
            yield Broken(truth=Truth.CALLER_IS_HERE, call_id=entry.call_id)
        if entry.dispatcher_id is None or entry.state not in HOLDING:
            return
        dispatcher = self._dispatchers.get(entry.dispatcher_id)
        if dispatcher is None:  # they came between the two readings
            return
        phones = self._phones[dispatcher.extension]
        if kept:
            if not any(one.calls_back == entry.call_id for one in self._asterisk.channels.values()):
                yield Broken(
                    truth=Truth.OFFER_RINGS, kept=True, call_id=entry.call_id, dispatcher_id=dispatcher.id
                )
        elif entry.state is QueueEntryState.OFFERED:
            if not phones:
                yield Broken(truth=Truth.OFFER_RINGS, call_id=entry.call_id, dispatcher_id=dispatcher.id)
        else:
            yield from self._of_conversation(entry.call_id, dispatcher, phones)

    def _of_conversation(
        self, call_id: str, dispatcher: Dispatcher, phones: Sequence[Living]
    ) -> Iterator[Broken]:
        calls_out = dispatcher.reason == CALLING_OUT  # their phone rings first, then that of somebody outside
        if not any(phone.up or calls_out for phone in phones):
            yield Broken(truth=Truth.TALK_HAS_PHONE, call_id=call_id, dispatcher_id=dispatcher.id)
        elif not calls_out and not any(phone.id in self._bridged for phone in phones):
            yield Broken(truth=Truth.TALK_IS_HEARD, call_id=call_id, dispatcher_id=dispatcher.id)

    def _of_talk(self, talk: OpenTalk) -> Iterator[Broken]:
        of = [entry for entry in self._held[talk.dispatcher_id] if entry.call_id == talk.call_id]
        dispatcher = self._dispatchers.get(talk.dispatcher_id)
        phones = self._phones[dispatcher.extension] if dispatcher is not None else []
        up = [phone for phone in phones if phone.up]  # without the citizen they may go on with a third
        if not of and not up:
            yield Broken(truth=Truth.TALK_ENDS, call_id=talk.call_id, dispatcher_id=talk.dispatcher_id)
        if of and not talk.recorded and any(phone.id in self._bridged for phone in up):
            yield Broken(truth=Truth.TALK_IS_RECORDED, call_id=talk.call_id, dispatcher_id=talk.dispatcher_id)

    def _of_asterisk(self) -> Iterator[Broken]:
        channels, followed = self._asterisk.channels, self._asterisk.followed
        for bridge in self._asterisk.bridges:
            if not bridge.channels and bridge.named_after not in channels:
                yield Broken(truth=Truth.BRIDGE_HOLDS_SOMEBODY, channel=bridge.id)
        for channel in channels.values():
            if channel.listens_to is not None and channel.listens_to not in channels:
                yield Broken(truth=Truth.LISTENER_HAS_TALK, channel=channel.id)
        if followed is not None:
            for channel in channels.values():
                if channel.ours and channel.id not in followed:
                    yield Broken(truth=Truth.CHANNEL_IS_FOLLOWED, channel=channel.id)

    def _of_calls(self) -> Iterator[Broken]:
        for call_id in self._record.unended - self._asterisk.channels.keys():
            yield Broken(truth=Truth.CALL_ENDS, call_id=call_id)
        numbers: dict[str, str] = {}
        for call_id, number in self._record.attempts.items():
            if numbers.setdefault(number, call_id) != call_id:
                yield Broken(truth=Truth.ONE_ATTEMPT, call_id=call_id)
