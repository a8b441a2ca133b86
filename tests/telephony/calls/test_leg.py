"""A dispatcher's leg: what its phone asks for, and its way through the dialplan."""

from telephony.ari.client import tells_transfers
from telephony.ari.messages import Event, decode_message
from telephony.calls.leg import Leg

CHANNEL = (
    '{"id": "ring-c-1", "name": "PJSIP/desk-201-1", "state": "Up", "caller": {}, '
    '"creationtime": "2026-11-25T02:00:00.000+0000"}'
)
TIME = '"timestamp": "2026-11-25T02:00:00.000+0000"'


def event(text: str) -> Event:
    decoded = decode_message(text)
    assert not hasattr(decoded, "status_code")
    return decoded  # type: ignore[return-value]  # no answer to a request


def refer(state: str = "") -> Event:
    told = f', "state": "{state}"' if state else ""
    return event(
        f'{{"type": "ChannelTransfer", {TIME}, '
        f'"refer_to": {{"requested_destination": {{"destination": "202"}}}}, '
        f'"referred_by": {{"source_channel": {CHANNEL}}}{told}}}'
    )


def stasis(kind: str) -> Event:
    return event(f'{{"type": "{kind}", {TIME}, "channel": {CHANNEL}, "args": ["leg"]}}')


def test_a_phone_that_asks_for_a_transfer_is_heard_and_asterisks_echo_of_the_answer_is_not() -> None:
    leg = Leg("ring-c-1", "")
    leg.take(refer("channel_declined"))
    assert leg.passed_on is None

    leg.take(refer())
    assert leg.passed_on is not None
    assert leg.passed_on.extension == "202"


def test_a_leg_is_not_gone_while_it_passes_through_the_dialplan() -> None:
    leg = Leg("ring-c-1", "")
    leg.in_dialplan = True
    leg.take(stasis("StasisEnd"))
    assert not leg.gone

    leg.take(stasis("StasisStart"))
    assert not leg.in_dialplan
    leg.take(stasis("StasisEnd"))
    assert leg.gone


def test_transfers_are_ours_since_the_version_that_tells_of_them() -> None:
    told = [(20, 13), (21, 8), (22, 3), (22, 10), (23, 0)]
    silent = [(20, 12), (21, 7), (22, 2), (18, 26)]

    assert [version for version in told + silent if tells_transfers(version)] == told
