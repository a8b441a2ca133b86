"""Two cities on one machine: a caller of the other city is answered by ours, and stands in its register."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
import pytest
from playwright.async_api import expect

from hotline.access.permissions import Role
from hotline.access.tokens import hash_of, new_secret
from hotline.calls.call import Direction, JourneyStep, Step
from hotline.clock import SystemClock
from hotline.neighbours.agreement import Agreement, NewAgreement, Part, Shared
from hotline.neighbours.taken import NewTaken
from ivr_flows import prompts
from service.neighbours.client import NeighbourClient
from telephony.phone.outgoing import OutgoingCall
from telephony.phone.phone import Phone
from telephony.phone.sound import tone
from tests.fakes.neighbours import answered_for, city_document
from tests.system.hotline import Hotline
from tests.system.lending import Hotlines
from tests.system.people import CITIZEN, FIRST, picks_up
from tests.system.web_desk import web_desk

pytestmark = [pytest.mark.system, pytest.mark.nightly]

NUMBER = "+380462123456"


@dataclass(kw_only=True)
class TwoCities:
    ours: Hotline
    theirs: Hotline
    agreement: Agreement
    secret: str


@pytest.fixture
async def cities(hotlines: Hotlines) -> AsyncIterator[TwoCities]:
    async with (
        hotlines.lent(HOTLINE_NEIGHBOUR_NUMBERS=NUMBER) as ours,
        hotlines.lent() as theirs,
    ):
        yield await _agreed(ours, theirs)


async def _head(hotline: Hotline) -> int:
    return (
        await hotline.storage.users.add(login="head", name="Керівник", role=Role.HEAD, password_hash="x")
    ).id


async def _agreed(ours: Hotline, theirs: Hotline) -> TwoCities:
    """Both sides write it down; ours reads theirs for the first time."""
    now, secret = SystemClock().now(), new_secret()
    maker, until = await _head(theirs), now + timedelta(days=1)
    terms = {
        "name": "Чернігів",
        "document": "№ 5",
        "since": now - timedelta(hours=1),
        "until": until,
        "shared": (Shared.CONTACTS, Shared.STREETS),
        "made_at": now,
    }
    given = NewAgreement(part=Part.ANSWERED, made_by=maker, **terms)  # type: ignore[arg-type]
    await theirs.storage.agreements.give(given, hash_of(secret))
    address = f"http://{theirs.settings.http_host}:{theirs.settings.http_port}"
    async with aiohttp.ClientSession() as session:
        text, _ = await NeighbourClient(session).read(address, secret)
    answered = NewAgreement(
        part=Part.ANSWERS,
        number=NUMBER,
        address=address,
        made_by=await _head(ours),
        **terms,  # type: ignore[arg-type]
    )
    agreement = await ours.storage.agreements.add(answered, key=secret, copy=text)
    return TwoCities(ours=ours, theirs=theirs, agreement=agreement, secret=secret)


async def _dials(hotline: Hotline, number: str, dialled: str, *headers: tuple[str, str]) -> OutgoingCall:
    phone = await hotline.phones.enter_async_context(Phone(user=number))
    call = await phone.call(dialled, to=("127.0.0.1", hotline.settings.sip_port), headers=headers)
    await call.answered()
    return call


async def _line_known(cities: TwoCities) -> None:
    """The service looks every two seconds which lines it answers."""
    told = f"line of another city answered agreement={cities.agreement.id}"
    await cities.ours.until(lambda: told in cities.ours.log.read_text("utf-8", errors="replace"))


async def _steps(cities: TwoCities, number: str) -> list[JourneyStep]:
    """The steps of this caller's call, once its end is on record."""

    async def ended() -> bool:
        return any(one.number == number and one.ended_at for one in await cities.ours.calls())

    await cities.ours.until(ended)
    (call,) = [one for one in await cities.ours.calls() if one.number == number]
    return await cities.ours.journey(call.id)


def _appeal(cities: TwoCities, key: str, text: str) -> NewTaken:
    now = SystemClock().now()
    said = {"text": text, "category": "water-leak", "address": "Київський квартал, 7"}
    return NewTaken(
        agreement_id=cities.agreement.id,
        call_id=None,
        key=key,
        taken_at=now,
        taken_by=cities.agreement.made_by,
        urgent=True,
        category="Вода",
        body=json.dumps({**said, "taken_at": now.isoformat()}),
    )


async def _handed(cities: TwoCities, taken: int) -> str:
    async def there() -> bool:
        return (await cities.ours.storage.taken_appeals.get(taken)).settled

    await cities.ours.until(there, seconds=60)
    return (await cities.ours.storage.taken_appeals.get(taken)).number


async def test_whoever_dials_the_other_city_is_answered_in_its_name_and_no_more_once_it_has_ended(
    cities: TwoCities,
) -> None:
    ours, number = cities.ours, cities.ours.settings.number
    await _line_known(cities)
    desk = await ours.desk("201")
    caller = await _dials(ours, "+380671234501", NUMBER)
    await caller.press("0")
    await picks_up(desk, FIRST)
    await caller.heard_tone(FIRST)
    await caller.hang_up()
    diverted = await _dials(ours, "+380671234502", number, ("Diversion", f"<sip:{NUMBER}@provider.example>"))
    await diverted.hang_up()
    own = await _dials(ours, "+380671234503", number)
    await own.hang_up()
    for_them = {"agreement": cities.agreement.id, "name": "Славутич"}
    talked = await _steps(cities, "+380671234501")
    assert [one.detail for one in talked if one.step is Step.FOR_NEIGHBOUR] == [for_them]
    heard = " ".join(str(one.detail["phrases"]) for one in talked if one.step is Step.HEARD)
    assert "neighbour-answered-by" in heard
    assert Step.TALK_STARTED in [one.step for one in talked]
    forwarded = await _steps(cities, "+380671234502")
    assert [one.detail for one in forwarded if one.step is Step.FOR_NEIGHBOUR] == [for_them]
    assert not [one for one in await _steps(cities, "+380671234503") if one.step is Step.FOR_NEIGHBOUR]
    theirs = await cities.theirs.storage.agreements.all()
    await cities.theirs.storage.agreements.end(theirs[0].id, by=None, why="Досить", at=SystemClock().now())
    await ours.storage.agreements.end(cities.agreement.id, by=None, why="Досить", at=SystemClock().now())
    told = f"line of another city answered no more agreement={cities.agreement.id}"
    await ours.until(lambda: told in ours.log.read_text("utf-8", errors="replace"))
    after = await _dials(ours, "+380671234504", NUMBER)
    await after.hang_up()
    assert not [one for one in await _steps(cities, "+380671234504") if one.step is Step.FOR_NEIGHBOUR]


async def test_what_is_taken_while_they_are_away_stands_in_their_register_once_they_are_back(
    cities: TwoCities,
) -> None:
    taken = cities.ours.storage.taken_appeals
    first = await taken.take(_appeal(cities, "form-of-test-1", "Немає води"))
    appeal = await cities.theirs.storage.registry.find(await _handed(cities, first.id))
    assert appeal is not None
    assert appeal.text.startswith("Немає води")
    await cities.theirs.kill_service()
    second = await taken.take(_appeal(cities, "form-of-test-2", "Прорвало трубу"))

    async def tried() -> bool:
        return bool((await taken.get(second.id)).fault)

    await cities.ours.until(tried)
    await cities.theirs.start_service()
    await taken.send_again(second.id, SystemClock().now())
    later = await cities.theirs.storage.registry.find(await _handed(cities, second.id))
    assert later is not None
    assert int(later.number) == int(appeal.number) + 1
    assert (await taken.get(second.id)).body == ""


async def test_who_dialled_their_number_in_vain_is_called_back_in_their_name(hotlines: Hotlines) -> None:
    async with (
        hotlines.calling_outside(HOTLINE_NEIGHBOUR_NUMBERS=NUMBER) as outside,
        web_desk(outside.hotline, "201", FIRST) as desk,
    ):
        hotline, now, page = outside.hotline, SystemClock().now(), desk.page
        agreement = await answered_for(hotline.storage, now, copy=json.dumps(city_document(now)))
        told = f"line of another city answered agreement={agreement.id}"
        await hotline.until(lambda: told in hotline.log.read_text("utf-8", errors="replace"))
        citizen = await _dials(hotline, "+380671234505", NUMBER)
        await citizen.press("0")
        await desk.call_is("ringing")
        await citizen.hang_up()
        missed = await hotline.ended_call()
        assert [one.city for one in await hotline.storage.callbacks.owed(10)] == ["Славутич"]
        await page.goto(f"{desk.address}/calls/missed")
        await desk.another_window()
        await expect(page.get_by_text("За: Славутич")).to_be_visible()
        await page.click(f"a[data-call='{missed.number}']")
        called = await outside.provider.next_call()
        await called.answer(tone(CITIZEN))
        await called.press("1")
        await called.heard_tone(FIRST)
        await called.hang_up()

        async def nobody_owed() -> bool:
            return not await hotline.storage.callbacks.owed(10)

        await hotline.until(nobody_owed)
        (back,) = [one for one in await hotline.calls() if one.direction is Direction.OUTGOING]
        (step,) = [one for one in await hotline.journey(back.id) if one.step is Step.FOR_NEIGHBOUR]
        assert step.detail == {"agreement": agreement.id, "name": "Славутич"}
        assert prompts.WE_CALL.name in await hotline.phrases(back.id)
