"""Asterisk's events as they are read."""

import json

import pytest

from telephony.ari.messages import ChannelHangupRequest, decode_message


@pytest.mark.parametrize(
    ("told", "shuts_down"),
    [
        ({"soft": True, "cause": 4}, True),
        ({"soft": True, "cause": 32}, False),  # we hang up
        ({"cause": 16}, False),  # a telephone does
        ({"cause": 4}, False),
    ],
)
def test_only_a_soft_hang_up_of_its_kind_tells_that_asterisk_is_shut_down(
    told: dict[str, object],
    shuts_down: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    moment = "2026-11-30T22:40:57.659+0000"
    channel = {"id": "c1", "name": "PJSIP/trunk-1", "state": "Up", "caller": {}, "creationtime": moment}
    event = {"type": "ChannelHangupRequest", "timestamp": moment, "channel": channel, **told}
    decoded = decode_message(json.dumps(event))
    assert isinstance(decoded, ChannelHangupRequest)
    assert decoded.shuts_down is shuts_down
