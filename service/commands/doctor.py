"""`hotline doctor`: whether all that must be true of the line and of Asterisk is."""

import argparse
import asyncio
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence

from hotline.appeals.rule_flaws import EmergencyGap, emergency_gap
from hotline.calls.sound_store import SoundAway
from hotline.city.classifier import classifier
from hotline.city.days_off import days_off
from hotline.equipment.catalogue import advice, name_of, sentence
from hotline.equipment.states import State
from hotline.errors import CallGone
from hotline.line.invariants import Broken, Looks, Truth, broken
from hotline.retention.room import Room
from hotline.voice.speech import Language
from service.calls.storing import Storing
from service.commands.doctor_words import Words, words_for
from service.settings.settings import Settings
from service.terminal_language import in_locale, locale_of
from service.wiring.rounds import disk_of
from service.wiring.sounds import elsewhere, kept_sounds, storing
from service.wiring.telephony import ari_address
from storage.sounds.store import KeptSounds
from storage.store import Storage, open_storage
from telephony.ari.actions import Ari
from telephony.ari.client import reading
from telephony.node.asterisk_state import seen

AGAIN_SECONDS = 1.0


async def doctor(settings: Settings, _given: argparse.Namespace) -> int:
    """Print each truth with ✓ or ✗, and whether emergencies find somebody; 1 when not all is well.

    It heals nothing. What looks broken is looked at again until it holds or has stood for as long as makes
    it count.
    """
    locale = locale_of(os.environ)
    words, language = (
        words_for(locale),
        in_locale(locale, ukrainian=Language.UKRAINIAN, english=Language.ENGLISH),
    )
    looks = Looks()
    async with open_storage(settings.database_url) as storage, reading(ari_address(settings)) as ari:
        serves = await _serves(ari)
        while True:
            found = broken(await storage.records.on_record(), await seen(ari))
            now = time.monotonic()
            looks = looks.after(found, now)
            standing = looks.standing(now)
            if len(standing) == len(looks.since):
                break
            await asyncio.sleep(AGAIN_SECONDS)
        gap = await _emergency_gap(storage)
        await storage.city_documents.renew()
        unread = sorted(f"{kind} {version}" for kind, version in storage.city_documents.broken())
        sounds, disk = kept_sounds(settings, storage), disk_of(settings)
        putting = storing(settings, storage, sounds, disk.room)
        more = [
            (words.room, words.make_room if disk.room() is Room.SPENT else ""),
            (words.keys, await _missing_keys(sounds, words)),
            (
                words.store,
                await _store_away(settings, storage, putting, words),
            ),
            (words.equipment, await _out_of_order(storage, language)),
        ]
    return int(_tell(words, standing, gap, unread, serves=serves, more=more) > 0)


async def _missing_keys(sounds: KeptSounds, words: Words) -> str:
    """Say which keys are missing; nothing when all are there."""
    if (locked := sounds.locked()) is not None:
        return str(locked)
    missing = await sounds.missing_keys()
    return words.bring_keys.format(keys=", ".join(missing), files=sum(missing.values())) if missing else ""


async def _store_away(settings: Settings, storage: Storage, putting: Storing | None, words: Words) -> str:
    """Say why recordings cannot be put elsewhere, how many wait, and since when; nothing when all is well."""
    store = elsewhere(settings, storage)
    try:
        if putting is not None or await store.holds():
            await store.reach()
    except SoundAway as error:
        waiting = [] if putting is None else [one async for part in putting.waiting() for one in part]
        if not waiting:
            return str(error)
        since = waiting[0].began_at.astimezone(settings.timezone)
        return f"{error}\n    {words.waiting.format(files=len(waiting), since=since)}"
    return ""


async def _out_of_order(storage: Storage, language: Language) -> str:
    """Name the equipment that the board found out of order, with what to do; empty for none."""
    now = await storage.equipment.now()
    looks = {one: now[one.id].look for one in await storage.equipment.all() if one.id in now}
    lines = [
        f"{name_of(item, language)}: {sentence(look, language)} · {advice(look, language)}"
        for item, look in looks.items()
        if look.state is State.OUT_OF_ORDER
    ]
    return "\n    → ".join(lines)


async def _emergency_gap(storage: Storage) -> EmergencyGap | None:
    executors = {one.id: one for one in await storage.executors.all()}
    return emergency_gap(await storage.rules.all(), classifier(), days_off(), executors)


async def _serves(ari: Ari) -> bool:
    try:
        await ari.in_application()
    except CallGone:
        return False
    return True


def _tell(
    words: Words,
    standing: Iterable[Broken],
    gap: EmergencyGap | None,
    unread: Sequence[str],
    *,
    serves: bool,
    more: Sequence[tuple[str, str]],
) -> int:
    """Print all of it; how much is broken. `more`: sentences, each with a mend if it does not hold."""
    _line(words.serves, holds=serves)
    if not serves:
        sys.stdout.write(f"    → {words.start}\n")
    of: dict[Truth, list[Broken]] = defaultdict(list)
    for one in standing:
        of[one.truth].append(one)
    for truth in Truth:
        _line(words.truths[truth], holds=truth not in of)
        if truth in of:
            about = "".join(f"    {one}\n" for one in of[truth])
            sys.stdout.write(f"{about}    → {words.advice(truth)}\n")
    _line(words.attended, holds=gap is None)
    if gap is not None:
        sys.stdout.write(f"    → {words.gaps[gap]}\n")
    _line(words.city_data, holds=not unread)
    if unread:
        sys.stdout.write(f"    {', '.join(unread)}\n    → {words.mend_city_data}\n")
    for truth_told, mend in more:
        _line(truth_told, holds=not mend)
        if mend:
            sys.stdout.write(f"    → {mend}\n")
    broken = len(of) + (not serves) + (gap is not None) + bool(unread) + sum(bool(mend) for _, mend in more)
    asked = len(Truth) + 3 + len(more)
    summary = words.unwell.format(broken=broken, of=asked) if broken else words.well
    sys.stdout.write(f"{summary}\n")
    return broken


def _line(sentence: str, *, holds: bool) -> None:
    sys.stdout.write(f"{'✓' if holds else '✗'} {sentence}\n")
