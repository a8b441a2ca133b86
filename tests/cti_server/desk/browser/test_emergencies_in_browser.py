"""What a dispatcher sees of an emergency: in the line, while it rings, and when nobody was there for it."""

from datetime import timedelta

import pytest
from playwright.async_api import expect

from hotline.calls.call import CallRecord, Outcome, VoiceMessage
from hotline.clock import SystemClock
from hotline.events import CallEnded
from hotline.line.line import Priority
from hotline.line.queue_entry_states import QueueEntryState
from tests.cti_server.desk.browser.conftest import HANNA, MARIA, Shift

pytestmark = pytest.mark.system


async def test_an_emergency_that_waits_is_told_over_the_whole_desk_until_it_is_taken(shift: Shift) -> None:
    page = shift.page
    await shift.waits("c1", MARIA, "0", Priority.ORDINARY)
    await shift.rings("c1", MARIA)
    await shift.answers("c1")
    assert await page.locator("#desk-emergency").is_hidden()
    await shift.waits("c2", HANNA, "4", Priority.EMERGENCY)
    await page.wait_for_selector("#desk-emergency", state="visible")
    await shift.look("an emergency waits in a talk")
    await shift.ends("c1", 600)
    await shift.rings("c2", HANNA)
    await page.wait_for_selector("#pop[data-emergency]")
    await page.wait_for_selector("#desk-emergency", state="hidden")
    await shift.look("an emergency rings")


async def test_a_ring_turns_urgent_whose_caller_presses_the_key_meanwhile(shift: Shift) -> None:
    page = shift.page
    await shift.waits("c1", MARIA, "0", Priority.ORDINARY)
    await shift.rings("c1", MARIA)
    assert await page.locator("#pop[data-emergency]").count() == 0
    # A telephone rings in the page, as the exchange has it ring.
    phone = "document.querySelector('[data-softphone]').softphone"
    call = "{ id: 'x', phase: 'ringing', number: '0457900001', hangUp() {} }"
    await page.evaluate(f"{phone}.calls.push({call}); {phone}.look()")
    ordinary = await page.evaluate(f"{phone}.ring.kind.period")
    await page.wait_for_function("() => document.title.startsWith('☎')")
    now = shift.now()
    rung = {QueueEntryState.OFFERED}
    entry = await shift.storage.line.enter("c1", at=now, priority=Priority.EMERGENCY, unless=rung)
    assert entry.state is QueueEntryState.OFFERED
    await page.wait_for_selector("#pop[data-call=c1][data-emergency]")
    await page.wait_for_selector("#bar[data-emergency]")
    await page.wait_for_function("() => document.title.startsWith('⚠')")
    assert await page.evaluate(f"{phone}.ring.kind.period") < ordinary
    await expect(page.locator("#announcement")).to_contain_text("Аварія")
    await shift.look("a ring turned urgent", nightly=True)


async def test_a_message_about_an_emergency_stands_first_and_can_be_heard(shift: Shift) -> None:
    now = SystemClock().now()
    for minutes, (call_id, number) in enumerate([("m1", MARIA), ("m2", HANNA), ("m3", None)]):
        at = now - timedelta(minutes=9 - minutes)
        record = CallRecord(id=call_id, number=number, shown=number or "", arrived_at=at)
        await shift.storage.calls.open(record)
        if call_id != "m1":
            await shift.storage.line.enter(call_id, at=at, priority=Priority.EMERGENCY)
            await shift.storage.line.leave(call_id, at)
        said = VoiceMessage(
            id=f"{call_id}-said", call_id=call_id, number=number, file="said.wav", began_at=at, seconds=7.0
        )
        await shift.storage.calls.keep_message(said)
        await shift.storage.calls.close(call_id, Outcome.MESSAGE_LEFT, at + timedelta(seconds=60))
    await shift.storage.calls.flush()
    shift.told.tell(CallEnded(call_id="m2", outcome=Outcome.MESSAGE_LEFT, at=now))
    page = shift.page
    await expect(page.locator("#missed li audio")).to_have_count(3)
    entries = await page.locator("#missed li.desk-missed").evaluate_all("all => all.map(one => one.id)")
    assert entries == ["missed-m2", "missed-m1", "missed-m3"]
    assert await page.locator("#missed-m2[data-priority=emergency] audio").count() == 1
    assert await page.locator("#missed-m1[data-priority=emergency]").count() == 0
    await shift.look("messages are work")
