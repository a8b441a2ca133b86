"""What Asterisk tells us, spoilt: each reader says what it is, or that it is nothing, and never breaks."""

import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from telephony.ami.client import AmiProtocol
from telephony.ami.messages import TOLD, read_event
from telephony.ari.messages import EVENT_NAMES, RESTResponse, channel_of, decode_message, snapshot_of
from telephony.node.cel import read_cel
from tests.fakes.cel import record

SEEN = ("Uniqueid", "Channel", "Device", "State", "Interface", "DestUniqueid", "EndpointName", "AOR", "URI")
TEXT = st.text(max_size=40)
HEADERS = st.lists(st.tuples(st.sampled_from((*SEEN, "ContactStatus", "ActionID", "X")), TEXT), max_size=12)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
CHANNEL: Mapping[str, Any] = {
    "id": "hotline-1.1",
    "name": "PJSIP/citizens-1",
    "state": "Up",
    "caller": {"name": "", "number": "0457900001"},
    "connected": {"name": "", "number": ""},
    "accountcode": "",
    "dialplan": {"context": "hotline", "exten": "s", "priority": 1, "app_name": "Stasis", "app_data": ""},
    "creationtime": "2026-11-30T12:00:00.000+0200",
    "language": "uk",
}
TOLD_BY_ARI: Mapping[str, Any] = {
    "timestamp": "2026-11-30T12:00:00.000+0200",
    "channel": CHANNEL,
    "peer": CHANNEL,
    "args": [],
    "cause": 16,
    "digit": "5",
    "playback": {"id": "1", "target_uri": "channel:hotline-1.1", "state": "done"},
    "recording": {"name": "1", "target_uri": "channel:hotline-1.1", "state": "done", "duration": 3},
    "referred_by": {"source_channel": CHANNEL},
    "refer_to": {"requested_destination": {"destination": "201"}, "destination_channel": None},
    "eventname": "echo",
    "request_id": "1",
    "status_code": 200,
}
"""All that any event of ours has in it."""


class Taken:
    """Where panoramisk's protocol puts what it has read."""

    save_stream = None
    forgetable_actions = awaiting_actions = ()

    def __init__(self) -> None:
        self.events: list[Any] = []

    def dispatch(self, message: Any) -> None:
        self.events.append(message)

    def connection_lost(self, _why: object) -> None: ...


def ami(data: bytes, cut: int) -> list[Any]:
    """Read a connection that brings these octets in two pieces."""
    protocol, taken = AmiProtocol(), Taken()
    protocol.connection_made(None)
    protocol.factory, protocol.encoding, protocol.closed = taken, "utf8", True
    protocol.data_received(data[:cut])
    protocol.data_received(data[cut:])
    return taken.events


@given(
    event=st.sampled_from((*sorted(TOLD), "QueueEntry", "Whatever")),
    headers=HEADERS,
    spoilt=st.lists(st.tuples(st.integers(0, 600), st.integers(0, 255)), max_size=4),
    cut=st.integers(0, 600),
)
@example(event="AgentConnect", headers=[("ActionID", "1"), ("ActionID", "2")], spoilt=[], cut=0)
@example(event="ContactStatus", headers=[("ContactStatus", "Removed")] * 2, spoilt=[], cut=9)
@example(event="Whatever", headers=[("Event", "Shutdown")], spoilt=[], cut=9)
def test_a_manager_event_says_texts_or_nothing(
    event: str, headers: list[tuple[str, str]], spoilt: list[tuple[int, int]], cut: int
) -> None:
    lines = [f"Event: {event}", *(f"{key}: {value}" for key, value in headers)]
    data = bytearray("\r\n".join(lines).encode(errors="replace") + b"\r\n\r\n")
    for at, octet in spoilt:
        data[at % len(data)] = octet
    for message in ami(bytes(data), cut):
        read = read_event(message)
        if read is not None:
            assert all(isinstance(getattr(read, one.name), str | bool) for one in fields(read)), read


@given(
    kind=st.sampled_from(EVENT_NAMES),
    changes=st.dictionaries(st.sampled_from(sorted(TOLD_BY_ARI)), JSON, max_size=2),
    within=st.dictionaries(st.sampled_from(sorted(CHANNEL)), JSON, max_size=2),
    cut=st.none() | st.integers(0, 500),
)
def test_an_event_of_ari_is_read_or_refused_as_one_that_is_none(
    kind: str, changes: dict[str, Any], within: dict[str, Any], cut: int | None
) -> None:
    told = {**TOLD_BY_ARI, "type": kind, "channel": {**CHANNEL, **within}, **changes}
    data = json.dumps(told).encode(errors="replace")
    try:
        message = decode_message(data if cut is None else data[:cut])
    except msgspec.DecodeError:
        assert changes or within or cut is not None, "what Asterisk tells is understood"
        return  # `telephony.ari.client` logs it and goes on
    if not isinstance(message, RESTResponse):
        assert isinstance(channel_of(message), str)
        snapshot_of(message)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    spoilt=st.lists(st.tuples(st.integers(0, 2000), st.binary(max_size=6)), max_size=4),
    begin=st.integers(0, 700),
)
def test_an_account_of_calls_is_read_however_it_is_spoilt(
    tmp_path: Path, spoilt: list[tuple[int, bytes]], begin: int
) -> None:
    data = b"".join(
        record("CHAN_START", 1_764_000_000.25 + n, number="0457900001").encode() for n in range(5)
    )
    for at, octets in spoilt:
        data = data[: at % len(data)] + octets + data[at % len(data) + 1 :]
    file = tmp_path / "cel.csv"
    file.write_bytes(data)
    reading = read_cel(file, begin)
    assert reading.read_to <= max(len(data), begin)
    assert all(isinstance(one.channel_id, str) for one in reading.events)
    assert read_cel(file, reading.read_to).events == []
