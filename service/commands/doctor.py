"""`hotline doctor`: whether all that must be true of the line and of each Asterisk of this machine is."""

import argparse
import asyncio
import os
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from socket import gethostname

from hotline.appeals.rule_flaws import EmergencyGap, emergency_gap
from hotline.calls.sound_store import SoundAway
from hotline.city.classifier import classifier
from hotline.city.days_off import days_off
from hotline.dialling.nodes import node_of
from hotline.equipment.catalogue import advice, name_of, sentence
from hotline.equipment.states import State
from hotline.errors import CallGone
from hotline.line.invariants import Broken, InAsterisk, Looks, OnRecord, Truth, broken
from hotline.line.on_node import looked_after
from hotline.retention.room import Room
from hotline.voice.speech import Language
from service.calls.storing import Storing
from service.commands.doctor_words import Words, words_for
from service.node.edge import closed_to_unit
from service.node.own_name import knows_own_name
from service.scaled.layout import nodes_here
from service.settings.settings import Settings
from service.terminal_language import in_locale, locale_of
from service.wiring.rounds import disk_of
from service.wiring.sounds import elsewhere, kept_sounds, storing
from service.wiring.telephony import ari_address
from storage.core.wraparound import soon_vacuumed
from storage.sounds.store import KeptSounds
from storage.store import Storage, open_storage
from telephony.ari.actions import Ari
from telephony.ari.client import reading
from telephony.ari.errors import AriUnavailable
from telephony.node.asterisk_state import seen

AGAIN_SECONDS = 1.0
MEGABYTE = 10**6


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
    async with open_storage(settings.database_url) as storage, AsyncExitStack() as connections:
        nodes = nodes_here(settings)
        connecting = (_looked_at(one, alone=len(nodes) == 1) for one in nodes)
        looked_at = [await connections.enter_async_context(one) for one in connecting]
        while True:
            found = await _found(storage, looked_at)
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
        aged = await soon_vacuumed(storage.database)
        more = [
            (words.room, words.make_room if disk.room() is Room.SPENT else ""),
            (words.keys, await _missing_keys(sounds, words)),
            (
                words.store,
                await _store_away(settings, storage, putting, words),
            ),
            (words.equipment, await _out_of_order(storage, language)),
            (
                words.own_name,
                "" if knows_own_name() else words.write_it_down.format(name=gethostname()),
            ),
        ]
        if not storage.database.shared:
            grown = storage.database.grown_log() // MEGABYTE
            more.append((words.database_log, words.work_off.format(megabytes=grown) if grown else ""))
        if settings.folders.own_edge:
            closed = ", ".join(closed_to_unit(settings))
            more.append((words.edge_reaches, words.name_another.format(names=closed) if closed else ""))
    serving = {one.node: one.serves for one in looked_at}
    broken = _tell(words, standing, gap, unread, serving=serving, more=more)
    if aged:
        sys.stdout.write(f"! {words.aged.format(tables=', '.join(aged))}\n")
    return int(broken > 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _LookedAt:
    """An Asterisk: the name of its node where there are several, and whether the service serves it."""

    node: str
    ari: Ari | None
    """None: it is away, and what belongs to it cannot be judged."""
    serves: bool


@asynccontextmanager
async def _looked_at(settings: Settings, *, alone: bool) -> AsyncIterator[_LookedAt]:
    """Look at one; raises AriUnavailable for the only one that is away."""
    node = settings.edge.node
    async with reading(ari_address(settings)) as ari:
        try:
            found = _LookedAt(node=node, ari=ari, serves=await _serves(ari))
        except AriUnavailable:
            if alone:
                raise
            found = _LookedAt(node=node, ari=None, serves=False)
        yield found


async def _found(storage: Storage, looked_at: Sequence[_LookedAt]) -> Collection[Broken]:
    """Look at all of them together; where there are others elsewhere, at what belongs to those here."""
    record = await storage.records.on_record()
    seen_here = [await seen(one.ari) for one in looked_at if one.ari is not None]
    together = InAsterisk(
        channels={name: channel for one in seen_here for name, channel in one.channels.items()},
        bridges=[bridge for one in seen_here for bridge in one.bridges],
    )
    nodes = {one.node for one in looked_at if one.ari is not None}
    return broken(_of_these(record, together, nodes), together)


def _of_these(record: OnRecord, asterisk: InAsterisk, nodes: AbstractSet[str]) -> OnRecord:
    """Leave out what belongs to other machines, and dispatchers whose telephone nobody is on here."""
    if nodes == {""}:
        return record
    entries = [one for one in record.entries if any(looked_after(one, node) for node in nodes)]
    phones = {one.desk for one in asterisk.channels.values()}
    held = {one.dispatcher_id for one in entries}
    return replace(
        record,
        entries=entries,
        dispatchers=[one for one in record.dispatchers if one.id in held or one.extension in phones],
        talks=[one for one in record.talks if node_of(one.call_id) in nodes],
        unended=frozenset(one for one in record.unended if node_of(one) in nodes),
    )


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
    serving: Mapping[str, bool],
    more: Sequence[tuple[str, str]],
) -> int:
    """Print all of it; how much is broken. `more`: sentences, each with a mend if it does not hold."""
    for node, serves in serving.items():
        _line(words.serves_node.format(node=node) if node else words.serves, holds=serves)
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
    away = sum(not serves for serves in serving.values())
    broken = len(of) + away + (gap is not None) + bool(unread) + sum(bool(mend) for _, mend in more)
    asked = len(Truth) + 2 + len(serving) + len(more)
    summary = words.unwell.format(broken=broken, of=asked) if broken else words.well
    sys.stdout.write(f"{summary}\n")
    return broken


def _line(sentence: str, *, holds: bool) -> None:
    sys.stdout.write(f"{'✓' if holds else '✗'} {sentence}\n")
