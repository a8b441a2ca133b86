"""Tests that are collected while Asterisk is still set up begin when it is there, and never without it."""

import os
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.prepared import NAMED_IN, await_prepared


def test_where_nothing_is_set_up_nothing_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(NAMED_IN, raising=False)
    await_prepared()


def test_they_wait_until_it_is_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    prepared = tmp_path / "prepared"
    looked, over = threading.Event(), threading.Event()
    monkeypatch.setattr("tests.prepared.time", SimpleNamespace(sleep=lambda _seconds: looked.set()))
    monkeypatch.setenv(NAMED_IN, f"{os.getpid()} {prepared}")

    def waits() -> None:
        await_prepared()
        over.set()

    waiting = threading.Thread(target=waits)
    waiting.start()
    assert looked.wait(30)
    assert not over.is_set()
    prepared.touch()
    waiting.join(30)
    assert over.is_set()


def test_when_set_up_has_ended_without_it_they_end(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    monkeypatch.setenv(NAMED_IN, f"{ended.pid} {tmp_path / 'prepared'}")
    with pytest.raises(SystemExit, match="has ended without it"):
        await_prepared()
