"""Appeals of the city's register, brought into a state by the acts that lead there."""

from dataclasses import replace
from datetime import timedelta

from hotline.appeals.acts.actors import SERVICE, Actor, ActorRole, applicant
from hotline.appeals.acts.applicants_word import BeginCheck, Confirm, Dispute
from hotline.appeals.acts.routing import Assign
from hotline.appeals.acts.work import Accept, BeginWork, ReportDone
from hotline.appeals.appeal import Appeal, AppealState, ResultKind
from hotline.clock import Clock
from storage.store import Storage

MARIA = "+380457900001"
ROAD = (
    AppealState.REGISTERED,
    AppealState.ASSIGNED,
    AppealState.ACCEPTED,
    AppealState.IN_WORK,
    AppealState.DONE,
    AppealState.BEING_CHECKED,
    AppealState.CLOSED,
)
ANSWER = "Замінено лампу, ліхтар світить."


class Register:
    """Registers appeals and lets people work on them, up to the state that a test needs."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock

    async def appeal(
        self,
        number: str,
        state: AppealState,
        *,
        caller: str | None = MARIA,
        category: str = "street-light",
        result: ResultKind = ResultKind.SATISFIED,
        answer: str = ANSWER,
    ) -> Appeal:
        """Register one that is due in fifteen days, and have it get so far."""
        now = self._clock.now()
        one = Appeal(
            number=number,
            applicant_number=caller,
            text="Не світить ліхтар біля під'їзду",
            state=AppealState.REGISTERED,
            category=category,
            address="Київський квартал, 7",
            registered_at=now,
            due_on=(now + timedelta(days=15)).date(),
        )
        await self._storage.appeals.register(one)
        steps = ROAD.index(state if state in ROAD else AppealState.DONE)
        one = await self._on(one, await self._executor(), steps, result, answer)
        if state is AppealState.DISPUTED:
            dispute = Dispute(by=applicant("letter:1"), at=now)
            one = await self._storage.handling.carry_out(number, dispute, version=None)
        return one

    async def assigned(self, number: str, executor_id: int) -> Appeal:
        """Register one that this enterprise has."""
        one = await self.appeal(number, AppealState.REGISTERED)
        return await self._on(one, executor_id, 1)

    async def worked(self, number: str, state: AppealState) -> Appeal:
        """Bring one that is registered, or further on its road, into this state."""
        return await self._on(await self.now(number), await self._executor(), ROAD.index(state))

    async def _on(
        self,
        one: Appeal,
        executor: int,
        steps: int,
        result: ResultKind = ResultKind.SATISFIED,
        answer: str = ANSWER,
    ) -> Appeal:
        now = self._clock.now()
        crew = Actor(part=ActorRole.EXECUTOR, executor_id=executor)
        acts = (
            Assign(by=SERVICE, at=now, executor_id=executor),
            Accept(by=crew, at=now),
            BeginWork(by=crew, at=now),
            ReportDone(by=crew, at=now, result=result, answer=answer),
            BeginCheck(by=SERVICE, at=now),
            Confirm(by=applicant("letter:1"), at=now),
        )
        for act in acts[ROAD.index(one.state) : steps]:
            one = await self._storage.handling.carry_out(one.number, act, version=None)
        return one

    async def now(self, number: str) -> Appeal:
        """The appeal as it is now."""
        found = await self._storage.appeals.find(number)
        assert found is not None
        return found

    async def other_address(self, appeal: Appeal, **fields: object) -> Appeal:
        """Register a further one like it, with these fields."""
        one = replace(appeal, version=1, **fields)
        await self._storage.appeals.register(one)
        return one

    async def _executor(self) -> int:
        known = await self._storage.executors.all()
        if known:
            return known[0].id
        return (await self._storage.executors.add("КП «УЖКГ» (демо)", "УЖКГ", [])).id
