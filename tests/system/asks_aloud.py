"""Hotlines that are answered aloud, beside a real Asterisk: by seven Korean words, or by the city's own."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from hotline.calls.call import CallRecord, JourneyStep
from telephony.ids import EAR_PREFIX, HEARING_PREFIX
from telephony.phone.outgoing import OutgoingCall
from tests.fakes.asks_aloud import MODULE, settings
from tests.system.hotline import Hotline, running_hotline
from tests.system.oracle import compare

SAY_OR_PRESS = "say-or-press"


@asynccontextmanager
async def asking_aloud(folder: Path, *, ears: int = 2, **environ: str) -> AsyncIterator[Hotline]:
    """Run it for one test or more, from when so many ears are loaded; all truths hold in the end."""
    given = settings(max(1, ears)) | environ
    async with running_hotline(folder, service=False, **given) as hotline:
        await serve(hotline)
        await hotline.until(lambda: hotline.log.read_text("utf-8").count("ear loaded") >= ears)
        yield hotline
        await nothing_is_left(hotline)


@asynccontextmanager
async def menu_aloud(folder: Path, *, ears: int = 1, **environ: str) -> AsyncIterator[Hotline]:
    """Run the city's own menu with so many ears; in the end its log is compared with Asterisk's own."""
    async with running_hotline(folder, **environ) as hotline:
        await hotline.until(lambda: hotline.log.read_text("utf-8").count("ear loaded") == ears)
        yield hotline
        await nothing_is_left(hotline)
        await compare(hotline, reconciled=True)


async def in_menu(hotline: Hotline, number: str) -> OutgoingCall:
    """A citizen who is being told that they may speak."""
    call = await hotline.citizen(number)
    await call.answered()
    await told(hotline, number, SAY_OR_PRESS)
    return call


async def told(hotline: Hotline, number: str, phrase: str) -> None:
    """Wait until the only call from there has heard it."""

    async def begun() -> bool:
        known = [call.id for call in await hotline.calls() if call.number == number]
        return bool(known) and phrase in await hotline.phrases(known[0])

    await hotline.until(begun)


async def record_of(hotline: Hotline, number: str) -> CallRecord:
    (record,) = [one for one in await hotline.calls() if one.number == number]
    return record


async def journey_of(hotline: Hotline, number: str) -> Sequence[JourneyStep]:
    return await hotline.journey((await record_of(hotline, number)).id)


async def ends(hotline: Hotline, call: OutgoingCall, number: str) -> CallRecord:
    """Hang up, until the call is over on record."""
    await call.hang_up()

    async def over() -> bool:
        return (await record_of(hotline, number)).ended_at is not None

    await hotline.until(over)
    return await record_of(hotline, number)


async def serve(hotline: Hotline) -> None:
    """Start the service, as `Hotline.start_service` starts the real one."""
    await hotline.serve(MODULE)
    await hotline.ready()


async def nothing_is_left(hotline: Hotline) -> None:
    """Wait until no channel and no bridge is there by which somebody was heard."""

    async def gone() -> bool:
        there = [*await hotline.node.ask("GET", "channels"), *await hotline.node.ask("GET", "bridges")]
        return not any(one["id"].startswith((EAR_PREFIX, HEARING_PREFIX)) for one in there)

    await hotline.until(gone)
