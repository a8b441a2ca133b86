"""A heat supplier with its users and a rule, and an appeal that it gets: shared by the tests of handling."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.appeals.acts.actors import Actor, acting
from hotline.appeals.appeal import Appeal, AppealKind
from hotline.appeals.control import AppealWaitsFor
from hotline.appeals.registering import NewAppeal, NewPerson
from hotline.appeals.routing import Rule
from hotline.city.classifier import Urgency
from hotline.contact.channel import Channel
from hotline.enterprises.executors import Contact, ContactKind, Executor
from storage.store import Storage

from .conftest import NOON

NUMBER = "+380671234567"
HOME = "Київський квартал, 7, кв. 12"
CONTACTS = (
    Contact(name="Диспетчерська", email="desk@example.org", number="+380457900031"),
    Contact(name="Черговий", order=2, number="+380457900032", channels=(Channel.SMS,)),
    Contact(name="Директор", kind=ContactKind.MANAGER, email="director@example.org"),
)


@dataclass(frozen=True, kw_only=True)
class City:
    """Who is there."""

    storage: Storage
    heat: Executor
    water: Executor
    olya: User
    head: User
    fitter: User
    plumber: User

    @property
    def dispatcher(self) -> Actor:
        return acting(self.olya)

    @property
    def executor(self) -> Actor:
        return acting(self.fitter)

    def new(self, **fields: Any) -> NewAppeal:
        new = NewAppeal(
            text="Немає опалення",
            kind=AppealKind.APPLICATION,
            category="heat-none",
            classifier=1,
            address=HOME,
            urgency=Urgency.URGENT,
            registered_at=NOON,
            year=2026,
            due_on=date(2026, 3, 3),
            due_at=NOON + timedelta(hours=24),
            registered_by=self.olya.id,
            applicant_number=NUMBER,
            applicant=NewPerson(name="Марія Демченко", address=HOME),
            consent=True,
            reply_by=Channel.SMS,
        )
        return replace(new, **fields)

    async def enter(self, **fields: Any) -> Appeal:
        return await self.storage.registry.enter(self.new(**fields))


async def found(storage: Storage) -> City:
    heat = await storage.executors.add("КП «Тепломережі»", "Тепломережі", CONTACTS)
    water = await storage.executors.add("КП «Водоканал»", "Водоканал", ())
    await storage.rules.add(Rule(order=1, executor_id=heat.id, categories=("heat-*",)))

    async def user(login: str, role: Role, executor: Executor | None = None) -> User:
        bound = None if executor is None else executor.id
        return await storage.users.add(
            login=login, name=login, role=role, password_hash="h", executor_id=bound
        )

    return City(
        storage=storage,
        heat=heat,
        water=water,
        olya=await user("olya", Role.DISPATCHER),
        head=await user("nachalnyk", Role.HEAD),
        fitter=await user("sliusar", Role.EXECUTOR, heat),
        plumber=await user("santekhnik", Role.EXECUTOR, water),
    )


async def waiting(storage: Storage, wait: AppealWaitsFor) -> list[Appeal]:
    """The appeals that wait so for a person, in the order of service."""
    found = await storage.control.waiting(wait, attempts=3, limit=100)
    return [one.listed.appeal for one in found]
