"""Each truth holds of a line that works, and is told by its name when it does not."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hotline.line.invariants import (
    SENTENCES,
    Bridge,
    Broken,
    InAsterisk,
    Living,
    Looks,
    OnRecord,
    OpenTalk,
    Truth,
    broken,
)
from hotline.line.line import Dispatcher, Priority, QueueEntry
from hotline.line.presence_states import CALLING_OUT, CONSULT, SUPERVISING, Presence
from hotline.line.queue_entry_states import QueueEntryState

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
OLYA = Dispatcher(id=1, extension="201", name="Оля", secret="s", presence=Presence.READY, since=NOON)
TARAS = replace(OLYA, id=2, extension="202", name="Тарас")
CITIZEN = Living(id="c1")
PHONE = Living(id="ring-c1-1", desk="201")
TALK = Bridge(id="talk-ring-c1-1", named_after="ring-c1-1", channels=frozenset({"c1", "ring-c1-1"}))
WAITS = QueueEntry(call_id="c1", priority=Priority.ORDINARY, entered_at=NOON)
OFFERED = replace(WAITS, state=QueueEntryState.OFFERED, dispatcher_id=OLYA.id)
TALKS = replace(WAITS, state=QueueEntryState.TALKING, dispatcher_id=OLYA.id)
KEPT = replace(WAITS, callback_to="+380457900001")
OPEN = OpenTalk(call_id="c1", dispatcher_id=OLYA.id, recorded=True)


def look(
    *,
    entries: Sequence[QueueEntry] = (),
    dispatchers: Sequence[Dispatcher] = (OLYA, TARAS),
    talks: Sequence[OpenTalk] = (),
    unended: Sequence[str] = (),
    attempts: Sequence[tuple[str, str]] = (),
    channels: Sequence[Living] = (),
    bridges: Sequence[Bridge] = (),
    followed: set[str] | None = None,
) -> list[str]:
    """The names of what is broken."""
    record = OnRecord(
        entries=entries,
        dispatchers=dispatchers,
        talks=talks,
        unended=frozenset(unended),
        attempts=dict(attempts),
    )
    alive = InAsterisk(channels={one.id: one for one in channels}, bridges=bridges, followed=followed)
    return sorted(str(one) for one in broken(record, alive))


def presence(one: Dispatcher, what: Presence, reason: str = "") -> Dispatcher:
    return replace(one, presence=what, reason=reason)


def test_every_truth_has_a_sentence() -> None:
    assert SENTENCES.keys() == set(Truth)


RINGING = replace(PHONE, up=False)
HOLDS: dict[str, Callable[[], list[str]]] = {
    "nothing goes on": look,
    "a caller waits": lambda: look(entries=[WAITS], channels=[CITIZEN], unended=["c1"], followed={"c1"}),
    "a caller waits in Asterisk's own queue": lambda: look(
        entries=[WAITS], channels=[replace(CITIZEN, ours=False)], unended=["c1"], followed=set()
    ),
    "a kept place waits for its turn": lambda: look(entries=[KEPT]),
    "a kept place is called back": lambda: look(
        entries=[replace(KEPT, state=QueueEntryState.OFFERED, dispatcher_id=1)],
        dispatchers=[presence(OLYA, Presence.OFFERED)],
        channels=[Living(id="out-back-1-c1", calls_back="c1", up=False)],
    ),
    "a phone rings": lambda: look(
        entries=[OFFERED], dispatchers=[presence(OLYA, Presence.OFFERED)], channels=[CITIZEN, RINGING]
    ),
    "two talk": lambda: look(
        entries=[TALKS],
        dispatchers=[presence(OLYA, Presence.TALKING)],
        talks=[OPEN],
        channels=[CITIZEN, PHONE],
        bridges=[TALK],
        followed={"c1", "ring-c1-1"},
    ),
    "the dispatcher asks a third while the citizen hears music": lambda: look(
        entries=[TALKS],
        dispatchers=[presence(OLYA, Presence.TALKING)],
        talks=[OPEN],
        channels=[CITIZEN, PHONE, Living(id="third-1-ring-c1-1")],
        bridges=[
            replace(TALK, channels=frozenset({"c1"})),
            Bridge(
                id="consult-third-1-ring-c1-1",
                named_after="third-1-ring-c1-1",
                channels=frozenset({"ring-c1-1", "third-1-ring-c1-1"}),
            ),
        ],
    ),
    "the dispatcher goes on with a third when the citizen has hung up": lambda: look(
        dispatchers=[presence(OLYA, Presence.TALKING)], talks=[OPEN], channels=[PHONE], bridges=[TALK]
    ),
    "the citizen was left with a third": lambda: look(
        entries=[replace(TALKS, dispatcher_id=None)], channels=[CITIZEN], bridges=[TALK]
    ),
    "a dispatcher asks a colleague": lambda: look(
        dispatchers=[presence(OLYA, Presence.TALKING, CONSULT), presence(TARAS, Presence.TALKING, CONSULT)],
        channels=[Living(id="a", desk="201"), Living(id="b", desk="202", up=False)],
    ),
    "a dispatcher calls out and is rung first": lambda: look(
        entries=[TALKS],
        dispatchers=[presence(OLYA, Presence.TALKING, CALLING_OUT)],
        channels=[replace(CITIZEN, up=False), RINGING],
    ),
    "who is away talks with a colleague, and stays away": lambda: look(
        dispatchers=[presence(OLYA, Presence.AWAY)], channels=[PHONE]
    ),
    "a bridge was just made for somebody who lives": lambda: look(
        channels=[PHONE], dispatchers=[], bridges=[replace(TALK, channels=frozenset())]
    ),
    "a talk without a recording is not connected yet": lambda: look(
        entries=[TALKS],
        dispatchers=[presence(OLYA, Presence.TALKING, CALLING_OUT)],
        talks=[replace(OPEN, recorded=False)],
        channels=[CITIZEN, PHONE],
    ),
    "a head listens to a talk": lambda: look(
        entries=[TALKS],
        dispatchers=[presence(OLYA, Presence.TALKING), presence(TARAS, Presence.TALKING, SUPERVISING)],
        talks=[OPEN],
        channels=[
            CITIZEN,
            PHONE,
            Living(id="watch-c1", desk="202", listens_to="c1"),
            Living(id="snoop-1", listens_to="watch-c1"),
        ],
        bridges=[TALK],
    ),
    "two numbers are called": lambda: look(attempts=[("out-1", "+380451"), ("out-2", "+380452")]),
}


@pytest.mark.parametrize("scene", HOLDS)
def test_nothing_is_broken_while(scene: str) -> None:
    assert HOLDS[scene]() == []


BREAKS: dict[str, Callable[[], list[str]]] = {
    "one-place dispatcher=1": lambda: look(
        entries=[TALKS, replace(OFFERED, call_id="c2")],
        dispatchers=[presence(OLYA, Presence.TALKING)],
        channels=[CITIZEN, PHONE, replace(CITIZEN, id="c2")],
        bridges=[TALK],
    ),
    "place-engages call_id=c1 dispatcher=1": lambda: look(
        entries=[TALKS], channels=[CITIZEN, PHONE], bridges=[TALK]
    ),
    "engaged-with-somebody dispatcher=1": lambda: look(dispatchers=[presence(OLYA, Presence.TALKING)]),
    "phone-engages dispatcher=1": lambda: look(channels=[replace(PHONE, ours=False)], followed=set()),
    "offer-rings call_id=c1 dispatcher=1": lambda: look(
        entries=[OFFERED], dispatchers=[presence(OLYA, Presence.OFFERED)], channels=[CITIZEN]
    ),
    "talk-has-phone call_id=c1 dispatcher=1": lambda: look(
        entries=[TALKS],
        dispatchers=[presence(OLYA, Presence.TALKING)],
        channels=[CITIZEN, RINGING],
        bridges=[TALK],
    ),
    "talk-is-heard call_id=c1 dispatcher=1": lambda: look(
        entries=[TALKS], dispatchers=[presence(OLYA, Presence.TALKING)], channels=[CITIZEN, PHONE]
    ),
    "caller-is-here call_id=c1": lambda: look(entries=[WAITS]),
    "bridge-holds-somebody channel=talk-ring-c1-1": lambda: look(
        bridges=[replace(TALK, channels=frozenset())]
    ),
    "channel-is-followed channel=c1": lambda: look(channels=[CITIZEN], followed={"c2"}),
    "call-ends call_id=c1": lambda: look(unended=["c1"]),
    "talk-ends call_id=c1 dispatcher=1": lambda: look(talks=[OPEN]),
    "talk-is-recorded call_id=c1 dispatcher=1": lambda: look(
        entries=[TALKS],
        dispatchers=[presence(OLYA, Presence.TALKING)],
        talks=[replace(OPEN, recorded=False)],
        channels=[CITIZEN, PHONE],
        bridges=[TALK],
    ),
    "listener-has-talk channel=snoop-1": lambda: look(channels=[Living(id="snoop-1", listens_to="watch-c1")]),
    "one-attempt call_id=out-2": lambda: look(attempts=[("out-1", "+380451"), ("out-2", "+380451")]),
}


def test_each_truth_is_broken_once_here() -> None:
    assert {name.split()[0] for name in BREAKS} == {truth.value for truth in Truth}


@pytest.mark.parametrize("name", BREAKS)
def test_what_is_broken_is_told_by_its_name_and_whom_it_concerns(name: str) -> None:
    assert BREAKS[name]() == [name]


def test_what_races_with_a_look_does_not_count_and_what_stands_does() -> None:
    one = Broken(truth=Truth.OFFER_RINGS, call_id="c1", dispatcher_id=1)
    other = Broken(truth=Truth.ONE_ENTRY, dispatcher_id=1)
    looks = Looks().after({one, other}, 10)
    assert looks.standing(10) == []
    assert looks.after({one, other}, 12.0).standing(12.0) == [other]
    assert looks.after({one}, 15.0).standing(15.0) == [one]


def test_what_held_in_between_is_looked_at_anew() -> None:
    one = Broken(truth=Truth.OFFER_RINGS, call_id="c1", dispatcher_id=1)
    looks = Looks().after({one}, 10).after(set(), 12).after({one}, 14)
    assert looks.standing(16) == []
    assert looks.standing(19) == [one]


def test_a_kept_place_has_longer_until_its_number_is_dialled() -> None:
    here = Broken(truth=Truth.OFFER_RINGS, call_id="c1", dispatcher_id=1)
    assert replace(here, kept=True).patience > here.patience > timedelta(0)
