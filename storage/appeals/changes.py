"""The only writer of appeals' changes, in the caller's transaction: row, history, links and outbox."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from attrs import define
from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.appeals.acts.act import Act
from hotline.appeals.acts.actors import SERVICE
from hotline.appeals.acts.keeping import MarkMass
from hotline.appeals.acts.routing import Assign
from hotline.appeals.acts.work import ReportDone
from hotline.appeals.appeal import ENDED, Appeal, AppealKind, AppealState, Sign
from hotline.appeals.handling import UNDOES, Handled, act_on, first_entry, following
from hotline.appeals.routing import Routed, RoutingCase, Unrouted, who_gets
from hotline.appeals.telling import addressed, told_elsewhere
from hotline.appeals.word_codes import reported_at
from hotline.city.city_rules import CityRules
from hotline.city.classifier import Urgency, classifier
from hotline.city.days_off import days_off
from hotline.delivery.outbox import Addressed, OwedNotice, Recipient
from hotline.enterprises.executors import Executor
from storage.appeals.history_rows import add_entry, owe, read_history, read_step
from storage.appeals.register import read_appeal, values_of
from storage.appeals.rules import read_active_rules
from storage.enterprises.executors import read_executor
from storage.shifts.senior import responsible_ways
from storage.surveys.completion import owe_survey
from storage.tables import appeals

_CHILDREN = (
    select(appeals)
    .where(appeals.c.parent == bindparam("appeal"))
    .order_by(appeals.c.number)
    .with_for_update()
)
_FAMILY = (
    select(appeals)
    .where(or_(appeals.c.number == bindparam("appeal"), appeals.c.parent == bindparam("appeal")))
    .order_by(appeals.c.number)
    .with_for_update()
)
_SET = update(appeals).where(appeals.c.number == bindparam("appeal"), appeals.c.version == bindparam("seen"))


@dataclass(frozen=True, slots=True)
class _Holders:
    """The enterprise that has an appeal, and the one that had it before the act if that is another."""

    now: Executor | None = None
    former: Executor | None = None

    def of(self, recipient: Recipient) -> Executor | None:
        return self.former if recipient is Recipient.FORMER else self.now or self.former


@define(eq=False, repr=False)
class AppealWriter:
    """Carries out acts on appeals whose rows the caller has locked. No other code writes their state."""

    city: CityRules

    async def act(
        self, connection: AsyncConnection, appeal: Appeal, act: Act, *, told: bool = True
    ) -> Appeal:
        """Carry out the act and all that follows; after an error of `act_on` the caller keeps nothing.

        Unless `told`, the applicant gets no notice of it: the notice of the registration covers it.
        """
        handled = act_on(appeal, act, self.city)
        if not told:
            others = [one for one in handled.owed if one.recipient is not Recipient.APPLICANT]
            handled = replace(handled, owed=others)
        return await self._keep(connection, appeal, handled)

    async def follow(
        self,
        connection: AsyncConnection,
        child: Appeal,
        parent: Appeal,
        at: datetime,
        *,
        linked: bool | None = None,
        undone: bool = False,
        told: bool = True,
    ) -> Appeal:
        """Let a linked appeal go along with its parent's work, where it is not there yet."""
        act = following(parent, child, at, linked=linked, undone=undone)
        return child if act is None else await self.act(connection, child, act, told=told)

    async def registered(self, connection: AsyncConnection, appeal: Appeal, parent: Appeal | None) -> Appeal:
        """Begin the history of an appeal that was just entered, and give it to an executor.

        The rules choose the executor, or its parent's executor takes it. The applicant is owed one notice for
        all of it.
        """
        entry = first_entry(appeal)
        entry_id = await add_entry(connection, entry)
        if parent is None:
            appeal = await self.route(connection, appeal, entry.at, told=False)
        else:
            appeal = await self.follow(connection, appeal, parent, entry.at, told=False)
            appeal = await self.counted(connection, appeal, parent.number, entry.at)
        holders = await _holders(connection, appeal, appeal)
        told = self._ways(appeal, [OwedNotice(recipient=Recipient.APPLICANT)], holders, entry.at)
        await owe(connection, entry_id, entry, told, holders.now)
        return appeal

    async def counted(self, connection: AsyncConnection, child: Appeal, parent: str, at: datetime) -> Appeal:
        """Set the sign of a mass report (resolution 858/2008) once enough appeals are linked.

        Returns the child as it is afterwards.
        """
        rows = (await connection.execute(_FAMILY, {"appeal": parent})).mappings().all()
        family = [read_appeal(row) for row in rows]
        people = {one.applicant_id or one.applicant_number or one.number for one in family}
        if len(people) < self.city.reports_for_alert:
            return child
        for one in family:
            free = one.sign is Sign.FIRST and one.state not in ENDED
            if free and not await read_step(connection, one.number, MarkMass.name):
                marked = await self.act(connection, one, MarkMass(by=SERVICE, at=at))
                child = marked if marked.number == child.number else child
        return child

    async def route(
        self, connection: AsyncConnection, appeal: Appeal, at: datetime, *, told: bool = True
    ) -> Appeal:
        """Give it to the executor of the first matching rule, or leave it on the dispatchers' list."""
        found = await self.who_gets(
            connection,
            category=appeal.category,
            version=appeal.classifier,
            address=appeal.address,
            at=at,
            kind=appeal.kind,
            urgency=appeal.urgency,
            to_give=True,
        )
        if isinstance(found, Unrouted):
            return appeal
        act = Assign(
            by=SERVICE,
            at=at,
            executor_id=found.rule.executor_id,
            rule_id=found.rule.id,
        )
        return await self.act(connection, appeal, act, told=told)

    async def who_gets(
        self,
        connection: AsyncConnection,
        *,
        category: str,
        version: int,
        address: str,
        at: datetime,
        kind: AppealKind,
        urgency: Urgency,
        to_give: bool = False,
    ) -> Routed | Unrouted:
        """Say what the rules say; `to_give` in a transaction that then does it."""
        known = classifier(version).categories.get(category)
        asked = RoutingCase(
            category=category,
            utility=known.utility if known else None,
            address=address,
            local=at.astimezone(self.city.timezone),
            kind=kind,
            urgency=urgency,
        )
        return who_gets(await read_active_rules(connection, to_give=to_give), asked, days_off())

    async def _keep(self, connection: AsyncConnection, before: Appeal, handled: Handled) -> Appeal:
        then = handled.appeal
        values = {"appeal": then.number, "seen": before.version}
        await connection.execute(_SET.values(**values_of(then, self.city)), values)
        entry_id = await add_entry(connection, handled.entry)
        holders = await _holders(connection, before, then)
        told = self._ways(then, handled.owed, holders, handled.entry.at)
        if any(one.recipient is Recipient.SENIOR for one in handled.owed):
            ways = await responsible_ways(
                connection,
                handled.entry.at,
                self.city.timezone,
                called=then.urgency is Urgency.EMERGENCY,
            )
            told += [(then, way) for way in ways]
        told += await self._children(connection, then, handled)
        await owe(connection, entry_id, handled.entry, told, holders.now or holders.former)
        if told_elsewhere(before, then):
            await self._ask_there(connection, entry_id, then, handled.entry.at, holders)
        done = then.state is AppealState.DONE and before.state is not AppealState.DONE
        if done:
            await owe_survey(
                connection,
                then,
                handled.entry.at,
                calls=self.city.survey_calls,
                written_for=self.city.survey_written_for,
            )
        return then

    async def _ask_there(
        self,
        connection: AsyncConnection,
        entry_id: int,
        appeal: Appeal,
        at: datetime,
        holders: _Holders,
    ) -> None:
        """Owe the notice of the report that it is done once more, to where the applicant is told now.

        It has the report's version, which its code and the link are of.
        """
        history = await read_history(connection, appeal.number, hidden=True)
        version = reported_at(history)
        for report in (one for one in history if one.version == version):
            asks = OwedNotice(recipient=Recipient.APPLICANT, about=ReportDone.name)
            there = self._ways(replace(appeal, version=report.version), [asks], holders, at)
            await owe(connection, entry_id, replace(report, at=at), there, holders.now)

    async def _children(
        self, connection: AsyncConnection, parent: Appeal, handled: Handled
    ) -> list[tuple[Appeal, Addressed]]:
        """Let the linked appeals follow; an applicant whose appeal stays gets a notice by this very entry."""
        reporters: list[tuple[Appeal, Addressed]] = []
        rows = (await connection.execute(_CHILDREN, {"appeal": parent.number})).mappings().all()
        applicants = [one for one in handled.owed if one.recipient is Recipient.APPLICANT]
        for child in map(read_appeal, rows):
            undone = handled.entry.act in UNDOES
            followed = await self.follow(connection, child, parent, handled.entry.at, undone=undone)
            if followed is child and not child.ended:
                reporters += self._ways(child, applicants, _Holders(), handled.entry.at)
        return reporters

    def _ways(
        self, appeal: Appeal, owed: Sequence[OwedNotice], holders: _Holders, at: datetime
    ) -> list[tuple[Appeal, Addressed]]:
        local, urgent = at.astimezone(self.city.timezone), appeal.urgency is Urgency.EMERGENCY
        mails = {Recipient.HEAD: self.city.head_email, Recipient.DEPARTMENT: self.city.department_email}
        found = (
            addressed(one, appeal, holders.of(one.recipient), local, urgent=urgent, mails=mails)
            for one in owed
        )
        return [(appeal, way) for ways in found for way in ways]


async def _holders(connection: AsyncConnection, before: Appeal, then: Appeal) -> _Holders:
    now = None if then.executor_id is None else await read_executor(connection, then.executor_id)
    if before.executor_id in (None, then.executor_id):
        return _Holders(now=now)
    return _Holders(now=now, former=await read_executor(connection, before.executor_id))
