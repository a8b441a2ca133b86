"""Which appeal a caller is told of: their own by a key, others by a number that is keyed in."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.appeals.appeal import Appeal, AppealState
from hotline.appeals.applicants import Guesses, GuessingRules
from hotline.calls.call import Step
from hotline.calls.conversation import Next
from hotline.contact.channel import Channel
from hotline.voice.speech import Language
from ivr_flows.appeal_state import KEYS, LONGEST_NUMBER, appeal_state
from ivr_flows.greeting import greeting
from ivr_flows.ports import FlowPorts, MakesPhrases
from tests.fakes.call import FakeCall, aloud
from tests.fakes.clock import SetClock
from tests.fakes.register import Register

STRANGER = "+380457900077"


async def test_whoever_has_one_appeal_is_told_of_it_without_keying_anything(
    city: FlowPorts, register: Register
) -> None:
    await register.appeal("2600001", AppealState.IN_WORK)
    call = FakeCall("_")
    assert await appeal_state(call, city) is Next.MENU
    assert call.said[:5] == [
        "Ваше звернення номер два шість, нуль нуль, нуль нуль, один. Не світить ліхтар.",
        "Виконується.",
        "Виконавець:",
        "комунальне підприємство управління житлово-комунального господарства",
        "Строк виконання — до шістнадцятого грудня.",
    ]
    assert call.notes == [
        (Step.APPEAL_ASKED, {"appeal": "2600001", "theirs": True}),
        (Step.INFORMED, {"about": "appeal", "appeal": "2600001"}),
    ]


async def test_several_are_offered_by_their_subject_the_open_and_newest_first(
    city: FlowPorts, register: Register, clock: SetClock
) -> None:
    await register.appeal("2600001", AppealState.CLOSED, category="road-hole")
    await register.appeal("2600002", AppealState.IN_WORK, category="heat-none")
    clock.pass_by(60)
    await register.appeal("2600003", AppealState.DONE)
    call = FakeCall("2_")
    assert await appeal_state(call, city) is Next.MENU
    assert call.said[:5] == [
        "За вашим номером телефону є кілька звернень.",
        "Не світить ліхтар, номер два шість, нуль нуль, нуль нуль, три. Натисніть один.",
        "Немає опалення, номер два шість, нуль нуль, нуль нуль, два. Натисніть два.",
        "Яма на дорозі, номер два шість, нуль нуль, нуль нуль, один. Натисніть три.",
        "Щоб набрати номер іншого звернення, натисніть дев'ять. Щоб поговорити з диспетчером — нуль.",
    ]
    assert call.said[5].startswith("Ваше звернення номер два шість, нуль нуль, нуль нуль, два.")


async def test_no_more_are_offered_than_one_can_remember_and_the_others_can_be_keyed_in(
    city: FlowPorts, register: Register, clock: SetClock
) -> None:
    for place in range(len(KEYS) + 2):
        await register.appeal(f"260000{place}", AppealState.IN_WORK)
        clock.pass_by(60)
    call = FakeCall("92600000#_")
    assert await appeal_state(call, city) is Next.MENU
    assert sum(name.startswith("your-appeal-26") for name in call.heard) == len(KEYS)
    assert call.notes[0] == (Step.APPEAL_ASKED, {"appeal": "2600000", "theirs": True})


async def test_what_ended_long_ago_is_not_offered(
    city: FlowPorts, register: Register, clock: SetClock
) -> None:
    await register.appeal("2600001", AppealState.CLOSED)
    clock.pass_by(timedelta(days=31).total_seconds())
    call = FakeCall("_")
    assert await appeal_state(call, city) is Next.DISPATCHER
    assert call.heard == ["ask-appeal-number"]


@pytest.mark.parametrize("key", ["0", "_"])
async def test_a_dispatcher_comes_to_who_chooses_none(city: FlowPorts, register: Register, key: str) -> None:
    await register.appeal("2600001", AppealState.IN_WORK)
    await register.appeal("2600002", AppealState.IN_WORK)
    assert await appeal_state(FakeCall(key), city) is Next.DISPATCHER


async def test_a_wrong_key_is_told_before_ones_own_are_offered_again(
    city: FlowPorts, register: Register
) -> None:
    await register.appeal("2600001", AppealState.IN_WORK)
    await register.appeal("2600002", AppealState.IN_WORK)
    call = FakeCall("70")
    assert await appeal_state(call, city) is Next.DISPATCHER
    assert call.heard[4:6] == ["wrong-key", "your-appeals"]


async def test_nine_leads_from_ones_own_to_another(city: FlowPorts, register: Register) -> None:
    await register.appeal("2600001", AppealState.IN_WORK)
    await register.appeal("2600002", AppealState.IN_WORK, caller=STRANGER)
    call = FakeCall("92600002#_")
    assert await appeal_state(call, city) is Next.MENU
    asked = [detail["appeal"] for step, detail in call.notes if step is Step.APPEAL_ASKED]
    assert asked == ["2600001", "2600002"]


async def test_a_stranger_hears_state_and_term_and_nothing_else(city: FlowPorts, register: Register) -> None:
    await register.appeal("2600001", AppealState.IN_WORK)
    call = FakeCall("2600001#_", number=STRANGER)
    assert await appeal_state(call, city) is Next.MENU
    assert call.said[1:-1] == [
        "Звернення номер два шість, нуль нуль, нуль нуль, один.",
        "Виконується.",
        "Строк виконання — до шістнадцятого грудня.",
    ]
    assert call.heard[-1] == "keys-always"


@pytest.mark.parametrize("number", [STRANGER, None], ids=["stranger", "hidden"])
async def test_a_stranger_can_change_nothing(city: FlowPorts, register: Register, number: str | None) -> None:
    done = await register.appeal("2600001", AppealState.DONE)
    call = FakeCall("2600001#122", number=number)
    assert await appeal_state(call, city) is Next.DISPATCHER
    assert "dispute-sure" not in call.heard
    assert await register.now("2600001") == done


async def test_the_number_that_the_answer_goes_to_is_the_applicants_own(
    city: FlowPorts, register: Register
) -> None:
    one = await register.appeal("2600001", AppealState.IN_WORK)
    await register.other_address(one, number="2600002", reply_by=Channel.SMS, reply_to=STRANGER)
    call = FakeCall("_", number=STRANGER)
    await appeal_state(call, city)
    assert call.notes[0] == (Step.APPEAL_ASKED, {"appeal": "2600002", "theirs": True})


async def test_silence_after_the_digits_ends_the_number(city: FlowPorts, appeal: Appeal) -> None:
    call = FakeCall([*appeal.number, "_"], number=STRANGER)
    assert await appeal_state(call, city) is Next.MENU


async def test_silence_leads_to_a_dispatcher(city: FlowPorts) -> None:
    call = FakeCall("_")
    assert await appeal_state(call, city) is Next.DISPATCHER
    assert call.heard == ["ask-appeal-number"]


async def test_an_unknown_number_may_be_keyed_again(city: FlowPorts, appeal: Appeal) -> None:
    call = FakeCall(f"999#{appeal.number}#", number=STRANGER)
    assert await appeal_state(call, city) is Next.MENU
    assert call.heard[:3] == ["ask-appeal-number", "no-such-appeal", "ask-appeal-number"]


@pytest.mark.parametrize("keys", ["9#9#", "##", "*#*#", "A#B#", "9" * 2 * LONGEST_NUMBER])
async def test_two_numbers_that_do_not_exist_lead_to_a_dispatcher(city: FlowPorts, keys: str) -> None:
    call = FakeCall(keys)
    assert await appeal_state(call, city) is Next.DISPATCHER
    assert call.heard.count("no-such-appeal") == 2


async def test_who_runs_through_numbers_is_stopped_and_may_still_ask_of_their_own(
    city: FlowPorts, register: Register
) -> None:
    city = replace(city, guesses=Guesses(GuessingRules(most=2)))
    for place in range(4):
        await register.appeal(f"260000{place}", AppealState.IN_WORK, caller=None)
    await register.appeal("2600009", AppealState.IN_WORK, caller=STRANGER)
    call = FakeCall("92600000#92600001#92600002#", number=STRANGER)
    assert await appeal_state(call, city) is Next.DISPATCHER
    told = [detail["appeal"] for step, detail in call.notes if step is Step.APPEAL_ASKED]
    assert told == ["2600009", "2600000", "2600001"]
    assert call.heard[-1] == "too-many-numbers"
    assert await appeal_state(FakeCall("92600009#_", number=STRANGER), city) is Next.MENU


async def test_whoever_cuts_the_answer_short_was_not_informed(city: FlowPorts, appeal: Appeal) -> None:
    call = FakeCall(f"{appeal.number}#0", impatient=True, number=STRANGER)
    assert await appeal_state(call, city) is Next.DISPATCHER
    assert call.steps == [Step.APPEAL_ASKED]


async def test_who_was_cut_off_in_the_middle_hears_the_same_appeal_again(
    city: FlowPorts, register: Register
) -> None:
    await register.appeal("2600001", AppealState.IN_WORK)
    await register.appeal("2600002", AppealState.IN_WORK)
    call = FakeCall("_")
    assert await appeal_state(call, city, first="2600001") is Next.MENU
    assert call.notes[0] == (Step.APPEAL_ASKED, {"appeal": "2600001", "theirs": True})


async def test_who_listens_to_the_greeting_has_their_appeals_read_aloud_ahead_word_for_word(
    city: FlowPorts, register: Register, read_ahead: list[MakesPhrases]
) -> None:
    await register.appeal("2600001", AppealState.IN_WORK)
    await register.appeal("2600002", AppealState.DONE)
    await greeting(FakeCall("2", impatient=True), city)
    assert read_ahead == [], "a caller in a hurry is not waited for"
    await greeting(FakeCall(), city)
    (made,) = read_ahead
    ready = {phrase.text(Language.UKRAINIAN) for phrase in await made()}
    call = FakeCall("1_")
    await appeal_state(call, city)
    personal = {text for text in call.said if "2600002" in text or "два шість" in text}
    assert personal
    assert personal <= ready


async def test_a_number_may_be_said_and_is_read_back(city: FlowPorts, register: Register) -> None:
    await register.appeal("2600001", AppealState.IN_WORK)
    said = [
        aloud("двадцять шість, чотири нулі, два"),
        aloud("ні"),
        aloud("26 чотири нулі один"),
        aloud("так"),
    ]
    call = FakeCall([*said, "_"], number=STRANGER)
    assert await appeal_state(call, city) is Next.MENU
    assert call.notes[-2] == (Step.APPEAL_ASKED, {"appeal": "2600001", "theirs": False})


async def test_a_number_may_be_keyed_where_it_may_be_said(city: FlowPorts, register: Register) -> None:
    await register.appeal("2600001", AppealState.IN_WORK)
    call = FakeCall([aloud("ну той"), *"2600001#", "_"], number=STRANGER)
    assert await appeal_state(call, city) is Next.MENU
    assert (Step.APPEAL_ASKED, {"appeal": "2600001", "theirs": False}) in call.notes


async def test_who_is_not_understood_keys_the_number_in(city: FlowPorts, register: Register) -> None:
    await register.appeal("2600001", AppealState.IN_WORK)
    call = FakeCall([*[aloud("ну той")] * 3, *"2600001#", "_"], number=STRANGER)
    assert await appeal_state(call, city) is Next.MENU
    assert call.heard.count("say-appeal-number") == 3
    assert (Step.APPEAL_ASKED, {"appeal": "2600001", "theirs": False}) in call.notes


async def test_a_number_that_was_said_in_the_menu_is_read_back_and_asked_no_more(
    city: FlowPorts, register: Register
) -> None:
    await register.appeal("2600001", AppealState.IN_WORK)
    call = FakeCall([aloud("так"), "_"], number=STRANGER)
    call.said_in_menu = aloud("що з моїм зверненням двадцять шість чотири нулі один")
    assert await appeal_state(call, city) is Next.MENU
    assert "say-appeal-number" not in call.heard
    assert (Step.APPEAL_ASKED, {"appeal": "2600001", "theirs": False}) in call.notes
    assert call.said_in_menu is None


async def test_the_end_of_ones_own_number_will_do(city: FlowPorts, register: Register) -> None:
    for number in ("2600123", "2600456"):
        await register.appeal(number, AppealState.IN_WORK)
    call = FakeCall([aloud("так"), "_"])
    call.said_in_menu = aloud("що з моїм зверненням сто двадцять три")
    assert await appeal_state(call, city) is Next.MENU
    assert "is-it-appeal-2600123" in call.heard
    assert (Step.APPEAL_ASKED, {"appeal": "2600123", "theirs": True}) in call.notes


@pytest.mark.parametrize(
    "wish",
    [
        "що з моєю заявкою",
        "я вже два тижні чекаю відповіді на звернення",
        "це моє друге звернення, який стан",
    ],
)
async def test_what_is_no_number_of_an_appeal_is_not_read_back(
    city: FlowPorts, register: Register, wish: str
) -> None:
    await register.appeal("2600001", AppealState.IN_WORK)
    call = FakeCall("_", hears=True)
    call.said_in_menu = aloud(wish)
    assert await appeal_state(call, city) is Next.MENU
    assert not any(one.startswith("is-it-appeal") for one in call.heard)


async def test_a_number_that_is_denied_is_asked_for_as_ever(city: FlowPorts, register: Register) -> None:
    await register.appeal("2600001", AppealState.IN_WORK)
    call = FakeCall([aloud("ні"), *"2600001#", "_"], number=STRANGER)
    call.said_in_menu = aloud("що з моїм зверненням двадцять шість нуль два")
    assert await appeal_state(call, city) is Next.MENU
    assert (Step.APPEAL_ASKED, {"appeal": "2600001", "theirs": False}) in call.notes
