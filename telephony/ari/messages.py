"""Asterisk's JSON as types. Outside this package an event is one of these, and nothing is a dict.

Names are Asterisk's own (events.json of its API description); only the fields we use are declared.
"""

from collections.abc import Mapping
from datetime import datetime

import msgspec

UP = "Up"
"""The state of a channel that was answered."""


class CallerId(msgspec.Struct):
    name: str = ""
    number: str = ""


class DialplanPosition(msgspec.Struct):
    context: str = ""
    exten: str = ""
    app_name: str = ""


class Channel(msgspec.Struct):
    id: str
    name: str
    state: str
    caller: CallerId
    creationtime: datetime
    dialplan: DialplanPosition = msgspec.field(default_factory=DialplanPosition)


class CarriedOut(msgspec.Struct):
    """A channel whose sound goes out; its variables name the connection by which it is fetched."""

    channelvars: Mapping[str, str] = {}

    @property
    def connection(self) -> str:
        """The id of the connection; "" where Asterisk names none."""
        return self.channelvars.get("MEDIA_WEBSOCKET_CONNECTION_ID", "")


class Playback(msgspec.Struct):
    id: str
    target_uri: str
    state: str


class LiveRecording(msgspec.Struct):
    name: str
    target_uri: str
    state: str
    duration: int | None = None


class Bridge(msgspec.Struct):
    id: str
    channels: list[str] = []


class Endpoint(msgspec.Struct):
    resource: str
    state: str = "unknown"
    channel_ids: list[str] = []


class ConfigTuple(msgspec.Struct):
    """One field of a PJSIP object that was made at run time."""

    attribute: str
    value: str


class Variable(msgspec.Struct):
    value: str


class Application(msgspec.Struct):
    channel_ids: list[str] = []
    bridge_ids: list[str] = []


class RtpStatistics(msgspec.Struct):
    """`rxcount`: how many packets of sound came from the telephone so far.

    The others are what the telephone itself has reported of our sound (RTCP), which it does every few seconds
    also while it sends none; all nought before its first report. Asterisk calls `rxjitter` the jitter that
    the telephone reports, and `txjitter` the one of what comes from there.
    """

    rxcount: int
    txploss: int = 0
    rxjitter: float = 0.0
    rtt: float = 0.0
    normdevrtt: float = 0.0

    @property
    def reported(self) -> tuple[float, ...]:
        """Give what changes with each of its reports."""
        return self.txploss, self.rxjitter, self.rtt, self.normdevrtt


class RequiredDestination(msgspec.Struct):
    destination: str = ""


class ReferTo(msgspec.Struct):
    requested_destination: RequiredDestination
    destination_channel: Channel | None = None
    connected_channel: Channel | None = None


class ReferredBy(msgspec.Struct):
    source_channel: Channel


class _Timed(msgspec.Struct, tag_field="type", tag=True):
    timestamp: datetime


class StasisStart(_Timed):
    channel: Channel
    args: list[str] = []


class StasisEnd(_Timed):
    channel: Channel


SHUTDOWN = 4
"""Asterisk's kind of a soft hang-up (AST_SOFTHANGUP_SHUTDOWN): it is ending, and its calls with it."""


class ChannelDestroyed(_Timed):
    channel: Channel
    cause: int = 0


class ChannelHangupRequest(_Timed):
    """Somebody hangs up: a telephone, or Asterisk itself, whose `cause` is then a kind (`SHUTDOWN`)."""

    channel: Channel
    cause: int = 0
    soft: bool = False
    """By Asterisk, or by us."""

    @property
    def shuts_down(self) -> bool:
        return self.soft and self.cause == SHUTDOWN


class ChannelDtmfReceived(_Timed):
    channel: Channel
    digit: str


class ChannelTalkingStarted(_Timed):
    """Somebody on the channel has begun to speak, or to make any other sound."""

    channel: Channel


class ChannelTalkingFinished(_Timed):
    channel: Channel


class ChannelHold(_Timed):
    """The telephone has put us on hold: it may send no sound meanwhile."""

    channel: Channel


class ChannelUnhold(_Timed):
    channel: Channel


class Dial(_Timed):
    """The progress of dialling: `dialstatus` RINGING, ANSWER, BUSY, NOANSWER …; empty at its beginning."""

    peer: Channel
    dialstatus: str = ""


class ChannelTransfer(_Timed):
    referred_by: ReferredBy
    refer_to: ReferTo
    state: str = ""
    """Empty when a phone asks; how the transfer went, when Asterisk repeats what we told it."""


class PlaybackStarted(_Timed):
    playback: Playback


class PlaybackFinished(_Timed):
    playback: Playback


class RecordingFinished(_Timed):
    recording: LiveRecording


class RecordingFailed(_Timed):
    recording: LiveRecording


class ApplicationReplaced(_Timed):
    """Another program has taken the application over: its events go there from now on."""


class ChannelUserevent(_Timed):
    """An event sent to the application itself: our own echo."""

    eventname: str


class RESTResponse(msgspec.Struct, tag_field="type", tag=True):
    """Answer to a request sent over the event WebSocket (Asterisk 22.5 and later)."""

    request_id: str
    status_code: int
    reason_phrase: str = ""
    message_body: str = ""


ChannelEvent = (
    StasisStart
    | StasisEnd
    | ChannelDestroyed
    | ChannelHangupRequest
    | ChannelDtmfReceived
    | ChannelTalkingStarted
    | ChannelTalkingFinished
    | ChannelHold
    | ChannelUnhold
    | ChannelTransfer
    | Dial
)
PlaybackEvent = PlaybackStarted | PlaybackFinished
RecordingEvent = RecordingFinished | RecordingFailed
ApplicationEvent = ApplicationReplaced | ChannelUserevent
Event = ChannelEvent | PlaybackEvent | RecordingEvent | ApplicationEvent

EVENT_NAMES: tuple[str, ...] = (*(kind.__name__ for kind in Event.__args__), RESTResponse.__name__)
"""Events that we subscribe to; Asterisk filters out all others at the source."""

decode_message = msgspec.json.Decoder(Event | RESTResponse).decode


def channel_of(event: Event) -> str:
    """The id of the channel that an event is about; empty when it is about none."""
    match event:
        case PlaybackStarted() | PlaybackFinished():
            return event.playback.target_uri.removeprefix("channel:")
        case RecordingFinished() | RecordingFailed():
            return event.recording.target_uri.removeprefix("channel:")
        case ChannelTransfer():
            return event.referred_by.source_channel.id
        case Dial():
            return event.peer.id
        case ApplicationReplaced() | ChannelUserevent():
            return ""
        case _:
            return event.channel.id


def snapshot_of(event: Event) -> Channel | None:
    """The channel that an event is about, as it stood then; None where an event tells only its id."""
    match event:
        case PlaybackStarted() | PlaybackFinished() | RecordingFinished() | RecordingFailed():
            return None
        case ApplicationReplaced() | ChannelUserevent():
            return None
        case ChannelTransfer():
            return event.referred_by.source_channel
        case Dial():
            return event.peer
        case _:
            return event.channel
