"""An emergency that nobody acknowledges: real Asterisk, and duty contacts who are real SIP phones."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import time, timedelta

import pytest
from playwright.async_api import expect
from sqlalchemy import update

from hotline.access.permissions import Role
from hotline.appeals.appeal import Appeal, AppealKind, AppealState
from hotline.appeals.handling import Entry
from hotline.appeals.registering import NewAppeal
from hotline.appeals.routing import Rule
from hotline.calls.call import Direction, Outcome, Step
from hotline.city.addresses import demo_streets
from hotline.city.classifier import Urgency
from hotline.clock import SystemClock
from hotline.contact.channel import Channel
from hotline.delivery.notice_states import NoticeState
from hotline.delivery.outbox import Notice
from hotline.enterprises.executors import Contact, ContactKind, Executor
from hotline.shifts.roster import Shift, monday_of
from storage.tables import appeals
from tests.system.browser import open_browser
from tests.system.desk_browser import open_desk
from tests.system.hotline import Hotline
from tests.system.lending import Hotlines
from tests.system.locked import locked_for_writing
from tests.system.oracle import compare
from tests.system.outside import Outside
from tests.system.test_registration import registered

pytestmark = pytest.mark.system

DESK, NIGHT, DIRECTOR = "+380671112201", "+380671112202", "+380671112203"
CLOCK = timedelta(minutes=15)
"""Within which an emergency is to be acknowledged (the classifier's)."""


@dataclass(kw_only=True)
class City(Outside):
    """The hotline, the provider through whom calls leave, and an enterprise with its duty contacts."""

    heat: Executor

    async def emergency(self, *, ago: timedelta = timedelta(), category: str = "water-leak") -> Appeal:
        """An emergency that was registered so long ago; water is the enterprise's by the rules."""
        at = SystemClock().now() - ago
        (user, *_) = await self.hotline.storage.users.all()
        new = NewAppeal(
            text="Фонтан посеред двору",
            kind=AppealKind.REPORT,
            category=category,
            classifier=1,
            address="Київський квартал, 7, кв. 12",
            urgency=Urgency.EMERGENCY,
            registered_at=at,
            year=at.year,
            due_on=at.date(),
            due_at=at + timedelta(hours=4),
            registered_by=user.id,
        )
        return await self.hotline.storage.registry.enter(new)

    async def is_in(self, appeal: Appeal, state: AppealState) -> None:
        async def there() -> bool:
            found = await self.hotline.storage.appeals.find(appeal.number)
            return found is not None and found.state is state

        await self.hotline.until(there)

    async def calls_owed(self, appeal: Appeal) -> list[Notice]:
        """The calls that were owed because of the appeal, the first first."""
        told = await self.hotline.storage.outbox.of_appeal(appeal.number)
        return [one for one in reversed(told) if one.channel is Channel.CALL]

    async def call_is(self, appeal: Appeal, state: NoticeState, fault: str | None = None) -> None:
        """Wait until the first call that was owed came to this."""

        async def there() -> bool:
            owed = (await self.calls_owed(appeal))[0]
            return owed.state is state and fault in {None, owed.fault}

        await self.hotline.until(there)

    async def history(self, appeal: Appeal) -> list[Entry]:
        return list(await self.hotline.storage.handling.history(appeal.number, hidden=True))


@pytest.fixture
def settings() -> dict[str, str]:
    """Settings of the hotline beyond those of every test."""
    return {}


@pytest.fixture
async def city(hotlines: Hotlines, settings: dict[str, str]) -> AsyncIterator[City]:
    async with hotlines.calling_outside(**settings) as outside:
        yield City(**vars(outside), heat=await enterprise(outside.hotline))


async def enterprise(hotline: Hotline) -> Executor:
    contacts = (
        Contact(name="Диспетчерська", number=DESK),
        Contact(name="Черговий Петренко", order=2, number=NIGHT),
        Contact(name="Директор", kind=ContactKind.MANAGER, number=DIRECTOR),
    )
    executor = await hotline.storage.executors.add("КП «Водоканал»", "Водоканал", contacts)
    await hotline.storage.rules.add(
        Rule(order=1, executor_id=executor.id, categories=("water-*", "emergency"))
    )
    await hotline.storage.users.add(login="head", name="Олена", role=Role.HEAD, password_hash="x")
    return executor


async def test_the_duty_contact_is_called_at_once_and_accepts_by_a_key(city: City) -> None:
    appeal = await city.emergency()
    called = await city.rung(DESK)
    assert called.caller == city.hotline.settings.number
    await called.ring()
    await called.answer()
    await called.heard_voice()
    await called.press("1")

    await city.is_in(appeal, AppealState.ACCEPTED)
    await called.ended()
    (accepted,) = [one for one in await city.history(appeal) if one.act == "accept"]
    (call,) = await city.hotline.calls()
    assert accepted.facts == {"acknowledged_by": "Диспетчерська", "call_id": call.id}
    call = await city.hotline.ended_call()
    assert (call.number, call.direction, call.outcome) == (DESK, Direction.OUTGOING, Outcome.TOLD)
    await city.call_is(appeal, NoticeState.SENT)
    await compare(city.hotline)
    assert len(city.provider.calls) == 1


async def test_an_emergency_is_accepted_by_a_key_while_nothing_can_be_written(city: City) -> None:
    appeal = await city.emergency()
    called = await city.rung(DESK)
    await called.answer()
    await called.heard_voice()
    await city.hotline.reached(Step.ANSWERED)
    with locked_for_writing(city.hotline):
        await called.press("1")
        await called.ended()

    await city.is_in(appeal, AppealState.ACCEPTED)
    await city.call_is(appeal, NoticeState.SENT)
    call = await city.hotline.ended_call()
    assert call.outcome is Outcome.TOLD
    assert (await city.hotline.phrases(call.id))[-1] == "duty-owed"
    assert len(city.provider.calls) == 1


async def test_silence_leads_to_the_next_contact_and_to_the_head(city: City) -> None:
    appeal = await city.emergency(ago=3 * CLOCK)
    await (await city.rung(DESK)).reject(603)
    hears = await city.rung(DESK)
    await hears.answer()
    await hears.heard_voice()
    await hears.hang_up()
    next_one = await city.rung(NIGHT)
    await next_one.answer()
    await next_one.heard_voice()
    await next_one.press("1")

    await city.is_in(appeal, AppealState.ACCEPTED)
    await next_one.ended()
    history = await city.history(appeal)
    steps = [one.facts["kind"] for one in history if one.act == "escalate"]
    assert steps == ["unacknowledged", "unacknowledged", "nobody-acknowledges"]
    assert [one.facts["acknowledged_by"] for one in history if one.act == "accept"] == ["Черговий Петренко"]
    (told, *_) = await city.hotline.storage.outbox.on_page("head")
    assert (told.number, told.about) == (appeal.number, "nobody-acknowledges")

    async def settled() -> bool:
        owed = await city.calls_owed(appeal)
        return [(one.state, one.fault) for one in owed] == [
            (NoticeState.FAILED, "refused"),
            (NoticeState.FAILED, "unheard"),
            (NoticeState.SENT, ""),
            (NoticeState.NEEDLESS, ""),  # the director: somebody had accepted it by then
        ]

    await city.hotline.until(settled)
    assert len(city.provider.calls) == 3


@pytest.mark.nightly  # by day of an outage: `test_outage_told.py`
async def test_whoever_says_nothing_hears_it_four_times_and_has_accepted_nothing(city: City) -> None:
    appeal = await city.emergency()
    called = await city.rung(DESK)
    await called.answer()
    await called.heard_voice()

    await called.ended(timeout=150)

    await city.call_is(appeal, NoticeState.FAILED)
    await city.is_in(appeal, AppealState.ASSIGNED)
    call = await city.hotline.ended_call()
    assert call.outcome is Outcome.NOT_HEARD_OUT
    asked = [one for one in await city.hotline.journey(call.id) if one.step is Step.SILENT]
    assert len(asked) == 4
    await compare(city.hotline)


async def test_a_busy_telephone_is_tried_again_later_and_not_at_once(city: City) -> None:
    appeal = await city.emergency()
    await (await city.rung(DESK)).reject(486)

    await city.call_is(appeal, NoticeState.OWED, "busy")
    (owed,) = await city.calls_owed(appeal)
    assert owed.tries == 1
    assert owed.due_at - owed.changed_at == timedelta(minutes=1)


@pytest.mark.nightly  # by day in `test_dialler_killed.py`
async def test_killed_in_the_call_it_is_ended_and_the_contact_is_called_again_a_minute_later(
    city: City,
) -> None:
    appeal = await city.emergency()
    called = await city.rung(DESK)
    await called.answer()
    await called.heard_voice()

    await city.hotline.kill_service()
    await city.hotline.start_service()

    await called.ended()
    await city.call_is(appeal, NoticeState.OWED, "interrupted")
    (owed,) = await city.calls_owed(appeal)
    assert owed.tries == 1
    assert owed.due_at - owed.changed_at == timedelta(minutes=1)
    await city.is_in(appeal, AppealState.ASSIGNED)
    await city.hotline.ended_call()
    assert len(city.provider.calls) == 1
    await compare(city.hotline, reconciled=True)


@pytest.mark.parametrize(
    "settings", [{"HOTLINE_TRUNK_LINES": "2", "HOTLINE_LINES_FOR_CITIZENS": "1"}], ids=["two-lines"]
)
async def test_the_last_free_line_is_left_to_citizens(city: City) -> None:
    citizen = await city.hotline.citizen()
    await citizen.answered()
    await citizen.heard_voice()
    appeal = await city.emergency()
    await city.hotline.until(lambda: "automatic calls wait=True" in city.hotline.log.read_text())
    assert city.provider.calls == []
    (owed,) = await city.calls_owed(appeal)
    assert owed.state is NoticeState.OWED

    await citizen.hang_up()

    await city.rung(DESK)


async def test_an_emergency_of_no_enterprise_calls_the_senior_who_cannot_and_the_head_who_takes_it(
    city: City,
) -> None:
    storage, now = city.hotline.storage, SystemClock().now()
    zone = city.hotline.settings.timezone
    head = await storage.users.by_login("head")
    assert head is not None
    await storage.users.update(replace(head, telephone=DIRECTOR))
    senior = await storage.users.add(
        login="senior", name="Ірина", role=Role.DISPATCHER, password_hash="x", telephone=NIGHT
    )
    today = now.astimezone(zone).date()
    shift = Shift(user_id=senior.id, day=today, since=time(), until=time(), senior=True)
    draft = await storage.roster.save(monday_of(today), [shift], instead_of=0, by=head.id, at=now)
    await storage.roster.publish(draft.monday, edition=draft.edition, by=head.id, at=now)
    appeal = await city.emergency(ago=3 * CLOCK, category="lift-stuck")

    cannot = await city.rung(NIGHT)
    await cannot.answer()
    await cannot.heard_voice()
    await cannot.press("2")
    takes = await city.rung(DIRECTOR)
    await takes.answer()
    await takes.heard_voice()
    await takes.press("1")
    await takes.ended()

    async def settled() -> bool:
        return [one.state for one in await city.calls_owed(appeal)] == [NoticeState.SENT] * 2

    await city.hotline.until(settled)
    note = (await city.history(appeal))[-1]
    assert (note.act, note.user_id) == ("note", head.id)
    await compare(city.hotline)


@pytest.mark.parametrize("number", ["112", pytest.param("0900123456", marks=pytest.mark.nightly)])
async def test_neither_an_emergency_service_nor_a_dear_number_is_ever_called(city: City, number: str) -> None:
    (first, *others) = city.heat.contacts
    changed = Contact(id=first.id, name=first.name, number=number)
    await city.hotline.storage.executors.update(
        Executor(id=city.heat.id, name=city.heat.name, short=city.heat.short, contacts=(changed, *others))
    )
    appeal = await city.emergency()

    await city.call_is(appeal, NoticeState.FAILED)

    assert city.provider.calls == []
    assert await city.hotline.calls() == []


async def test_an_emergency_goes_from_two_keys_to_an_executor_who_accepts_by_one(city: City) -> None:
    """Registered in two keys, handed over by rule, silence, escalation, a call, pressed 1, accepted."""
    home = "Київський квартал, 7"
    citizen = "+380457900001"
    await city.hotline.storage.streets.add(demo_streets())
    await city.hotline.storage.citizens.add("Марія Демченко", home, [citizen])
    phone = await city.hotline.desk("201")
    async with open_browser() as browser:
        page = await open_desk(city.hotline, browser, "201")
        call = await city.hotline.citizen(citizen)
        await call.answered()
        await call.press("0")
        ringing = await phone.next_call()
        await ringing.answer()
        await page.wait_for_selector("article.desk-card")
        await page.keyboard.press("Shift+F6")
        await page.wait_for_selector("#appeal-register:focus")
        await page.keyboard.press("Enter")
        appeal = await registered(city.hotline, page)
        assert (appeal.urgency, appeal.executor_id) == (Urgency.EMERGENCY, city.heat.id)
        assert appeal.state is AppealState.ASSIGNED

        silent = await city.rung(DESK)
        await silent.reject(480)
        await city.call_is(appeal, NoticeState.OWED)
        await quarter_of_an_hour_passes(city, appeal)
        again = await city.rung(DESK)
        await again.answer()
        await again.heard_voice()
        await again.press("1")

        await city.is_in(appeal, AppealState.ACCEPTED)
        await page.goto(str(page.url).partition("/desk")[0] + f"/appeals/{appeal.number}")
        await expect(page.get_by_text("Прийнято виконавцем").first).to_be_visible()
    acts = [one.act for one in await city.history(appeal)]
    assert acts == ["register", "assign", "escalate", "accept"]


async def quarter_of_an_hour_passes(city: City, appeal: Appeal) -> None:
    """Move the appeal's clock, and put the call that is to be tried again out of its way."""
    assert appeal.state_since
    moved = update(appeals).where(appeals.c.number == appeal.number)
    async with city.hotline.storage.database.writing() as connection:
        await connection.execute(moved.values(state_since=appeal.state_since - CLOCK))
