import asyncio
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from aiohttp import ClientWebSocketResponse

from cti_server.desk.live import LiveDesks
from cti_server.desk.sources import Sources
from cti_server.frame.pages import Pages
from cti_server.screens import ROOM
from hotline.access.users import AuditFilter
from hotline.appeals.appeal import Appeal, AppealState
from hotline.calls.call import CallRecord, JourneyStep, Outcome, Step
from hotline.chats.chats import Chat, Medium, NewChat
from hotline.city.addresses import Area, demo_streets
from hotline.city.classifier import Utility
from hotline.events import (
    ConsultBegan,
    ConsultEnded,
    DispatcherOffered,
    LineChanged,
    OfferWithdrawn,
    TalkEnded,
    TalkStarted,
)
from hotline.line.callbacks import EVER, EVERYBODY, Callback, CallbackResult, OwedCallback, OwedFilter
from hotline.line.presence_states import CONSULT
from hotline.line.scheduled_callbacks import NewScheduled
from hotline.outages.alert_states import AlertEvent
from hotline.outages.alerts import Decision
from hotline.outages.outage import OutageKind
from storage.line.callbacks import StoredCallbacks
from storage.store import Storage
from tests.cti_server.conftest import KYIV, MovedClock
from tests.cti_server.desk.conftest import AtDesk, Told
from tests.cti_server.outages.alerts.conftest import raised
from tests.fakes.ear_beside import EarBeside
from tests.fakes.outages import entered

NUMBER = "+380457900001"


async def rings(storage: Storage, clock: MovedClock, told: Told, dispatcher_id: int) -> None:
    """A known citizen, who pressed 0, is offered to whoever is idle longest: this dispatcher."""
    await storage.citizens.add("Марія <b>Демченко</b>", "Київський квартал, 7", [NUMBER])
    await storage.citizens.add("Іван Демченко", "Київський квартал, 7", [NUMBER])
    now = clock.now()
    await storage.calls.open(CallRecord(id="c1", number=NUMBER, shown=NUMBER, arrived_at=now))
    pressed = {"key": "0", "asked": "welcome menu"}
    await storage.calls.note(JourneyStep(call_id="c1", number=9, at=now, step=Step.PRESSED, detail=pressed))
    await storage.line.enter("c1", at=now, wanted_dispatcher_id=dispatcher_id)
    assert await storage.line.pair(now) is not None
    told.tell(DispatcherOffered(call_id="c1", dispatcher_id=dispatcher_id, number=NUMBER, attempt=1, at=now))


async def comes(socket: ClientWebSocketResponse, what: str) -> str:
    """Read the socket until something with this comes; the line may change before it."""
    async with asyncio.timeout(60):
        while what not in (text := await socket.receive_str()):
            pass
    return text


async def test_the_pop_shows_which_appeal_the_machine_was_asked_about_and_what_was_said_by_key(
    olena: AtDesk, storage: Storage, clock: MovedClock, told: Told
) -> None:
    now = clock.now()
    await storage.appeals.register(
        Appeal(
            number="2600012",
            applicant_number=NUMBER,
            text="Не світить <b>ліхтар</b>",
            state=AppealState.DISPUTED,
            registered_at=now,
            due_on=now.date(),
        )
    )
    steps = (
        (Step.APPEAL_ASKED, {"appeal": "2600007", "theirs": False}),
        (Step.APPEAL_ASKED, {"appeal": "2600012", "theirs": True}),
        (Step.PRESSED, {"key": "2", "asked": "keys-done"}),
        (Step.APPEAL_ANSWERED, {"appeal": "2600012", "act": "dispute"}),
    )
    for place, (step, detail) in enumerate(steps, start=1):
        await storage.calls.note(JourneyStep(call_id="c1", number=place, at=now, step=step, detail=detail))
    async with await olena.socket() as socket:
        await socket.receive_str()
        await rings(storage, clock, told, olena.dispatcher.id)
        while 'data-call="c1"' not in (pop := await socket.receive_str()):
            pass
    asked = pop[pop.index("Запитували про") : pop.index('id="announcement"')]
    assert 'data-open="/desk/appeals/2600012"' in asked
    assert "Не світить &lt;b&gt;ліхтар&lt;/b&gt;" in asked
    assert "Відповіли клавішею: не виконано" in asked
    assert "не з цього номера" not in asked
    assert "2600007" not in asked
    assert "Набрано" not in pop


async def test_the_pop_leads_to_what_the_caller_has_written_in_a_chat(
    olena: AtDesk, storage: Storage, clock: MovedClock, told: Told, written: dict[str, Chat]
) -> None:
    new = NewChat(medium=Medium.TELEGRAM, address="11", number=NUMBER)
    written[NUMBER] = await storage.chats.begin(new, clock.now())
    async with await olena.socket() as socket:
        await socket.receive_str()
        await rings(storage, clock, told, olena.dispatcher.id)
        pop = await comes(socket, 'data-call="c1"')
    assert f'href="/chats/{written[NUMBER].id}"' in pop
    assert "чат триває" in pop


async def test_the_pop_says_that_a_caller_was_cut_off_by_us_and_is_called_back(
    olena: AtDesk, storage: Storage, clock: MovedClock, told: Told
) -> None:
    cut = JourneyStep(call_id="c1", number=1, at=clock.now(), step=Step.CUT_OFF, detail={"was": "talk"})
    await storage.calls.note(cut)
    async with await olena.socket() as socket:
        await socket.receive_str()
        await rings(storage, clock, told, olena.dispatcher.id)
        pop = await comes(socket, 'data-call="c1"')
    assert "обірвався з нашої вини, ми передзвонюємо" in pop


async def test_the_pop_says_first_in_whose_name_they_are_answered_and_shows_none_of_our_outages(
    olena: AtDesk, storage: Storage, clock: MovedClock, told: Told
) -> None:
    await entered(storage.outages, Utility.GAS, OutageKind.EMERGENCY, clock.now())
    of = {"agreement": 3, "name": "Чернігів"}
    step = JourneyStep(call_id="c1", number=1, at=clock.now(), step=Step.FOR_NEIGHBOUR, detail=of)
    await storage.calls.note(step)
    async with await olena.socket() as socket:
        await socket.receive_str()
        await rings(storage, clock, told, olena.dispatcher.id)
        pop = await comes(socket, 'data-call="c1"')
    assert "За: Чернігів" in pop
    assert 'href="/neighbours/3/line?call=c1&amp;number=%2B380457900001"' in pop
    assert "Газ" not in pop[pop.index('id="pop"') :]


async def test_the_pop_shows_what_is_off_at_their_address_first_and_what_they_were_told_of_it(
    olena: AtDesk, storage: Storage, clock: MovedClock, told: Told
) -> None:
    now = clock.now()
    await storage.streets.add(demo_streets())
    begun = now - timedelta(hours=1)
    for utility, street in ((Utility.GAS, "Ризький квартал"), (Utility.WATER, "Київський квартал")):
        await entered(
            storage.outages, utility, OutageKind.REPAIR, begun, areas=(Area(street=street, first=1, last=9),)
        )
    steps = (
        (Step.INFORMED, {"about": "outage", "outage": 2}),
        (Step.INFORMED, {"about": "outage", "outage": 77}),
        (Step.ASKED_TO_BE_TOLD, {"outage": 2, "by": "call"}),
        (Step.PLACE_SAID, {"place": "Київський квартал, 7"}),
        (Step.REPORTED_OFF, {"utility": "power", "place": "Київський квартал, 7"}),
    )
    for place, (step, detail) in enumerate(steps, start=1):
        await storage.calls.note(JourneyStep(call_id="c1", number=place, at=now, step=step, detail=detail))
    async with await olena.socket() as socket:
        await socket.receive_str()
        await rings(storage, clock, told, olena.dispatcher.id)
        pop = await comes(socket, 'data-call="c1"')
        who = await comes(socket, 'id="who-now"')
    assert '<section id="who" class="card desk-grows" hidden' in pop  # of who was shown before nothing stays
    off = who[who.index('id="who-now"') :]
    theirs, water, gas = off.index("за їхньою адресою"), off.index("Вода"), off.index("Газ")
    assert theirs < water < off.index("Київський квартал, 1–9") < gas
    assert off.count("за їхньою адресою") == 1
    assert off.index("Відключення в місті") < gas
    heard = pop[pop.index("Почули про відключення") : pop.index("просять повідомити")]
    assert "Вода, ремонт · Київський квартал, 1–9" in heard
    assert "відключення, яке вже завершилося (№ 77)" in heard
    assert "<dd>Київський квартал, 7</dd>" in pop
    assert "<dd>Електроенергія</dd>" in pop


async def asked_about(
    storage: Storage, clock: MovedClock, told: Told, olena: AtDesk, taras: AtDesk
) -> dict[str, Any]:
    """Olena talks with a known citizen, and asks Taras about them."""
    await rings(storage, clock, told, olena.dispatcher.id)
    await storage.line.answered("c1", olena.dispatcher.id, clock.now())
    await storage.line.engage(taras.dispatcher.id, clock.now(), CONSULT)
    consult = {"call_id": "c1", "dispatcher_id": taras.dispatcher.id, "at": clock.now()}
    told.tell(ConsultBegan(**consult, number=NUMBER))
    return consult


async def test_a_colleague_who_is_asked_sees_the_card_for_as_long_as_they_are_asked(
    olena: AtDesk, taras: AtDesk, storage: Storage, clock: MovedClock, told: Told
) -> None:
    async with await taras.socket() as socket:
        await socket.receive_str()
        consult = await asked_about(storage, clock, told, olena, taras)
        pop = await comes(socket, 'data-call="c1"')
        assert "Колега радиться" in pop
        assert "Марія &lt;b&gt;Демченко&lt;/b&gt;" in pop
        assert "desk-handed" not in pop
        told.tell(ConsultEnded(**consult))
        assert "Демченко" not in await comes(socket, '<section id="pop" hidden>')
    (seen, *_) = await storage.audit.find(AuditFilter(subject="call:c1"), limit=1)
    assert (seen.user_id, seen.detail) == (taras.user_id, "consulted")


async def test_a_colleague_who_is_asked_reads_along_and_takes_nothing_into_a_form(  # noqa: PLR0917
    olena: AtDesk, taras: AtDesk, storage: Storage, clock: MovedClock, told: Told, sources: Sources
) -> None:
    ear = EarBeside(sources.live, storage, told, clock.now())
    ear.begins("c1", olena.dispatcher.id)
    await ear.hears("c1", "мене звати Ганна Зразкова")
    async with await taras.socket() as socket:
        await socket.receive_str()
        consult = await asked_about(storage, clock, told, olena, taras)
        pop = await comes(socket, 'data-call="c1"')
        assert 'id="heard-asked-c1-1"' in pop
        assert 'data-slots="asked-c1"' in pop  # the form of the call itself looks for others
        assert "Зразкова" in pop
        await ear.hears("c1", "картка 4149 4993")
        assert "4993" in await comes(socket, 'id="heard-asked-c1-2"')
        await ear.hears("c1", "1234 5679")
        news = await comes(socket, 'id="heard-asked-c1-3"')
        assert not any(part in news for part in ("4149", "4993", "1234", "5679"))
        assert 'id="heard-asked-c1-2"' in news  # told anew: it is masked now
        told.tell(ConsultEnded(**consult))
        await comes(socket, '<section id="pop" hidden>')
        await ear.hears("c1", "ось іще")
        told.tell(ConsultBegan(**consult, number=NUMBER))
        assert "іще" in await comes(socket, 'data-call="c1"')


async def test_who_is_not_asked_any_more_reads_nothing(  # noqa: PLR0917
    olena: AtDesk, taras: AtDesk, storage: Storage, clock: MovedClock, told: Told, sources: Sources
) -> None:
    ear = EarBeside(sources.live, storage, told, clock.now())
    ear.begins("c1", olena.dispatcher.id)
    async with await taras.socket() as socket:
        await socket.receive_str()
        consult = await asked_about(storage, clock, told, olena, taras)
        await comes(socket, 'data-call="c1"')
        told.tell(ConsultEnded(**consult))
        await comes(socket, '<section id="pop" hidden>')
        await ear.hears("c1", "це не для нього")
        told.tell(ConsultBegan(**consult | {"call_id": "c2"}, number=None))
        pop = await comes(socket, 'data-call="c2"')
        assert "не для нього" not in pop
        for screen in sources.screens.of(taras.dispatcher.id):
            assert "heard-asked-c2" not in screen.shown


async def test_a_colleague_reads_notes_and_begun_form_before_they_answer(
    olena: AtDesk, taras: AtDesk, storage: Storage, clock: MovedClock, told: Told
) -> None:
    await storage.drafts.save(olena.user_id, "c1", "Плаче <дитина>", clock.now())
    form = {"text": "Немає води", "category": "hot-water-none", "address": "Київський квартал, 7"}
    await storage.forms.save(olena.user_id, "c1", form, clock.now())
    async with await taras.socket() as socket:
        await socket.receive_str()
        consult = await asked_about(storage, clock, told, olena, taras)
        pop = await comes(socket, 'data-call="c1"')
        assert "Нотатки колеги</dt><dd>Плаче &lt;дитина&gt;" in pop
        assert "Немає води. Київський квартал, 7" in pop
        assert "Немає гарячої води" in pop
        told.tell(ConsultEnded(**consult))
        await comes(socket, '<section id="pop" hidden>')
        began = JourneyStep(call_id="c1", number=99, at=clock.now(), step=Step.TALK_STARTED, detail={})
        await storage.calls.note(began)
        told.tell(
            DispatcherOffered(
                call_id="c1", dispatcher_id=taras.dispatcher.id, number=NUMBER, attempt=1, at=clock.now()
            )
        )
        assert "Плаче &lt;дитина&gt;" in await comes(socket, "desk-handed")


async def test_a_colleague_who_takes_the_citizen_over_keeps_their_card(
    olena: AtDesk, taras: AtDesk, storage: Storage, clock: MovedClock, told: Told
) -> None:
    async with await taras.socket() as socket:
        await socket.receive_str()
        consult = await asked_about(storage, clock, told, olena, taras)
        await comes(socket, 'data-call="c1"')
        now = clock.now()
        await storage.calls.flush()
        await storage.line.passed_on("c1", taras.dispatcher.id, now)
        told.tell(TalkStarted(call_id="c1", dispatcher_id=taras.dispatcher.id, at=now))
        assert "Демченко" in await comes(socket, "data-talking")
        told.tell(ConsultEnded(**consult))
        told.tell(TalkEnded(call_id="c1", dispatcher_id=taras.dispatcher.id, at=now))
        assert 'id="pop"' not in await comes(socket, 'id="facts-c1"')


async def test_a_consult_that_ended_without_a_word_leaves_no_card(
    olena: AtDesk, taras: AtDesk, storage: Storage, clock: MovedClock, told: Told
) -> None:
    async with await taras.socket() as socket:
        await socket.receive_str()
        await asked_about(storage, clock, told, olena, taras)
        await comes(socket, 'data-call="c1"')
        await storage.line.disengage(taras.dispatcher.id, clock.now(), reason=CONSULT)
        told.tell(LineChanged(at=clock.now()))
        await comes(socket, '<section id="pop" hidden>')


async def test_a_desk_that_opens_gets_all_its_parts_and_then_who_calls(
    olena: AtDesk, storage: Storage, clock: MovedClock, told: Told
) -> None:
    async with await olena.socket() as socket:
        first = await socket.receive_str()
        for part in ("presence", "line", "missed", "pop", "who"):
            assert f'id="{part}"' in first
        await rings(storage, clock, told, olena.dispatcher.id)
        pop = await comes(socket, 'data-call="c1"')
        assert "Марія &lt;b&gt;Демченко&lt;/b&gt;" in pop
        assert "Іван Демченко" in pop
        assert "диспетчер" in pop


async def test_a_ring_that_turned_urgent_while_its_story_was_read_stays_so(
    olena: AtDesk, storage: Storage, clock: MovedClock, told: Told
) -> None:
    async with await olena.socket() as socket:
        await socket.receive_str()
        told.live._urgent[olena.dispatcher.id] = "c1"  # the line was seen before the story is on the desk
        await rings(storage, clock, told, olena.dispatcher.id)
        assert "data-emergency" in await comes(socket, 'data-call="c1"')


async def test_nobody_else_sees_the_caller_and_the_view_is_in_the_audit_log(
    olena: AtDesk, taras: AtDesk, storage: Storage, clock: MovedClock, told: Told
) -> None:
    async with await olena.socket() as hers, await taras.socket() as his:
        await hers.receive_str()
        await his.receive_str()
        await rings(storage, clock, told, olena.dispatcher.id)
        await comes(hers, 'data-call="c1"')
        told.tell(OfferWithdrawn(call_id="c1", dispatcher_id=olena.dispatcher.id, at=clock.now()))
        while 'id="pop" hidden' not in await hers.receive_str():
            pass
        told.tell(TalkStarted(call_id="c1", dispatcher_id=taras.dispatcher.id, at=clock.now()))
        while "card-c1" not in (text := await his.receive_str()):
            assert "Демченко" not in text
    views = [entry for entry in await storage.audit.latest() if entry.subject == "call:c1"]
    assert {(entry.user_id, entry.detail) for entry in views} >= {(olena.user_id, "screen-pop")}


async def test_the_end_of_another_offer_that_is_told_late_leaves_who_rings_on_the_screen(
    olena: AtDesk, storage: Storage, clock: MovedClock, told: Told
) -> None:
    async with await olena.socket() as socket:
        await socket.receive_str()
        await rings(storage, clock, told, olena.dispatcher.id)
        await comes(socket, 'data-call="c1"')
        told.tell(OfferWithdrawn(call_id="c0", dispatcher_id=olena.dispatcher.id, at=clock.now()))
        told.tell(TalkStarted(call_id="c1", dispatcher_id=olena.dispatcher.id, at=clock.now()))
        while "card-c1" not in (text := await socket.receive_str()):
            assert 'id="pop" hidden' not in text


async def test_an_answered_call_becomes_a_card_with_the_notes_typed_before_and_then_ends(
    olena: AtDesk, storage: Storage, clock: MovedClock, told: Told
) -> None:
    async with await olena.socket() as socket:
        await socket.receive_str()
        await rings(storage, clock, told, olena.dispatcher.id)
        assert 'data-call="c1" data-state="ring"' in await comes(socket, 'id="bar"')
        await storage.drafts.save(olena.user_id, "c1", "Немає <води>", clock.now())
        told.tell(TalkStarted(call_id="c1", dispatcher_id=olena.dispatcher.id, at=clock.now()))
        while "card-c1" not in (card := await socket.receive_str()):
            pass
        assert "Немає &lt;води&gt;</textarea>" in card
        assert 'id="pop" hidden' in card
        assert 'data-call="c1" data-state="talk"' in card
        told.tell(TalkEnded(call_id="c1", dispatcher_id=olena.dispatcher.id, at=clock.now()))
        while "facts-c1" not in (facts := await socket.receive_str()):
            pass
        assert "textarea" not in facts
        assert 'data-call="" data-state="idle"' in facts


async def test_a_browser_that_comes_back_in_the_middle_of_an_offer_sees_it(
    olena: AtDesk, storage: Storage, clock: MovedClock, told: Told
) -> None:
    await rings(storage, clock, told, olena.dispatcher.id)
    async with await olena.socket() as socket:
        assert 'data-call="c1"' in await socket.receive_str()


async def test_a_slow_browser_is_cut_off_while_another_of_the_same_dispatcher_goes_on(
    olena: AtDesk, storage: Storage, clock: MovedClock, told: Told, sources: Sources
) -> None:
    async with await olena.socket() as slow, await olena.socket() as quick:
        await slow.receive_str()
        await quick.receive_str()
        first, second = sources.screens.of(olena.dispatcher.id)
        for _ in range(ROOM + 1):
            first.put("x")
        while not slow.closed:
            await asyncio.wait_for(slow.receive(), 60)
        await rings(storage, clock, told, olena.dispatcher.id)
        while 'data-call="c1"' not in await quick.receive_str():
            pass
        assert sources.screens.of(olena.dispatcher.id) == (second,)


async def test_a_browser_that_reads_nothing_holds_nobody_back_and_finds_all_when_it_comes_back(  # noqa: PLR0917
    olena: AtDesk, taras: AtDesk, storage: Storage, clock: MovedClock, told: Told, sources: Sources
) -> None:
    async with await olena.socket(), await taras.socket() as his:
        await his.receive_str()
        (stalled,) = sources.screens.of(olena.dispatcher.id)
        (well,) = sources.screens.of(taras.dispatcher.id)
        turn = 0
        while not stalled.dropped.is_set():
            stalled.put("x" * 1_000_000)  # until the network's buffers are full, and then the queue
            well.put(f"turn {turn};")
            await comes(his, f"turn {turn};")
            turn += 1
        assert turn >= ROOM
        async with asyncio.timeout(60):
            while sources.screens.of(olena.dispatcher.id):
                await asyncio.sleep(0.01)
        await rings(storage, clock, told, olena.dispatcher.id)
        async with await olena.socket() as again:
            whole = await again.receive_str()
            for shown in ('data-call="c1"', 'id="presence"', 'id="line"', 'id="missed"', 'id="who"'):
                assert shown in whole
        assert not well.dropped.is_set()


async def test_a_change_in_the_line_is_on_every_desk(
    olena: AtDesk, taras: AtDesk, storage: Storage, clock: MovedClock
) -> None:
    async with await olena.socket() as hers, await taras.socket() as his:
        await storage.line.enter("c9", at=clock.now())
        for socket in (hers, his):
            while "place-c9" not in await socket.receive_str():
                pass


async def test_an_arranged_call_comes_up_when_it_is_due_on_the_desk_of_whoever_promised_it(
    olena: AtDesk, taras: AtDesk, storage: Storage, clock: MovedClock
) -> None:
    now = clock.now()
    for number, (why, whose) in enumerate((("Своє", olena.user_id), ("Спільне", None))):
        wanted = NewScheduled(
            number=NUMBER,
            due_at=now + timedelta(minutes=10 + number),
            why=why,
            arranged_by=olena.user_id,
            arranged_at=now,
            for_user_id=whose,
        )
        await storage.scheduled_callbacks.arrange(wanted)
    async with await olena.socket() as hers, await taras.socket() as his:
        assert "Своє" not in await hers.receive_str()
        clock.pass_(minutes=11)
        text = await comes(hers, "Спільне")
        assert text.index("Своє") < text.index("Спільне")
        assert "2 заплановані дзвінки" in text
        assert 'data-missed="scheduled-1"' in text
        assert "Своє" not in await comes(his, "Спільне")


async def test_a_caller_whose_offer_ended_without_a_word_goes_from_the_screen(
    olena: AtDesk, storage: Storage, clock: MovedClock, told: Told
) -> None:
    async with await olena.socket() as socket:
        await rings(storage, clock, told, olena.dispatcher.id)
        while 'data-call="c1"' not in await socket.receive_str():
            pass
        await storage.line.leave("c1", clock.now())
        while 'id="pop" hidden' not in await socket.receive_str():
            pass


async def test_an_alert_is_on_every_desk_grows_there_and_goes_once_it_is_decided(
    olena: AtDesk, taras: AtDesk, storage: Storage, clock: MovedClock, told: Told
) -> None:
    async with await olena.socket() as hers, await taras.socket() as his:
        alert = await raised(storage, clock)
        for socket in (hers, his):
            strip = await comes(socket, f'data-alert="{alert.id}"')
            assert "Вода: повідомляють 3 людини" in strip
        clock.pass_(seconds=3)
        await raised(storage, clock, houses=("1", "3", "9а", "12"))
        for socket in (hers, his):
            assert "Київський квартал, 1–12" in await comes(socket, "повідомляють 4 людини")
        assert f"/outage-register/alerts/{alert.id}" in await olena.person.text("/desk")
        decision = Decision(event=AlertEvent.DISMISS, at=clock.now(), by=olena.user_id, reason="Вода є")
        await storage.outage_alerts.decide(alert.id, decision)
        clock.pass_(seconds=3)
        for socket in (hers, his):
            strip = await comes(socket, 'id="outage-alerts"')
            assert f'data-alert="{alert.id}"' not in strip


async def test_alerts_are_not_read_anew_with_each_change_in_the_line(
    olena: AtDesk, storage: Storage, clock: MovedClock, told: Told
) -> None:
    now = clock.now()
    async with await olena.socket() as socket:
        await socket.receive_str()  # with it all is read once, whatever is raised by then
        for call_id in ("c6", "c7", "c8"):
            await storage.calls.open(CallRecord(id=call_id, number=NUMBER, shown=NUMBER, arrived_at=now))
            await storage.line.enter(call_id, at=now)
            told.tell(LineChanged(at=now))
            while f"place-{call_id}" not in (text := await socket.receive_str()):
                assert "data-alert" not in text
            if call_id == "c6":
                await raised(storage, clock)
        clock.pass_(seconds=3)
        await comes(socket, "data-alert")


class ManyCallbacks(StoredCallbacks):
    """Of which the whole list takes ten seconds."""

    def __init__(self, storage: Storage, clock: MovedClock) -> None:
        super().__init__(storage.database)
        self._clock = clock

    async def owed(
        self,
        limit: int,
        since: datetime = EVER,
        *,
        skipped: int = 0,
        wanted: OwedFilter = EVERYBODY,
        among: Collection[str] | None = None,
    ) -> Sequence[OwedCallback]:
        if among is None:
            self._clock.pass_(seconds=10)
        return await super().owed(limit, since, skipped=skipped, wanted=wanted, among=among)


async def test_of_very_many_call_backs_who_was_reached_goes_at_once_and_who_is_new_comes_within_a_minute(
    olena: AtDesk, sources: Sources, storage: Storage, clock: MovedClock
) -> None:
    async def misses(call_id: str, number: str) -> None:
        now = clock.now()
        await storage.calls.open(CallRecord(id=call_id, number=number, shown=number, arrived_at=now))
        await storage.calls.close(call_id, Outcome.ABANDONED_IN_LINE, now)
        await storage.calls.flush()

    desks = LiveDesks(replace(sources, callbacks=ManyCallbacks(storage, clock)), Pages(KYIV), storage.audit)

    async def shown() -> list[str]:
        return [one.last_call_id for one in (await desks._aside(clock.now())).missed.owed]

    await misses("m1", NUMBER)
    await misses("m2", "+380457900002")
    assert await shown() == ["m1", "m2"]
    now = clock.now()
    reached = Callback(call_id="m1", user_id=olena.user_id, at=now, result=CallbackResult.REACHED)
    await storage.callbacks.add(reached)
    await misses("m3", "+380457900003")
    assert await shown() == ["m2"]
    clock.pass_(seconds=50)
    assert await shown() == ["m2", "m3"]


async def test_whom_a_dispatcher_calls_is_on_their_desk_while_it_rings_there_and_goes_when_nobody_answers(
    olena: AtDesk, storage: Storage, clock: MovedClock, told: Told
) -> None:
    me = olena.dispatcher.id
    async with await olena.socket() as socket:
        await socket.receive_str()
        assert await storage.line.calls_out("out-1", me, clock.now())
        await storage.calls.open(CallRecord(id="out-1", number=NUMBER, shown=NUMBER, arrived_at=clock.now()))
        step = JourneyStep(call_id="out-1", number=1, at=clock.now(), step=Step.CALLED_OUT, detail={})
        await storage.calls.note(step)
        await storage.calls.flush()
        told.tell(LineChanged(at=clock.now()))
        pop = await comes(socket, 'id="pop"')
        assert 'data-call="out-1"' in pop
        assert "Ви телефонуєте" in pop
        assert 'data-call="out-1"' in await olena.person.text("/desk")
        await storage.line.leave("out-1", clock.now())
        await storage.line.talk_ended("out-1", me, clock.now(), wrap_up=timedelta(0))
        told.tell(LineChanged(at=clock.now()))
        await comes(socket, 'id="pop" hidden')
    viewed = await storage.audit.find(AuditFilter(subject="call:out-1"), limit=9)
    assert "calling-out" in {one.detail for one in viewed}
