"""The sending half of a call's RTP (RFC 3550): sound in 20 ms packets, digits as RFC 4733 events between."""

import asyncio
import secrets
import struct
from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice

from hotline.errors import CallGone
from telephony.phone.g711 import FRAME
from telephony.phone.pacer import FRAME_SECONDS
from telephony.phone.sdp import Law, NoCommonSound
from telephony.phone.sound import Reel, Sound

DIGITS = "0123456789*#ABCD"
_VOLUME = 10  # -10 dBm0
_END = 0x80
_MARKER = 0x80
_END_REPEATS = 3
"""RFC 4733, 2.5.1.4: the last packet goes out three times, so that a lost one does not lose the digit."""

_Packet = tuple[int, int, bytes]  # marker and payload type, timestamp, payload (empty: a pause)


class Mouth:
    """Turns a sound and pressed keys into RTP packets, one at each `packet`."""

    def __init__(self, sound: Sound, law: Law, events: int | None) -> None:
        self.muted = False
        self._law, self._events = law, events
        self._reel = Reel(sound, law)
        self._keys: deque[tuple[Iterator[_Packet], asyncio.Future[None]]] = deque()
        self._sequence = secrets.randbelow(1 << 16)
        self._stamp = secrets.randbelow(1 << 32)
        self._source = secrets.randbelow(1 << 32)

    def say(self, sound: Sound) -> None:
        """Go over to another sound at the next packet."""
        self._reel = Reel(sound, self._law)

    async def press(self, key: str, *, held: float, gap: float) -> None:
        """Send one digit; returns when it and the gap after it are over. ValueError: not a key.

        Raises NoCommonSound when the other side takes no such digits, CallGone when the call ends meanwhile.
        """
        event = DIGITS.index(key)
        if self._events is None:
            raise NoCommonSound("The other side takes no RFC 4733 digits.")
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        frames = max(1, round(held / FRAME_SECONDS)), max(1, round(gap / FRAME_SECONDS))
        self._keys.append((self._digit(event, *frames), done))
        await done

    def packet(self, send: Callable[[bytes], None]) -> None:
        """Send the packet of this 20 ms, if there is one: nothing while muted, unless a key is pressed."""
        self._stamp = (self._stamp + FRAME) & 0xFFFFFFFF
        while self._keys:
            packets, done = self._keys[0]
            due = next(packets, None)
            if due is not None:
                if due[2]:
                    send(self._wrapped(*due))
                return
            self._keys.popleft()
            if not done.done():
                done.set_result(None)
        if not self.muted and (frame := self._reel.frame()):
            send(self._wrapped(self._law.payload_type, self._stamp, frame))

    def stop(self) -> None:
        """Send no more; who waits for a key is told CallGone, unless its end was sent already."""
        while self._keys:
            packets, done = self._keys.popleft()
            if done.done():
                continue
            if len([*islice((one for _, _, one in packets if one), _END_REPEATS)]) == _END_REPEATS:
                done.set_exception(CallGone("The call ended while a key was pressed."))
            else:
                done.set_result(None)

    def _digit(self, event: int, held: int, gap: int) -> Iterator[_Packet]:
        kind, start = self._events if self._events is not None else 0, self._stamp
        for number in range(1, held + 1):
            marker = _MARKER if number == 1 else 0
            yield marker | kind, start, struct.pack("!BBH", event, _VOLUME, number * FRAME)
        for _ in range(_END_REPEATS):
            yield kind, start, struct.pack("!BBH", event, _END | _VOLUME, held * FRAME)
        for _ in range(gap):
            yield kind, start, b""

    def _wrapped(self, kind: int, stamp: int, payload: bytes) -> bytes:
        self._sequence = (self._sequence + 1) & 0xFFFF
        return struct.pack("!BBHII", 0x80, kind, self._sequence, stamp, self._source) + payload
