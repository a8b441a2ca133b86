"""The automatic call about an emergency: only a key accepts it."""

from dataclasses import replace

import pytest

from hotline.appeals.appeal import AppealState
from hotline.appeals.duty_calls import Acceptance
from hotline.calls.call import Step
from hotline.errors import CallGone
from hotline.voice import ukrainian
from ivr_flows import duty_phrases
from ivr_flows.duty_call import TIMES, duty_call
from tests.fakes.call import FakeCall
from tests.hotline.appeals.people import appeal

BURST = appeal(AppealState.ASSIGNED, category="water-leak", address="Київський квартал, 7, кв. 12")


class Desk:
    """Counts who accepts."""

    def __init__(self, acceptance: Acceptance = Acceptance.ACCEPTED) -> None:
        self.acceptance = acceptance
        self.asked = 0

    async def accept(self) -> Acceptance:
        self.asked += 1
        return self.acceptance


async def test_one_accepts_and_is_thanked() -> None:
    call, desk = FakeCall("1", outgoing=True), Desk()
    await duty_call(call, BURST, desk.accept)
    assert desk.asked == 1
    assert call.heard == ["duty-who-calls", "duty-emergency-2600001", "duty-keys", "duty-accepted"]
    assert Step.INFORMED in call.steps


async def test_what_was_accepted_before_is_said_to_need_nothing() -> None:
    call, desk = FakeCall("1", outgoing=True), Desk(Acceptance.NOT_NEEDED)
    await duty_call(call, BURST, desk.accept)
    assert call.heard[-1] == "duty-not-needed"


async def test_two_says_it_again_and_a_wrong_key_is_forgiven() -> None:
    call, desk = FakeCall("291", outgoing=True), Desk()
    await duty_call(call, BURST, desk.accept)
    assert desk.asked == 1
    assert call.heard.count("duty-emergency-2600001") == 3
    assert "wrong-key" in call.heard


async def test_listening_accepts_nothing() -> None:
    call, desk = FakeCall("", outgoing=True), Desk()
    await duty_call(call, BURST, desk.accept)
    assert desk.asked == 0
    assert call.heard.count("duty-emergency-2600001") == TIMES
    assert call.heard[-1] == "duty-not-accepted"
    assert Step.INFORMED not in call.steps


async def test_whoever_hangs_up_in_the_middle_has_accepted_nothing() -> None:
    call, desk = FakeCall("1", outgoing=True, hang_up_at=1), Desk()
    with pytest.raises(CallGone):
        await duty_call(call, BURST, desk.accept)
    assert desk.asked == 0


def test_it_is_said_what_happened_and_where_in_words() -> None:
    assert duty_phrases.emergency(BURST).uk == (
        "Аварія. Прорив водопроводу. Адреса: Київський квартал, 7, квартира 12."
    )
    nameless = replace(BURST, category="emergency", text="Тече з-під дороги.\nФонтан", address="")
    assert duty_phrases.emergency(nameless).uk == (
        "Аварія. Тече з-під дороги. Фонтан. Адреса: не вказана, її підкаже диспетчер."
    )
    assert "not given" in duty_phrases.emergency(nameless).en


def test_addresses_are_written_out_as_they_are_read_aloud() -> None:
    assert ukrainian.place("вул. Атомників, буд.3, під. 2") == "вулиця Атомників, будинок 3, під'їзд 2"
    assert ukrainian.place("б-р Лесі Українки, 5, кв.12") == "бульвар Лесі Українки, 5, квартира 12"
    assert ukrainian.place("Київський кв., 7") == "Київський квартал, 7"
