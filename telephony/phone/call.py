"""A telephone call as one side sees it: talk, listen, keys, hold, transfer, and how it ended."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from hotline.dialling.hosts import in_uri
from hotline.errors import CallGone
from telephony.phone import sound as sounds
from telephony.phone.ear import Ear
from telephony.phone.g711 import Samples
from telephony.phone.line import ALLOW, Dialog, PhoneLine
from telephony.phone.media import Media
from telephony.phone.sdp import TYPE, NoCommonSound
from telephony.phone.signalling import Address, NoReply
from telephony.phone.sip import Request, uri_of
from telephony.phone.timeline import End, EventKind, Instant, Timeline, Who

PATIENCE_SECONDS = 120.0
"""How long is waited for what nobody bounds: far longer than it takes on the busiest machine."""
DIGIT_SECONDS = 0.1
GAP_SECONDS = 0.1
TONE_WINDOW = 0.2
_TONE_SHARE = 0.5
_OK = 200
_REFUSED = 300


class Call:
    """The common part of calls in both directions. Moments are monotonic seconds; sound is 8 kHz int16."""

    def __init__(self, line: PhoneLine, media: Media, dialog: Dialog, timeline: Timeline) -> None:
        self.dialog = dialog
        self.answered_at: Instant | None = None
        self.end: End | None = None
        self.referrals: list[str] = []
        """The Refer-To URIs with which the other side asked us to call someone else (we decline)."""
        self._line, self._media, self._timeline = line, media, timeline
        self._changed = media.ear.pulse
        self._referred = 0
        self._dropped = False

    @property
    def timeline(self) -> Timeline:
        return self._timeline

    @property
    def ear(self) -> Ear:
        """All that was heard so far."""
        return self._media.ear

    @property
    def digits(self) -> str:
        """The keys that the other side pressed so far."""
        return self._media.ear.digits

    @property
    def held_by_peer(self) -> bool:
        return self._media.held_by_peer

    async def answered(self, timeout: float = PATIENCE_SECONDS) -> Instant:  # noqa: ASYNC109 - reads as a bound
        """Wait for the answer; its moment. Raises CallGone when it ended first, TimeoutError."""
        async with asyncio.timeout(timeout):
            await self._changed.until(lambda: self.answered_at is not None or self.end is not None)
        if self.answered_at is None:
            raise self._gone
        return self.answered_at

    async def ended(self, timeout: float = PATIENCE_SECONDS) -> End:  # noqa: ASYNC109
        """Wait for the end. Raises TimeoutError."""
        async with asyncio.timeout(timeout):
            await self._changed.until(lambda: self.end is not None)
        if self.end is None:
            raise self._gone
        return self.end

    async def press(self, keys: str, *, held: float = DIGIT_SECONDS, gap: float = GAP_SECONDS) -> None:
        """Press keys one after another (RFC 4733); returns when all are sent. Raises CallGone."""
        for key in keys:
            if self._media.mouth is None or self.end is not None:
                raise self._gone
            self._timeline.add(EventKind.PRESSED, key)
            await self._media.mouth.press(key, held=held, gap=gap)

    def say(self, sound: sounds.Sound) -> None:
        """Let the other side hear something else from now on."""
        self._media.say(sound)

    async def heard_voice(self, *, after: float | None = None, timeout: float = PATIENCE_SECONDS) -> float:  # noqa: ASYNC109
        """Wait for sound at or after `after` (default: the answer); its first moment. Raises CallGone."""
        since, spans = self._since(after), self._media.ear.spans
        await self._hears(lambda: bool(spans) and spans[-1].end >= since, timeout)
        return next(max(span.start, since) for span in spans if span.end >= since)

    async def heard_pause(self, *, after: float | None = None, timeout: float = PATIENCE_SECONDS) -> float:  # noqa: ASYNC109
        """Wait until sound that reached past `after` is over (0.7 s); when it ended. Raises CallGone."""
        since, ear = self._since(after), self._media.ear
        await self._hears(
            lambda: any(span.end >= since for span in ear.spans[: -1 if ear.speaking else None]), timeout
        )
        return next(span.end for span in ear.spans if span.end >= since)

    async def heard_tone(self, hertz: float, *, timeout: float = PATIENCE_SECONDS) -> float:  # noqa: ASYNC109
        """Wait until a tone is most of what is heard for 0.2 s; that moment. Raises CallGone."""
        await self._hears(lambda: self.hears_tone(hertz), timeout)
        return Instant.now().monotonic

    async def heard_digits(self, keys: str, *, timeout: float = PATIENCE_SECONDS) -> None:  # noqa: ASYNC109
        """Wait until the other side's keys end in these. Raises CallGone."""
        await self._hears(lambda: self.digits.endswith(keys), timeout)

    def hears_tone(self, hertz: float, *, seconds: float = TONE_WINDOW, before: float | None = None) -> bool:
        """Whether this tone was at least half of the energy in the last seconds (before a moment)."""
        if before is None:
            return self.tone_share(hertz, seconds=seconds) > _TONE_SHARE
        return sounds.tone_share(self._media.ear.recording(before - seconds, before), hertz) > _TONE_SHARE

    def heard_of(self, tones: tuple[float, ...]) -> int | None:
        """Give the place of the tone that was most of the energy in the last moment; None: none was."""
        shares = sounds.tone_shares(self.latest(TONE_WINDOW), tones)
        return next((place for place, share in enumerate(shares) if share > _TONE_SHARE), None)

    def tone_share(self, hertz: float, *, seconds: float = TONE_WINDOW) -> float:
        """How much of the energy of the last seconds this tone was, 0 to 1."""
        return sounds.tone_share(self.latest(seconds), hertz)

    def latest(self, seconds: float) -> Samples:
        """Return the sound that has come last: where it comes late, its place is before now."""
        end = self._media.ear.latest(Instant.now().monotonic)
        return self._media.ear.recording(end - seconds, end)

    def recording(self, *, early: bool = False) -> Samples:
        """Return the sound heard since the answer (`early`: since the INVITE), placed by RTP time."""
        began = self._timeline.began if early else self.answered_at
        if began is None:
            return self._media.ear.recording(0, 0)
        ended = [moment.at for moment in self._timeline.moments if moment.kind is EventKind.ENDED]
        end = self._timeline.began.monotonic + ended[0] if ended else Instant.now().monotonic
        return self._media.ear.recording(began.monotonic, end)

    def save(self, path: Path) -> None:
        """Write the recording as WAV."""
        sounds.save(self.recording(), path)

    async def hold(self) -> None:
        """Put the other side on hold: nothing is sent until `resume`. Raises CallGone when refused."""
        await self._reoffer(held=True)
        self._timeline.add(EventKind.HELD)

    async def resume(self) -> None:
        await self._reoffer(held=False)
        self._timeline.add(EventKind.RESUMED)

    async def transfer(self, number: str) -> int:
        """Ask for a blind transfer; the reply's code: 202 accepted, 300 and more refused. Raises NoReply.

        Our own leg stays until one side hangs it up (Asterisk leaves that to us).
        """
        host, port = self.dialog.peer
        return await self._refer(f"<sip:{number}@{in_uri(host)}:{port}>")

    async def transfer_attended(self, other: "Call") -> int:
        """Join the other side of this call with that of another of our calls; as `transfer`."""
        return await self._refer(f"<{other.dialog.target}?Replaces={quote(other.dialog.replaces, safe='')}>")

    async def transfer_outcome(self, *, timeout: float = PATIENCE_SECONDS) -> int:  # noqa: ASYNC109
        """Wait for what became of our transfer: 200 when the other was reached. Raises CallGone."""
        await self._hears(lambda: self._referred >= _OK, timeout)
        return self._referred

    async def hang_up(self) -> End:
        """End the call, however far it got; nothing happens when it is over already."""
        if self.end is None:
            self._over(End(Who.US, _OK, ""))
            await self._say_goodbye()
        return await self.ended()

    async def _say_goodbye(self) -> None:
        try:
            await self._line.ask(self.dialog, "BYE")
        except NoReply as silence:
            self._timeline.add(EventKind.ENDED, str(silence))

    def drop(self) -> None:
        """Stop as a phone that lost its power: no BYE, no more sound, and no such call when it is asked."""
        self._dropped = True
        self._over(End(Who.NETWORK, 0, "dropped"))

    def on_request(self, request: Request, source: Address) -> None:
        """Answer a request within the call."""
        if self._dropped and request.method != "ACK":
            self._line.signalling.respond(request, source, 481, "Call/Transaction Does Not Exist")
            return
        match request.method:
            case "ACK":
                if request.body:
                    self._media.agree(request.body)
            case "BYE":
                self._respond(request, source)
                self._over(End(Who.PEER, _OK, request.first("Reason")))
            case "INVITE" | "UPDATE":
                self._take_offer(request, source)
            case "NOTIFY":
                self._respond(request, source)
                self._notified(request)
            case "REFER":
                self._asked_to_transfer(request, source)
            case "INFO" | "OPTIONS":
                self._line.signalling.respond(request, source, _OK, "OK", headers=[("Allow", ALLOW)])
            case _:
                self._line.signalling.respond(request, source, 405, "Method Not Allowed")

    def on_sound(self, kind: str, detail: str) -> None:
        """Hear from the ear."""
        if self.end is None:
            self._timeline.add(EventKind(kind), detail)

    def _over(self, end: End) -> None:
        if self.end is None:
            self.end = end
            self._timeline.add(EventKind.ENDED, f"{end.who} {end.code} {end.reason}".strip())
            self._media.close()

    def _answered(self) -> None:
        self.answered_at = Instant.now()
        self._timeline.add(EventKind.ANSWERED)
        self._changed.beat()

    @property
    def _gone(self) -> CallGone:
        return CallGone(f"The call is over or not answered: {self.end}")

    def _since(self, after: float | None) -> float:
        if after is not None:
            return after
        return (self.answered_at or self._timeline.began).monotonic

    async def _hears(self, holds: Callable[[], bool], timeout: float) -> None:  # noqa: ASYNC109
        held = False

        def over() -> bool:  # asked once a look: a tone may be gone again a moment later
            nonlocal held
            held = holds()
            return held or self.end is not None

        async with asyncio.timeout(timeout):
            await self._changed.until(over)
        if not held:
            raise self._gone

    async def _reoffer(self, *, held: bool) -> None:
        self._media.held = held
        response = await self._line.ask(self.dialog, "INVITE", body=self._media.offer())
        if response.code >= _REFUSED:
            self._media.held = not held
            raise CallGone(f"Hold or resume refused: {response.code} {response.reason}")
        self._media.agree(response.body)

    async def _refer(self, target: str) -> int:
        self._timeline.add(EventKind.TRANSFERRED, target)
        self._referred = 0
        headers = [("Refer-To", target), ("Referred-By", f"<{uri_of(self.dialog.local)}>")]
        response = await self._line.ask(self.dialog, "REFER", headers)
        return response.code

    def _notified(self, notify: Request) -> None:
        words = notify.body.decode(errors="replace").split(maxsplit=2)
        if len(words) > 1 and words[0] == "SIP/2.0" and words[1].isdigit():
            self._referred = int(words[1])
            self._changed.beat()

    def _asked_to_transfer(self, refer: Request, source: Address) -> None:
        self.referrals.append(uri_of(refer.first("Refer-To")))
        self._timeline.add(EventKind.ASKED_TO_TRANSFER, self.referrals[-1])
        self._line.signalling.respond(refer, source, 202, "Accepted")
        self._changed.beat()
        self._line.spawn(self._decline_referral())

    async def _decline_referral(self) -> None:
        headers = [
            ("Event", "refer"),
            ("Subscription-State", "terminated;reason=noresource"),
            ("Content-Type", "message/sipfrag;version=2.0"),
        ]
        try:
            await self._line.ask(self.dialog, "NOTIFY", headers, b"SIP/2.0 501 Not Implemented\r\n")
        except NoReply as silence:
            self._timeline.add(EventKind.ASKED_TO_TRANSFER, str(silence))

    def _take_offer(self, request: Request, source: Address) -> None:
        was_held = self._media.held_by_peer
        try:
            body = self._media.answer_to(request.body) if request.body else self._own_offer(request)
        except NoCommonSound as error:
            self._line.signalling.respond(request, source, 488, "Not Acceptable Here")
            self._timeline.add(EventKind.HELD_BY_PEER, str(error))
            return
        self.dialog.establish(request)
        self._respond(request, source, body)
        if was_held != self._media.held_by_peer:
            self._timeline.add(EventKind.RESUMED_BY_PEER if was_held else EventKind.HELD_BY_PEER)
        self._changed.beat()

    def _own_offer(self, request: Request) -> bytes:
        return self._media.offer() if request.method == "INVITE" else b""

    def _respond(self, request: Request, source: Address, body: bytes = b"") -> None:
        headers = [("Contact", self._line.contact), ("Allow", ALLOW)]
        if body:
            headers.append(("Content-Type", TYPE))
        self._line.signalling.respond(request, source, _OK, "OK", headers=headers, body=body)
