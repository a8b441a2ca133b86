"""A colleague takes a caller over after having been asked: they are in a talk like any other."""

from collections.abc import AsyncIterator, Sequence

import pytest
from playwright.async_api import expect
from sqlalchemy import select

from hotline.calls.call import Step
from hotline.line.presence_states import Presence
from hotline.line.queue_entry_states import QueueEntryState
from storage.tables import presence_history
from telephony.phone.outgoing import OutgoingCall
from telephony.phone.sound import tone
from tests.system.hotline import Hotline
from tests.system.lending import Hotlines
from tests.system.people import CITIZEN, FIRST, SECOND, asks_for_a_dispatcher, in_talk, picks_up
from tests.system.web_desk import WebDesk, web_desk

pytestmark = pytest.mark.system

ANOTHER = "+380457900002"


@pytest.fixture
async def hotline(hotlines: Hotlines) -> AsyncIterator[Hotline]:
    """Time after a call is given, and is not over within a test."""
    async with hotlines.lent(HOTLINE_AFTER_CALL_SECONDS="600") as one:
        yield one


@pytest.fixture
async def desk(hotline: Hotline) -> AsyncIterator[WebDesk]:
    async with web_desk(hotline, "201", FIRST) as one:
        yield one


async def test_a_colleague_who_took_a_caller_over_is_never_rung_with_the_next(
    hotline: Hotline, desk: WebDesk
) -> None:
    citizen = await asks_for_a_dispatcher(hotline, sound=tone(CITIZEN))
    await desk.picks_up()
    await citizen.heard_tone(FIRST)
    phone = await hotline.desk("202")
    await desk.dials("202", "call")
    colleague = await picks_up(phone, SECOND)
    await colleague.heard_tone(FIRST)

    await desk.press("Control+F8")
    await desk.call_is("none")
    await citizen.heard_tone(SECOND)
    await colleague.heard_tone(CITIZEN)
    another = await stands_in_line(hotline)

    assert await duties(hotline, "202") == [Presence.AWAY, Presence.READY, Presence.TALKING, Presence.TALKING]
    await colleague.hang_up()
    await citizen.ended()
    await hotline.until(lambda: is_after_call(hotline, "202"))
    assert another.end is None
    await hotline.presence("202", Presence.READY)
    await picks_up(phone, SECOND)
    await another.heard_tone(SECOND)


async def test_a_caller_joined_by_the_telephones_alone_leaves_the_colleague_in_talk(hotline: Hotline) -> None:
    first = await hotline.desk("201")
    citizen, talk = await in_talk(hotline, first)
    phone = await hotline.desk("202")
    await talk.hold()
    consult = await first.call("202", sound=tone(FIRST))
    colleague = await picks_up(phone, SECOND)
    await consult.heard_tone(SECOND)
    await talk.transfer_attended(consult)
    await citizen.heard_tone(SECOND)
    await consult.ended()

    await stands_in_line(hotline)

    assert await duties(hotline, "202") == [Presence.AWAY, Presence.READY, Presence.TALKING, Presence.TALKING]
    await colleague.hang_up()
    await hotline.until(lambda: is_after_call(hotline, "202"))


async def test_the_page_of_a_colleague_names_the_caller_whom_they_took_over(hotline: Hotline) -> None:
    first = await hotline.desk("201")
    async with web_desk(hotline, "202", SECOND) as desk:
        await hotline.presence("202", Presence.PAUSED, "tea")
        citizen, talk = await in_talk(hotline, first)
        await hotline.presence("202", Presence.READY)
        await talk.hold()
        consult = await first.call("202", sound=tone(FIRST))
        await desk.picks_up()
        await consult.heard_tone(SECOND)

        await talk.transfer_attended(consult)

        await citizen.heard_tone(SECOND)
        row = desk.page.locator("[data-part=calls] li")
        await expect(row).to_have_count(1)
        await expect(row.locator("[data-part=who]")).to_have_text("+380 4579 00001")
        await expect(desk.page.locator("[data-part=act-transfer]")).to_be_enabled()


async def stands_in_line(hotline: Hotline) -> OutgoingCall:
    """Another citizen, who waits because nobody is free."""
    before = len(await hotline.calls())
    citizen = await asks_for_a_dispatcher(hotline, ANOTHER)

    async def waits() -> bool:
        calls = await hotline.calls()
        place = await hotline.storage.line.entry(calls[-1].id) if len(calls) > before else None
        return place is not None and place.state is QueueEntryState.WAITING

    await hotline.until(waits)
    await hotline.reached(Step.JOINED_LINE, times=2)
    return citizen


async def duties(hotline: Hotline, extension: str) -> Sequence[Presence]:
    """What this dispatcher has been, one after another."""
    one = await hotline.dispatcher(extension)
    history = (
        select(presence_history.c.presence)
        .where(presence_history.c.dispatcher_id == one.id)
        .order_by(presence_history.c.id)
    )
    async with hotline.storage.database.reading() as connection:
        return [Presence(presence) for presence in (await connection.execute(history)).scalars()]


async def is_after_call(hotline: Hotline, extension: str) -> bool:
    return (await hotline.dispatcher(extension)).presence is Presence.AFTER_CALL
