"""Both sides of a talk are recorded to its end, whoever came into it and left again.

Phones number their packets from anywhere, and whether a side is kept may hang on that: here half of them
begin low and half high.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import aiohttp
import numpy as np
import pytest
from yarl import URL

from hotline.calls.call import Recording
from hotline.calls.recordings import Side
from telephony.phone import mouth
from telephony.phone.g711 import RATE, Samples
from telephony.phone.incoming import IncomingCall
from telephony.phone.outgoing import OutgoingCall
from telephony.phone.phone import Phone
from telephony.phone.sound import tone
from telephony.phone.timeline import Instant
from telephony.voice.master import read_master
from tests.system.desk_browser import PASSWORD, add_user
from tests.system.heard import recorded
from tests.system.hotline import Hotline
from tests.system.invariants import hold
from tests.system.lending import Hotlines
from tests.system.outside import Outside
from tests.system.people import (
    AUDIBLE,
    CITIZEN,
    FIRST,
    SECOND,
    THIRD,
    asks_for_a_dispatcher,
    ever_heard,
    seconds_of,
    shares_of,
)
from tests.system.test_conference import EXECUTOR, hears_both

pytestmark = pytest.mark.system

DIALLED = "+380457900099"
LOW, HIGH = 2000, 50000
"""Numbers of a phone's first packet."""
TALKS = 4
SECONDS = 2.0
HEARD_WHOLE = 0.7
"""A busy machine drops a packet now and then; a side that is lost is lost altogether."""


@dataclass
class Packets:
    """Gives phones their first packet's number, and any number for all else."""

    first: list[int] = field(default_factory=list)

    def randbelow(self, below: int) -> int:
        return self.first.pop(0) if below == 1 << 16 and self.first else below // 3


@pytest.fixture
def packets(monkeypatch: pytest.MonkeyPatch) -> Packets:
    one = Packets()
    monkeypatch.setattr(mouth, "secrets", SimpleNamespace(randbelow=one.randbelow))
    return one


@dataclass(kw_only=True)
class Desk:
    """A telephone on a table, and its dispatcher's session in the web."""

    phone: Phone
    web: aiohttp.ClientSession
    token: str

    async def recording(self, act: str, citizen: str) -> None:
        """Pause the recording of the talk with this citizen (`pause`), or go on with it (`resume`)."""
        form = {"act": act}
        async with self.web.post(
            f"/desk/calls/{citizen}/recording", data=form, headers={"X-CSRF-Token": self.token}
        ) as answer:
            assert answer.status == 200, await answer.text()

    async def third(self, act: str, number: str = "") -> None:
        """Ask for a third (`consult`), bring them in (`join`), and so on."""
        form = {"act": act, "number": number}
        async with self.web.post("/desk/third", data=form, headers={"X-CSRF-Token": self.token}) as answer:
            assert answer.status == 200, await answer.text()


@dataclass(kw_only=True)
class Talk:
    """A citizen and the dispatcher at a desk."""

    number: str
    citizen: OutgoingCall
    dispatcher: IncomingCall
    desk: Desk
    since: float = 0.0
    last: tuple[int, int] = 0, 0
    """The last tones of citizen and dispatcher."""
    citizen_heard: float = 0.0
    """For so long the dispatcher's telephone has heard the citizen's."""
    dispatcher_heard: float = 0.0

    async def both_heard(self, citizen: int, dispatcher: int) -> None:
        """They say these tones from now on, hear each other, and go on for some seconds."""
        self.since, self.last = Instant.now().monotonic, (citizen, dispatcher)
        self.citizen.say(tone(citizen))
        self.dispatcher.say(tone(dispatcher))
        await self.citizen.heard_tone(dispatcher)
        await self.dispatcher.heard_tone(citizen)
        await goes_on(self.citizen, self.dispatcher)

    async def ends(self) -> None:
        """The citizen hangs up."""
        citizen, dispatcher = self.last
        now = Instant.now().monotonic
        self.citizen_heard = seconds_of(self.dispatcher.ear.recording(self.since, now), citizen)
        self.dispatcher_heard = seconds_of(self.citizen.ear.recording(self.since, now), dispatcher)
        await self.citizen.hang_up()


async def goes_on(*calls: OutgoingCall | IncomingCall) -> None:
    """So many seconds more of sound come to each of them."""
    goals = [recorded(one) + SECONDS for one in calls]
    async with asyncio.timeout(30):
        while any(recorded(one) < goal for one, goal in zip(calls, goals, strict=True)):
            await asyncio.sleep(0.05)


@pytest.fixture
async def outside(hotlines: Hotlines) -> AsyncIterator[Outside]:
    async with hotlines.calling_outside() as one:
        yield one


@pytest.fixture
async def talks(outside: Outside, packets: Packets) -> AsyncIterator[list[Talk]]:
    """Talks at once: citizens' packets begin low and high in turn, thirds' the other way round."""
    hotline = outside.hotline
    found: list[Talk] = []
    for number in range(TALKS):
        phone = await hotline.desk(f"20{number}")
        packets.first = [(LOW, HIGH)[number % 2], (LOW, HIGH)[number // 2 % 2]]
        shown = f"+38045790000{number}"
        citizen = await asks_for_a_dispatcher(hotline, shown, tone(CITIZEN))
        dispatcher = await phone.next_call()
        await dispatcher.answer(tone(FIRST))
        await citizen.heard_tone(FIRST)
        await dispatcher.heard_tone(CITIZEN)
        desk = await signed_in(hotline, phone)
        found.append(Talk(number=shown, citizen=citizen, dispatcher=dispatcher, desk=desk))
    yield found
    for one in found:
        await one.desk.web.close()


async def signed_in(hotline: Hotline, phone: Phone) -> Desk:
    """The session of the dispatcher at this telephone."""
    extension = phone.user.removeprefix("desk-")
    await add_user(hotline, extension)
    address = URL(f"http://{hotline.settings.http_host}:{hotline.settings.http_port}")
    web = aiohttp.ClientSession(
        address, headers={"Origin": str(address).rstrip("/")}, cookie_jar=aiohttp.CookieJar(unsafe=True)
    )
    form = {"csrf": "", "login": f"user{extension}", "password": PASSWORD}
    async with web.post("/sign-in", data=form, allow_redirects=False) as answer:
        assert answer.status == 303, await answer.text()
    async with web.get("/desk") as answer:
        (token,) = set(re.findall(r'"X-CSRF-Token": "([^"]+)"', await answer.text()))
    return Desk(phone=phone, web=web, token=token)


async def asks(outside: Outside, packets: Packets, talk: Talk, number: int) -> IncomingCall:
    """The dispatcher speaks with somebody outside, whose packets begin anywhere; the citizen hears music."""
    await talk.desk.third("consult", EXECUTOR)
    third = await outside.rung(DIALLED)
    packets.first = [(HIGH, LOW)[number % 2]]
    await third.answer(tone(SECOND))
    await third.heard_tone(FIRST)
    await talk.dispatcher.heard_tone(SECOND)
    await goes_on(third, talk.dispatcher)
    return third


@pytest.mark.parametrize("together", [True, pytest.param(False, marks=pytest.mark.nightly)])
async def test_both_sides_are_recorded_to_the_end_after_a_third_has_left(
    outside: Outside, packets: Packets, talks: list[Talk], *, together: bool
) -> None:
    for number, talk in enumerate(talks):
        third = await asks(outside, packets, talk, number)
        if together:
            await talk.desk.third("join")
            await outside.hotline.until(partial(hears_both, talk.citizen, FIRST, SECOND))
            await goes_on(third, talk.dispatcher)
        await third.hang_up()
        await talk.citizen.heard_tone(FIRST)
        await talk.both_heard(THIRD, SECOND)
    for talk in talks:
        await talk.ends()

    for talk in talks:
        citizen, dispatcher = await sides(outside.hotline, talk)
        assert ever_heard(citizen, CITIZEN)
        assert ever_heard(citizen, SECOND)  # the third, while the two were alone
        assert whole(citizen, THIRD, talk.citizen_heard)
        assert ever_heard(dispatcher, FIRST)
        assert whole(dispatcher, SECOND, talk.dispatcher_heard)


@pytest.mark.nightly  # by day in `test_recording_pause.py`
async def test_both_sides_are_recorded_to_the_end_after_pauses_with_their_tones(
    outside: Outside, talks: list[Talk]
) -> None:
    hotline = outside.hotline
    calls = {call.number: call.id for call in await hotline.calls()}
    for _ in range(2):
        for talk in talks:
            await talk.desk.recording("pause", calls[talk.number])
            await goes_on(talk.citizen, talk.dispatcher)
            await talk.desk.recording("resume", calls[talk.number])
    for talk in talks:
        await talk.both_heard(THIRD, SECOND)
        await talk.ends()

    for talk in talks:
        citizen, dispatcher = await sides(hotline, talk)
        assert ever_heard(citizen, CITIZEN)
        assert whole(citizen, THIRD, talk.citizen_heard)
        assert ever_heard(dispatcher, FIRST)
        assert whole(dispatcher, SECOND, talk.dispatcher_heard)
    await hold(hotline)


@pytest.mark.nightly
@pytest.mark.parametrize("who", ["citizen", "dispatcher"])
async def test_both_sides_are_recorded_to_the_end_after_one_has_held_the_other(
    outside: Outside, talks: list[Talk], who: str
) -> None:
    for talk in talks:
        holder: OutgoingCall | IncomingCall = getattr(talk, who)
        await holder.hold()
        await goes_on(talk.citizen if who == "dispatcher" else talk.dispatcher)
        await holder.resume()
        await talk.both_heard(THIRD, SECOND)
        await talk.ends()

    for talk in talks:
        citizen, dispatcher = await sides(outside.hotline, talk)
        assert ever_heard(citizen, CITIZEN)
        assert whole(citizen, THIRD, talk.citizen_heard)
        assert ever_heard(dispatcher, FIRST)
        assert whole(dispatcher, SECOND, talk.dispatcher_heard)


async def sides(hotline: Hotline, talk: Talk) -> list[Samples]:
    """What citizen and dispatcher said, as recorded."""
    found: list[Recording] = []

    async def kept() -> bool:
        calls = {call.number: call for call in await hotline.calls()}
        found[:] = await hotline.storage.calls.recordings(calls[talk.number].id)
        return len(found) == 1 and bool(found[0].master_file)

    await hotline.until(kept)
    sound = np.concatenate([*read_master(Path(found[0].master_file or ""))])
    return [sound[:, number] for number, _ in enumerate(Side)]


def whole(side: Samples, hertz: int, seconds: float) -> bool:
    """Whether a side ends in this tone and has it for as long as it was heard, without a gap worth the name.

    The recording goes on until the dispatcher is hung up, which a busy machine does a second after the
    citizen has: what is recorded behind the last sound of a side is no gap.
    """
    loud = np.flatnonzero(np.abs(side) > AUDIBLE)
    said = side[: loud[-1] + 1] if len(loud) else side
    last = shares_of(said[-round(SECONDS * RATE) :], hertz)
    ends_in_it = len(last) > 0 and float(last.mean()) > HEARD_WHOLE
    return ends_in_it and seconds_of(said, hertz) > HEARD_WHOLE * seconds
