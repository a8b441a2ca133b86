"""Bare SIP by hand, sharing no code with the product: what a stranger or a simple phone would send."""

import asyncio
import re
import secrets
import socket
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from telephony.phone.call import PATIENCE_SECONDS

RTP_HEADER = 12
SAMPLES_PER_SECOND = 8000


@dataclass(frozen=True, slots=True)
class Answer:
    """One SIP response: status code and its whole text."""

    code: int
    text: str

    def header(self, name: str) -> str:
        """The first header of this name, or an empty string."""
        for line in self.text.split("\r\n"):
            key, _, value = line.partition(":")
            if key.strip().lower() == name.lower():
                return value.strip()
        return ""


@dataclass(kw_only=True)
class Probe:
    """One UDP sender. `shown` is the whole From header without its tag."""

    port: int
    """Where Asterisk listens on 127.0.0.1."""
    address: str = "127.0.0.1"
    shown: str = '"Test" <sip:+380671234567@127.0.0.1>'
    call_id: str = field(default_factory=lambda: secrets.token_hex(8))
    tag: str = field(default_factory=lambda: secrets.token_hex(4))

    def __post_init__(self) -> None:
        self.sip = _bound(self.address)
        self.rtp = _bound(self.address)
        self._to = ""
        self._far_rtp = ("127.0.0.1", 9)
        self._number = "asterisk"

    def close(self) -> None:
        self.sip.close()
        self.rtp.close()

    async def request(self, method: str, number: str = "1580", *extra: str, sequence: int = 1) -> Answer:
        """Send one request; its final response. Raises TimeoutError after a minute of silence."""
        message = self._request(method, number, extra, sequence)
        async with asyncio.timeout(60):
            answer = await self._answered(message, sequence)
        if method == "INVITE":
            self._to = answer.header("To")
            self._far_rtp = _media_address(answer.text)
            await self._send(self._message("ACK", number, sequence, ""))
        return answer

    async def send(self, method: str, number: str = "1580", *extra: str, sequence: int = 1) -> None:
        """Send one request and leave its responses unread."""
        await self._send(self._request(method, number, extra, sequence))

    def _request(self, method: str, number: str, extra: Sequence[str], sequence: int) -> str:
        self._number = number
        body = self._offer() if method == "INVITE" else ""
        return self._message(method, number, sequence, body, *extra)

    async def _answered(self, message: str, sequence: int) -> Answer:
        """Its final response; sent again every half second, as any phone does over UDP (RFC 3261, 17.1)."""
        final = asyncio.ensure_future(self._final(sequence))
        try:
            while not final.done():
                await self._send(message)
                await asyncio.wait({final}, timeout=0.5)
        finally:
            final.cancel()
        return final.result()

    async def send_bytes(self, datagram: bytes) -> None:
        """Send anything at all."""
        await asyncio.get_running_loop().sock_sendto(self.sip, datagram, ("127.0.0.1", self.port))

    async def hang_up(self) -> None:
        await self.request("BYE", self._number, sequence=2)

    async def answer_call(self) -> None:
        """Wait for an INVITE to this probe and answer it at once."""
        text = ""
        async with asyncio.timeout(60):
            while not text.startswith("INVITE "):
                text = (await asyncio.get_running_loop().sock_recv(self.sip, 65536)).decode()
        kept = [
            line for line in text.split("\r\n") if line.startswith(("Via:", "From:", "Call-ID:", "CSeq:"))
        ]
        to = next(line for line in text.split("\r\n") if line.startswith("To:"))
        host, port = self.sip.getsockname()
        body = self._offer()
        head = [
            *("SIP/2.0 200 OK", *kept, f"{to};tag={self.tag}", f"Contact: <sip:probe@{host}:{port}>"),
            *("Content-Type: application/sdp", f"Content-Length: {len(body)}"),
        ]
        await self._send("\r\n".join(head) + "\r\n\r\n" + body)
        self._far_rtp = _media_address(text)
        self._take_dialog(text, to)

    def _take_dialog(self, invite: str, to: str) -> None:
        """From now on requests of ours go on in the dialog that Asterisk began."""
        headers = Answer(0, invite)
        self.call_id = headers.header("Call-ID")
        self._to = headers.header("From")
        self.shown = to.removeprefix("To:").strip()

    async def told(self, method: str) -> None:
        """Wait until Asterisk sends this request."""
        async with asyncio.timeout(60):
            while not (await asyncio.get_running_loop().sock_recv(self.sip, 65536)).startswith(
                method.encode()
            ):
                pass

    async def say(self, hertz: float, seconds: float) -> None:
        """Send a square wave as A-law RTP in real time."""
        loop = asyncio.get_running_loop()
        for number in range(round(seconds * 50)):
            moments = np.arange(160) + 160 * number
            loud = (moments * hertz * 2 // SAMPLES_PER_SECOND) % 2
            sound = np.where(loud, 0xAA, 0x2A).astype(np.uint8).tobytes()
            head = struct.pack("!BBHII", 0x80, 8, number, 160 * number, 1)
            await loop.sock_sendto(self.rtp, head + sound, self._far_rtp)
            await asyncio.sleep(0.02)

    async def press(self, key: str) -> None:
        """Send one key of 0 to 9 as an RTP event (RFC 4733) of 160 ms, its end three times."""
        loop, at = asyncio.get_running_loop(), secrets.randbits(31)
        for number in range(10):
            begins, ends = number == 0, number >= 7
            head = struct.pack("!BBHII", 0x80, 101 | begins << 7, number, at, 1)
            event = struct.pack("!BBH", int(key), ends << 7 | 10, 160 * min(number + 1, 8))
            await loop.sock_sendto(self.rtp, head + event, self._far_rtp)
            await asyncio.sleep(0.02)

    async def hear(self, seconds: float) -> np.ndarray:
        """What arrives as A-law RTP in that time, as samples from -1 to 1 at 8 kHz."""
        heard = bytearray()
        loop = asyncio.get_running_loop()
        while len(heard) < seconds * SAMPLES_PER_SECOND:
            async with asyncio.timeout(seconds + 10):
                packet = await loop.sock_recv(self.rtp, 2048)
            heard += packet[RTP_HEADER:]
        return _from_alaw(bytes(heard))

    async def hear_tone(self, hertz: float, *, seconds: float = PATIENCE_SECONDS) -> None:
        """Listen until a tone stands out for 0.2 s; TimeoutError otherwise."""
        async with asyncio.timeout(seconds):
            while not stands_out(await self.hear(0.2), hertz):
                pass

    async def _final(self, sequence: int) -> Answer:
        while True:
            data = await asyncio.get_running_loop().sock_recv(self.sip, 65536)
            text = data.decode(errors="replace")
            if not text.startswith("SIP/2.0 ") or f"CSeq: {sequence} " not in text:
                continue
            code = int(text.split()[1])
            if code >= 200:
                return Answer(code, text)

    async def _send(self, message: str) -> None:
        await self.send_bytes(message.encode())

    def _message(self, method: str, number: str, sequence: int, body: str, *extra: str) -> str:
        host, port = self.sip.getsockname()
        lines = [
            f"{method} sip:{number}@127.0.0.1:{self.port} SIP/2.0",
            f"Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bK{secrets.token_hex(8)}",
            f"From: {self.shown};tag={self.tag}",
            f"To: {self._to or f'<sip:{number}@127.0.0.1>'}",
            f"Call-ID: {self.call_id}",
            f"CSeq: {sequence} {method}",
            f"Contact: <sip:probe@{host}:{port}>",
            "Max-Forwards: 70",
            *extra,
            *(["Content-Type: application/sdp"] if body else []),
            f"Content-Length: {len(body)}",
        ]
        return "\r\n".join(lines) + "\r\n\r\n" + body

    def _offer(self) -> str:
        host, port = self.rtp.getsockname()
        return (
            f"v=0\r\no=- 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\n"
            f"m=audio {port} RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"
        )


def _bound(address: str) -> socket.socket:
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.settimeout(0)
    one.bind((address, 0))
    return one


def _media_address(text: str) -> tuple[str, int]:
    """Where the other side wants its RTP; port 9 (discard) when its SDP does not say."""
    host = re.search(r"^c=IN IP4 (\S+)", text, re.MULTILINE)
    port = re.search(r"^m=audio (\d+)", text, re.MULTILINE)
    return (host.group(1), int(port.group(1))) if host and port else ("127.0.0.1", 9)


def _from_alaw(data: bytes) -> np.ndarray:
    """ITU-T G.711 A-law to samples from -1 to 1."""
    code = np.frombuffer(data, np.uint8) ^ 0x55
    exponent = (code & 0x70) >> 4
    mantissa = (code & 0x0F).astype(np.int32)
    size = np.where(
        exponent == 0, (mantissa << 4) + 8, ((mantissa << 4) + 264) << np.maximum(exponent, 1) - 1
    )
    return np.where(code & 0x80, size, -size) / 32768


def stands_out(samples: np.ndarray, hertz: float) -> bool:
    """Whether most of the energy lies within 25 Hz of the tone."""
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    near = np.abs(np.fft.rfftfreq(len(samples), 1 / SAMPLES_PER_SECOND) - hertz) < 25
    return bool(power.sum() > 1 and power[near].sum() > power.sum() / 2)
