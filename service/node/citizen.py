"""`hotline citizen`: a real call to the running hotline from a terminal, without a phone at hand."""

import asyncio
import os
import socket
import sys
import tempfile
import time
import wave
from pathlib import Path
from typing import ClassVar

import soxr

from hotline.errors import CallGone, HotlineError
from hotline.voice.speech import Language
from service.node.citizen_words import Words, words_for
from service.node.listener import is_installed, listener
from service.settings.settings import Settings
from service.settings.telephony import LOOPBACK, family_of
from service.terminal_language import locale_of
from telephony.phone.g711 import RATE
from telephony.phone.mouth import DIGITS
from telephony.phone.outgoing import OutgoingCall
from telephony.phone.phone import Phone
from telephony.phone.signalling import Address
from telephony.phone.sound import SILENCE, Sound, wav
from telephony.phone.timeline import Moment

REACHED_WITHIN = 3.0
ANSWERED_WITHIN = 60.0
BETWEEN_KEYS = 0.3
"""Seconds between two keys of one number."""


class CitizenError(HotlineError):
    """The citizen cannot do what was asked; the message says why, in the terminal's language."""

    code: ClassVar[str] = "citizen"


async def citizen(
    settings: Settings, *, from_number: str, keys: str, play: Path | None, record: Path | None, seconds: float
) -> int:
    """Call the hotline, press `keys` as the voice pauses, listen for `seconds`; 0 when it answered.

    Commas part the groups of `keys` (`2,2600001#`): each waits for the voice's next pause, and its keys
    follow one another as a person presses them. Where a listener is installed, what was heard is
    written down. Raises CitizenError.
    """
    words = words_for(locale_of(os.environ))
    sound = _sound(play, words) if play else SILENCE
    _check(keys, words)
    address = settings.sip.host, settings.sip_port
    async with Phone(_own_address(address, words), user=from_number) as phone:
        call = await phone.call(
            settings.number, to=address, sound=sound, told=lambda moment: _tell(words, moment)
        )
        try:
            await _converse(call, keys, seconds, words)
        finally:
            await call.hang_up()
            _summarise(call, record, words)
        if call.answered_at and is_installed():
            sys.stdout.write(words.heard.format(text=_written(call)) + "\n")
    return 0 if call.answered_at else 1


def _own_address(address: Address, words: Words) -> str:
    """Give this machine's address on the way there; raises CitizenError where there is no way."""
    with socket.socket(family_of(address[0]), socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(address)  # of a datagram socket: nothing is sent
        except OSError as error:
            raise CitizenError(words.nobody) from error
        own: str = probe.getsockname()[0]
    # Calls of the machine itself are known by their coming from loopback.
    if own != address[0]:
        return own
    return "::1" if ":" in own else LOOPBACK


async def _converse(call: OutgoingCall, keys: str, seconds: float, words: Words) -> None:
    try:
        if not await call.reached(REACHED_WITHIN):
            raise CitizenError(words.nobody)
    except TimeoutError as silence:
        raise CitizenError(words.nobody) from silence
    try:
        await call.answered(ANSWERED_WITHIN)
        async with asyncio.timeout(seconds):
            if keys:
                await _press(call, keys)
            await call.ended(seconds)
    except (CallGone, TimeoutError):
        return  # the summary tells who ended it


async def _press(call: OutgoingCall, keys: str) -> None:
    """Press each group in the first pause after the one before, as a patient person does."""
    since = (await call.answered()).monotonic
    for group in keys.split(","):
        await call.heard_pause(after=since)
        await call.press(group, gap=BETWEEN_KEYS)
        since = time.monotonic()


def _tell(words: Words, moment: Moment) -> None:
    sys.stdout.write(words.event(*moment) + "\n")
    sys.stdout.flush()


def _summarise(call: OutgoingCall, record: Path | None, words: Words) -> None:
    if call.end is None or not call.code:
        return
    ended = call.timeline.moments[-1].at + call.timeline.began.monotonic
    talked = ended - call.answered_at.monotonic if call.answered_at else None
    lines = [words.summary(call.end, talked)]
    if record and call.answered_at:
        call.save(record)
        lines.append(words.saved.format(path=record))
    sys.stdout.write("\n".join(lines) + "\n")


def _written(call: OutgoingCall) -> str:
    with tempfile.TemporaryDirectory(prefix="hotline-listener-") as folder:
        listen = listener(Path(folder))
        return listen(soxr.resample(call.recording(), RATE, 2 * RATE), Language.UKRAINIAN)


def _sound(play: Path, words: Words) -> Sound:
    try:
        return wav(play)
    except (OSError, EOFError, wave.Error) as error:
        raise CitizenError(words.sound.format(error=error)) from error


def _check(keys: str, words: Words) -> None:
    for key in keys:
        if key not in f"{DIGITS},":
            raise CitizenError(words.key.format(key=key))
