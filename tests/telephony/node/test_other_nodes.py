"""Asterisk knows whether another node serves, also after this process has died."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from telephony.node import other_nodes as module
from telephony.node.other_nodes import OTHERS_SERVE, keep_told


class Enough(Exception):  # noqa: N818 - reads as what is the matter
    """The looks of the test are over."""


async def told_at(moments: Iterator[tuple[float, tuple[str, ...]]]) -> list[tuple[float, str]]:
    """What Asterisk was told, and when, by looks at these moments, each with the nodes that are heard of."""
    now, heard = next(moments)
    told: list[tuple[float, str]] = []

    class Ari:
        async def set_global_variable(self, name: str, value: str) -> None:
            assert name == OTHERS_SERVE
            told.append((now, value))

    async def passes(_seconds: float) -> None:
        nonlocal now, heard
        try:
            now, heard = next(moments)
        except StopIteration:
            raise Enough from None

    ari: Any = Ari()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module.asyncio, "sleep", passes)
        with pytest.raises(Enough):
            await keep_told(ari, lambda: heard, lambda: now)
    return told


async def test_a_node_that_falls_silent_counts_as_serving_for_as_long_as_a_database_may_be_away() -> None:
    looks = [(0.0, ()), (1.0, ("b",)), (2.0, ()), (60.0, ()), (61.0, ()), (62.0, ()), (63.0, ("b",))]
    assert await told_at(iter(looks)) == [(0.0, "1"), (61.0, "0"), (63.0, "1")]


async def test_a_process_that_has_just_begun_takes_nobody_for_gone() -> None:
    assert await told_at(iter([(100.0, ()), (159.0, ()), (160.0, ())])) == [(100.0, "1"), (160.0, "0")]
    assert asyncio.get_running_loop().is_running()
