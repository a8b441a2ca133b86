"""A call that was is replayed from its journey: the same caller hears the same."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hotline.calls.call import CallRecord
from hotline.city.city_rules import CityRules
from hotline.outages.outage import By
from service.talk.playing import Played, hold, scripted
from service.talk.recorded import NotReplayed, Recorded, recorded
from service.talk.replay import as_test, golden, otherwise, replay
from service.talk.scene import Script, read_script
from service.talk.town import Stage, staged
from service.talk.transcript import Transcript
from service.talk.words import UKRAINIAN
from tests.fakes.towns import KYIV, plays, town_of
from tests.ivr_flows.test_golden_conversations import FILES, longest_by_day

RULES = CityRules(timezone=KYIV)
TAKEN_UP = {"in-menu", "in-line", "in-talk"}
"""Calls that another process began: their journey has a beginning of its own."""
TEXTS_OF_THEIR_OWN = {"informing", "alarm"}
"""Conversations whose texts stand in no journey."""
CALL = "talk"
RENAMED = "UPDATE journey_steps SET detail = replace(detail, '-what-', '-hm-')"
MARIIA = """
# Чекає, тисне не те, хоче знати про своє звернення
conversation: incoming
number: +380457900001
at: 2026-12-01 12:00

> 8
> _
> 2
> 1
> x
"""


def script_of(file: Path) -> Script:
    return read_script(file.read_text(encoding="utf-8"), KYIV)


def replayable() -> list[Path]:
    kinds = TAKEN_UP | TEXTS_OF_THEIR_OWN
    return [one for one in FILES if script_of(one).scene.conversation not in kinds]


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """The demo city in which Mariia has called."""
    scene = read_script(MARIIA, KYIV).scene
    async with town_of(scene) as built, staged(scene, KYIV, built) as opened:
        yield opened


async def called(stage: Stage, script: Script) -> Played:
    """Hold the conversation, and have its journey on record as that of a real call."""
    played = await hold(stage, script.scene, scripted(script.lines), Transcript(UKRAINIAN))
    calls = stage.storage.calls
    await calls.open(CallRecord(id=CALL, number=played.number, shown="", arrived_at=script.scene.at))
    for step in played.journey:
        await calls.note(step)
    await calls.flush()
    return played


async def read(stage: Stage) -> Recorded:
    return await recorded(stage.storage, CALL, KYIV, RULES)


async def replayed(was: Recorded) -> Played:
    """Hold it again, in a city that was built before."""
    async with town_of(was.scene) as built:
        return await replay(was, UKRAINIAN, KYIV, built)


@pytest.mark.parametrize("file", longest_by_day(replayable()), ids=lambda file: file.stem)
async def test_a_caller_who_does_the_same_hears_the_same(file: Path) -> None:
    script = script_of(file)
    async with town_of(script.scene) as built, staged(script.scene, KYIV, built) as stage:
        await called(stage, script)
        was = await read(stage)
    assert otherwise(was, await replayed(was)) == []


async def test_what_has_changed_since_is_not_in_force_in_the_replay(stage: Stage) -> None:
    script = read_script(MARIIA, KYIV)
    await called(stage, script)
    later = script.scene.at + timedelta(hours=1)
    (outage,) = await stage.storage.outages.now(script.scene.at)
    await stage.storage.outages.end(outage.id, later, By())
    was = await read(stage)
    assert len(was.scene.outage) == 1
    assert otherwise(was, await replayed(was)) == []


async def test_where_the_replay_goes_otherwise_it_is_told_step_by_step(stage: Stage) -> None:
    await called(stage, read_script(MARIIA, KYIV))
    async with stage.storage.database.writing() as connection:
        await connection.exec_driver_sql(
            "UPDATE journey_steps SET detail = replace(detail, '-what-', '-hm-')"
        )
    was = await read(stage)
    changes = otherwise(was, await replayed(was))
    assert any(line.startswith("-heard") and " outage-1-hm-" in line for line in changes)
    assert any(line.startswith("+heard") and " outage-1-what-" in line for line in changes)


async def test_nobody_who_called_can_be_told_from_the_test(stage: Stage) -> None:
    script = read_script(MARIIA.replace("+380457900001", "+380671234567"), KYIV)
    await called(stage, script)
    was = await read(stage)
    text = golden(was, await replayed(was), "Дзвінок", KYIV)
    assert "+380671234567" not in text
    assert "number: +380671112233" in text


async def test_the_test_that_is_printed_is_python_and_passes(stage: Stage) -> None:
    await called(stage, read_script(MARIIA, KYIV))
    was = await read(stage)
    printed = as_test(golden(was, await replayed(was), "Дзвінок", KYIV), was.at.astimezone(KYIV))
    names: dict[str, Any] = {}
    exec(printed, names)  # noqa: S102 - what is pasted is run
    await names["test_the_call_of_2026_12_01_at_12_00_goes_so"](plays)
    with pytest.raises(AssertionError):
        await plays(MARIIA.replace("> 8", "> 7"))


async def test_a_call_that_is_not_there_cannot_be_replayed(stage: Stage) -> None:
    with pytest.raises(NotReplayed):
        await read(stage)
