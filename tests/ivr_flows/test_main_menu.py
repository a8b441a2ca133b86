"""The main menu: every key, silence, and patience with mistakes."""

import pytest

from hotline.calls.conversation import Next
from hotline.city.addresses import Street
from hotline.voice.speech import Language
from ivr_flows.main_menu import main_menu
from ivr_flows.ports import FlowPorts
from storage.store import Storage
from tests.fakes.call import FakeCall, aloud
from tests.fakes.heads_phone import HeadsPhone


@pytest.mark.parametrize(
    ("key", "where"),
    [
        ("1", Next.OUTAGES),
        ("2", Next.APPEAL_STATE),
        ("3", Next.MESSAGE),
        ("0", Next.DISPATCHER),
        ("4", Next.EMERGENCY),
    ],
)
async def test_each_key_leads_to_its_conversation(city: FlowPorts, key: str, where: Next) -> None:
    call = FakeCall(key)
    assert await main_menu(call, city) is where
    assert call.heard == ["english-on-nine", "menu"]


async def test_silence_leads_to_a_dispatcher_and_says_so(city: FlowPorts) -> None:
    call = FakeCall("_")
    assert await main_menu(call, city) is Next.DISPATCHER
    assert call.heard == ["english-on-nine", "menu", "nothing-pressed"]


@pytest.mark.parametrize("key", [*"5678", "A"])
async def test_a_wrong_key_is_forgiven(city: FlowPorts, key: str) -> None:
    call = FakeCall([key, "1"])
    assert await main_menu(call, city) is Next.OUTAGES
    assert call.heard == ["english-on-nine", "menu", "wrong-key", "menu"]


async def test_whoever_keeps_pressing_wrong_keys_gets_a_person(city: FlowPorts) -> None:
    assert await main_menu(FakeCall("888888888"), city) is Next.DISPATCHER


async def test_nine_changes_the_language_and_nine_again_changes_it_back(city: FlowPorts) -> None:
    call = FakeCall("991")
    assert await main_menu(call, city) is Next.OUTAGES
    assert call.said[2] == "Let us go on in English."
    assert call.said[5] == "Розмовляймо українською."
    assert call.language is Language.UKRAINIAN


async def test_after_nine_the_menu_is_english(city: FlowPorts) -> None:
    call = FakeCall("91")
    await main_menu(call, city)
    assert "Outages: press one." in call.said[-1]


async def test_star_refuses_the_recording_and_says_so(city: FlowPorts) -> None:
    call = FakeCall("*1")
    assert await main_menu(call, city) is Next.OUTAGES
    assert call.recording_refused
    assert call.heard == ["english-on-nine", "menu", "recording-refused-ok", "menu"]


@pytest.mark.parametrize("first", ["9*", "*9", "99", "**"])
async def test_choosing_language_and_recording_is_no_mistake(city: FlowPorts, first: str) -> None:
    """Whoever uses `9` and `*` as they were told to still has all their tries."""
    assert await main_menu(FakeCall([*first, "8", "8", "1"]), city) is Next.OUTAGES


@pytest.mark.parametrize(("key", "answer"), [("9", "language-chosen"), ("*", "recording-refused-ok")])
async def test_what_was_chosen_is_confirmed_even_after_mistakes(
    city: FlowPorts, key: str, answer: str
) -> None:
    call = FakeCall(["8", "8", key, "1"])
    assert await main_menu(call, city) is Next.OUTAGES
    assert answer in call.heard[-3:-1]


async def test_callers_who_know_the_menu_hear_its_short_form_until_they_are_mistaken(city: FlowPorts) -> None:
    call = FakeCall("81")
    call.knows_menu = True
    assert await main_menu(call, city) is Next.OUTAGES
    assert call.heard == ["menu-short", "wrong-key", "menu"]


async def test_hash_leads_nowhere_hidden_and_says_the_menu_again(city: FlowPorts) -> None:
    call = FakeCall("#1")
    assert await main_menu(call, city) is Next.OUTAGES
    assert call.heard == ["english-on-nine", "menu", "menu"]


async def test_only_a_heads_own_telephone_is_offered_the_message_to_the_city(
    city: FlowPorts, phone: HeadsPhone
) -> None:
    theirs = FakeCall("8")
    phone.numbers = frozenset({theirs.number or ""})
    assert await main_menu(theirs, city) is Next.CITY_MESSAGE
    assert theirs.heard[-1] == "menu-for-heads"
    others = FakeCall("81", number="+380671112233")
    assert await main_menu(others, city) is Next.OUTAGES
    assert "menu-for-heads" not in others.heard


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ("немає світла", Next.OUTAGES),
        ("що з моїм зверненням", Next.APPEAL_STATE),
        ("хочу залишити повідомлення", Next.MESSAGE),
        ("з'єднайте з людиною", Next.DISPATCHER),
        ("яма на дорозі", Next.DISPATCHER),
        ("у нас пожежа", Next.EMERGENCY),
    ],
)
async def test_what_they_say_leads_to_its_conversation(city: FlowPorts, said: str, where: Next) -> None:
    call = FakeCall([aloud(said)])
    assert await main_menu(call, city) is where
    assert call.heard == ["say-or-press", "english-on-nine", "menu"]


async def test_who_is_not_understood_three_times_goes_on_by_keys(city: FlowPorts) -> None:
    call = FakeCall([aloud("мгм"), aloud(""), aloud("ну"), "1"])
    assert await main_menu(call, city) is Next.OUTAGES
    assert call.heard.count("not-understood") == 2
    assert call.heard[-2:] == ["by-keys-now", "menu"]
    assert call.verbs[-1] == "choose"


async def test_a_key_counts_where_one_may_speak_and_zero_is_a_person(city: FlowPorts) -> None:
    assert await main_menu(FakeCall([aloud("мгм"), "0"]), city) is Next.DISPATCHER


async def test_without_an_ear_nobody_is_invited_to_speak(city: FlowPorts) -> None:
    call = FakeCall([aloud("немає світла")], hears=False)
    assert await main_menu(call, city) is Next.DISPATCHER
    assert call.heard == ["english-on-nine", "menu", "nothing-pressed"]


@pytest.mark.parametrize(
    ("said", "kept"), [("немає світла", True), ("що з моїм зверненням", True), ("яма на дорозі", False)]
)
async def test_what_was_said_is_kept_where_more_of_it_is_taken_up(
    city: FlowPorts, said: str, *, kept: bool
) -> None:
    call = FakeCall([aloud(said)])
    await main_menu(call, city)
    assert (call.said_in_menu == aloud(said)) is kept


async def test_what_is_off_in_a_street_called_after_firemen_leads_to_outages_and_a_fire_there_does_not(
    city: FlowPorts, storage: Storage
) -> None:
    off, fire = aloud("немає світла на пожежній сім"), aloud("горить на пожежній")
    assert await main_menu(FakeCall([off]), city) is Next.EMERGENCY, "nobody knows such a street"
    await storage.streets.add([Street(name="вулиця Пожежна")])
    call = FakeCall([off])
    assert await main_menu(call, city) is Next.OUTAGES
    assert call.said_in_menu == off
    assert await main_menu(FakeCall([fire]), city) is Next.EMERGENCY
