"""Wires the lines that we answer for other cities: what is read, heard and handed over."""

from dataclasses import replace

import aiohttp

from cti_server.neighbours.sources import NeighbourSources
from hotline.clock import SystemClock
from hotline.contact.numbers import e164
from hotline.neighbours.copy import CityCopy
from hotline.neighbours.line import NeighbourLine
from hotline.voice.city_name import in_name_of
from hotline.voice.speech import Language, Voice
from ivr_flows import neighbour_phrases, outage_phrases, prompts
from ivr_flows.neighbour import MOST_TOLD
from ivr_flows.ports import FlowPorts
from service.neighbours.carrier import NeighbourCarrier
from service.neighbours.client import NeighbourClient
from service.neighbours.copying import Copying
from service.neighbours.lines import NeighbourLines
from service.neighbours.sealed_keys import SealedKeys
from service.settings.settings import Settings
from storage.sounds.keys import SoundKeys
from storage.store import Storage


def sealed_keys(settings: Settings, storage: Storage) -> SealedKeys:
    return SealedKeys(storage.agreements, SoundKeys(settings.recordings.key_file))


def session() -> aiohttp.ClientSession:
    """Open the way to other cities: each connection is used once, and nothing is remembered."""
    connector = aiohttp.TCPConnector(force_close=True)
    return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())


async def keep_copying(settings: Settings, storage: Storage) -> None:
    """Read the cities whose telephone we answer, for the life of the service."""
    async with session() as opened:
        await Copying(
            agreements=storage.agreements,
            taken=storage.taken_appeals,
            keys=sealed_keys(settings, storage),
            client=NeighbourClient(opened),
            audit=storage.audit,
            clock=SystemClock(),
        ).keep()


def neighbour_carrier(
    settings: Settings, storage: Storage, opened: aiohttp.ClientSession
) -> NeighbourCarrier:
    return NeighbourCarrier(
        agreements=storage.agreements,
        taken=storage.taken_appeals,
        keys=sealed_keys(settings, storage),
        client=NeighbourClient(opened),
        clock=SystemClock(),
    )


def neighbour_sources(settings: Settings, storage: Storage) -> NeighbourSources:
    async def read(address: str, key: str) -> tuple[str, CityCopy]:
        async with session() as opened:
            return await NeighbourClient(opened).read(address, key)

    return NeighbourSources(
        agreements=storage.agreements,
        taken=storage.taken_appeals,
        tokens=storage.tokens,
        read=read,
        enter=sealed_keys(settings, storage).add,
        clock=SystemClock(),
        timezone=settings.timezone,
        address=settings.delivery.address or f"http://{settings.http_published}:{settings.http_port}",
        own_number=e164(settings.number) or settings.number,
        brought=settings.neighbours.numbers,
    )


async def neighbour_lines(storage: Storage) -> NeighbourLines:
    """Know them from the beginning: a call that outlived us is taken up at once."""
    lines = NeighbourLines(agreements=storage.agreements, clock=SystemClock())
    await lines.renew()
    return lines


def ports_of(line: NeighbourLine, ports: FlowPorts) -> FlowPorts:
    """Give the ports of a call that is answered in that city's name: what is ours alone is not offered."""
    return replace(
        ports, neighbour=line, keeping=None, chats=None, links=None, reports=None, surveys=None, ahead=None
    )


async def keep_lines(lines: NeighbourLines, voice: Voice, settings: Settings) -> None:
    """Know the lines, and have the first words in each city's name spoken before anybody calls."""

    async def prepare(line: NeighbourLine) -> None:
        now, message = SystemClock().now(), neighbour_phrases.message(line)
        told = [
            phrase
            for one in line.copy.outages_now(now)[:MOST_TOLD]
            for phrase in outage_phrases.whole(one, settings.timezone, now=now)
        ]
        with in_name_of(line.copy.city_name):
            first = [prompts.WELCOME, neighbour_phrases.answered_by(), *([message] if message else [])]
            first += [prompts.WE_CALL, prompts.CUT_OFF_CALL]
            for language in Language:
                for phrase in (*first, *told):
                    await voice.media(phrase, language)

    await lines.keep(prepare)
