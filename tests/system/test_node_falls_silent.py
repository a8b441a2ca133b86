"""A node whose telephony process is away: its Asterisk rings nobody who talks with another node's caller."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hotline.calls.call import Step
from telephony.node.other_nodes import OTHERS_SERVE
from telephony.phone.incoming import IncomingCall
from telephony.phone.outgoing import OutgoingCall
from telephony.phone.phone import Phone
from tests.storage.conftest import Cluster, cluster, migrated_postgres
from tests.system.hotline import Hotline
from tests.system.people import CITIZEN, FIRST, SECOND, picks_up
from tests.system.scaled import Scaled, all_holds, scaled_hotline

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
    await a.until(lambda: "not rung in a talk desk=desk-201" in scaled.edge.log.read_text("utf-8"))
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
