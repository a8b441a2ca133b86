"""The whole road through the conversations: whoever stays on the line reaches an end meant for them."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from hotline.appeals.appeal import Appeal
from hotline.appeals.applicants import Guesses, GuessingRules
from hotline.calls.call import Step
from hotline.calls.conversation import Arrival, Next, TalkEnd
from hotline.calls.skills import Skill
from hotline.city.addresses import Address, Area, demo_streets
from hotline.city.classifier import Utility
from hotline.errors import CallGone
from hotline.line.line import Priority
from hotline.line.presence_states import Presence
from hotline.outages.outage import OutageKind
from hotline.voice.speech import Language
from ivr_flows.ports import FlowPorts
from ivr_flows.routing import converse, go_on
from storage.store import Storage
from tests.effort import effort
from tests.fakes.call import FakeCall, aloud
from tests.fakes.clock import SetClock
from tests.fakes.desk import FakeDesk
from tests.fakes.outages import entered

SCRIPTS = {
    "outages": "1_",
    "appeal": "2_",
    "appeal keyed in": "291001#_",
    "appeal not found": "299#8#",
    "appeal to a dispatcher": "20",
    "message": "3",
    "dispatcher": "0",
    "silence": "_",
    "wrong keys": "888",
    "english": "91_",
    "recording refused": "*0",
    "everything": "*9123_291001#_3",
}
calls = count(1)
CALLER, KYIV_QUARTER = "+380457900001", "Київський квартал"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


async def test_a_new_caller_is_greeted_and_ends_with_a_goodbye(city: FlowPorts) -> None:
    call = FakeCall("3")
    await converse(call, Arrival.NEW, city)
    assert call.heard[0] == "emergency-notice"
    assert call.heard[-3:] == ["leave-message", "message-kept", "goodbye"]


@pytest.mark.parametrize(
    "away", ["outages", "number_places", "city_messages", "informing_orders", "queue_entries"]
)
async def test_whatever_cannot_be_looked_up_the_caller_reaches_the_menu(
    city: FlowPorts, storage: Storage, away: str
) -> None:
    part = (Area(street="Київський квартал"),)
    await entered(city.outages, Utility.WATER, OutageKind.REPAIR, city.clock.now(), areas=part)
    async with storage.database.writing() as connection:
        await connection.execute(text(f"ALTER TABLE {away} RENAME TO away"))
    call = FakeCall("93")
    await converse(call, Arrival.NEW, city)
    assert call.heard.count("menu") == 2
    assert call.heard[-3:] == ["leave-message", "message-kept", "goodbye"]


async def test_a_breakdown_goes_before_the_place_that_was_kept(city: FlowPorts, desk: FakeDesk) -> None:
    await desk.comes_on_duty()
    desk.busy_for = 100
    caller = "+380457900001"
    await city.line.enter("earlier", at=city.clock.now())
    await city.kept_places.keep("earlier", caller, city.clock.now())
    await entered(city.outages, Utility.WATER, OutageKind.REPAIR, city.clock.now())
    call = FakeCall("4", hold=desk.hold, hang_up_at=9, number=caller)
    with pytest.raises(CallGone):
        await converse(call, Arrival.NEW, city)
    (entry,) = await city.line.entries()
    assert (entry.call_id, entry.priority) == (call.id, Priority.EMERGENCY)
    assert await city.kept_places.of(caller) is None


async def test_a_caller_taken_up_in_the_menu_hears_a_word_of_excuse_and_the_menu(city: FlowPorts) -> None:
    call = FakeCall("3")
    await converse(call, Arrival.IN_MENU, city)
    assert call.heard[:3] == ["resumed", "english-on-nine", "menu"]


async def test_a_caller_taken_up_in_the_line_goes_on_waiting(city: FlowPorts, desk: FakeDesk) -> None:
    await desk.comes_on_duty()
    call = FakeCall(hold=desk.hold)
    await converse(call, Arrival.IN_LINE, city)
    assert call.heard == ["recording-notice", "connecting-to-dispatcher", "goodbye"]


async def test_whoever_is_rung_for_a_caller_before_they_are_taken_up_is_not_rung_a_second_time(
    city: FlowPorts, storage: Storage, desk: FakeDesk
) -> None:
    await desk.comes_on_duty()

    async def picks_up(_seconds: float) -> bool:
        assert await storage.line.answered(call.id, offer.dispatcher.id, city.clock.now())
        return True

    call = FakeCall(hold=picks_up)
    await storage.line.enter(call.id, at=city.clock.now())
    offer = await storage.line.pair(city.clock.now())
    assert offer is not None
    await converse(call, Arrival.IN_LINE, city)
    assert call.heard == ["recording-notice", "one-moment", "goodbye"]


async def test_a_caller_taken_up_in_a_talk_goes_on_talking(city: FlowPorts) -> None:
    call = FakeCall(talks=[TalkEnd.OVER])
    await converse(call, Arrival.IN_TALK, city)
    assert call.verbs == ["talk", "play"]


async def test_whom_a_dispatcher_has_answered_talks_though_the_database_is_away(city: FlowPorts) -> None:
    line: Any = SimpleNamespace()  # whoever asks it anything fails
    call = FakeCall(talks=[TalkEnd.OVER])
    await converse(call, Arrival.ANSWERED, replace(city, line=line))
    assert call.heard == ["recording-notice", "goodbye"]
    assert call.verbs == ["announce insisting", "talk", "play"]


async def test_an_emergency_goes_to_the_line_as_one(city: FlowPorts, desk: FakeDesk) -> None:
    await desk.comes_on_duty()
    call = FakeCall(hold=desk.hold)
    assert await go_on(call, Next.EMERGENCY, city) is Next.GOODBYE
    assert call.notes[0][1] == {"priority": "emergency"}


@pytest.mark.parametrize(
    ("station", "menu", "given"),
    [
        (Next.OUTAGES, "немає світла на атомників сім", ["горить будинок"]),  # what was heard is read back
        (Next.OUTAGES, "немає світла на атомників сім", ["ні", "так горить дах"]),  # where it is
        (Next.OUTAGES, "немає світла на вулиці атомників", ["так", "пахне газом"]),  # the house
        (Next.APPEAL_STATE, "", ["тут прорвало трубу"]),  # the number
        (Next.APPEAL_STATE, "", ["двадцять шість нуль один", "ні у нас пожежа"]),
    ],
)
async def test_an_emergency_is_led_to_a_person_whatever_was_asked(
    city: FlowPorts, storage: Storage, station: Next, menu: str, given: list[str]
) -> None:
    await storage.streets.add(demo_streets())
    area = [Area(street="Ризький квартал"), Area(street=KYIV_QUARTER)]
    await entered(city.outages, Utility.WATER, OutageKind.REPAIR, LONG_AGO, None, areas=area)
    call = FakeCall([aloud(one) for one in given], number="+380457900077")
    call.said_in_menu = aloud(menu) if menu else None
    assert await go_on(call, station, city) is Next.EMERGENCY
    assert call.steps.count(Step.REPORTED_OFF) == 0


@pytest.mark.parametrize(
    ("keys", "skill", "topic"),
    [
        ("0", None, None),
        ("1_0", Skill.OUTAGES, None),
        ("130", Skill.HEAT, None),
        ("2_0", Skill.APPEALS, None),
        ("90", Skill.ENGLISH, None),
        ("9130", Skill.ENGLISH, Skill.HEAT),
    ],
)
async def test_what_was_chosen_by_key_asks_for_skills(  # noqa: PLR0917
    city: FlowPorts, storage: Storage, desk: FakeDesk, keys: str, skill: Skill | None, topic: Skill | None
) -> None:
    await desk.comes_on_duty()
    await storage.streets.add(demo_streets())
    await city.known_places.remember(
        CALLER, Address(street=KYIV_QUARTER, house="1"), call_id="b", at=LONG_AGO
    )
    call = FakeCall(keys, hold=desk.hold)
    await converse(call, Arrival.NEW, city)
    entry = await city.line.entry(call.id)
    assert entry is not None
    patient = None if skill is None else entry.entered_at + city.skill_wait
    assert (entry.skill, entry.topic, entry.anybody_from) == (skill, topic, patient)


async def test_an_emergency_asks_for_the_language_and_does_not_wait_for_it(
    city: FlowPorts, desk: FakeDesk
) -> None:
    await desk.comes_on_duty()
    call = FakeCall("94", hold=desk.hold)
    await converse(call, Arrival.NEW, city)
    entry = await city.line.entry(call.id)
    assert entry is not None
    assert (entry.skill, entry.anybody_from) == (Skill.ENGLISH, None)


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
@pytest.mark.parametrize(
    ("staffed", "impatient"),
    [
        pytest.param(True, False, id="staffed-patient"),
        pytest.param(False, True, id="unstaffed-impatient"),
        pytest.param(True, True, id="staffed-impatient", marks=pytest.mark.nightly),
        pytest.param(False, False, id="unstaffed-patient", marks=pytest.mark.nightly),
    ],
)
async def test_hanging_up_ends_every_path_at_every_step(
    city: FlowPorts,
    storage: Storage,
    clock: SetClock,
    desk: FakeDesk,
    appeal: Appeal,
    *,
    script: str,
    staffed: bool,
    impatient: bool,
) -> None:
    """Only CallGone leaves the conversation, at whatever verb the citizen hangs up."""
    if staffed:
        await desk.comes_on_duty()
    whole = FakeCall(script, impatient=impatient, hold=desk.hold_after_the_talk)
    await converse(whole, Arrival.NEW, city)
    assert appeal.number in SCRIPTS["appeal keyed in"]
    for step in range(1, len(whole.verbs) + 1):
        await _empty_the_line(storage, clock, desk)
        city = replace(city, guesses=Guesses(GuessingRules()))
        call = FakeCall(
            script,
            impatient=impatient,
            hang_up_at=step,
            hold=desk.hold_after_the_talk,
            call_id=f"call-{next(calls)}",
        )
        with pytest.raises(CallGone):
            await converse(call, Arrival.NEW, city)
        assert call.verbs == whole.verbs[:step]


@settings(
    max_examples=effort(day=20, night=240),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    keys=st.text("0123456789*#_A", max_size=40),
    impatient=st.booleans(),
    staffed=st.booleans(),
    busy_for=st.integers(0, 5),
    talks=st.lists(st.sampled_from(TalkEnd), max_size=3),
    arrival=st.sampled_from(sorted({*Arrival} - {Arrival.CALLED, Arrival.CALLED_BACK, Arrival.LEFT_BEHIND})),
)
async def test_whoever_stays_on_the_line_ends_with_a_goodbye(
    city: FlowPorts,
    storage: Storage,
    clock: SetClock,
    keys: str,
    *,
    impatient: bool,
    staffed: bool,
    busy_for: int,
    talks: list[TalkEnd],
    arrival: Arrival,
) -> None:
    """No script of keys leads nowhere; none ends without a person, a message or a promised call."""
    desk = FakeDesk(storage, clock, busy_for=busy_for)
    await _empty_the_line(storage, clock, desk)
    await _staff(storage, clock, desk, staffed=staffed)
    call = FakeCall(
        keys,
        impatient=impatient,
        hold=desk.hold_after_the_talk,
        talks=talks,
        pass_on=desk.pass_on,
        call_id=f"call-{next(calls)}",
    )
    await converse(call, arrival, city)
    assert call.heard[-1] == "goodbye"
    assert call.verbs.count("talk") or call.messages or Step.PLACE_KEPT in call.steps
    assert len(call.verbs) <= 12 * (len(keys) + busy_for + len(talks) + 5)
    if arrival not in {Arrival.IN_TALK, Arrival.ANSWERED} and not staffed:
        assert call.messages


@pytest.mark.parametrize("language", Language)
async def test_every_path_is_spoken_in_the_callers_language(
    city: FlowPorts, appeal: Appeal, language: Language
) -> None:
    call = FakeCall(["3"] if language is Language.UKRAINIAN else ["9", "3"])
    await converse(call, Arrival.IN_MENU, city)
    cyrillic = any("а" <= letter <= "я" for letter in call.said[-1])
    assert appeal.number == "1001"
    assert cyrillic is (language is Language.UKRAINIAN)


async def _empty_the_line(storage: Storage, clock: SetClock, desk: FakeDesk) -> None:
    await desk.hang_up()
    for entry in await storage.line.entries():
        await storage.line.leave(entry.call_id, clock.now())


async def _staff(storage: Storage, clock: SetClock, desk: FakeDesk, *, staffed: bool) -> None:
    """One dispatcher, on duty or away."""
    await desk.hang_up()
    if not await storage.dispatchers.all():
        await desk.comes_on_duty()
    (one,) = await storage.dispatchers.all()
    await storage.dispatchers.set_presence(one.id, Presence.READY, clock.now())
    if not staffed:
        await storage.dispatchers.set_presence(one.id, Presence.AWAY, clock.now())
