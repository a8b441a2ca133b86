"""Has people told of the terms of tasks: before one ends, and when it has (regulation 4.6)."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from attrs import define

from hotline.access.users import Users
from hotline.clock import Clock
from hotline.contact.channel import Channel
from hotline.delivery.facts import notice_facts
from hotline.delivery.outbox import NewNotice, Outbox, Recipient, StepKind
from hotline.enterprises.executors import Executor, Executors
from hotline.isolation import run_isolated
from hotline.tasks.parties import Party, enterprise_of, user_of, user_party
from hotline.tasks.task import Task, Tasks
from hotline.tasks.terms import due_step
from hotline.voice.speech import Language

log = logging.getLogger(__name__)

AT_ONCE = 100
Way = tuple[str, Channel, str]
"""Recipient, channel and address of a notice."""


@define(eq=False, repr=False)
class TaskTerms:
    """One look at the terms of tasks; the escalation of appeals calls it with its own look at terms.

    Notices of a step are owed once for its matter, so that a death between them and `told` repeats nothing.
    """

    _tasks: Tasks
    _users: Users
    _executors: Executors
    _outbox: Outbox
    _clock: Clock
    _zone: ZoneInfo

    async def look(self) -> None:
        """Take the steps that are due; one that fails holds up no other."""
        now = self._clock.now()
        for task, told_until in await self._tasks.due(now, AT_ONCE):
            await run_isolated(
                partial(self._take, task, told_until, now), f"not told of its term task={task.id}"
            )

    async def _take(self, task: Task, told_until: datetime, now: datetime) -> None:
        step = due_step(task, told_until, now)
        if step is not None:
            at, kind = step
            await self._outbox.owe(await self._notices(task, kind, at, now), now)
            log.info("told of its term task=%d step=%s", task.id, kind)
        await self._tasks.told(task.id, now, None if step is None else step[1])

    async def _notices(self, task: Task, kind: StepKind, at: datetime, now: datetime) -> Sequence[NewNotice]:
        overdue = kind is StepKind.OVERDUE
        ways = await self._ways(task.parties, now, managers=overdue)
        if overdue:
            ways += await self._ways([user_party(task.controller)], now)
            ways.append((Recipient.HEAD.value, Channel.PAGE, ""))
        facts = notice_facts(
            Language.UKRAINIAN,
            texts={"number": str(task.id), "text": task.text},
            moments={"due": task.due_at},
        )
        matter = f"task-{task.id}-{kind}-{at:%Y%m%dT%H%M}"
        return [
            NewNotice(
                matter=matter, to=to, channel=channel, address=address, about=f"task-{kind}", facts=facts
            )
            for to, channel, address in dict.fromkeys(ways)
        ]

    async def _ways(self, parties: Iterable[Party], now: datetime, *, managers: bool = False) -> list[Way]:
        """Give the ways to reach these; a closed account and a closed enterprise have none."""
        found: list[Way] = []
        for party in sorted(parties):
            if (executor_id := enterprise_of(party)) is not None:
                found += _to_enterprise(
                    await self._executors.get(executor_id), now.astimezone(self._zone), managers=managers
                )
            elif (user_id := user_of(party)) is not None:
                user = await self._users.get(user_id)
                if user.active and user.email:
                    found.append((party, Channel.EMAIL, user.email))
        return found


def _to_enterprise(executor: Executor, local: datetime, *, managers: bool) -> Iterator[Way]:
    """Give the ways to those on duty at that hour, and to the managers as well."""
    if executor.active:
        for contact in [*executor.on_duty(local), *(executor.managers() if managers else ())]:
            for channel, address in contact.written_ways():
                yield f"contact:{contact.id}", channel, address
