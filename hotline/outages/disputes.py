"""Disputed outages: an answer "not restored" becomes an appeal, and two such answers alert the head."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from hotline.appeals.appeal import Appeal, AppealKind
from hotline.appeals.registering import NewAppeal, Registry
from hotline.city.addresses import Address
from hotline.city.area_notation import areas_text
from hotline.city.classifier import Category, classifier
from hotline.city.known_places import KnownPlaces
from hotline.contact.channel import Channel
from hotline.contact.numbers import gets_sms
from hotline.delivery.outbox import NewNotice, Outbox, Recipient
from hotline.outages.answers import DISPUTED_BY, OutageAnswers, WatcherAnswer
from hotline.outages.outage import Outage
from hotline.outages.reports import OutageReport, OutageReports
from hotline.outages.telling import facts_disputed, matter_of
from hotline.outages.watchers import Watcher
from hotline.people.citizens import Citizen, Citizens

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageDisputes:
    """Records answers "not restored". Recorded twice, as after a kill -9 in between, there is one."""

    registry: Registry
    citizens: Citizens
    places: KnownPlaces
    reports: OutageReports
    answers: OutageAnswers
    outbox: Outbox
    zone: ZoneInfo
    sms: Sequence[str]
    """Beginnings of the numbers to which short messages go."""

    def registers(self, outage: Outage) -> bool:
        """Tell whether a category is of that utility: else a dispatcher decides."""
        return _category(outage) is not None

    async def take(self, watcher: Watcher, outage: Outage, *, call_id: str, at: datetime) -> str | None:
        """Register it; its number, or None where no category is of that utility: a dispatcher decides."""
        appeal = await self._appeal(watcher, outage, call_id, at)
        number = None if appeal is None else appeal.number
        await self.answers.keep(
            watcher, outage.version, WatcherAnswer.NOT_RESTORED, at, call_id=call_id, appeal=number
        )
        await self._tell_head(outage, at)
        return number

    async def _appeal(self, watcher: Watcher, outage: Outage, call_id: str, at: datetime) -> Appeal | None:
        category = _category(outage)
        if category is None:
            return None
        there = await self._there(watcher, outage)
        known = await self.citizens.calling_from(watcher.address)
        new = self._new(watcher, outage, category, there, known, call_id, at)
        appeal = await self.registry.enter(new)
        report = OutageReport(
            utility=outage.utility,
            address=there,
            at=at,
            number=watcher.address,
            applicant_id=appeal.applicant_id,
            call_id=call_id,
            appeal=appeal.number,
            outage_id=outage.id,
        )
        await self.reports.put(report)
        log.info("not restored outage=%d appeal=%s call_id=%s", outage.id, appeal.number, call_id)
        return appeal

    async def _there(self, watcher: Watcher, outage: Outage) -> Address:
        """Give their address in the outage; of who left none a street of it: nobody knows which house.

        Of the whole city no street says more than none: it is empty, as of appeals that name no place.
        """
        known = await self.places.addresses_of(watcher.address)
        streets = [Address(street=area.street) for area in outage.areas[:1]]
        return next((one for one in [*known, *streets] if outage.concerns(one)), Address(street=""))

    def _new(  # noqa: PLR0917 - all that an appeal is made of
        self,
        watcher: Watcher,
        outage: Outage,
        category: Category,
        there: Address,
        known: Sequence[Citizen],
        call_id: str,
        at: datetime,
    ) -> NewAppeal:
        number = watcher.address
        alone = known[0] if len(known) == 1 else None
        term = classifier().deadline(category.code, category.urgency, at, self.zone)
        return NewAppeal(
            text=_text(outage),
            kind=AppealKind.REPORT,
            category=category.code,
            classifier=classifier().version,
            address=alone.address if alone else there.text,
            urgency=category.urgency,
            registered_at=at,
            year=at.astimezone(self.zone).year,
            due_on=term.due_on,
            due_at=term.due_at,
            registered_by=None,
            applicant_number=number,
            applicant=alone.id if alone else None,
            call_id=call_id,
            idempotency_key=f"{matter_of(outage)}-watcher-{watcher.id}",
            reply_by=Channel.SMS if gets_sms(number, self.sms) else None,
            language=watcher.language,
        )

    async def _tell_head(self, outage: Outage, at: datetime) -> None:
        said = (await self.answers.counted(outage.id, outage.version)).get(WatcherAnswer.NOT_RESTORED, 0)
        if said < DISPUTED_BY:
            return
        new = NewNotice(
            matter=f"{matter_of(outage)}-disputed",
            to=Recipient.HEAD,
            channel=Channel.PAGE,
            address="",
            about="outage-disputed",
            facts=facts_disputed(outage, said),
        )
        await self.outbox.owe([new], at)


def _category(outage: Outage) -> Category | None:
    known = classifier().categories.values()
    return next((one for one in known if one.interruption and one.utility is outage.utility), None)


def _text(outage: Outage) -> str:
    """Say what the dispatcher and the enterprise have to know; appeals are written in Ukrainian."""
    where = "; ".join(areas_text(outage.areas).splitlines()) or "усе місто"
    return f"Повідомлено про відновлення (відключення № {outage.id}, {where}), але в заявника не відновлено."
