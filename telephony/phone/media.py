"""One call's sound: a UDP socket with a mouth and an ear, at the pace of the phone's one timer."""

import asyncio
from collections.abc import Callable

from telephony.phone.ear import Ear
from telephony.phone.mouth import Mouth
from telephony.phone.pacer import Pacer
from telephony.phone.sdp import EVENTS, Direction, Law, Session, common, parse
from telephony.phone.sound import SILENCE, Sound


class Media(asyncio.DatagramProtocol):
    """Opened with the call; sends once the other side is known, and while neither holds the other."""

    def __init__(self, pacer: Pacer, laws: tuple[Law, ...], tell: Callable[[str, str], None]) -> None:
        self.ear = Ear(tell)
        self.mouth: Mouth | None = None
        self.held = False
        """Whether we hold the other side."""
        self.held_by_peer = False
        self._pacer, self._laws = pacer, laws
        self._sound: Sound = SILENCE
        self._remote: Session | None = None
        self._version = 0
        self._transport: asyncio.DatagramTransport | None = None
        self._at: tuple[str, int] | None = None

    async def open(self, host: str) -> None:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(host, 0))
        self._at = self._transport.get_extra_info("sockname")[:2]  # asked now: a closed socket cannot tell
        self._pacer.follow(self, self._tick)

    def close(self) -> None:
        self._pacer.leave(self)
        if self.mouth is not None:
            self.mouth.stop()
        if self._transport is not None:
            self._transport.close()
        self.ear.pulse.beat()

    def say(self, sound: Sound) -> None:
        """Let the other side hear this, from now on or from the answer on."""
        self._sound = sound
        if self.mouth is not None:
            self.mouth.say(sound)

    def offer(self) -> bytes:
        """Our side, as an offer."""
        return self._described(self._laws, EVENTS, Direction.SEND if self.held else Direction.BOTH)

    def answer_to(self, body: bytes) -> bytes:
        """Agree to an offer and describe our side of it. Raises NoCommonSound."""
        offered = parse(body)
        self.agree(body)
        direction = Direction.SEND if self.held and not self.held_by_peer else offered.direction.answered
        return self._described(common(offered, self._laws)[:1], offered.events, direction)

    def agree(self, body: bytes) -> None:
        """Speak with the side that this offer or answer describes. Raises NoCommonSound."""
        other = parse(body)
        law = common(other, self._laws)[0]
        if self.mouth is None or self._remote is None or law != common(self._remote, self._laws)[0]:
            self.mouth = Mouth(self._sound, law, other.events)
        self._remote = other
        self.ear.events = EVENTS if other.events is None else other.events
        self.held_by_peer = other.direction in (Direction.SEND, Direction.NONE) and not self.held
        self.mouth.muted = self.held or other.direction in (Direction.SEND, Direction.NONE)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:  # noqa: ARG002 - asyncio's
        self.ear.take(data)

    def _described(self, laws: tuple[Law, ...], events: int | None, direction: Direction) -> bytes:
        if self._at is None:
            raise RuntimeError("Media is described after it is opened.")
        host, port = self._at
        self._version += 1
        side = Session(host=host, port=port, laws=laws, events=events, direction=direction)
        return side.encode(self._version)

    def _tick(self) -> None:
        if self.mouth is not None:
            self.mouth.packet(self._send)
        self.ear.notice_pause()

    def _send(self, packet: bytes) -> None:
        if self._transport is not None and self._remote is not None and not self._transport.is_closing():
            self._transport.sendto(packet, (self._remote.host, self._remote.port))
