"""`hotline citizen` against a real Asterisk whose service is away: the fallback answers with its tones."""

import asyncio
import wave
from dataclasses import replace
from pathlib import Path

import pytest

from service.node.citizen import CitizenError, citizen
from tests.system.node import Node

pytestmark = pytest.mark.system


async def call(node: Node, *, keys: str = "", record: Path | None = None, seconds: float = 3) -> int:
    return await citizen(
        node.settings, from_number="+380671234567", keys=keys, play=None, record=record, seconds=seconds
    )


@pytest.mark.nightly
async def test_the_timeline_tells_the_call_in_the_terminals_language(
    node: Node, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "uk_UA.UTF-8")
    assert await call(node, keys="1", record=tmp_path / "heard.wav", seconds=5) == 0
    told = capsys.readouterr().out
    order = [
        told.index(words) for words in ("дзвонимо", "відповіли", "голос замовк", "натиснуто 1", "кінець")
    ]
    assert order == sorted(order)
    assert "поклали слухавку ми" in told
    with wave.open(str(tmp_path / "heard.wav")) as file:
        assert file.getnframes() / file.getframerate() == pytest.approx(5, abs=0.3)


async def test_an_interrupted_citizen_hangs_up(node: Node) -> None:
    calling = asyncio.create_task(call(node, seconds=30))
    await node.until(lambda: any(row["eventtype"] == "ANSWER" for row in node.cel_rows()))
    calling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await calling
    await node.until(lambda: any(row["eventtype"] == "LINKEDID_END" for row in node.cel_rows()))


async def test_a_number_that_is_not_ours_is_not_connected(
    node: Node, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    settings = replace(node.settings, number="1581")
    assert await citizen(settings, from_number="1", keys="", play=None, record=None, seconds=1) == 1
    assert "Not connected: the hotline hung up (404" in capsys.readouterr().out


async def test_an_unknown_key_is_refused_before_any_call(node: Node) -> None:
    with pytest.raises(CitizenError, match="x"):
        await call(node, keys="1x")


async def test_a_hotline_that_is_not_started_is_one_clear_line(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    away = replace(node.settings, sip_port=9)
    with pytest.raises(CitizenError, match="чи запущено"):
        await citizen(away, from_number="1", keys="", play=None, record=None, seconds=1)
