"""The hotline on two Asterisk nodes behind Kamailio: one line, and a desk registered at the edge alone."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hotline.calls.call import Outcome, Step
from service.node.edge_control import NodeState
from telephony.causes import BUSY
from telephony.phone.call import PATIENCE_SECONDS
from telephony.phone.signalling import Address
from telephony.phone.sip import Request
from tests.storage.conftest import Cluster, cluster, migrated_postgres
from tests.system.people import CITIZEN, FIRST, picks_up
from tests.system.scaled import Scaled, all_holds, scaled_hotline

__all__ = ["cluster", "migrated_postgres"]
pytestmark = [pytest.mark.system, pytest.mark.nightly]


@pytest.fixture
async def scaled(cluster: Cluster, migrated_postgres: str, tmp_path: Path) -> AsyncIterator[Scaled]:
    del migrated_postgres  # the template of each database
    async with scaled_hotline(cluster, tmp_path) as one:
        yield one


async def test_callers_of_both_nodes_wait_in_one_line_and_reach_a_desk_at_the_edge(scaled: Scaled) -> None:
    desk = await scaled.desk("201")
    await scaled.edge.control.drain("a")
    first = await scaled.citizen("+380457900001")
    talk = await picks_up(desk, FIRST)
    await first.heard_tone(FIRST)
    await talk.heard_tone(CITIZEN)
    await scaled.edge.control.take_back("a")
    await scaled.edge.until_state("a", NodeState.TAKES_CALLS)

    second = await scaled.waits("+380457900002", of=2)
    third = await scaled.waits("+380457900003", of=3)
    assert (await scaled.nodes())[:2] == ["b", "a"]  # the third is on either: both have one
    await talk.hang_up()
    for citizen, number in ((second, "+380457900002"), (third, "+380457900003")):
        talk = await picks_up(desk, FIRST)
        assert talk.caller == number
        await citizen.heard_tone(FIRST)
        await talk.heard_tone(CITIZEN)
        await talk.hang_up()
        await citizen.ended()

    async def all_ended() -> bool:
        return all(call.ended_at for call in await scaled.a.calls())

    await scaled.a.until(all_ended)
    assert [call.outcome for call in await scaled.a.calls()] == [Outcome.TALKED] * 3
    await all_holds(scaled.a, scaled.b)

    await scaled.to_node("a")
    await scaled.citizen("+380457900004")
    talk = await picks_up(desk, FIRST)
    await scaled.to_node("b")
    await scaled.waits("+380457900005", of=5)
    await scaled.to_node("a")
    behind = await scaled.waits("+380457900006", of=6)
    assert (await scaled.nodes())[3:] == ["a", "b", "a"]
    scaled.b.node.kill()
    await talk.hang_up()
    talk = await picks_up(desk, FIRST)  # the first in line is on a node that is dead: nobody waits for it
    assert talk.caller == "+380457900006"
    await behind.heard_tone(FIRST)
    waiting = [entry.call_id for entry in await scaled.a.storage.line.entries()]
    assert (await scaled.a.calls())[4].id in waiting  # they keep their place


async def test_a_node_asks_a_desk_in_its_call_by_way_of_the_edge(
    scaled: Scaled, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By that the edge knows that a talk goes on of whose end it has not heard."""
    desk = await scaled.desk("201")
    await scaled.citizen("+380457900001")
    talk = await picks_up(desk, FIRST)
    asked: asyncio.Future[Request] = asyncio.get_running_loop().create_future()
    answers = talk.on_request

    def on_request(request: Request, source: Address) -> None:
        if request.method in {"INVITE", "UPDATE"} and not asked.done():
            asked.set_result(request)
        answers(request, source)

    monkeypatch.setattr(talk, "on_request", on_request)
    async with asyncio.timeout(PATIENCE_SECONDS):
        request = await asked
    assert f":{scaled.edge.port};" in request.first("Via")
    assert await scaled.edge.control.in_talk() == ["201"]
    await talk.hang_up()
    assert await scaled.edge.control.in_talk() == []


async def test_a_telephone_that_answers_409_by_itself_has_missed_a_call_and_is_rung_again_at_once(
    scaled: Scaled,
) -> None:
    desk = await scaled.desk("201")
    citizen = await scaled.citizen("+380457900001")
    await (await desk.next_call()).reject(409)
    talk = await picks_up(desk, FIRST)
    await citizen.heard_tone(FIRST)
    (call,) = await scaled.a.calls()
    missed = [one.detail for one in await scaled.a.journey(call.id) if one.step is Step.OFFER_MISSED]
    assert [one["cause"] for one in missed] == [BUSY]
    await talk.hang_up()
    await citizen.ended()
    await all_holds(scaled.a, scaled.b)
