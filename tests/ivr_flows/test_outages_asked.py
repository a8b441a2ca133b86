"""The menu's key for outages: told, asked for where nobody knows, taken down where nothing is known."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotline.calls.call import Step
from hotline.calls.conversation import Next
from hotline.city.addresses import Address, Area, Street, demo_streets
from hotline.city.classifier import Utility
from hotline.outages.outage import By, OutageKind
from hotline.voice.speech import Phrase
from ivr_flows.outages_asked import outages_asked
from ivr_flows.ports import FlowPorts
from storage.store import Storage
from tests.effort import effort
from tests.fakes.call import FakeCall, aloud
from tests.fakes.outages import entered

VILNIUS, ATOMNYKIV, RIGA = "Вільнюський квартал", "вулиця Атомників", "Ризький квартал"
NUMBER = "+380457900001"


@pytest.fixture(autouse=True)
async def _city_with_streets(storage: Storage) -> None:
    await storage.streets.add(demo_streets())


async def _off(city: FlowPorts, *areas: Area) -> None:
    begun = city.clock.now() - timedelta(hours=1)
    await entered(city.outages, Utility.WATER, OutageKind.REPAIR, begun, None, areas=areas)


async def test_with_nothing_off_nobody_has_to_answer_anything(city: FlowPorts) -> None:
    call = FakeCall()
    assert await outages_asked(call, city) is Next.MENU
    assert call.heard == ["no-outages", "report-anywhere"]
    assert call.notes == [(Step.INFORMED, {"about": "no-outage"})]


async def test_what_is_off_everywhere_is_told_to_everybody(city: FlowPorts) -> None:
    await _off(city)
    call = FakeCall("_", number=None)
    assert await outages_asked(call, city) is Next.MENU
    assert call.said[0] == "Через ремонтні роботи немає води по всьому місту."


async def test_an_unknown_caller_chooses_among_the_places_where_something_is_off(city: FlowPorts) -> None:
    await _off(city, Area(street=VILNIUS), Area(street=RIGA))
    call = FakeCall("2_")
    assert await outages_asked(call, city) is Next.MENU
    assert call.said[:4] == [
        "Зараз є відключення за кількома адресами. В+иберіть, будь ласка, свою.",
        "В+ільнюський кварт+ал — натисніть один.",
        "Р+изький кварт+ал — натисніть два.",
        "Якщо вашої адреси тут немає, натисніть зірочку. Щоб поговорити з диспетчером — нуль.",
    ]
    assert call.said[4] == "Через ремонтні роботи немає води у Р+изькому кварт+алі."
    assert call.notes[0] == (Step.PLACE_SAID, {"place": RIGA})
    assert await city.known_places.addresses_of(NUMBER) == [Address(street=RIGA)]


async def test_a_hidden_number_is_told_and_nothing_is_kept(city: FlowPorts) -> None:
    await _off(city, Area(street=VILNIUS))
    call = FakeCall("1_", number=None)
    assert await outages_asked(call, city) is Next.MENU
    assert "у В+ільнюському" in "".join(call.said)
    assert call.heard[-1] == "outage-keys-hidden"


async def test_the_house_is_asked_for_only_where_it_matters(city: FlowPorts) -> None:
    await _off(city, Area(street=VILNIUS), Area(street=ATOMNYKIV, first=1, last=9))
    whole, within, outside = FakeCall("1_"), FakeCall("27#_", number="+380457900002"), FakeCall("212#_")
    for call in (whole, within):
        await outages_asked(call, city)
    assert "ask-house" not in whole.heard
    assert "на в+улиці +Атомників, будинки з першого по дев'ятий" in "".join(within.said)
    outside.number = "+380457900003"
    assert await outages_asked(outside, city) is Next.MENU
    assert "nothing-at-yours" in outside.heard
    assert await city.known_places.addresses_of("+380457900003") == [Address(street=ATOMNYKIV, house="12")]


async def test_whoever_keys_no_house_hears_of_the_whole_street(city: FlowPorts) -> None:
    await _off(city, Area(street=ATOMNYKIV, first=1, last=9))
    call = FakeCall("1__")
    await outages_asked(call, city)
    assert "на в+улиці +Атомників, будинки з першого по дев'ятий" in "".join(call.said)


@pytest.mark.parametrize(("answer", "house"), [("1", "7а"), ("2", "7")])
async def test_a_letter_that_no_key_has_is_asked_for(city: FlowPorts, answer: str, house: str) -> None:
    await _off(city, Area(street=ATOMNYKIV, first=7, last=7, letter="А"))
    call = FakeCall(f"17#{answer}_")
    await outages_asked(call, city)
    assert (
        "Ваша адреса — будинок сім, літера а? Якщо так, натисніть один. Якщо ні, натисніть два." in call.said
    )
    assert await city.known_places.addresses_of(NUMBER) == [Address(street=ATOMNYKIV, house=house)]
    assert ("nothing-at-yours" in call.heard) is (answer == "2")


async def test_more_than_eight_places_come_in_lists_that_go_round(city: FlowPorts) -> None:
    await _off(city, *(Area(street=street.name) for street in demo_streets()[:10]))
    call = FakeCall("992_", number=None)
    await outages_asked(call, city)
    assert call.heard.count("where-more") == 3
    second = demo_streets()[1].name
    assert call.notes[0] == (Step.PLACE_SAID, {"place": second})


@pytest.mark.parametrize(
    ("keys", "leads"), [("*", Next.MENU), ("0", Next.DISPATCHER), ("_", Next.MENU), ("888", Next.DISPATCHER)]
)
async def test_whoever_is_at_none_of_the_places_is_not_held(city: FlowPorts, keys: str, leads: Next) -> None:
    await _off(city, Area(street=VILNIUS))
    call = FakeCall(keys)
    assert await outages_asked(call, city) is leads
    assert ("no-other-outages" in call.heard) is (keys == "*")


async def test_where_nothing_is_known_what_is_off_is_taken_down(city: FlowPorts, storage: Storage) -> None:
    await _off(city, Area(street=VILNIUS))
    await storage.citizens.add("Олена Коваль", "вул. Курчатова, 5", [NUMBER])
    call = FakeCall("41")
    assert await outages_asked(call, city) is Next.MENU
    assert call.heard == ["nothing-at-yours", "another-address", "something-off", "report-noted"]
    (report,) = await storage.outage_reports.open(city.clock.now() - timedelta(hours=1))
    there = Address(street=ATOMNYKIV, house="5")
    assert (report.utility, report.address, report.number) == (Utility.POWER, there, NUMBER)
    assert call.notes[-1] == (Step.REPORTED_OFF, {"utility": "power", "place": there.text})


async def test_whoever_calls_for_another_address_chooses_it(city: FlowPorts, storage: Storage) -> None:
    await _off(city, Area(street=VILNIUS))
    await storage.citizens.add("Олена Коваль", "вул. Курчатова, 5", [NUMBER])
    call = FakeCall("91_")
    assert await outages_asked(call, city) is Next.MENU
    assert "у В+ільнюському кварт+алі" in "".join(call.said)
    assert len(await city.known_places.addresses_of(NUMBER)) == 2


async def test_what_ended_while_they_said_where_they_are_is_not_told(city: FlowPorts) -> None:
    await _off(city, Area(street=VILNIUS))

    class Slow(FakeCall):
        async def choose(self, *phrases: Phrase, keys: str) -> str | None:
            if phrases[0].name == "ask-where":
                await city.outages.end(1, city.clock.now(), By())
            return await super().choose(*phrases, keys=keys)

    call = Slow("1_")
    assert await outages_asked(call, city) is Next.MENU
    assert call.heard[-2:] == ["nothing-at-yours", "something-off"]


@pytest.mark.parametrize(
    ("keys", "leads"),
    [("0", Next.DISPATCHER), ("10", Next.DISPATCHER), ("_", Next.MENU), ("777", Next.DISPATCHER)],
)
async def test_a_person_is_offered_with_every_report(
    city: FlowPorts, storage: Storage, keys: str, leads: Next
) -> None:
    await storage.citizens.add("Олена Коваль", "вул. Курчатова, 5", [NUMBER])
    assert await outages_asked(FakeCall(keys), city) is leads


@settings(
    max_examples=effort(day=20, night=60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(keys=st.text("0123456789*#_", max_size=12), impatient=st.booleans(), known=st.booleans())
async def test_no_script_of_keys_leads_nowhere(
    city: FlowPorts, storage: Storage, keys: str, *, impatient: bool, known: bool
) -> None:
    if not await city.outages.now(city.clock.now()):
        await storage.streets.add([Street(name="вулиця Ставкова")])
        await _off(city, Area(street=VILNIUS), Area(street=ATOMNYKIV, first=1, last=9))
    number = "+380457900009" if known else None
    call = FakeCall(keys, impatient=impatient, number=number)
    assert await outages_asked(call, city) in {*Next}


async def test_an_unknown_caller_reports_by_letters_and_house_what_nobody_knows_of(
    city: FlowPorts, storage: Storage
) -> None:
    call = FakeCall("12212#4_")
    assert await outages_asked(call, city) is Next.MENU
    asked = next(text for text in call.said if text.startswith("Натисніть клавішу"))
    assert "а, бе, ве, ге — два." in asked
    (report,) = await storage.outage_reports.open(city.clock.now() - timedelta(minutes=1))
    assert report.utility is Utility.POWER
    assert report.number == NUMBER
    assert await city.known_places.addresses_of(NUMBER) == [report.address]
    assert report.address.house == "12"


async def test_reports_of_unknown_callers_raise_the_alert(city: FlowPorts, storage: Storage) -> None:
    for last in range(3):
        call = FakeCall("12212#4_", number=f"+38045790010{last}", call_id=f"call-{last}")
        await outages_asked(call, city)
    reports = await storage.outage_reports.open(city.clock.now() - timedelta(minutes=1))
    assert len({one.number for one in reports}) == 3


@pytest.mark.parametrize(
    ("keys", "where"),
    [
        ("_", Next.MENU),
        ("0", Next.DISPATCHER),
        ("555", Next.DISPATCHER),
        ("10", Next.DISPATCHER),
        ("1_", Next.MENU),
        ("12*", Next.DISPATCHER),
    ],
)
async def test_a_caller_without_an_address_is_never_lost_among_the_letters(
    city: FlowPorts, keys: str, where: Next
) -> None:
    assert await outages_asked(FakeCall(keys, number=None), city) is where


async def test_a_report_may_be_said_whole_and_is_taken_down_once_confirmed(city: FlowPorts) -> None:
    call = FakeCall([aloud("світла немає"), aloud("атомників сім"), aloud("так")], number=None)
    assert await outages_asked(call, city) is Next.MENU
    there = Address(street=ATOMNYKIV, house="7")
    assert (Step.REPORTED_OFF, {"utility": "power", "place": there.text}) in call.notes


async def test_a_report_that_is_not_confirmed_is_none(city: FlowPorts) -> None:
    call = FakeCall([aloud("води немає"), aloud("атомників сім"), aloud("ні"), "_"], number=None)
    assert await outages_asked(call, city) is Next.MENU
    assert Step.REPORTED_OFF not in call.steps


async def test_an_emergency_that_is_said_there_goes_before_everything(city: FlowPorts) -> None:
    call = FakeCall([aloud("у нас прорвало трубу")], number=None)
    assert await outages_asked(call, city) is Next.EMERGENCY


async def test_a_street_whose_name_tells_of_fire_is_a_place_where_one_was_asked_for(
    city: FlowPorts, storage: Storage
) -> None:
    await storage.streets.add([Street(name="вулиця Пожежна")])
    call = FakeCall([aloud("світла немає"), aloud("пожежна сім"), aloud("так")], number=None)
    assert await outages_asked(call, city) is Next.MENU
    assert (Step.REPORTED_OFF, {"utility": "power", "place": "вулиця Пожежна, 7"}) in call.notes


async def test_where_something_is_off_the_address_may_be_said(city: FlowPorts) -> None:
    await _off(city, Area(street=VILNIUS), Area(street=RIGA))
    call = FakeCall([aloud("ризький квартал чотири"), "1"])
    assert await outages_asked(call, city) is Next.MENU
    assert (Step.PLACE_SAID, {"place": f"{RIGA}, 4"}) in call.notes
    assert any("немає води" in one for one in call.said)


async def _lives_in_riga(city: FlowPorts) -> None:
    there = Address(street=RIGA, house="3")
    await city.known_places.remember(NUMBER, there, call_id="", at=city.clock.now())


def _read_back(call: FakeCall) -> list[str]:
    """The questions that read back what was understood."""
    return [one.rpartition("-")[0] for one in call.heard if one.startswith("is-it-")]


@pytest.mark.parametrize(
    ("wish", "utility"),
    [
        ("немає світла на атомників, сім", "power"),
        ("добрий день у нас на вулиці курчатова сім зникла вода", "water"),
        ("на атомників у сьомому будинку ліфт не працює", "lifts"),
        ("вже два дні нема опалення курчатова сім", "heat"),
    ],
)
async def test_what_and_where_in_one_sentence_is_read_back_once_and_asked_no_more(
    city: FlowPorts, wish: str, utility: str
) -> None:
    call = FakeCall("1_", hears=True)
    call.said_in_menu = aloud(wish)
    assert await outages_asked(call, city) is Next.MENU
    assert _read_back(call) == ["is-it-off-at"]
    assert not {"say-address", "say-what-is-off", "something-off", "report-anywhere-aloud"} & {*call.heard}
    assert (Step.REPORTED_OFF, {"utility": utility, "place": f"{ATOMNYKIV}, 7"}) in call.notes
    assert call.said_in_menu is None


async def test_where_it_is_off_already_what_was_said_is_told_and_no_report(city: FlowPorts) -> None:
    await _off(city, Area(street=ATOMNYKIV))
    call = FakeCall("1", hears=True)
    call.said_in_menu = aloud("немає води на атомників сім")
    assert await outages_asked(call, city) is Next.MENU
    assert any("немає води" in one for one in call.said)
    assert Step.REPORTED_OFF not in call.steps


async def test_what_was_said_of_a_known_address_is_read_back_and_taken_down(city: FlowPorts) -> None:
    await _lives_in_riga(city)
    call = FakeCall("1_", hears=True)
    call.said_in_menu = aloud("немає газу")
    assert await outages_asked(call, city) is Next.MENU
    assert (Step.REPORTED_OFF, {"utility": "gas", "place": f"{RIGA}, 3"}) in call.notes
    assert "something-off" not in call.heard


async def test_another_address_than_the_known_one_counts_once_it_is_confirmed(city: FlowPorts) -> None:
    await _lives_in_riga(city)
    call = FakeCall("1_", hears=True)
    call.said_in_menu = aloud("немає газу на атомників сім")
    assert await outages_asked(call, city) is Next.MENU
    assert (Step.REPORTED_OFF, {"utility": "gas", "place": f"{ATOMNYKIV}, 7"}) in call.notes


async def test_a_street_without_a_house_is_asked_for_it_alone(city: FlowPorts) -> None:
    call = FakeCall(["1", aloud("сім"), "1", "_"])
    call.said_in_menu = aloud("немає світла на вулиці атомників")
    assert await outages_asked(call, city) is Next.MENU
    assert (Step.REPORTED_OFF, {"utility": "power", "place": f"{ATOMNYKIV}, 7"}) in call.notes
    assert "say-address" not in call.heard


async def test_what_is_denied_is_asked_for_as_ever(city: FlowPorts) -> None:
    call = FakeCall([aloud("ні"), aloud("ризький квартал три"), "1", "_"])
    call.said_in_menu = aloud("немає світла на атомників сім")
    assert await outages_asked(call, city) is Next.MENU
    assert call.heard.count("say-address") == 1
    assert (Step.REPORTED_OFF, {"utility": "power", "place": f"{RIGA}, 3"}) in call.notes


@pytest.mark.parametrize("key", ["0", aloud("дайте диспетчера")])
async def test_a_person_is_had_in_place_of_a_read_back(city: FlowPorts, key: str) -> None:
    call = FakeCall([key], hears=True)
    call.said_in_menu = aloud("немає світла на атомників сім")
    assert await outages_asked(call, city) is Next.DISPATCHER


async def test_what_is_off_in_the_whole_city_is_told_before_anything_is_asked(city: FlowPorts) -> None:
    await _off(city)
    call = FakeCall("_", hears=True)
    call.said_in_menu = aloud("немає води на атомників сім")
    assert await outages_asked(call, city) is Next.MENU
    assert _read_back(call) == []


async def test_what_was_said_in_the_menu_counts_once(city: FlowPorts) -> None:
    call = FakeCall("1__", hears=True)
    call.said_in_menu = aloud("немає світла на атомників сім")
    await outages_asked(call, city)
    await outages_asked(call, city)
    assert call.steps.count(Step.REPORTED_OFF) == 1


async def test_what_is_off_elsewhere_is_taken_down_for_there(city: FlowPorts) -> None:
    await _lives_in_riga(city)
    call = FakeCall([aloud("немає води тільки на атомників сім"), aloud("так"), "_"])
    assert await outages_asked(call, city) is Next.MENU
    assert _read_back(call) == ["is-it-off-at"]
    assert (Step.REPORTED_OFF, {"utility": "water", "place": f"{ATOMNYKIV}, 7"}) in call.notes


async def test_an_outage_that_is_known_elsewhere_is_told_and_not_reported(city: FlowPorts) -> None:
    await _lives_in_riga(city)
    await _off(city, Area(street=ATOMNYKIV))
    call = FakeCall([aloud("немає води тільки на атомників сім"), aloud("так"), "_"])
    assert await outages_asked(call, city) is Next.MENU
    assert any("немає води" in one and "Атомників" in one.replace("+", "") for one in call.said[-4:])
    assert Step.REPORTED_OFF not in call.steps


async def test_ones_own_address_said_again_is_not_asked_about(city: FlowPorts) -> None:
    await _lives_in_riga(city)
    call = FakeCall([aloud("немає води у нас на ризькому три"), aloud("так"), "_"])
    assert await outages_asked(call, city) is Next.MENU
    assert _read_back(call) == ["is-it-off"]
    assert (Step.REPORTED_OFF, {"utility": "water", "place": f"{RIGA}, 3"}) in call.notes
