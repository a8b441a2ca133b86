"""What people do in tests: citizens ask for a dispatcher, dispatchers take calls; and what files hold."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from telephony.phone.g711 import FRAME, RATE, Samples
from telephony.phone.incoming import IncomingCall
from telephony.phone.outgoing import OutgoingCall
from telephony.phone.phone import Phone
from telephony.phone.sound import SILENCE, Sound, tone, tone_share, wav
from tests.system.hotline import Hotline

CITIZEN, FIRST, SECOND, THIRD = 440, 700, 1000, 1300
"""The tones, in Hz, by which a test knows who is heard."""
A_SECOND_OF_WAV = 16_000
"""Bytes of a recording in which somebody has spoken for a second."""
SPOKEN_SECONDS = 0.5
WINDOW = 1600
AUDIBLE = 500
PURE = 0.9


async def asks_for_a_dispatcher(
    hotline: Hotline, number: str = "+380457900001", sound: Sound = SILENCE
) -> OutgoingCall:
    """A citizen who presses 0 as soon as the hotline answers."""
    call = await hotline.citizen(number, sound)
    await call.answered()
    await call.press("0")
    return call


async def spoken(hotline: Hotline) -> None:
    """More than `SPOKEN_SECONDS` of the only message: a service begins again sooner than one says a word."""
    (message,) = await hotline.storage.calls.messages()
    file = Path(message.file)
    await hotline.until(lambda: file.exists() and file.stat().st_size > 2 * SPOKEN_SECONDS * A_SECOND_OF_WAV)


async def picks_up(phone: Phone, hertz: int) -> IncomingCall:
    """The next call to this desk, taken; its dispatcher is heard as a tone."""
    call = await phone.next_call()
    await call.answer(tone(hertz))
    return call


async def rung_first(phones: Mapping[str, Phone]) -> tuple[str, IncomingCall]:
    """Which of these desks is rung next, and the call there."""
    rung: asyncio.Queue[tuple[str, IncomingCall]] = asyncio.Queue(len(phones))

    async def wait_at(name: str, phone: Phone) -> None:
        call = await phone.next_call()
        rung.put_nowait((name, call))

    waiting = [asyncio.create_task(wait_at(name, phone)) for name, phone in phones.items()]
    first = await rung.get()
    for one in waiting:
        one.cancel()
    await asyncio.wait(waiting)
    assert rung.empty(), "two desks were rung at once: ask for one of them by name"
    return first


async def in_talk(hotline: Hotline, phone: Phone) -> tuple[OutgoingCall, IncomingCall]:
    """A citizen and the first dispatcher, who hear each other."""
    call = await asks_for_a_dispatcher(hotline, sound=tone(CITIZEN))
    desk = await picks_up(phone, FIRST)
    await call.heard_tone(FIRST)
    await desk.heard_tone(CITIZEN)
    return call, desk


def loudest(file: Path) -> int:
    """Which of the tones fills the file; 0 for none."""
    return loudest_in(np.asarray(wav(file).samples, dtype=np.int16))


def ever_heard(samples: Samples, hertz: int) -> bool:
    """Whether any fifth of a second is this tone, and next to nothing else."""
    windows = (samples[at : at + WINDOW] for at in range(0, len(samples), WINDOW))
    return any(tone_share(one, hertz) > PURE for one in windows)


def share_of(samples: Samples, hertz: int) -> float:
    """Which part of what sounds is this tone, from 0 to 1.

    Judged by fifths of a second: a packet that comes late shifts a tone's phase and takes no tone away.
    """
    long = min(WINDOW, len(samples)) or 1
    windows = [samples[at : at + long] for at in range(0, len(samples) - long + 1, long)]
    sounding = [window for window in windows if np.abs(window).max() > AUDIBLE]
    return float(np.mean([tone_share(one, hertz) for one in sounding])) if sounding else 0.0


def shares_of(samples: Samples, hertz: int) -> np.ndarray:
    """Which part of each packet's length in which anything sounds is this tone, from 0 to 1.

    A phone of a test that computes beside others sends late, and leaves packets out: each spoils its own
    length, and shifts the phase of a tone that goes on.
    """
    pieces = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME).astype(np.float64)
    sounding = pieces[np.abs(pieces).max(axis=1) > AUDIBLE]
    turns = np.exp(-2j * np.pi * hertz / RATE * np.arange(FRAME))
    shares: np.ndarray = 2 * np.abs(sounding @ turns) ** 2 / (FRAME * (sounding**2).sum(axis=1))
    return shares


def seconds_of(samples: Samples, hertz: int) -> float:
    """For how long this tone sounds in all."""
    return float(shares_of(samples, hertz).sum()) * FRAME / RATE


def loudest_in(samples: Samples) -> int:
    """Which of the tones it is; 0 for none."""
    tones = (CITIZEN, FIRST, SECOND, THIRD)
    shares = {hertz: share_of(samples, hertz) for hertz in tones}
    loudest_tone = max(tones, key=lambda hertz: shares[hertz])
    return loudest_tone if shares[loudest_tone] > 0.2 else 0
