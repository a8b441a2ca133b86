"""The one act by which a resident reports without a dispatcher, whichever way it comes."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hotline.appeals.acts.act import ActFault
from hotline.appeals.appeal import PENDING, Appeal, AppealKind, Receipt
from hotline.appeals.attachments import AppealFiles, FileRefused, FileStore
from hotline.appeals.registering import NewAppeal, NewPerson, Registry, Similar
from hotline.appeals.statute import first_term
from hotline.city.addresses import Streets
from hotline.city.classifier import Category, Urgency, classifier
from hotline.clock import Clock
from hotline.contact.channel import Channel
from hotline.errors import ForbiddenTransition, HotlineError
from hotline.events import AppealRegistered, Events
from hotline.outages.outage import Outage, Outages, concerning
from hotline.outages.reports import reported_by
from hotline.people.citizens import Citizens
from hotline.portal.follow_codes import FollowCodes
from hotline.portal.matters import PublicMatters
from hotline.portal.report import ResidentReport, ResidentReports

log = logging.getLogger(__name__)

ALIKE_FOR = timedelta(days=30)
"""How far back an appeal may be about the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Outages and open appeals about a category at a place, told before anybody sends another; nameless."""

    outages: Sequence[Outage] = ()
    """Outages of what the category says to be off, there or in the whole city."""
    appeals: Sequence[Similar] = ()
    """Appeals about the same at this address whose work is still owed, the newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The receipt: the appeal, the code by which it is followed, and whether it had come before."""

    appeal: Appeal
    code: str
    again: bool
    photos: int = 0
    """Pictures that it has with it."""
    refused_photos: int = 0
    """Pictures that found no room any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporting:
    """Registers reports of residents as appeals, and says before what is known."""

    reports: ResidentReports
    registry: Registry
    files: AppealFiles
    store: FileStore
    outages: Outages
    streets: Streets
    citizens: Citizens
    matters: PublicMatters
    codes: FollowCodes
    events: Events
    clock: Clock
    zone: ZoneInfo

    async def known(self, category: str, address: str) -> Known:
        """Find what makes a report of this category at this address needless, or joins it."""
        if category not in classifier().categories or not address.strip():
            return Known()
        now = self.clock.now()
        there = (await self.streets.gazetteer()).locate(address)
        utility = reported_by(category)
        off = [one for one in await self.outages.now(now) if utility and one.utility is utility]
        similar = await self.registry.similar(
            category=category,
            address=await self.streets.present(address.strip()),
            number=None,
            applicant=None,
            since=now - ALIKE_FOR,
        )
        return Known(
            outages=concerning([] if there is None else [there], off),
            appeals=[one for one in similar if one.appeal.state in PENDING],
        )

    async def report(self, report: ResidentReport) -> Accepted:
        """Register it and give the receipt; sent again under its key, it gives the receipt of then.

        Raises ReportFault, TooManyReports. The photos become the appeal's, or are dropped from the store.
        """
        try:
            report.check()
            now = self.clock.now()
            kept = await self.reports.admit(report, now)
        except HotlineError:
            await self._drop(report)
            raise
        known = None if kept.appeal is None else await self.registry.find(kept.appeal)
        if known is not None:
            await self._drop(report)
            return Accepted(appeal=known, code=self.codes.code(known), again=True)
        appeal = await self._entered(report, now)
        await self.reports.registered(kept.id, appeal.number)
        refused = await self._attach(report, appeal, now)
        self.events.tell(AppealRegistered(appeal=appeal))
        log.info("reported by a resident appeal=%s source=%s", appeal.number, report.source)
        return Accepted(
            appeal=appeal,
            code=self.codes.code(appeal),
            again=False,
            photos=len(report.photos) - refused,
            refused_photos=refused,
        )

    async def _entered(self, report: ResidentReport, now: datetime) -> Appeal:
        """Register it; what it joins may have ended in this moment, and then it stands for itself."""
        parent = await self._joined(report)
        try:
            return await self.registry.enter(await self._new(report, parent, now))
        except (ActFault, ForbiddenTransition):
            return await self.registry.enter(await self._new(report, None, now))

    async def _joined(self, report: ResidentReport) -> Appeal | None:
        """Find what it goes along with: only what is known to be about the same may be named."""
        if not report.joins:
            return None
        known = await self.known(report.category, report.address)
        alike = next((one.appeal for one in known.appeals if one.appeal.number == report.joins), None)
        return alike or await self._of_the_list(report)

    async def _of_the_list(self, report: ResidentReport) -> Appeal | None:
        """Find the matter of the public list that it joins: of the same category and the same street."""
        matter, gazetteer = await self.matters.one(report.joins), await self.streets.gazetteer()
        if matter is None or not matter.work_owed or matter.category != report.category:
            return None
        there, street = gazetteer.locate(report.address), gazetteer.street(matter.place)
        return await self.registry.find(matter.number) if there and there.street == street else None

    async def _new(self, report: ResidentReport, joined: Appeal | None, now: datetime) -> NewAppeal:
        category = classifier().categories[report.category]
        contact = report.contact if report.contact and report.contact.confirmed else None
        number = contact.address if contact and contact.channel is Channel.SMS else None
        urgency = _urgency(category, confirmed=contact is not None)
        term = first_term(AppealKind.REPORT, category.code, urgency, now, self.zone)
        address = await self._address(report)
        return NewAppeal(
            text=report.text.strip() or category.uk,
            kind=AppealKind.REPORT,
            category=category.code,
            classifier=classifier().version,
            address=address,
            urgency=urgency,
            registered_at=now,
            year=now.astimezone(self.zone).year,
            due_on=term.due_on,
            due_at=term.due_at,
            registered_by=None,
            applicant_number=number,
            applicant=await self._applicant(report, number, address),
            consent=report.consent and bool(report.name.strip()),
            publish=report.publish and bool(report.text.strip()),
            earlier=joined.number if joined else None,
            parent=(joined.parent or joined.number) if joined else None,
            idempotency_key=f"resident-{report.source}-{report.key}",
            receipt=Receipt.ONLINE,
            reply_by=contact.channel if contact else None,
            reply_to=contact.address if contact else "",
            language=report.language,
            details=report.details,
            written_from=report.written_from,
        )

    async def _address(self, report: ResidentReport) -> str:
        typed = report.address.strip()
        if typed:
            return await self.streets.present(typed)
        return report.point.text if report.point else ""

    async def _applicant(
        self, report: ResidentReport, number: str | None, address: str
    ) -> int | NewPerson | None:
        """Give whose number it surely is, or else who says their name; a typed number proves nobody."""
        known = await self.citizens.calling_from(number) if number else ()
        if len(known) == 1:
            return known[0].id
        name = report.name.strip()
        return NewPerson(name=name, address=address, numbers=[number] if number else []) if name else None

    async def _attach(self, report: ResidentReport, appeal: Appeal, now: datetime) -> int:
        """Let the appeal's list name the photos; those that cannot be named go. How many went."""
        refused = 0
        for one in report.photos:
            try:
                file = await self.files.add(
                    number=appeal.number,
                    name=one.name,
                    kept=one.file,
                    uploaded_by=None,
                    at=now,
                    most=self.store.limits.most_files,
                )
            except FileRefused:
                refused += 1
                await self.store.drop(one.file.key)
                continue
            if file.key != one.file.key:  # it is there already: the report was sent twice at once
                await self.store.drop(one.file.key)
        return refused

    async def _drop(self, report: ResidentReport) -> None:
        for one in report.photos:
            await self.store.drop(one.file.key)


def _urgency(category: Category, *, confirmed: bool) -> Urgency:
    """Give the category's own; an emergency that a stranger reports is urgent until somebody has looked.

    An emergency rings people at night: by a form that anybody fills in nobody may do that. The pages say
    to call.
    """
    if category.urgency is Urgency.EMERGENCY and not confirmed:
        return Urgency.URGENT
    return category.urgency
