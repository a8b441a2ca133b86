"""Asterisk's own queue: with the service away a dispatcher still answers, and the talk is recorded."""

import asyncio
import wave
from pathlib import Path

import numpy as np
import pytest

from telephony.phone.call import PATIENCE_SECONDS
from tests.system.conftest import Probes
from tests.system.manager_account import said
from tests.system.node import FALLBACK_TONES, Node, write_tone
from tests.system.sip_probe import Probe, stands_out

pytestmark = pytest.mark.system

TONE_BLOCKS = 3
"""Pieces of a fifth of a second in which a tone is heard: no music has it for so long."""


async def test_a_dispatcher_answers_and_both_sides_are_recorded(node: Node, probe: Probes) -> None:
    desk, caller = probe(node), probe(node)
    await on_duty(node, desk)

    await caller.request("INVITE")
    await caller.hear_tone(FALLBACK_TONES["fallback-greeting"])
    await desk.answer_call()
    await caller.say(500, 1)
    await desk.say(1000, 1)
    await desk.hang_up()
    await caller.told("BYE")

    recordings = node.settings.folders.recordings
    await node.until(lambda: len([*recordings.glob("hotline-*-fallback-?x.wav")]) == 2)
    await node.until(lambda: "LINKEDID_END" in [row["eventtype"] for row in node.cel_rows()])
    assert holds_tone(next(recordings.glob("*-rx.wav")), 500)
    assert holds_tone(next(recordings.glob("*-tx.wav")), 1000)
    assert [*node.settings.folders.messages.glob("*")] == []


async def test_the_message_to_the_whole_city_is_heard_behind_the_greeting(node: Node, probe: Probes) -> None:
    caller = probe(node)
    await on_duty(node, probe(node))

    await caller.request("INVITE")
    await caller.hear_tone(FALLBACK_TONES["fallback-greeting"])
    await caller.hear_tone(FALLBACK_TONES["fallback-city-message"])
    await node.until(lambda: times_queued(node) == 1)
    await caller.hang_up()


async def test_who_dialled_another_citys_number_hears_no_citys_name(node: Node, probe: Probes) -> None:
    caller = probe(node)
    await on_duty(node, probe(node))

    await caller.request("INVITE", "1580", "Diversion: <sip:+380462123456@provider.example>")
    await caller.hear_tone(FALLBACK_TONES["fallback-greeting-any"])
    await node.until(lambda: times_queued(node) == 1)
    await caller.hang_up()


async def test_who_falls_back_twice_keeps_both_recordings(node: Node, probe: Probes) -> None:
    caller = probe(node)
    await on_duty(node, probe(node))

    await caller.request("INVITE")
    await caller.hear_tone(FALLBACK_TONES["fallback-greeting"])
    await node.until(lambda: times_queued(node) == 1)
    await caller.say(500, 1)
    citizens = [row["name"] for row in await node.ask("GET", "channels") if "citizens" in row["name"]]
    where = {"Channel": citizens[0], "Context": "resume", "Exten": "s", "Priority": "1"}
    await said(node, "Redirect", where)
    await caller.hear_tone(FALLBACK_TONES["fallback-greeting"])
    await node.until(lambda: times_queued(node) == 2)
    await caller.say(1000, 1)
    await caller.hang_up()

    await node.until(lambda: "LINKEDID_END" in [row["eventtype"] for row in node.cel_rows()])
    (received,) = node.settings.folders.recordings.glob("*-rx.wav")
    assert holds_tone(received, 500)
    assert holds_tone(received, 1000)


async def test_the_emergency_is_first_in_the_queue_then_who_called_first_whoever_came_there_before(
    node: Node, probe: Probes
) -> None:
    first, second, urgent = probe(node), probe(node), probe(node)
    await on_duty(node, probe(node))

    await first.request("INVITE")
    await node.until(lambda: times_queued(node) == 1)
    await second.request("INVITE")
    await node.until(lambda: times_queued(node) == 2)
    came = await in_queue(node, 2)
    (citizen,) = [row for row in await node.ask("GET", "channels") if row["id"] == came[0]]
    where = {"Channel": citizen["name"], "Context": "fallback", "Exten": "told", "Priority": "1"}
    await said(node, "Redirect", where)
    await node.until(lambda: times_queued(node) == 3)
    assert await in_queue(node, 2) == came

    greeting = node.settings.folders.prompts / "fallback-greeting.wav"
    write_tone(greeting, FALLBACK_TONES["fallback-greeting"], PATIENCE_SECONDS)
    await urgent.request("INVITE")
    await urgent.hear_tone(FALLBACK_TONES["fallback-greeting"])
    await urgent.press("4")
    await urgent.hear_tone(FALLBACK_TONES["fallback-recorded"])
    await node.until(lambda: times_queued(node) == 4)
    assert (await in_queue(node, 3))[1:] == came
    for caller in (first, second, urgent):
        await caller.hang_up()


async def test_whom_the_service_has_greeted_hears_that_they_are_recorded_and_who_was_told_that_nothing(
    node: Node, probe: Probes
) -> None:
    caller = probe(node)
    await on_duty(node, probe(node))

    await caller.request("INVITE")
    assert "fallback-greeting" in await heard_until_queued(node, caller, times=1)
    citizens = [row["name"] for row in await node.ask("GET", "channels") if "citizens" in row["name"]]
    where = {"Channel": citizens[0], "Context": "fallback", "Priority": "1"}
    await said(node, "Redirect", where | {"Exten": "greeted"})
    assert await heard_until_queued(node, caller, times=2) == ["fallback-recorded"]
    await said(node, "Redirect", where | {"Exten": "told"})
    assert await heard_until_queued(node, caller, times=3) == []
    await caller.hang_up()


@pytest.mark.nightly
async def test_who_has_refused_to_be_recorded_hears_music_only_and_is_not(node: Node, probe: Probes) -> None:
    caller = probe(node)
    await on_duty(node, probe(node))

    await caller.request("INVITE")
    assert "fallback-greeting" in await heard_until_queued(node, caller, times=1)
    await caller.say(500, 1)
    (citizen,) = [row for row in await node.ask("GET", "channels") if "citizens" in row["name"]]
    refused = {"Variable": "RECORDING_REFUSED", "Value": "1"}
    await said(node, "Setvar", {"Channel": citizen["name"]} | refused)
    where = {"Channel": citizen["name"], "Context": "resume", "Exten": "s", "Priority": "1"}
    await said(node, "Redirect", where)
    assert await heard_until_queued(node, caller, times=2) == []
    await caller.say(1000, 1)
    await caller.hang_up()

    await node.until(lambda: "LINKEDID_END" in [row["eventtype"] for row in node.cel_rows()])
    (received,) = node.settings.folders.recordings.glob("*-rx.wav")
    assert holds_tone(received, 500)
    assert not holds_tone(received, 1000)


async def heard_until_queued(node: Node, caller: Probe, *, times: int) -> list[str]:
    """Which of the prompts they hear, for three fifths of a second or more, until the queue has them."""
    heard: list[np.ndarray] = []
    while times_queued(node) < times:
        heard.append(await caller.hear(0.2))
    return [
        name
        for name, hertz in FALLBACK_TONES.items()
        if sum(stands_out(one, hertz) for one in heard) >= TONE_BLOCKS
    ]


def times_queued(node: Node) -> int:
    return sum(row["eventtype"] == "APP_START" and row["appname"] == "Queue" for row in node.cel_rows())


async def in_queue(node: Node, callers_there: int) -> list[str]:
    """This number of callers in Asterisk's own queue, in the order in which dispatchers get them."""
    async with node.manager() as ami, asyncio.timeout(PATIENCE_SECONDS):
        while len(callers := await ami.fallback_callers()) < callers_there:
            await asyncio.sleep(0.05)
    return [one.channel_id for one in callers]


async def on_duty(node: Node, desk: Probe) -> None:
    """Make the phone desk-201 at run time, as our service does, and a member of the queue."""
    host, port = desk.sip.getsockname()
    await node.provide("aor", "desk-201", contact=f"sip:probe@{host}:{port}")
    await node.provide("endpoint", "desk-201", aors="desk-201", disallow="all", allow="alaw")
    await said(node, "QueueAdd", {"Queue": "hotline", "Interface": "PJSIP/desk-201"})


def holds_tone(path: Path, hertz: float) -> bool:
    with wave.open(str(path)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768
    blocks = [samples[start : start + 1600] for start in range(0, len(samples) - 1600, 1600)]
    return sum(stands_out(block, hertz) for block in blocks) >= TONE_BLOCKS
