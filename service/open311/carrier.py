"""Hands appeals over to enterprises' own Open311, as a carrier of the outbox."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo

from attrs import define, field

from hotline.appeals.appeal import Appeal
from hotline.appeals.registering import Registry
from hotline.calls.sound_store import SoundDamaged, SoundLocked
from hotline.city.classifier import Urgency, last_known
from hotline.delivery.handing_over import Known, Message, NotTaken, Refused, Unclear, Word
from hotline.delivery.outbox import Notice, Outbox
from hotline.enterprises.executors import Executors
from hotline.enterprises.open311 import Open311Endpoint, Open311Endpoints, Shared
from hotline.errors import NotFound
from hotline.people.citizens import Citizens
from service.delivery.pace import Breaker
from service.open311.client import Open311Client

LOOKED_AROUND = timedelta(hours=1)
"""How far around the time from owing to the last attempt a request is looked for whose answer was lost."""
_LONGEST = 4000
T = TypeVar("T")


@define(eq=False, repr=False, kw_only=True)
class Open311Carrier:
    """`hotline.delivery.handing_over.Carrier`. Each enterprise has its own server.

    One that is away is left alone for longer, and holds up no other: for what it is asked as for what it is
    sent, since many take nothing for a while and answer all the same.
    """

    _client: Open311Client
    _executors: Executors
    _endpoints: Open311Endpoints
    _registry: Registry
    _citizens: Citizens
    _outbox: Outbox
    _zone: ZoneInfo
    _sent: defaultdict[int, Breaker] = field(factory=lambda: defaultdict(Breaker), init=False)
    _asked: defaultdict[int, Breaker] = field(factory=lambda: defaultdict(Breaker), init=False)

    repeatable = False
    asks_by_key = True
    asks_by_id = False

    async def hand_over(self, message: Message) -> str:
        executor_id = _executor(message.address)
        endpoint = await self._endpoint(executor_id)
        appeal = await self._appeal(message.subject)
        code = endpoint.service_of(appeal.category)
        if not code or appeal.executor_id != executor_id:
            raise Refused("The enterprise has it no more, or takes no appeals of its category by Open311.")
        key = await self._key(executor_id)
        name = await self._name(appeal) if endpoint.shared is Shared.APPLICANT else ""
        form = {**form_of(endpoint, appeal, code, self._zone, name=name), "api_key": key}
        form = {field: value for field, value in form.items() if value}
        return await _tried(self._sent[executor_id], partial(self._client.file, endpoint, form, message.key))

    async def _key(self, executor_id: int) -> str:
        try:
            return await self._endpoints.key(executor_id)
        except (SoundLocked, SoundDamaged) as error:
            raise NotTaken("the key of its server cannot be opened: see the file of keys") from error

    async def ask(self, *, key: str, provider_id: str) -> Word:
        """Ask whether its server has what we do not know to have arrived; raises NotTaken.

        One that knows a repeated request gets it again. Elsewhere it is looked for by our number in the
        descriptions; where these are not shown, a person has to say.
        """
        del provider_id
        notice = await self._notice(key)
        executor_id = _executor(notice.to)
        try:
            endpoint = await self._endpoint(executor_id)
        except Refused as error:
            raise NotTaken(str(error)) from error
        if endpoint.repeatable:
            return Word(known=Known.UNKNOWN)
        appeal = await self._appeal(notice.number)
        asking = partial(
            self._client.read,
            endpoint,
            "requests",
            service_code=endpoint.service_of(appeal.category),
            start_date=_moment(notice.owed_at - LOOKED_AROUND),
            end_date=_moment(notice.changed_at + LOOKED_AROUND),
        )
        found = await _tried(self._asked[executor_id], asking)
        told = [one for one in found or () if one.get("description")]
        for one in told:
            if str(one["description"]).startswith(f"№ {notice.number}."):
                return Word(known=Known.TAKEN, provider_id=str(one.get("service_request_id") or ""))
        if told:
            return Word(known=Known.UNKNOWN)
        raise NotTaken("its Open311 does not show whether it has the request: ask there")

    async def _appeal(self, number: str) -> Appeal:
        found = await self._registry.find(number)
        if found is None:
            raise Refused(f"There is no appeal {number}.")
        return found

    async def _name(self, appeal: Appeal) -> str:
        if appeal.applicant_id is None:
            return ""
        return (await self._citizens.get(appeal.applicant_id)).name

    async def _endpoint(self, executor_id: int) -> Open311Endpoint:
        endpoint = (await self._executors.get(executor_id)).open311
        if endpoint is None:
            raise Refused("The enterprise has no Open311 any more.")
        return endpoint

    async def _notice(self, key: str) -> Notice:
        notice = await self._outbox.find(int(key.removeprefix("n").partition("-")[0]))
        if notice is None:
            raise NotFound(f"There is no notice {key}.")
        return notice


def to_server(notice: Notice) -> Message:
    """Write a notice as its carrier takes it: whose server, and the number of the appeal."""
    return Message(
        key=notice.key, address=notice.to, subject=notice.number, text=notice.about, at=notice.owed_at
    )


def form_of(
    endpoint: Open311Endpoint, appeal: Appeal, code: str, zone: ZoneInfo, *, name: str = ""
) -> Mapping[str, str]:
    """Fill in the standard's form with what the contract lets the enterprise's server have, and no more.

    `name` is the applicant's.
    """
    category = last_known(appeal.category)
    lines = [f"№ {appeal.number}. {category.uk if category else appeal.category}."]
    if appeal.urgency is Urgency.EMERGENCY:
        lines.append("Аварія: потрібне негайне реагування.")
    if appeal.due_at is not None:
        lines.append(f"Виконати до {appeal.due_at.astimezone(zone):%d.%m.%Y %H:%M}.")
    form = {"service_code": code, "address_string": appeal.address}
    if endpoint.shared in {Shared.TEXT, Shared.APPLICANT}:
        lines += [f"{one.uk}: {one.said('uk', zone)}." for one in appeal.details]
        lines.append(appeal.text)
        form |= {f"attribute[{one.code}]": one.answer for one in appeal.details}
    if endpoint.shared is Shared.APPLICANT:
        form |= {"first_name": name, "phone": appeal.applicant_number or ""}
        if appeal.only_in_writing:
            form["phone"] = ""
            lines.insert(1, "Заявник просить лише письмово: не телефонувати про це.")
    form["description"] = "\n".join(lines)[:_LONGEST]
    return form


def _executor(to: str) -> int:
    return int(to.removeprefix("executor:"))


async def _tried(breaker: Breaker, act: Callable[[], Awaitable[T]]) -> T:
    """Do it, unless its server is left alone just now; raises NotTaken and what the act raises."""
    if breaker.open:
        raise NotTaken("its Open311 did not answer a moment ago, and is left alone")
    try:
        done = await act()
    except NotTaken as error:
        breaker.failed(error.after)
        raise
    except Unclear:
        breaker.failed()
        raise
    breaker.worked()
    return done


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
