"""Citizens and dispatchers of `hotline bench faults`: each tells by a tone of their own who they are.

A citizen's tone lies above 1,300 Hz and a desk's below, so that each side knows whom it hears, whatever the
hotline says of it. All that is judged afterwards is what these telephones noted.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

import numpy as np

from hotline.errors import CallGone
from hotline.line.line import Dispatcher
from telephony.phone.call import Call
from telephony.phone.g711 import RATE, Samples
from telephony.phone.incoming import IncomingCall
from telephony.phone.outgoing import OutgoingCall
from telephony.phone.pacer import Pacer
from telephony.phone.phone import Phone, RegistrationRefused
from telephony.phone.signalling import Address, NoReply
from telephony.phone.sound import SILENCE, Sound, tone, tone_share, tone_shares
from telephony.phone.timeline import EventKind, Who
from tests.bench.judged import Judged

DESK_HERTZ, DESK_STEP = 420, 40
CITIZEN_HERTZ, CITIZEN_STEP, CITIZEN_TONES = 1320, 20, 95
RING_SECONDS = 0.4
TALK_SECONDS = 4.0
LISTENS_SECONDS = 4.0
PATIENCE_SECONDS = 75.0
"""The time for which a citizen waits for an answer, and for a dispatcher, before they give up."""
ANOTHER_SECONDS = 30.0
"""The same for the colleague to whom they are passed on, who may be engaged: then nobody passes them on."""
STILL_HEARD_SECONDS = 2.0
"""To take a machine away takes a moment, in which the last sounds come."""
DEAD_SECONDS = 4.0
"""After this time since Asterisk was killed a call of which nothing has come is known to be dead."""
STOPPED_SECONDS = 0.1
"""A talk that goes on is heard fifty times a second; the last of it may be read so late."""
QUIET_SECONDS = 0.5
"""A call that lives is heard more often, unless this process lags."""
KNOWN_WITHIN_SECONDS = 3.0
FOR_EVER_SECONDS = 3600.0
REGISTERED_FOR_SECONDS = 20
"""Short, so that desks are back soon after Asterisk was killed."""
SURELY_SECONDS = 1.0
_REFUSED = 300
_SHARE = 0.5
_LISTEN_SECONDS = 0.25
_LOOKS = 2


class Wish(Enum):
    """The purpose of a citizen's call."""

    LISTENS = auto()
    TALKS = auto()
    IS_PASSED_ON = auto()
    IS_HUNG_UP_ON = auto()


WISHES: Sequence[Wish] = (
    *(Wish.LISTENS,) * 5,
    *(Wish.TALKS,) * 2,
    Wish.IS_PASSED_ON,
    *(Wish.IS_HUNG_UP_ON,) * 2,
)


def wish_of(number: str) -> Wish:
    return WISHES[int(number[-5:]) % len(WISHES)]


def citizen_hertz(number: str) -> int:
    return CITIZEN_HERTZ + CITIZEN_STEP * (int(number[-5:]) % CITIZEN_TONES)


def desk_hertz(place: int) -> int:
    return DESK_HERTZ + DESK_STEP * place


@dataclass(slots=True)
class Visit:
    """One citizen's call, as their own telephone noted it. Moments are monotonic seconds."""

    number: str
    wish: Wish
    began: float
    answered: bool = False
    asked_at: float = float("inf")
    """When they pressed the key for a dispatcher."""
    spoke_with: list[int] = field(default_factory=list)
    """The places of the desks whose tones were heard, in their order."""
    done: bool = False
    """Tell whether the citizen got all that they had called for."""
    gave_up: bool = False
    cut_off: str = ""
    """The end of the call, when the other side ended it before its time."""
    died: bool = False
    """Asterisk was killed under it."""
    died_at: float = float("-inf")
    """When it was."""
    silence: float = 0.0
    """The longest time without a sound, in seconds: nothing rang, or nothing was heard."""
    ended: float = 0.0
    call: Call | None = field(default=None, repr=False)


@dataclass(slots=True)
class Talk:
    """One call that a desk answered."""

    desk: int
    number: str
    began: float
    ended: float = float("inf")
    wrong_person: str = ""
    """The voice that was heard in place of the caller who was shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RungInTalk:
    """A caller who rang a desk whose telephone was in a talk."""

    desk: str
    by: str
    talked_with: str
    at: float
    heard_before: float
    """For how many seconds nobody had been heard in that talk."""
    passed_on: bool
    """The desk had asked that its citizen be passed on."""
    talk: Call
    """The desk's end of that talk, which goes on to be heard or does not."""
    ring: Call

    @property
    def heard_after(self) -> float:
        """For how many seconds somebody was still heard in that talk."""
        frames = self.talk.ear.frames
        return frames[-1].arrival - self.at if frames else 0.0

    def __str__(self) -> str:
        return (
            f"desk {self.desk} rung by {self.by} in a talk with {self.talked_with},"
            f" heard {self.heard_before:.2f} s before and for {max(0.0, self.heard_after):.2f} s after"
        )

    def was_over(self, visits: Iterable[Visit]) -> bool:
        """Tell whether that talk was over, of which the desk had not been told.

        Its citizen had hung up, or was with a colleague to whom the desk had passed them on.
        """
        if self.passed_on and self.heard_after < STOPPED_SECONDS:
            return True
        theirs = [one for one in visits if one.number == self.talked_with and one.began < self.at]
        return bool(theirs) and all(one.ended < self.at and not one.died for one in theirs)


def surely_heard(sound: Samples, tones: tuple[float, ...]) -> int | None:
    """Give the place of the tone that was heard for a second at any time; None: none was.

    A look at the moment itself finds nothing while this process lags.
    """
    window = round(SURELY_SECONDS * RATE)
    for begin in range(0, len(sound) - window + 1, window // 2):
        shares = tone_shares(sound[begin : begin + window], tones)
        if max(shares) > _SHARE:
            return shares.index(max(shares))
    return None


class Citizens:
    """Has citizens call; each is a telephone of their own. `visits` are all, in the order of their calls."""

    def __init__(self, hotline: Judged, desks: int, killed_at: Callable[[], float]) -> None:
        self.visits: list[Visit] = []
        self.called_back: list[Visit] = []
        """Calls of the hotline to somebody who had called it."""
        self._from, self._to = hotline.citizens_from, hotline.registrar
        self._number = hotline.settings.number
        self._desks = tuple(desk_hertz(place) for place in range(desks))
        self._killed_at = killed_at
        self._pacer = Pacer()

    async def call(self, number: str) -> None:
        """Call once, from the first ring to the end."""
        visit = Visit(number, wish_of(number), time.monotonic())
        self.visits.append(visit)
        sound = tone(citizen_hertz(number))
        with contextlib.suppress(NoReply):
            async with Phone(self._from, user=number, pacer=self._pacer) as phone:
                call = await phone.call(self._number, to=self._to, sound=SILENCE)
                visit.call = call
                watching = asyncio.create_task(self._notice_death(call, visit))
                try:
                    await self._visit(call, visit, sound)
                finally:
                    if not visit.died:
                        watching.cancel()
                    visit.ended = time.monotonic()
                    visit.silence = _longest_silence(call, visit, visit.died_at)
                    with contextlib.suppress(TimeoutError):
                        await call.hang_up()
                    await asyncio.wait([watching])  # a provider repeats a good-bye until a node hears it

    def called(self, number: str, call: IncomingCall) -> Coroutine[Any, Any, None] | None:
        """Have somebody answer who had called: they were cut off, and wait for the dispatcher."""
        return self._called(number, call) if any(one.number == number for one in self.visits) else None

    async def _called(self, number: str, call: IncomingCall) -> None:
        visit = Visit(number, wish_of(number), time.monotonic(), call=call)
        self.called_back.append(visit)
        watching = asyncio.create_task(self._notice_death(call, visit))
        with contextlib.suppress(CallGone, NoReply, TimeoutError):
            await call.ring()
            await asyncio.sleep(RING_SECONDS)
            await call.answer()
            visit.answered, visit.asked_at = True, time.monotonic()
            await asyncio.sleep(LISTENS_SECONDS)  # a tone from the start would be a machine's greeting
            call.say(tone(citizen_hertz(number)))
            await self._hears_a_desk(call, visit)
            await asyncio.sleep(TALK_SECONDS)
            visit.done = call.end is None
        if not visit.died:
            watching.cancel()
        visit.ended = time.monotonic()
        with contextlib.suppress(CallGone, TimeoutError):
            await call.hang_up()
        await asyncio.wait([watching])

    async def _visit(self, call: OutgoingCall, visit: Visit, sound: Sound) -> None:
        try:
            await call.answered(PATIENCE_SECONDS)
            visit.answered = True
            await call.heard_voice(timeout=PATIENCE_SECONDS)
            call.say(sound)
            if visit.wish is Wish.LISTENS:
                await asyncio.sleep(LISTENS_SECONDS)
                await call.press("9")
                await asyncio.sleep(LISTENS_SECONDS)
                visit.done = call.end is None
            else:
                await call.press("0")
                visit.asked_at = time.monotonic()
                await self._talk(call, visit)
        except TimeoutError:
            visit.gave_up = True
        except CallGone:
            wanted = visit.wish is Wish.IS_HUNG_UP_ON
            if wanted and (desk := surely_heard(call.recording(), self._desks)) is not None:
                visit.spoke_with.append(desk)
                visit.done = True
        if call.end is not None and call.end.who is not Who.US and not visit.died and not visit.done:
            visit.cut_off = f"{call.end.who} {call.end.code} {call.end.reason}"

    async def _talk(self, call: Call, visit: Visit) -> None:
        await self._hears_another_desk(call, visit)
        if visit.wish is Wish.IS_PASSED_ON:
            await self._hears_another_desk(call, visit, ANOTHER_SECONDS)
        if visit.wish is Wish.IS_HUNG_UP_ON:
            await call.ended(PATIENCE_SECONDS)
        else:
            await asyncio.sleep(TALK_SECONDS)
        visit.done = call.end is None or visit.wish is Wish.IS_HUNG_UP_ON

    async def _hears_another_desk(self, call: Call, visit: Visit, patience: float = PATIENCE_SECONDS) -> None:
        until = time.monotonic() + patience
        while time.monotonic() < until:
            if call.end is not None:
                raise CallGone("hung up")
            heard = call.heard_of(self._desks)
            if heard is not None and heard not in visit.spoke_with[-1:]:
                visit.spoke_with.append(heard)
                return
            await asyncio.sleep(_LISTEN_SECONDS)
        raise TimeoutError

    async def _hears_a_desk(self, call: Call, visit: Visit) -> None:
        """Hear the same desk for a second: a vowel of the voice that says who calls lasts no longer."""
        heard_for = 0.0
        while heard_for < SURELY_SECONDS:
            last = visit.spoke_with[-1:]
            visit.spoke_with.clear()
            await self._hears_another_desk(call, visit)
            heard_for = heard_for + _LISTEN_SECONDS if visit.spoke_with == last else 0.0
            await asyncio.sleep(_LISTEN_SECONDS)

    async def _notice_death(self, call: Call, visit: Visit) -> None:
        await dead(call, visit.began, self._killed_at)
        visit.died, visit.died_at = True, self._killed_at()
        with contextlib.suppress(TimeoutError):
            await call.hang_up()


def _is_dead(call: Call, began: float, killed: float) -> bool:
    """Tell whether Asterisk was killed during the call, or as it was answered: no sound has come since."""
    heard = call.ear.frames[-1].arrival if call.ear.frames else began
    until = killed + STILL_HEARD_SECONDS
    return began < until and heard < min(until, time.monotonic() - QUIET_SECONDS)


async def dead(call: Call, began: float, killed_at: Callable[[], float]) -> None:
    """Wait until a call is known to be dead: Asterisk was killed under it, and nothing comes any more.

    It is looked at twice, since after a standstill of this process a look may come before what was sent.
    """
    looks = 0
    while looks < _LOOKS:
        await asyncio.sleep(1)
        gone = _is_dead(call, began, killed_at()) and time.monotonic() > killed_at() + DEAD_SECONDS
        looks = looks + 1 if gone else 0


def _longest_silence(call: OutgoingCall, visit: Visit, killed: float) -> float:
    """Give the longest time in which the citizen heard nothing, until the call ended or was killed."""
    moments = call.timeline.moments
    end = next((visit.began + one.at for one in moments if one.kind is EventKind.ENDED), time.monotonic())
    if visit.died:
        end = min(end, killed)
    rang = next(
        (
            visit.began + one.at
            for one in moments
            if one.kind is EventKind.PROVISIONAL and one.detail[:3] != "100"
        ),
        end,
    )
    answered = call.answered_at.monotonic if call.answered_at else end
    heard = [(span.start, span.end) for span in call.ear.spans]
    sounds = [(min(rang, answered), answered), *heard, (end, end)]
    longest, silent_since = 0.0, visit.began
    for start, stop in sorted(sounds):
        longest = max(longest, min(start, end) - silent_since)
        silent_since = max(silent_since, min(stop, end))
    return longest


class Desk:
    """One dispatcher with a telephone on the table.

    `passed_on` is shared by all desks: nobody is passed on twice.
    """

    def __init__(
        self, dispatcher: Dispatcher, place: int, passed_on: set[str], killed_at: Callable[[], float]
    ) -> None:
        self.place = place
        self._killed_at = killed_at
        self.talks: list[Talk] = []
        self.rung_in_talk: list[RungInTalk] = []
        self.colleague = ""
        """The extension to which it passes callers on."""
        self.extension = dispatcher.extension
        self._dispatcher = dispatcher
        self._passed_on = passed_on
        self._answered: IncomingCall | None = None
        self._since = 0.0
        self._passes: IncomingCall | None = None
        """The call whose citizen it has asked to be passed on."""

    async def keep(self, registrar: Address, pacer: Pacer, host: str) -> None:
        """Answer each call that comes, until cancelled."""
        user, secret = f"desk-{self.extension}", self._dispatcher.secret
        async with Phone(host, user=user, secret=secret, registrar=registrar, pacer=pacer) as phone:
            await _registered(phone)
            async with asyncio.TaskGroup() as tasks:
                while True:
                    call = await phone.next_call(FOR_EVER_SECONDS)
                    tasks.create_task(self._take(call))

    async def _take(self, call: IncomingCall) -> None:
        if (talked := self._talks_with) is not None:
            self.rung_in_talk.append(self._rung_by(call, talked))
            with contextlib.suppress(CallGone):
                await call.reject(486)
            return
        talk: Talk | None = None
        try:
            await call.ring()
            await asyncio.sleep(RING_SECONDS)
            if self._talks_with is not None:  # it answered another first, and this one rings on
                await call.ended(PATIENCE_SECONDS)
            if call.end is not None:  # they gave up while it rang
                return
            talk = Talk(self.place, call.caller, time.monotonic())
            self.talks.append(talk)
            self._answered, self._since = call, talk.began
            await call.answer(tone(desk_hertz(self.place)))
            await self._talk_while_alive(call, talk)
        except (CallGone, NoReply, TimeoutError):
            pass
        finally:
            with contextlib.suppress(TimeoutError, CallGone):
                await call.hang_up()
            if talk is not None:
                talk.ended = time.monotonic()

    async def _talk_while_alive(self, call: IncomingCall, talk: Talk) -> None:
        talking = asyncio.create_task(self._talk(call, talk))
        death = asyncio.create_task(dead(call, talk.began, self._killed_at))
        try:
            await asyncio.wait({talking, death}, return_when=asyncio.FIRST_COMPLETED)
            if talking.done():
                talking.result()
        finally:
            talking.cancel()
            death.cancel()

    def _rung_by(self, ring: IncomingCall, talked: IncomingCall) -> RungInTalk:
        now = time.monotonic()
        heard = talked.ear.frames[-1].arrival if talked.ear.frames else self._since
        return RungInTalk(
            desk=self.extension,
            by=ring.caller,
            talked_with=talked.caller,
            at=now,
            heard_before=now - heard,
            passed_on=self._passes is talked,
            talk=talked,
            ring=ring,
        )

    @property
    def _talks_with(self) -> IncomingCall | None:
        """The call that its telephone is in."""
        call = self._answered
        lives = call is not None and call.end is None and not _is_dead(call, self._since, self._killed_at())
        return call if lives else None

    async def _talk(self, call: IncomingCall, talk: Talk) -> None:
        await self._recognise(call, talk)
        wish = wish_of(talk.number)
        if (
            wish is Wish.IS_PASSED_ON
            and talk.number not in self._passed_on
            and await self._passes_on(call, talk)
        ):
            return
        if wish is Wish.IS_HUNG_UP_ON:
            await asyncio.sleep(TALK_SECONDS)
            return
        await call.ended(PATIENCE_SECONDS)

    async def _passes_on(self, call: IncomingCall, talk: Talk) -> bool:
        """Pass the citizen on to a colleague; True when this leg is over."""
        await asyncio.sleep(TALK_SECONDS / 2)
        self._passed_on.add(talk.number)
        self._passes = call
        accepted = await call.transfer(self.colleague) < _REFUSED
        passed = accepted and await call.transfer_outcome(timeout=PATIENCE_SECONDS) < _REFUSED
        if not passed:
            self._passes = None
        return passed

    async def _recognise(self, call: IncomingCall, talk: Talk) -> None:
        """Compare the caller who is heard with the one who was shown."""
        expected, until = citizen_hertz(talk.number), time.monotonic() + KNOWN_WITHIN_SECONDS
        while time.monotonic() < until and call.end is None:
            if call.hears_tone(expected):
                return
            await asyncio.sleep(_LISTEN_SECONDS)
        if (heard := _loudest_citizen(call)) not in {None, expected}:
            talk.wrong_person = f"{heard} Hz in place of {expected} Hz"


def _loudest_citizen(call: Call) -> int | None:
    """Tell the tone of the citizen who is heard now; None: nobody's."""
    now = time.monotonic()
    heard = call.ear.recording(now - 1, now)
    spectrum = np.abs(np.fft.rfft(heard.astype(np.float64)))
    hertz = int(np.argmax(spectrum)) * RATE / max(len(heard), 1)
    place = round((hertz - CITIZEN_HERTZ) / CITIZEN_STEP)
    found = CITIZEN_HERTZ + CITIZEN_STEP * place
    known = 0 <= place < CITIZEN_TONES and tone_share(heard, found) > _SHARE
    return found if known else None


async def _registered(phone: Phone) -> None:
    while True:
        try:
            return await phone.register(expires=REGISTERED_FOR_SECONDS)
        except (RegistrationRefused, NoReply):
            await asyncio.sleep(0.5)
