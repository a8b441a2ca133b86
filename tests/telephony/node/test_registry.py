"""Whom we follow: every event finds its call or leg, and what is over is forgotten."""

from telephony.ari.messages import Event, decode_message
from telephony.calls.leg import Leg
from telephony.node.registry import ChannelRegistry

CHANNEL = (
    '{"id": "ring-c-1", "name": "PJSIP/desk-201-1", "state": "Up", "caller": {}, '
    '"creationtime": "2026-11-25T02:00:00.000+0000"}'
)
TIME = '"timestamp": "2026-11-25T02:00:00.000+0000"'


def destroyed() -> Event:
    text = f'{{"type": "ChannelDestroyed", {TIME}, "cause": 16, "cause_txt": "", "channel": {CHANNEL}}}'
    decoded = decode_message(text)
    assert not hasattr(decoded, "status_code")
    return decoded  # type: ignore[return-value]  # no answer to a request


def test_a_leg_that_is_over_knows_why_and_is_not_followed_for_ever() -> None:
    leg, third = Leg("ring-c-1", ""), Leg("third-1-ring-c-1", "")
    registry = ChannelRegistry(legs={leg.id: leg}, others={third.id: third})
    assert registry.ids() == {leg.id, third.id}

    registry.take(destroyed())

    assert (leg.destroyed, leg.cause) == (True, 16)
    assert registry.ids() == {third.id}
