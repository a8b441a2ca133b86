"""All ARI requests of the hotline: one typed verb each, with Asterisk's name for it.

The operations are in one table, which a contract test compares with Asterisk's own description.
"""

import contextlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Protocol
from urllib.parse import quote

import msgspec
from attrs import define

from telephony.ari.errors import AriRefused, NotThere
from telephony.ari.messages import (
    Application,
    Bridge,
    CarriedOut,
    Channel,
    ConfigTuple,
    Endpoint,
    RtpStatistics,
    Variable,
)


@dataclass(frozen=True, slots=True)
class Operation:
    """One HTTP method and path of Asterisk's API description, with the parameters that we send."""

    method: str
    path: str
    parameters: tuple[str, ...] = ()


SILENT_TONE = "tone:0"
"""A tone of no hertz, which lasts until the bridge ends."""

ANSWER = Operation("POST", "/channels/{channelId}/answer")
PLAY = Operation("POST", "/channels/{channelId}/play/{playbackId}", ("media",))
STOP_PLAYBACK = Operation("DELETE", "/playbacks/{playbackId}")
PLAYBACK = Operation("GET", "/playbacks/{playbackId}")
START_MUSIC = Operation("POST", "/channels/{channelId}/moh")
STOP_MUSIC = Operation("DELETE", "/channels/{channelId}/moh")
RECORD = Operation(
    "POST",
    "/channels/{channelId}/record",
    ("name", "format", "maxDurationSeconds", "maxSilenceSeconds", "ifExists", "beep", "terminateOn"),
)
RECORD_BRIDGE = Operation("POST", "/bridges/{bridgeId}/record", ("name", "format"))
STOP_RECORDING = Operation("POST", "/recordings/live/{recordingName}/stop")
HANG_UP = Operation("DELETE", "/channels/{channelId}", ("reason_code",))
CREATE = Operation("POST", "/channels/create", ("endpoint", "app", "appArgs", "channelId", "otherChannelId"))
EXTERNAL_MEDIA = Operation(
    "POST",
    "/channels/externalMedia",
    ("channelId", "app", "external_host", "encapsulation", "transport", "connection_type", "format"),
)
ORIGINATE = Operation(
    "POST",
    "/channels/{channelId}",
    ("endpoint", "app", "appArgs", "callerId", "timeout", "originator"),
)
DIAL = Operation("POST", "/channels/{channelId}/dial", ("timeout",))
VARIABLE = Operation("GET", "/channels/{channelId}/variable", ("variable",))
SET_VARIABLE = Operation("POST", "/channels/{channelId}/variable", ("variable", "value"))
CONTINUE = Operation("POST", "/channels/{channelId}/continue", ("context", "extension", "priority"))
SNOOP = Operation("POST", "/channels/{channelId}/snoop/{snoopId}", ("spy", "whisper", "app", "appArgs"))
TRANSFER_PROGRESS = Operation("POST", "/channels/{channelId}/transfer_progress", ("states",))
CHANNEL = Operation("GET", "/channels/{channelId}")
CHANNELS = Operation("GET", "/channels")
RTP_STATISTICS = Operation("GET", "/channels/{channelId}/rtp_statistics")
CREATE_BRIDGE = Operation("POST", "/bridges/{bridgeId}", ("type",))
ADD_TO_BRIDGE = Operation("POST", "/bridges/{bridgeId}/addChannel", ("channel",))
REMOVE_FROM_BRIDGE = Operation("POST", "/bridges/{bridgeId}/removeChannel", ("channel",))
START_BRIDGE_MUSIC = Operation("POST", "/bridges/{bridgeId}/moh")
STOP_BRIDGE_MUSIC = Operation("DELETE", "/bridges/{bridgeId}/moh")
PLAY_IN_BRIDGE = Operation("POST", "/bridges/{bridgeId}/play/{playbackId}", ("media",))
DESTROY_BRIDGE = Operation("DELETE", "/bridges/{bridgeId}")
BRIDGES = Operation("GET", "/bridges")
ENDPOINTS = Operation("GET", "/endpoints/{tech}")
ENDPOINT = Operation("GET", "/endpoints/{tech}/{resource}")
APPLICATION = Operation("GET", "/applications/{applicationName}")
SUBSCRIBE = Operation("POST", "/applications/{applicationName}/subscription", ("eventSource",))
TELL_APPLICATION = Operation("POST", "/events/user/{eventName}", ("application",))
FILTER_EVENTS = Operation("PUT", "/applications/{applicationName}/eventFilter")
PUT_OBJECT = Operation("PUT", "/asterisk/config/dynamic/{configClass}/{objectType}/{id}")
GET_OBJECT = Operation("GET", "/asterisk/config/dynamic/{configClass}/{objectType}/{id}")
DELETE_OBJECT = Operation("DELETE", "/asterisk/config/dynamic/{configClass}/{objectType}/{id}")
GLOBAL_VARIABLE = Operation("GET", "/asterisk/variable", ("variable",))
SET_GLOBAL_VARIABLE = Operation("POST", "/asterisk/variable", ("variable", "value"))
ROTATE_LOG = Operation("PUT", "/asterisk/logging/{logChannelName}/rotate")

OF_THE_DIALOGUE = "CHANNEL(pjsip,call-id)"
"""What is read of a SIP dialogue by the thread that takes in what its phone sends."""
HELD = "CHANNEL(rtp,hold)"
"""1 while the telephone holds us, else 0."""
OFFER_AGAIN = "PJSIP_SEND_SESSION_REFRESH()"
"""Written, it has Asterisk send an offer within the dialogue."""
CALLED = "HOTLINE_CALLED"
"""The number that a channel was made to call: after a restart nothing else is known of it."""
EMERGENCY = "EMERGENCY"
"""1: its caller waits with an emergency, and Asterisk's own queue serves them first."""
EAR = "ear"
"""The argument with which channels by which we hear enter our application, where they can have one."""
_PLAIN = re.compile(r"[A-Za-z0-9_.~-]+")

OPERATIONS = tuple(value for value in list(globals().values()) if isinstance(value, Operation))


class Requests(Protocol):
    """Sends one request to Asterisk and returns the body of the answer.

    Raises CallGone (404, 409, 412: the channel or a part of it has gone) or AriRefused.
    """

    async def request(
        self, method: str, path: str, query: Mapping[str, str] | None = None, body: str = ""
    ) -> str: ...

    def order(self, method: str, path: str) -> None:
        """Send one whose answer nobody waits for; a refusal is logged, and what has gone is none.

        Raises AriUnavailable.
        """
        ...


@define(eq=False, repr=False)
class Ari:
    """Asterisk's REST verbs, by the names of its manual."""

    _requests: Requests
    application: str

    async def answer(self, channel: str) -> None:
        await self._do(ANSWER, channel)

    async def play(self, channel: str, playback: str, media: Sequence[str]) -> None:
        """Play media URIs one after another; PlaybackFinished comes once, under the id chosen here."""
        await self._do(PLAY, channel, playback, media=",".join(media))

    async def stop_playback(self, playback: str) -> None:
        await self._do(STOP_PLAYBACK, playback)

    def stop_playback_beside(self, playback: str) -> None:
        """Have it stopped, and go on at once: what is asked for next is carried out after it."""
        self._requests.order(STOP_PLAYBACK.method, _fill(STOP_PLAYBACK.path, [playback]))

    async def plays(self, playback: str) -> bool:
        """Tell whether this playback goes on, or waits for its turn."""
        try:
            await self._do(PLAYBACK, playback)
        except NotThere:
            return False
        return True

    async def start_music(self, channel: str) -> None:
        await self._do(START_MUSIC, channel)

    async def stop_music(self, channel: str) -> None:
        await self._do(STOP_MUSIC, channel)

    async def stop_recording(self, name: str) -> None:
        """Stop the recording as its key does: the sound is kept."""
        await self._do(STOP_RECORDING, name)

    async def record(self, channel: str, name: str, *, most_seconds: int, most_silence: int) -> None:
        await self._do(
            RECORD,
            channel,
            name=name,
            format="wav",
            maxDurationSeconds=str(most_seconds),
            maxSilenceSeconds=str(most_silence),
            ifExists="overwrite",
            beep="true",
            terminateOn="#",
        )

    async def record_bridge(self, bridge: str, name: str) -> None:
        """Record all who speak in it into one file, until it is destroyed."""
        await self._do(RECORD_BRIDGE, bridge, name=name, format="wav")

    async def hang_up(self, channel: str, *, reason_code: int = 16) -> None:
        """End a channel with an ISDN cause (16: normal clearing)."""
        await self._do(HANG_UP, channel, reason_code=str(reason_code))

    async def rtp_statistics(self, channel: str) -> RtpStatistics:
        """Count the packets of sound that went to and fro. Raises CallGone where there is no sound yet."""
        return msgspec.json.decode(await self._do(RTP_STATISTICS, channel), type=RtpStatistics)

    async def hold(self, channel: str) -> Variable:
        """Read whether the telephone holds us (its last offer was `sendonly` or `inactive`): 1, else 0."""
        return msgspec.json.decode(await self._do(VARIABLE, channel, variable=HELD), type=Variable)

    async def ask_whether_there(self, channel: str) -> None:
        """Send the telephone an offer of the same sound; one that knows of no such call any more refuses it.

        By that Asterisk ends the channel.
        """
        await self._do(SET_VARIABLE, channel, variable=OFFER_AGAIN, value="invite")

    async def called(self, channel: str) -> Variable:
        """Read the number that our channel was made to call; raises CallGone without either."""
        return msgspec.json.decode(await self._do(VARIABLE, channel, variable=CALLED), type=Variable)

    async def last_answer(self, channel: str, name: str) -> Variable:
        """Read what the telephone of the channel of this name answered last, such as `SIP 200 OK`.

        Raises AriRefused where nothing was asked yet.
        """
        asked = f"HANGUPCAUSE({name},tech)"
        return msgspec.json.decode(await self._do(VARIABLE, channel, variable=asked), type=Variable)

    async def detect_talking(self, channel: str, *, silence_ms: int) -> None:
        """Have it told when somebody on the channel begins and ends to speak (TALK_DETECT)."""
        await self._do(SET_VARIABLE, channel, variable="TALK_DETECT(set)", value=str(silence_ms))

    async def mark_emergency(self, channel: str, *, waits: bool) -> None:
        """Have Asterisk's own queue know whether its caller waits with an emergency (`[fallback]`)."""
        await self._do(SET_VARIABLE, channel, variable=EMERGENCY, value="1" if waits else "0")

    async def emergency(self, channel: str) -> Variable:
        """Read whether they do, which that queue may know too: 1; raises CallGone where nobody said so."""
        return msgspec.json.decode(await self._do(VARIABLE, channel, variable=EMERGENCY), type=Variable)

    async def refuse_recording(self, channel: str) -> None:
        """Have Asterisk's own queue know that its caller is not to be recorded (`[fallback]`)."""
        await self._do(SET_VARIABLE, channel, variable="RECORDING_REFUSED", value="1")

    async def transfer_done(self, channel: str) -> None:
        """Tell the phone that asked for a transfer (REFER) that it has worked."""
        await self._transfer_came_to(channel, "channel_answered")

    async def transfer_refused(self, channel: str) -> None:
        """Tell the phone that asked for a transfer (REFER) that nobody can be reached there."""
        await self._transfer_came_to(channel, "channel_unavailable")

    async def _transfer_came_to(self, channel: str, state: str) -> None:
        """Answer a REFER once Asterisk has taken it in.

        It tells us of one before it has laid down whom the answer concerns, and an answer that comes in
        between ends all of Asterisk, with every call (seen with 22.10.1). What it looks up in the phone's
        dialogue waits there for its turn, which is after the REFER. Where the dialogue has just ended,
        Asterisk refuses the look-up (500).
        """
        try:
            await self._do(VARIABLE, channel, variable=OF_THE_DIALOGUE)
        except AriRefused as refused:
            raise NotThere(f"The phone that asked for a transfer has hung up: {refused}") from refused
        await self._do(TRANSFER_PROGRESS, channel, states=state)

    async def leave_to(self, channel: str, context: str, extension: str = "s") -> None:
        """Give the channel back to the dialplan, at an extension of a context."""
        await self._do(CONTINUE, channel, context=context, extension=extension, priority="1")

    async def originate(
        self,
        channel: str,
        endpoint: str,
        *,
        args: str,
        caller_id: str,
        ring_seconds: int,
        originator: str,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Ring an endpoint; it enters our application with `args` when it answers.

        `headers` are sent to the phone with the INVITE.
        """
        added = {f"PJSIP_HEADER(add,{name})": value for name, value in (headers or {}).items()}
        await self._do(
            ORIGINATE,
            channel,
            endpoint=endpoint,
            app=self.application,
            appArgs=args,
            callerId=caller_id,
            timeout=str(ring_seconds),
            originator=originator,
            body={"variables": added} if added else None,
        )

    async def create(
        self,
        channel: str,
        endpoint: str,
        *,
        args: str,
        shown: str = "",
        other: str = "",
        variables: Mapping[str, str] | None = None,
    ) -> Channel:
        """Make a channel that is in our application with `args` at once and rings nobody until `dial`.

        `shown` is the number that the called see; `other` names the second half of a `Local` channel.
        """
        identity = {"CONNECTEDLINE(num,i)": shown, "CONNECTEDLINE(pres,i)": "allowed"} if shown else {}
        made = await self._do(
            CREATE,
            endpoint=endpoint,
            app=self.application,
            appArgs=args,
            channelId=channel,
            **({"otherChannelId": other} if other else {}),
            body={"variables": {**identity, **(variables or {})}},
        )
        return msgspec.json.decode(made, type=Channel)

    async def dial(self, channel: str, *, ring_seconds: int) -> None:
        """Dial from a created channel; Dial events report the progress."""
        await self._do(DIAL, channel, timeout=str(ring_seconds))

    async def snoop_inwards(self, channel: str, copy: str) -> None:
        """Make a channel that has the sound which comes from this one's telephone, and no other."""
        await self._do(SNOOP, channel, copy, spy="in", app=self.application, appArgs=EAR)

    async def snoop_both(self, channel: str, snoop: str, *, whispers: bool) -> None:
        """Make a channel that has what is said and heard on this one.

        `whispers`: what is said into it goes out to this one's telephone, and nowhere else.
        """
        whisper = "out" if whispers else "none"
        await self._do(SNOOP, channel, snoop, spy="both", whisper=whisper, app=self.application, appArgs=EAR)

    async def carry_out(self, carrier: str) -> CarriedOut:
        """Make a channel whose sound is fetched at `/media/ID`, samples at 8 kHz."""
        made = await self._do(
            EXTERNAL_MEDIA,
            channelId=carrier,
            app=self.application,
            external_host="INCOMING",
            encapsulation="none",
            transport="websocket",
            connection_type="server",
            format="slin",
        )
        return msgspec.json.decode(made, type=CarriedOut)

    async def channel(self, channel: str) -> Channel:
        return msgspec.json.decode(await self._do(CHANNEL, channel), type=Channel)

    async def channels(self) -> list[Channel]:
        return msgspec.json.decode(await self._do(CHANNELS), type=list[Channel])

    async def create_bridge(self, bridge: str, *, always_mixed: bool = False) -> None:
        """Make the mixing bridge, or leave it as it is when it exists.

        `always_mixed`: of two in it, too, each hears a mix, never the other's own packets
        (docs/decisions/0031).
        """
        kind = "mixing,video_sfu" if always_mixed else "mixing"
        with contextlib.suppress(NotThere):  # 409: it exists
            await self._do(CREATE_BRIDGE, bridge, type=kind)

    async def play_in_bridge(self, bridge: str, playback: str, media: Sequence[str]) -> None:
        """Have all in a bridge hear media URIs, once what is played into it already has ended."""
        await self._do(PLAY_IN_BRIDGE, bridge, playback, media=",".join(media))

    async def add_to_bridge(self, bridge: str, *channels: str) -> None:
        await self._do(ADD_TO_BRIDGE, bridge, channel=",".join(channels))

    async def remove_from_bridge(self, bridge: str, channel: str) -> None:
        await self._do(REMOVE_FROM_BRIDGE, bridge, channel=channel)

    async def start_bridge_music(self, bridge: str) -> None:
        """Have all in the bridge hear music."""
        await self._do(START_BRIDGE_MUSIC, bridge)

    async def stop_bridge_music(self, bridge: str) -> None:
        await self._do(STOP_BRIDGE_MUSIC, bridge)

    async def destroy_bridge(self, bridge: str) -> None:
        await self._do(DESTROY_BRIDGE, bridge)

    async def bridges(self) -> list[Bridge]:
        return msgspec.json.decode(await self._do(BRIDGES), type=list[Bridge])

    async def endpoints(self) -> list[Endpoint]:
        """Every PJSIP endpoint, with its state and its channels."""
        try:
            found = await self._do(ENDPOINTS, "PJSIP")
        except NotThere:  # Asterisk's word for none at all: no dispatcher yet, and no trunk
            return []
        return msgspec.json.decode(found, type=list[Endpoint])

    async def endpoint(self, name: str) -> Endpoint:
        """One PJSIP endpoint; raises CallGone when there is none of that name."""
        return msgspec.json.decode(await self._do(ENDPOINT, "PJSIP", name), type=Endpoint)

    async def in_application(self) -> Application:
        """List the channels in our application, after a reconnect too."""
        return msgspec.json.decode(await self._do(APPLICATION, self.application), type=Application)

    async def tell_application(self, name: str) -> None:
        """Have an event of our own come back; raises CallGone when the application is not active."""
        await self._do(TELL_APPLICATION, name, application=self.application)

    async def filter_events(self, names: Sequence[str]) -> None:
        """Have Asterisk send only these events."""
        allowed = [{"type": name} for name in names]
        await self._do(FILTER_EVENTS, self.application, body={"allowed": allowed})

    async def subscribe_to_channels(self) -> None:
        """Hear of every channel, also of those that are in another application."""
        await self._do(SUBSCRIBE, self.application, eventSource="channel:")

    async def has_object(self, kind: str, name: str) -> bool:
        """Whether a PJSIP object (`endpoint`, `auth`, `aor`) exists."""
        try:
            await self._do(GET_OBJECT, "res_pjsip", kind, name)
        except NotThere:
            return False
        return True

    async def object_fields(self, kind: str, name: str) -> Sequence[ConfigTuple]:
        """Read the fields of a PJSIP object; raises NotThere."""
        return msgspec.json.decode(
            await self._do(GET_OBJECT, "res_pjsip", kind, name), type=list[ConfigTuple]
        )

    async def delete_object(self, kind: str, name: str) -> None:
        """Delete a PJSIP object, such as a registration's `contact`; one that is gone is as good."""
        with contextlib.suppress(NotThere):
            await self._do(DELETE_OBJECT, "res_pjsip", kind, name)

    async def put_object(self, kind: str, name: str, fields: Mapping[str, str]) -> None:
        """Create or replace a PJSIP object at run time (never an aor with a registered phone)."""
        pairs = [{"attribute": attribute, "value": value} for attribute, value in fields.items()]
        await self._do(PUT_OBJECT, "res_pjsip", kind, name, body={"fields": pairs})

    async def global_variable(self, name: str) -> Variable:
        """Read a variable of the whole dialplan; one that is not there has the value ""."""
        return msgspec.json.decode(await self._do(GLOBAL_VARIABLE, variable=name), type=Variable)

    async def set_global_variable(self, name: str, value: str) -> None:
        """Set one: it lasts until Asterisk ends."""
        await self._do(SET_GLOBAL_VARIABLE, variable=name, value=value)

    async def rotate_log(self, path: str) -> None:
        """Have Asterisk begin this log anew; the old one becomes `….0` (`rotatestrategy` in logger.conf)."""
        await self._do(ROTATE_LOG, path)

    async def _do(
        self, operation: Operation, *where: str, body: Mapping[str, object] | None = None, **query: str
    ) -> str:
        return await self._requests.request(
            operation.method,
            _fill(operation.path, where),
            query,
            msgspec.json.encode(body).decode() if body else "",
        )


def _fill(path: str, values: Sequence[str]) -> str:
    """Put values into the `{…}` parts of a path, in their order."""
    return _template(path).format(*map(_quoted, values))


@cache
def _template(path: str) -> str:
    return re.sub(r"\{\w+\}", "{}", path)


@lru_cache(maxsize=1024)
def _quoted(value: str) -> str:
    """Quote a value for a path; nearly all are ids, of which nothing has to be quoted."""
    return value if _PLAIN.fullmatch(value) else quote(value, safe="")
