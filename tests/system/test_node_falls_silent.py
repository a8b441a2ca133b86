"""A node whose telephony process is away: its Asterisk rings nobody who talks with another node's caller."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hotline.calls.call import Outcome, Step
from hotline.line.presence_states import Presence
from telephony.node.other_nodes import OTHERS_SERVE
from telephony.phone.incoming import IncomingCall
from telephony.phone.outgoing import OutgoingCall
from telephony.phone.phone import Phone
from telephony.phone.sound import tone
from tests.storage.conftest import Cluster, cluster, migrated_postgres
from tests.system.hotline import Hotline
from tests.system.people import CITIZEN, FIRST, SECOND, picks_up
from tests.system.scaled import Scaled, all_holds, scaled_hotline
from tests.system.test_service_killed import is_queued

__all__ = ["cluster", "migrated_postgres"]
pytestmark = [pytest.mark.system, pytest.mark.nightly]

TALKS, LISTENS = "+380457900001", "+380457900002"


@pytest.fixture
async def scaled(cluster: Cluster, migrated_postgres: str, tmp_path: Path) -> AsyncIterator[Scaled]:
    del migrated_postgres  # the template of each database
    async with scaled_hotline(cluster, tmp_path, HOTLINE_LEASE_SECONDS="6") as one:
        yield one


async def _falls_silent(scaled: Scaled, desk: Phone) -> tuple[OutgoingCall, IncomingCall, OutgoingCall]:
    """One talks on the second node, another listens on the first, whose process dies."""
    await scaled.to_node("b")
    talking = await scaled.citizen(TALKS)
    talk = await picks_up(desk, FIRST)
    await talking.heard_tone(FIRST)
    await scaled.to_node("a")
    listening = await scaled.calls(LISTENS)
    await scaled.a.until(lambda: _others_serve(scaled.a))
    await scaled.a.kill_service()
    return talking, talk, listening


async def _others_serve(node: Hotline) -> bool:
    told = await node.node.ask("GET", "asterisk/variable", variable=OTHERS_SERVE)
    return bool(told["value"] == "1")


def _queues(node: Hotline) -> list[str]:
    rows = node.node.cel_rows()
    return [row["appdata"].partition(",")[0] for row in rows if row["appname"] == "Queue"]


async def test_while_another_node_serves_its_callers_are_held_and_no_desk_is_rung(scaled: Scaled) -> None:
    a, desk = scaled.a, await scaled.desk("201")
    talking, talk, listening = await _falls_silent(scaled, desk)
    await a.node.until(lambda: bool(_queues(a)))
    assert {*_queues(a)} == {"held"}
    await scaled.start_service(a)
    await a.reached(Step.SERVICE_RESUMED)
    await talk.heard_tone(CITIZEN)
    assert talk.end is None
    await talk.hang_up()
    await talking.ended()
    await listening.press("0")
    talk = await picks_up(desk, SECOND)
    assert talk.caller == LISTENS
    await listening.heard_tone(SECOND)
    assert {*_queues(a)} == {"held"}
    await talk.hang_up()
    await listening.ended()
    await all_holds(a, scaled.b)


async def test_where_its_own_queue_rings_desks_the_edge_lets_nobody_be_rung_into_a_talk(
    scaled: Scaled,
) -> None:
    a, desk = scaled.a, await scaled.desk("201")
    talking, talk, listening = await _falls_silent(scaled, desk)
    await a.node.ask("POST", "asterisk/variable", variable=OTHERS_SERVE, value="0")
    await a.until(lambda: _edge_tells(scaled, "not rung in a call desk=201"))
    await talk.heard_tone(CITIZEN)
    await talk.hang_up()
    await talking.ended()
    talk = await picks_up(desk, SECOND)  # the queue tries again and again
    assert talk.caller == LISTENS
    await listening.heard_tone(SECOND)
    await talk.hang_up()
    await listening.ended()
    await scaled.start_service(a)
    await all_holds(a, scaled.b)


async def test_two_own_queues_ring_an_idle_desk_one_after_the_other(scaled: Scaled) -> None:
    desk, callers = await scaled.desk("201"), {}
    for name, node, number in (("a", scaled.a, TALKS), ("b", scaled.b, LISTENS)):
        await scaled.to_node(name)
        callers[number] = await scaled.calls(number)
        await _served_by_its_own_queue(node)
    ringing = await desk.next_call()
    await scaled.a.until(lambda: _edge_tells(scaled, "not rung in a call desk=201"))
    assert len(desk.calls) == 1
    await ringing.answer(tone(FIRST))
    await callers.pop(ringing.caller).heard_tone(FIRST)
    await ringing.hang_up()
    talk = await picks_up(desk, SECOND)
    await callers.pop(talk.caller).heard_tone(SECOND)
    assert not callers
    await talk.hang_up()
    for node in (scaled.a, scaled.b):
        await scaled.start_service(node)
    await all_holds(scaled.a, scaled.b)


async def test_who_talks_by_an_own_queue_is_rung_by_nobody_and_engaged_once_its_process_is_back(
    scaled: Scaled,
) -> None:
    a, b, desk = scaled.a, scaled.b, await scaled.desk("201")
    await scaled.to_node("a")
    queued = await scaled.calls(TALKS)
    await _served_by_its_own_queue(a)
    talk = await picks_up(desk, FIRST)
    await queued.heard_tone(FIRST)
    await scaled.to_node("b")
    waiting = await scaled.citizen(LISTENS)
    await b.until(lambda: _edge_tells(scaled, "not rung in a talk by an own queue desk=201"))
    await b.until(lambda: _is(b, Presence.TALKING))
    await scaled.start_service(a)
    await a.until(lambda: _is_on_record(a, TALKS))
    await queued.heard_tone(FIRST)
    await talk.heard_tone(CITIZEN)
    assert len(desk.calls) == 1, "nobody else has rung it"
    assert await _is(a, Presence.TALKING)
    await talk.hang_up()
    await queued.ended()
    talk = await picks_up(desk, SECOND)
    assert talk.caller == LISTENS
    await waiting.heard_tone(SECOND)
    await talk.hang_up()
    await waiting.ended()
    (call,) = [one for one in await a.calls() if one.number == TALKS]
    await a.until(lambda: _has_ended(a, call.id))
    await all_holds(a, b)


async def _served_by_its_own_queue(node: Hotline) -> None:
    """Its process dies, and is away for so long that its Asterisk waits for it no more."""
    await node.until(lambda: _others_serve(node))
    await node.until(lambda: is_queued(node, "201"))
    await node.kill_service()
    await node.node.ask("POST", "asterisk/variable", variable=OTHERS_SERVE, value="0")


async def _edge_tells(scaled: Scaled, what: str) -> bool:
    return what in scaled.edge.log.read_text("utf-8")


async def _is(node: Hotline, presence: Presence) -> bool:
    return (await node.dispatcher("201")).presence is presence


async def _is_on_record(node: Hotline, number: str) -> bool:
    """Whether the talk of this caller is: by Asterisk's account."""
    theirs = [one.id for one in await node.calls() if one.number == number]
    return any([Step.TALK_STARTED in await node.steps(one) for one in theirs])


async def _has_ended(node: Hotline, call_id: str) -> bool:
    record = await node.storage.calls.find(call_id)
    return record is not None and record.outcome is Outcome.TALKED
