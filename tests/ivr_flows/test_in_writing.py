"""The key by which a call goes on in writing: once a call, to mobiles, where the city sends links."""

from dataclasses import replace

import pytest

from hotline.appeals.appeal import Appeal
from hotline.calls.call import Step
from hotline.calls.conversation import Next
from hotline.errors import CallGone
from ivr_flows.others_appeal import others_appeal
from ivr_flows.ports import FlowPorts
from ivr_flows.waiting import waiting
from service.chats.call_to_go_on import CallToGoOn
from service.wiring.chats import links_of
from storage.store import Storage
from tests.fakes.call import FakeCall
from tests.fakes.clock import SetClock
from tests.fakes.desk import FakeDesk
from tests.service.chats.test_links import owed

MOBILE, LANDLINE = "+380671112233", "+380457900001"


@pytest.fixture
def sending(city: FlowPorts, storage: Storage, clock: SetClock) -> FlowPorts:
    return replace(city, links=links_of(storage, clock, address="https://city.example", most=1))


async def test_the_link_is_asked_for_once_and_the_call_goes_on(
    sending: FlowPorts, storage: Storage, appeal: Appeal
) -> None:
    call = FakeCall("880", number=MOBILE)
    assert await others_appeal(call, sending, appeal) is Next.DISPATCHER
    assert call.heard.count("go-on-in-writing") == 1
    assert call.heard.count("link-sent") == 1
    assert call.steps.count(Step.SENT_IN_WRITING) == 1
    chat = await storage.chats.of_call(call.id)
    assert chat is not None
    (first,) = await storage.chats.lines(chat.id)
    began = CallToGoOn(call_id=call.id, going=Next.APPEAL_STATE, about=appeal.number)
    assert CallToGoOn.read(first.detail) == began


async def test_beyond_the_days_links_the_caller_is_told_so(
    sending: FlowPorts, storage: Storage, appeal: Appeal
) -> None:
    for call_id in ("call-1", "call-2"):
        call = FakeCall("80", number=MOBILE, call_id=call_id)
        await others_appeal(call, sending, appeal)
    assert "link-not-sent" in call.heard
    assert await storage.chats.of_call("call-2") is None


async def test_in_the_line_the_key_keeps_the_place_and_is_not_offered_again(
    sending: FlowPorts, storage: Storage, desk: FakeDesk, clock: SetClock
) -> None:
    await desk.comes_on_duty()
    await sending.line.enter("other", at=clock.now())
    clock.pass_by(1)
    desk.busy_for = 2
    call = FakeCall("8", number=MOBILE, hold=desk.hold)
    await waiting(call, sending)
    assert call.heard.count("go-on-in-writing") == 1
    assert call.heard.count("link-sent") == 1
    assert Step.LEFT_LINE not in call.steps
    chat = await storage.chats.of_call(call.id)
    assert chat is not None
    (first,) = await storage.chats.lines(chat.id)
    assert CallToGoOn.read(first.detail).going is Next.DISPATCHER


async def test_in_the_line_the_key_counts_long_after_it_was_offered(
    sending: FlowPorts, storage: Storage, desk: FakeDesk, clock: SetClock
) -> None:
    await desk.comes_on_duty()
    await sending.line.enter("other", at=clock.now())
    clock.pass_by(1)
    desk.busy_for = 4
    call = FakeCall("__8", number=MOBILE, hold=desk.hold)
    await waiting(call, sending)
    assert call.heard.count("go-on-in-writing") == 1
    assert call.heard.count("link-sent") == 1
    assert await storage.chats.of_call(call.id) is not None


async def test_who_hangs_up_right_after_the_key_has_the_link(
    sending: FlowPorts, storage: Storage, appeal: Appeal
) -> None:
    at_the_key = 2  # the appeal is told, then they are asked
    call = FakeCall("8", number=MOBILE, hang_up_at=at_the_key + 1)
    with pytest.raises(CallGone):
        await others_appeal(call, sending, appeal)
    assert call.verbs[-1] == "play", "the word that it is sent finds nobody"
    assert Step.SENT_IN_WRITING in call.steps
    chat = await storage.chats.of_call(call.id)
    assert chat is not None
    assert await owed(storage)


@pytest.mark.parametrize("number", [LANDLINE, None])
async def test_who_gets_no_short_message_is_offered_none(
    sending: FlowPorts, storage: Storage, appeal: Appeal, number: str | None
) -> None:
    call = FakeCall("80", number=number)
    await others_appeal(call, sending, appeal)
    assert "go-on-in-writing" not in call.heard
    assert await storage.chats.of_call(call.id) is None
