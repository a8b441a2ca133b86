"""A value of an AMI action cannot become an action of its own."""

import asyncio

import pytest
from panoramisk.manager import Manager

from telephony.ami.client import AmiConnection, AmiRefused


@pytest.mark.parametrize("name", ["x\r\nAction: Originate", "x\ny", "x\ry"])
async def test_a_line_break_in_a_value_is_refused_before_anything_is_sent(name: str) -> None:
    connection = AmiConnection(Manager(loop=asyncio.get_running_loop()), asyncio.Queue())
    with pytest.raises(AmiRefused, match="line break"):
        await connection.queue_add("PJSIP/desk-201", name)
