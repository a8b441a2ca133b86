"""What Asterisk tells us, spoilt: each reader says what it is, or that it is nothing, and never breaks."""

import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from panoramisk.ami_protocol import AMIProtocol

from telephony.ami.messages import TOLD, read_event
from telephony.ari.messages import EVENT_NAMES, channel_of, decode_message, snapshot_of
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
    protocol, taken = AMIProtocol(), Taken()
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
    changes=st.dictionaries(
        st.sampled_from(
            ("channel", "playback", "bridge", "timestamp", "args", "cause", "digit", "endpoint", "peer")
        ),
        JSON | st.fixed_dictionaries(dict.fromkeys(("id", "name", "state", "caller"), JSON)),
        max_size=3,
    ),
    cut=st.none() | st.integers(0, 500),
)
def test_an_event_of_ari_is_read_or_refused_as_one_that_is_none(
    kind: str, changes: dict[str, Any], cut: int | None
) -> None:
    told = {"type": kind, "timestamp": "2026-11-30T12:00:00.000+0200", "channel": dict(CHANNEL), "args": []}
    data = json.dumps(told | changes).encode(errors="replace")
    try:
        message = decode_message(data if cut is None else data[:cut])
    except msgspec.DecodeError:
        return  # `telephony.ari.client` logs it and goes on
    if kind != "RESTResponse":
        assert isinstance(channel_of(message), str)  # type: ignore[arg-type]
        snapshot_of(message)  # type: ignore[arg-type]


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
