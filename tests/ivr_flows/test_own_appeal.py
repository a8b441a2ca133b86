"""The applicant's word by key: done, not done, once or not at all."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.access.permissions import Role
from hotline.appeals.acts.actors import SERVICE, Actor, ActorRole, applicant
from hotline.appeals.acts.applicants_word import BeginCheck, Confirm, Dispute
from hotline.appeals.acts.keeping import Note
from hotline.appeals.acts.routing import Forward
from hotline.appeals.acts.work import BeginWork
from hotline.appeals.appeal import AppealState, ResultKind
from hotline.appeals.handling import Entry
from hotline.appeals.word_codes import WordCodes
from hotline.calls.call import Step
from hotline.calls.conversation import Arrival, Next
from hotline.errors import CallGone
from hotline.voice.speech import Phrase
from ivr_flows.appeal_state import appeal_state
from ivr_flows.ports import FlowPorts
from ivr_flows.routing import converse, go_on
from storage.store import Storage
from tests.fakes.call import FakeCall, aloud
from tests.fakes.clock import SetClock
from tests.fakes.register import ANSWER, Register
from tests.hotline.appeals.people import DISPATCHER
from tests.ivr_flows.conftest import CODE_KEY

NUMBER = "2600001"
DONE_AT = 5
"""The appeal's version after the report in the register's road."""


def typed(keys: Sequence[str], number: str = NUMBER) -> list[str]:
    """Press the first key, type the code of the report, then press the others."""
    return [keys[0], *WordCodes(CODE_KEY).code(number, DONE_AT), *keys[1:]]


async def last(storage: Storage) -> Entry:
    return (await storage.handling.history(NUMBER, hidden=True))[-1]


@pytest.mark.parametrize("state", [AppealState.DONE, AppealState.BEING_CHECKED])
async def test_one_closes_it_with_the_rating_that_is_keyed(
    city: FlowPorts, register: Register, storage: Storage, state: AppealState
) -> None:
    await register.appeal(NUMBER, state)
    call = FakeCall(typed("14"))
    assert await appeal_state(call, city) is Next.MENU
    assert (await register.now(NUMBER)).state is AppealState.CLOSED
    entry = await last(storage)
    assert (entry.act, entry.facts) == ("confirm", {"rating": 4, "source": "call:call-1"})
    assert call.heard[-1] == "appeal-confirmed"
    assert call.notes[-1] == (Step.APPEAL_ANSWERED, {"appeal": NUMBER, "act": "confirm"})


@pytest.mark.parametrize("key", ["#", "_", "7", "0"])
async def test_nobody_has_to_rate(city: FlowPorts, register: Register, storage: Storage, key: str) -> None:
    await register.appeal(NUMBER, AppealState.DONE)
    await appeal_state(FakeCall(typed(["1", key])), city)
    assert (await last(storage)).facts == {"source": "call:call-1"}


async def test_a_star_takes_back_a_one_that_was_pressed_by_mistake(
    city: FlowPorts, register: Register
) -> None:
    await register.appeal(NUMBER, AppealState.DONE)
    call = FakeCall(typed("1*_"))
    assert await appeal_state(call, city) is Next.MENU
    assert (await register.now(NUMBER)).state is AppealState.DONE
    assert call.heard.count(f"appeal-about-{NUMBER}") == 2


async def test_two_pressed_twice_disputes_it_with_a_spoken_remark_and_a_new_term(
    city: FlowPorts, register: Register, storage: Storage, clock: SetClock
) -> None:
    before = await register.appeal(NUMBER, AppealState.BEING_CHECKED)
    clock.pass_by(timedelta(days=10).total_seconds())
    call = FakeCall(typed("22"))
    assert await appeal_state(call, city) is Next.MENU
    then = await register.now(NUMBER)
    assert then.state is AppealState.DISPUTED
    assert then.due_on > before.due_on
    assert (await last(storage)).facts == {"remark": "call-1-message-1", "source": "call:call-1"}
    assert (Step.MESSAGE_LEFT, {"message": "call-1-message-1", "appeal": NUMBER}) in call.notes
    assert call.said[-2:] == [
        "Дякуємо. Звернення повернуто виконавцю, строк призначено наново.",
        "Строк виконання — до вісімнадцятого грудня.",
    ]


@pytest.mark.parametrize("key", ["3", "_", "1"])
async def test_one_two_alone_changes_nothing(city: FlowPorts, register: Register, key: str) -> None:
    await register.appeal(NUMBER, AppealState.DONE)
    call = FakeCall(typed(["2", key, "_"]))
    assert await appeal_state(call, city) is Next.MENU
    assert (await register.now(NUMBER)).state is AppealState.DONE


async def test_an_emergency_in_place_of_a_yes_changes_nothing_and_is_led_to_a_person(
    city: FlowPorts, register: Register
) -> None:
    await register.appeal(NUMBER, AppealState.DONE)
    call = FakeCall([*typed("2"), aloud("горить будинок")])
    assert await go_on(call, Next.APPEAL_STATE, city) is Next.EMERGENCY
    assert (await register.now(NUMBER)).state is AppealState.DONE


async def test_who_says_nothing_after_the_tone_has_disputed_it_all_the_same(
    city: FlowPorts, register: Register, storage: Storage
) -> None:
    await register.appeal(NUMBER, AppealState.DONE)
    await appeal_state(FakeCall(typed("22"), message_seconds=0), city)
    assert (await last(storage)).facts == {"source": "call:call-1"}


async def test_who_refuses_to_be_recorded_is_not_asked_to_speak(city: FlowPorts, register: Register) -> None:
    await register.appeal(NUMBER, AppealState.DONE)
    call = FakeCall(typed("22"))
    call.recording_refused = True
    await appeal_state(call, city)
    assert call.messages == 0
    assert (await register.now(NUMBER)).state is AppealState.DISPUTED


@pytest.mark.parametrize(
    ("keys", "verb", "act"),
    [("1", "choose", "confirm"), ("22", "play", "dispute"), ("22", "record", "dispute")],
    ids=["instead of rating", "before the tone", "after speaking"],
)
async def test_who_hangs_up_after_their_word_has_given_it(
    city: FlowPorts, register: Register, storage: Storage, *, keys: str, verb: str, act: str
) -> None:
    await register.appeal(NUMBER, AppealState.DONE)
    whole = FakeCall(typed(keys))
    await appeal_state(whole, city)
    await register.appeal("2600009", AppealState.DONE, caller="+380457900009")
    at = max(place for place, one in enumerate(whole.verbs, start=1) if one == verb)
    if verb == "play":
        at = whole.verbs.index("play") + 1
    call = FakeCall(typed(keys, "2600009"), hang_up_at=at, number="+380457900009", call_id="call-9")
    with pytest.raises(CallGone):
        await appeal_state(call, city)
    (*_, entry) = await storage.handling.history("2600009", hidden=True)
    assert entry.act == act
    assert ("remark" in entry.facts) == (verb == "record")


@pytest.mark.parametrize(("keys", "after"), [("14", AppealState.CLOSED), ("22", AppealState.DISPUTED)])
async def test_whoever_hangs_up_at_any_step_has_given_their_word_or_changed_nothing(
    city: FlowPorts, register: Register, storage: Storage, keys: str, after: AppealState
) -> None:
    await register.appeal(NUMBER, AppealState.DONE)
    whole = FakeCall(typed(keys))
    await appeal_state(whole, city)
    states = []
    for step in range(1, len(whole.verbs) + 1):
        number, caller = f"26001{step:02}", f"+3804579001{step:02}"
        await register.appeal(number, AppealState.DONE, caller=caller)
        with pytest.raises(CallGone):
            await appeal_state(
                FakeCall(typed(keys, number), hang_up_at=step, number=caller, call_id=number), city
            )
        states.append((await register.now(number)).state)
        acts = [one.act for one in await storage.handling.history(number, hidden=True)]
        assert acts.count("confirm") + acts.count("dispute") == (states[-1] is after)
    assert states == sorted(states, key=lambda state: state is after)
    assert set(states) == {AppealState.DONE, after}


async def test_a_closed_one_can_be_disputed_until_a_day_that_is_told(
    city: FlowPorts, register: Register, clock: SetClock
) -> None:
    await register.appeal(NUMBER, AppealState.CLOSED)
    call = FakeCall(typed("22"))
    await appeal_state(call, city)
    assert "Якщо виявиться, що роботу не виконано, повідомте про це до тридцятого грудня." in call.said
    assert (await register.now(NUMBER)).state is AppealState.DISPUTED


async def test_what_was_closed_too_long_ago_offers_no_such_key(
    city: FlowPorts, register: Register, clock: SetClock
) -> None:
    await register.appeal(NUMBER, AppealState.CLOSED)
    clock.pass_by(timedelta(days=40).total_seconds())
    call = FakeCall(f"{NUMBER}#222")
    assert await appeal_state(call, city) is Next.DISPATCHER
    assert "keys-closed" not in call.heard
    assert (await register.now(NUMBER)).state is AppealState.CLOSED


@pytest.mark.parametrize(
    "state",
    [AppealState.REGISTERED, AppealState.ASSIGNED, AppealState.ACCEPTED, AppealState.IN_WORK],
)
async def test_what_is_still_owed_cannot_be_answered(
    city: FlowPorts, register: Register, state: AppealState
) -> None:
    await register.appeal(NUMBER, state)
    call = FakeCall("122")
    assert await appeal_state(call, city) is Next.DISPATCHER
    assert not {"keys-done", "rate-work", "dispute-sure"} & set(call.heard)
    assert (await register.now(NUMBER)).state is state


async def test_zero_leads_to_a_dispatcher_who_sees_which_appeal_it_was(
    city: FlowPorts, register: Register
) -> None:
    await register.appeal(NUMBER, AppealState.IN_WORK)
    call = FakeCall("0")
    assert await appeal_state(call, city) is Next.DISPATCHER
    assert call.notes[0] == (Step.APPEAL_ASKED, {"appeal": NUMBER, "theirs": True})


async def test_three_says_it_all_again(city: FlowPorts, register: Register) -> None:
    await register.appeal(NUMBER, AppealState.DONE)
    call = FakeCall("33_")
    await appeal_state(call, city)
    assert call.heard.count("appeal-done") == 3


async def test_a_forged_number_hears_no_word_that_somebody_wrote(city: FlowPorts, register: Register) -> None:
    await register.appeal(NUMBER, AppealState.DONE)
    call = FakeCall(["3", "5", *"0000", *"1111", "_"])
    assert await appeal_state(call, city) is Next.MENU
    assert ANSWER not in call.said
    assert {"appeal-done", "appeal-executor", "answer-dispatcher"} <= set(call.heard)


async def test_the_code_opens_the_answer_and_is_keyed_once_a_call(
    city: FlowPorts, register: Register
) -> None:
    await register.appeal(NUMBER, AppealState.DONE)
    call = FakeCall(typed("5514"))
    assert await appeal_state(call, city) is Next.MENU
    assert call.said.count(ANSWER) == 2
    assert call.heard.count("code-asked") == 1
    assert (await register.now(NUMBER)).state is AppealState.CLOSED


async def test_a_closed_one_still_has_its_answer_for_the_code(city: FlowPorts, register: Register) -> None:
    await register.appeal(NUMBER, AppealState.CLOSED)
    call = FakeCall(typed("5_"))
    await appeal_state(call, city)
    assert ANSWER in call.said


async def test_whoever_was_sent_no_code_hears_that_a_dispatcher_reads_it(
    city: FlowPorts, register: Register, storage: Storage
) -> None:
    await register.appeal(NUMBER, AppealState.REGISTERED)
    forward = Forward(by=DISPATCHER, at=city.clock.now(), to="Поліція", reason="Просить Марія Д.")
    await storage.users.add(login="d", name="Д", role=Role.DISPATCHER, password_hash="", dispatcher_id=None)
    await storage.handling.carry_out(NUMBER, forward, version=None)
    call = FakeCall("50")
    assert await appeal_state(call, city) is Next.DISPATCHER
    assert "answer-dispatcher" in call.heard
    assert not {"keys-answer", "code-asked"} & set(call.heard)
    assert not any("Марія" in one for one in call.said)


async def test_a_refusal_is_not_called_done(city: FlowPorts, register: Register) -> None:
    await register.appeal(
        NUMBER, AppealState.DONE, result=ResultKind.REFUSED, answer="Робота не передбачена."
    )
    call = FakeCall("_")
    await appeal_state(call, city)
    assert "Виконавець розглянув звернення і відмовив." in call.said
    assert "keys-answered" in call.heard
    stranger = FakeCall(f"{NUMBER}#_", number="+380457900077")
    await appeal_state(stranger, city)
    assert "appeal-answered" in stranger.heard
    assert not {"appeal-done", "appeal-yours-refused"} & set(stranger.heard)


async def test_whose_appeal_was_answered_by_another_meanwhile_hears_how_it_is_now(
    city: FlowPorts, register: Register, storage: Storage, clock: SetClock
) -> None:
    await register.appeal(NUMBER, AppealState.DONE)

    class Slow(FakeCall):
        async def choose(self, *phrases: object, keys: str) -> str | None:
            chosen = await super().choose(*phrases, keys=keys)
            if chosen == "5":
                confirm = Confirm(by=applicant("link:1"), at=clock.now())
                await storage.handling.carry_out(NUMBER, confirm, version=None)
            return chosen

    call = Slow(typed("15_"))
    assert await appeal_state(call, city) is Next.MENU
    assert "changed-meanwhile" in call.heard
    assert "appeal-yours-closed" in call.heard[call.heard.index("changed-meanwhile") :]
    assert (await last(storage)).facts == {"source": "link:1"}


async def test_what_others_note_meanwhile_takes_nobodys_word_away(
    city: FlowPorts, register: Register, storage: Storage, clock: SetClock
) -> None:
    await register.appeal(NUMBER, AppealState.DONE)

    class Slow(FakeCall):
        async def choose(self, *phrases: object, keys: str) -> str | None:
            chosen = await super().choose(*phrases, keys=keys)
            if chosen == "5":
                now = clock.now()
                for act in (Note(by=DISPATCHER, at=now, text="Дзвонять"), BeginCheck(by=SERVICE, at=now)):
                    await storage.handling.carry_out(NUMBER, act, version=None)
            return chosen

    await storage.users.add(login="d", name="Д", role=Role.DISPATCHER, password_hash="", dispatcher_id=None)
    call = Slow(typed("15"))
    await appeal_state(call, city)
    assert (await last(storage)).facts == {"rating": 5, "source": "call:call-1"}
    assert call.heard[-1] == "appeal-confirmed"


async def test_the_word_is_given_once_and_told_again_to_who_was_cut_off(
    city: FlowPorts, register: Register, storage: Storage
) -> None:
    """The service died after the act and before the caller heard of it."""
    await register.appeal(NUMBER, AppealState.DONE)
    by = applicant("call:call-1")
    await storage.handling.carry_out(NUMBER, Dispute(by=by, at=city.clock.now()), version=None)
    call = FakeCall("223", asked_about=NUMBER)
    await converse(call, Arrival.IN_MENU, city)
    assert call.heard[:3] == ["resumed", f"appeal-about-{NUMBER}", "appeal-yours-disputed"]
    acts = [one.act for one in await storage.handling.history(NUMBER, hidden=True)]
    assert acts.count("dispute") == 1


async def test_an_answer_too_long_to_listen_to_ends_with_a_whole_sentence(
    city: FlowPorts, register: Register
) -> None:
    await register.appeal(NUMBER, AppealState.DONE, answer="Зроблено так. " * 60)
    call = FakeCall(typed("5_"))
    await appeal_state(call, city)
    told = call.said[call.heard.index(f"appeal-answer-{NUMBER}")]
    assert told.endswith("Зроблено так.")
    assert len(told) <= 600
    assert "appeal-answer-goes-on" in call.heard


async def test_a_category_of_no_version_leaves_the_number_alone(city: FlowPorts, register: Register) -> None:
    one = await register.appeal(NUMBER, AppealState.IN_WORK)
    await register.other_address(replace(one, category=""), number="2600002")
    call = FakeCall("_")
    await appeal_state(call, city)
    assert "Звернення номер два шість, нуль нуль, нуль нуль, два. Натисніть один." in call.said


async def test_a_number_that_looks_like_the_applicants_closes_and_disputes_nothing(
    city: FlowPorts, register: Register, storage: Storage
) -> None:
    """Two kinds of callers: one who guesses, one who waits."""
    for number, keys in (("2600001", "1" + "0000" * 2), ("2600002", "2#_"), ("2600003", "1_")):
        caller = f"+38045790100{number[-1]}"
        await register.appeal(number, AppealState.DONE, caller=caller)
        call = FakeCall(keys, number=caller, call_id=f"call-{number}")
        assert await appeal_state(call, city) is Next.DISPATCHER
        assert not {"rate-work", "dispute-sure"} & set(call.heard)
        assert (await register.now(number)).state is AppealState.DONE
    wrong = [one.act for one in await storage.handling.history(NUMBER, hidden=True)]
    assert wrong.count("wrong-code") == 2


async def test_after_five_wrong_codes_the_right_one_is_taken_no_more_until_it_is_done_again(
    city: FlowPorts, register: Register
) -> None:
    await register.appeal(NUMBER, AppealState.DONE)
    for _ in range(3):
        await appeal_state(FakeCall("1" + "0000" * 2 + "0"), city)
    call = FakeCall(typed("14"))
    assert await appeal_state(call, city) is Next.DISPATCHER
    assert "code-asked" not in call.heard
    assert (await register.now(NUMBER)).state is AppealState.DONE


async def test_without_a_code_the_applicants_own_number_is_called_once_however_often_it_is_asked(
    city: FlowPorts, register: Register, storage: Storage
) -> None:
    await register.appeal(NUMBER, AppealState.DONE)
    (owed,) = await storage.surveys.of_appeal(NUMBER)
    for _ in range(2):
        call = FakeCall("1#1", number="+380457900001")
        assert await appeal_state(call, city) is Next.HANG_UP
        assert call.heard[-2:] == ["code-call-back", "code-we-call"]
    assert await storage.surveys.of_appeal(NUMBER) == [owed]
    claimed = await storage.call_jobs.claim(city.clock.now(), most=9)
    assert [(one.about, one.number) for one in claimed] == [(NUMBER, "+380457900001")]


async def test_a_closed_one_without_a_code_is_a_dispatchers_to_take_down(
    city: FlowPorts, register: Register
) -> None:
    await register.appeal(NUMBER, AppealState.CLOSED)
    call = FakeCall("2#")
    assert await appeal_state(call, city) is Next.DISPATCHER
    assert call.heard[-1] == "code-dispatcher"


async def test_a_no_is_taken_back_by_one_pressed_twice_and_the_code(
    city: FlowPorts, register: Register, storage: Storage
) -> None:
    await register.appeal(NUMBER, AppealState.DISPUTED)
    call = FakeCall(typed("11"))
    assert await appeal_state(call, city) is Next.MENU
    assert (await register.now(NUMBER)).state is AppealState.CLOSED
    entry = await last(storage)
    assert (entry.act, entry.facts) == ("take-no-back", {"source": "call:call-1"})
    heard = ["keys-disputed", "take-no-back-sure", "no-taken-back"]
    assert [one for one in call.heard if one in heard] == heard


@pytest.mark.parametrize("keys", [["1", "3", "_"], ["1", "2", "_"], ["1", "_", "_"], ["2", "2", "_"]])
async def test_a_slip_of_the_finger_takes_no_no_back(
    city: FlowPorts, register: Register, keys: list[str]
) -> None:
    await register.appeal(NUMBER, AppealState.DISPUTED)
    pressed = typed(keys) if keys[0] == "1" else keys
    assert await appeal_state(FakeCall(pressed), city) in {Next.MENU, Next.DISPATCHER}
    assert (await register.now(NUMBER)).state is AppealState.DISPUTED


async def test_without_the_code_a_dispatcher_takes_down_that_a_no_is_taken_back(
    city: FlowPorts, register: Register
) -> None:
    await register.appeal(NUMBER, AppealState.DISPUTED)
    call = FakeCall(["1", *"0000", *"0000"])
    assert await appeal_state(call, city) is Next.DISPATCHER
    assert call.heard[-1] == "code-dispatcher"
    assert (await register.now(NUMBER)).state is AppealState.DISPUTED


async def test_a_no_of_days_ago_stays(city: FlowPorts, register: Register, clock: SetClock) -> None:
    await register.appeal(NUMBER, AppealState.DISPUTED)
    clock.pass_by(timedelta(hours=24, seconds=1).total_seconds())
    call = FakeCall("1_")
    await appeal_state(call, city)
    assert "keys-disputed" not in call.heard
    assert (await register.now(NUMBER)).state is AppealState.DISPUTED


async def test_a_no_is_not_taken_back_once_the_work_has_begun_anew_while_they_listen(
    city: FlowPorts, register: Register, storage: Storage
) -> None:
    appeal = await register.appeal(NUMBER, AppealState.DISPUTED)

    class Begun(FakeCall):
        async def choose(self, *said: Phrase, keys: str) -> str | None:
            if said[-1].name == "take-no-back-sure":
                crew = Actor(part=ActorRole.EXECUTOR, executor_id=appeal.executor_id)
                begun = BeginWork(by=crew, at=city.clock.now())
                await storage.handling.carry_out(NUMBER, begun, version=None)
            return await super().choose(*said, keys=keys)

    call = Begun(typed(["1", "1", "_"]))
    await appeal_state(call, city)
    assert "changed-meanwhile" in call.heard
    assert (await register.now(NUMBER)).state is AppealState.IN_WORK
