"""A city of its own for one conversation, in a database that is gone afterwards: nothing real is touched."""

import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from argon2 import PasswordHasher

from cti_server.auth.passwords import Passwords
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.appeals.acts.actors import SERVICE
from hotline.appeals.acts.applicants_word import BeginCheck
from hotline.appeals.appeal import AppealState
from hotline.calls.call import HEARS_MENU, CallRecord, JourneyStep, Outcome, Step
from hotline.chats.chats import Medium, NewChat
from hotline.city.addresses import demo_streets
from hotline.city.city_rules import CityRules
from hotline.dialling.calling_out import CallingRules
from hotline.documents.document import DocumentKind, revision
from hotline.informing.city_messages import CityMessage, MessageBy, NewMessage
from hotline.informing.order_states import OrderAct
from hotline.informing.orders import Audience, NewOrder, Way
from hotline.knowledge.articles import Content, Wording
from hotline.line.kept_places import KeepingRules
from hotline.outages.outage import By
from hotline.power.schedule import DaySchedule, Told
from hotline.voice.speech import Language, Phrase
from hotline.voice.voice_recordings import SoundFault, SoundRefused
from ivr_flows.ports import FlowPorts
from service.access.phone_codes import StoredPhoneCodes
from service.demo.seed import fill
from service.informing.informing import Informing
from service.talk.clock import TalkClock
from service.talk.desk import TownDesk
from service.talk.power import without_power
from service.talk.scene import (
    AREAS,
    HEAD_PHONE,
    NO_ADDRESS,
    NoScene,
    Scene,
    Town,
    appeal_of,
    executor_of,
    outage_of,
)
from service.talk.typed_call import UNSAID
from service.wiring.chats import chat_ports, chats_by_number, chats_by_phone, conversations_on, links_of
from service.wiring.flows import flow_ports
from storage.migrations import migrate
from storage.outages.rows import add_outage
from storage.store import Storage, open_storage

HEAD_CODE = "482615"
"""The code by which the head of such a city is known on the telephone."""
SENT_CODE = "604218"
"""The code in each short message that confirms a subscription."""
CODE_KEY = b"talk"
"""Signs the codes of applicants in this city."""
NOBODYS = "-"
"""A hash that no password has."""
ANNOUNCE_SECONDS = 30.0
SKILL_WAIT = timedelta(seconds=20)
LASTS = timedelta(hours=3)
CHAT_WITHIN = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The parts that a conversation uses."""

    storage: Storage
    city: FlowPorts
    clock: TalkClock
    desk: TownDesk
    zone: ZoneInfo


async def build(folder: Path, town: Town, at: datetime, zone: ZoneInfo) -> Path:
    """Make the city's database, as it stands at this moment, in the folder; the file."""
    file = folder / "town.db"
    await migrate(f"sqlite:///{file}")
    passwords = _quick()
    async with open_storage(f"sqlite:///{file}", TalkClock(at), CityRules(timezone=zone)) as storage:
        if town is Town.DEMO:
            await fill(storage, folder, passwords, zone, at)
        else:
            await storage.streets.add(demo_streets())
        await _heads(storage, passwords)
    return file


@asynccontextmanager
async def staged(scene: Scene, zone: ZoneInfo, built: Path | None = None) -> AsyncIterator[Stage]:
    """Open a city with the scene's facts; `built` is a file of `build` and is changed. Raises NoScene."""
    with tempfile.TemporaryDirectory(prefix="hotline-talk-") as folder:
        file = built or await build(Path(folder), scene.town, scene.at, zone)
        clock, rules = TalkClock(scene.at), CityRules(timezone=zone)
        async with open_storage(f"sqlite:///{file}", clock, rules) as storage:
            desk = TownDesk(storage, clock, scene.contacts)
            await _lay(storage, scene, zone, clock)
            await desk.on_duty(scene.dispatchers, scene.ahead, scene.busy)
            city = await _with_chats(_city(storage, clock, desk, rules), storage, scene, clock)
            yield Stage(storage=storage, city=city, clock=clock, desk=desk, zone=zone)


def _city(storage: Storage, clock: TalkClock, desk: TownDesk, rules: CityRules) -> FlowPorts:
    async def recorded(_phrase: Phrase, _language: Language) -> bool:
        return False

    async def dictated(name: str, by: MessageBy) -> CityMessage:
        if name.endswith(UNSAID):
            raise SoundRefused(SoundFault.SILENT)
        return await storage.city_messages.enter(NewMessage(title=name), by)

    ports = flow_ports(
        storage,
        read_ahead=lambda _phrases, _language: None,
        rules=rules,
        clock=clock,
        alarm=desk,
        keeping=KeepingRules(dialable=CallingRules().dialable_by_itself),
        codes=StoredPhoneCodes(
            storage.users, storage.acting_heads, storage.sign_in_attempts, storage.audit, _quick(), clock
        ),
        dictated=dictated,
        recorded=recorded,
        announce_seconds=ANNOUNCE_SECONDS,
        skill_wait=SKILL_WAIT,
        code_key=CODE_KEY,
    )
    return replace(ports, new_code=lambda: SENT_CODE)


async def _with_chats(city: FlowPorts, storage: Storage, scene: Scene, clock: TalkClock) -> FlowPorts:
    """Let callers go on with their chats; the scene's caller has written what they wrote."""
    rules = CityRules(timezone=city.rules.timezone)
    made = conversations_on(storage, clock, chat_ports(storage, clock, rules, code_key=CODE_KEY))
    known = await chats_by_number(storage, made, clock)
    if scene.chat:
        chat = await made.begin(NewChat(medium=Medium.TELEGRAM, address="talk", number=scene.caller))
        for text in scene.chat.split(AREAS):
            await made.write(chat.id, text)
    by_phone = chats_by_phone(storage, made, known, clock, within=CHAT_WITHIN)
    by_link = links_of(storage, clock, address="https://hotline.example", most=1) if scene.links else None
    return replace(city, chats=by_phone, links=by_link)


async def _lay(storage: Storage, scene: Scene, zone: ZoneInfo, clock: TalkClock) -> None:
    """Put the facts of the scene into the city."""
    gazetteer = await storage.streets.gazetteer()
    for text in scene.known:
        there = gazetteer.locate(text)
        if there is None:
            raise NoScene(NO_ADDRESS, typed=text)
        if scene.caller is not None:
            await storage.known_places.remember(scene.caller, there, call_id="earlier", at=clock.now())
    if scene.again and scene.caller is not None:
        await _called_before(storage, scene.caller, clock.now() - timedelta(days=1))
    for text in scene.outage:
        new = outage_of(text, zone, gazetteer)
        async with storage.database.writing() as connection:
            await add_outage(connection, new, By(), min(scene.at, new.starts_at))
    for text in scene.appeal:
        await _register(storage, text, zone)
    heads = [one for one in await storage.users.all() if one.role is Role.HEAD]
    if scene.message:
        by = MessageBy(user_id=heads[0].id)
        message = await storage.city_messages.enter(
            NewMessage(title="Повідомлення", uk=scene.message, en=scene.message), by
        )
        await storage.city_messages.switch_on(message.id, by)
    await _schedule(storage, scene.power, zone, clock)
    for text in scene.article:
        question, _, answer = (one.strip() for one in text.partition("|"))
        await storage.articles.add(
            Content(
                uk=Wording(question=question, answer=answer),
                owner_id=heads[0].id,
                review_on=clock.now().date() + timedelta(days=30),
                public=True,
                spoken=True,
            ),
            heads[0].id,
            clock.now(),
        )
    if scene.order:
        await _order(storage, scene.order, heads, clock)


async def _schedule(storage: Storage, lines: Sequence[str], zone: ZoneInfo, clock: TalkClock) -> None:
    """Have the houses in their queues, and today's schedule of each told at this moment."""
    if not lines:
        return
    now, documents, kind = clock.now(), storage.city_documents, DocumentKind.POWER_QUEUES
    houses, schedules, today = [], [], now.astimezone(zone).date()
    for queue, place, off in (map(str.strip, line.split(";")) for line in lines):
        houses.append(f'[[house]]\nplace = "{place}"\nqueue = "{queue}"\n')
        schedules.append(
            DaySchedule(queue=queue, day=today, halves=without_power(off), made_at=now, heard_at=now)
        )
    draft = await documents.save_draft(
        kind, "".join(houses), by=None, at=now, seen=revision((await documents.present(kind)).version, None)
    )
    seen = revision((await documents.present(kind)).version, draft)
    await documents.put_into_force(kind, by=None, at=now, note="", seen=seen)
    told = Told(schedules=schedules, days=[today], made_at=now, heard_at=now)
    await storage.power.take(told, source="file", by=None)


async def _called_before(storage: Storage, number: str, at: datetime) -> None:
    """Have a call on record that heard the menu."""
    call = CallRecord(id="before", number=number, shown=number, arrived_at=at)
    await storage.calls.open(call)
    await storage.calls.note(JourneyStep(call_id=call.id, number=1, at=at, step=Step.ANSWERED))
    await storage.calls.close(call.id, Outcome.ANSWERED_BY_MACHINE, at + HEARS_MENU)
    await storage.calls.flush()


async def _register(storage: Storage, text: str, zone: ZoneInfo) -> None:
    """Have an appeal in the register as it stands, and its enterprise, if it has one."""
    name, executor_id = executor_of(text), None
    if name:
        known = {one.name: one.id for one in await storage.executors.all()}
        executor_id = known.get(name) or (await storage.executors.add(name, name, [])).id
    appeal = appeal_of(text, zone, executor_id=executor_id)
    checked = appeal.state is AppealState.BEING_CHECKED
    await storage.appeals.register(replace(appeal, state=AppealState.DONE) if checked else appeal)
    if checked:  # its report has to be in the history, for the code
        act = BeginCheck(by=SERVICE, at=appeal.registered_at)
        await storage.handling.carry_out(appeal.number, act, version=None)


async def _order(storage: Storage, text: str, heads: list[User], clock: TalkClock) -> None:
    """Have an order prepared, approved by a second person and begun, that all callers are told."""
    now, orders = clock.now(), storage.informing
    new = NewOrder(
        number="1-р",
        dated=date(now.year, now.month, now.day),
        issued_by="Міський голова",
        subject="Розпорядження",
        text=text,
        ways=frozenset({Way.IVR}),
        audience=Audience(),
        starts_at=now,
        until=now + LASTS,
    )
    order = await orders.add(new, heads[0].id, now)
    order = await orders.move(order, OrderAct.SUBMIT, now, user_id=heads[0].id)
    await orders.move(order, OrderAct.APPROVE, now, user_id=heads[1].id)
    await Informing(orders, storage.informing_preparing, clock).once()
    await storage.standing_orders.renew()


async def _heads(storage: Storage, passwords: Passwords) -> None:
    """Have two heads: one whose code for the telephone is known, and one who approves."""
    users = await storage.users.all()
    head = next((one for one in users if one.role is Role.HEAD), None)
    if head is None:
        head = await storage.users.add(login="head", name="Керівник", role=Role.HEAD, password_hash=NOBODYS)
    await storage.users.add(login="second-head", name="Заступник", role=Role.HEAD, password_hash=NOBODYS)
    await storage.users.update(
        replace(head, phone=HEAD_PHONE, phone_code_hash=await passwords.hash(HEAD_CODE))
    )


def _quick() -> Passwords:
    """Hash quickly: what is in such a city need not be kept safe."""
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
