"""Manager events as Asterisk 22 sends them, turned into types."""

import re
from pathlib import Path

import pytest
from panoramisk.message import Message

from telephony.ami.messages import (
    TOLD,
    DeviceState,
    FallbackAnswered,
    FallbackCaller,
    PhoneStatus,
    read_event,
)

ADDRESS = "sip:desk-201@127.0.0.1:41234;transport=ws"
CONTACT = """Event: ContactStatus
Privilege: system,all
URI: sip:desk-201@127.0.0.1:41234;transport=ws
ContactStatus: {status}
AOR: desk-201
EndpointName: desk-201
RoundtripUsec: 1204"""
JOIN = """Event: QueueCallerJoin
Privilege: agent,all
Channel: PJSIP/citizens-00000003
ChannelState: 6
ChannelStateDesc: Up
CallerIDNum: 0457900001
CallerIDName: Олена "Коваль" ☎
ConnectedLineNum: <unknown>
Language: uk
AccountCode:
Context: fallback
Exten: s
Priority: 9
Uniqueid: hotline-1795571198.3
Linkedid: hotline-1795571198.3
Queue: hotline
Position: 1
Count: 1"""
CONNECT = """Event: AgentConnect
Privilege: agent,all
Channel: PJSIP/citizens-00000003
Uniqueid: hotline-1795571198.3
DestChannel: PJSIP/desk-201-00000004
DestUniqueid: hotline-1795571198.4
Queue: hotline
MemberName: Оля
Interface: PJSIP/desk-201
RingTime: 2
HoldTime: 3"""
ENTRY = """Event: QueueEntry
Queue: hotline
Position: 1
Channel: PJSIP/citizens-00000003
Uniqueid: hotline-1795571198.3
CallerIDNum: 0457900001
Wait: 12
Priority: 0"""
DEVICE = """Event: DeviceStateChange
Privilege: call,all
Device: PJSIP/desk-201
State: NOT_INUSE"""


def _read(text: str) -> object:
    return read_event(Message.from_line(text.replace("\n", "\r\n")))


@pytest.mark.parametrize(
    ("status", "reachable"),
    [
        *(("NonQualified", True), ("Reachable", True), ("Created", True), ("Updated", True)),
        *(("Unreachable", False), ("Removed", False)),
    ],
)
def test_a_phones_address_comes_and_goes(status: str, *, reachable: bool) -> None:
    assert _read(CONTACT.format(status=status)) == PhoneStatus(
        endpoint="desk-201", reachable=reachable, contact=ADDRESS
    )


def test_an_address_without_an_endpoint_belongs_to_its_aor() -> None:
    text = CONTACT.format(status="Reachable").replace("\nEndpointName: desk-201", "")
    assert _read(text) == PhoneStatus(endpoint="desk-201", reachable=True, contact=ADDRESS)


def test_a_dispatcher_who_answers_in_asterisks_own_queue_is_told_with_their_channel() -> None:
    assert _read(CONNECT) == FallbackAnswered(device="PJSIP/desk-201", channel_id="hotline-1795571198.4")


@pytest.mark.parametrize("text", [JOIN, ENTRY])
def test_who_waits_in_asterisks_own_queue_is_known_by_channel(text: str) -> None:
    assert _read(text) == FallbackCaller(channel_id="hotline-1795571198.3", channel="PJSIP/citizens-00000003")


def test_a_devices_state_is_read() -> None:
    assert _read(DEVICE) == DeviceState(device="PJSIP/desk-201", state="NOT_INUSE")


@pytest.mark.parametrize("name", ["FullyBooted", "Newchannel", "Hangup", "QueueMember", "VarSet"])
def test_what_says_nothing_to_us_is_passed_over(name: str) -> None:
    assert _read(f"Event: {name}\nPrivilege: call,all\nUniqueid: 1.1") is None


@pytest.mark.parametrize("filter_file", ["events-by-name.conf", "events-by-text.conf"])
def test_asterisk_lets_through_what_we_act_upon_and_nothing_else(filter_file: str) -> None:
    text = (Path("asterisk-conf/manager.d") / filter_file).read_text(encoding="utf-8")
    rules = "".join(line for line in text.splitlines() if line.startswith("eventfilter"))
    assert {name for name in re.findall(r"[A-Z]\w+", rules) if name != "Event"} == TOLD
