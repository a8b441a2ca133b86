"""As kept, too: whatever anybody does in whatever order, the database holds what the rules say."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from hotline.appeals.acts.act import Act, ActFault
from hotline.appeals.acts.actors import SERVICE, Actor, ActorRole, NotYours, acting, applicant
from hotline.appeals.acts.applicants_word import Dispute, TakeNoBack
from hotline.appeals.acts.keeping import Amend, Escalate, Link
from hotline.appeals.acts.routing import Assign
from hotline.appeals.acts.way_back import Begun
from hotline.appeals.acts.work import PassInside
from hotline.appeals.appeal import PENDING, Appeal, AppealKind, AppealState, Subject
from hotline.appeals.control import AppealWaitsFor
from hotline.appeals.handling import Entry, Overtaken, act_on
from hotline.city.classifier import Urgency
from hotline.errors import ForbiddenTransition, HotlineError
from storage.store import SLAVUTYCH, Storage, open_storage
from tests.effort import effort
from tests.fakes.databases import empty_database
from tests.hotline.appeals.people import every_act
from tests.storage.conftest import NOON, Cluster
from tests.storage.enterprise import City, found, waiting

Given = TypeVar("Given")
Emptied = Callable[[], str]
ROAD = (
    *(
        ("accept", ActorRole.EXECUTOR),
        ("begin-work", ActorRole.EXECUTOR),
        ("report-done", ActorRole.EXECUTOR),
    ),
    *(
        ("begin-check", ActorRole.SERVICE),
        *(("attempt-in-vain", ActorRole.SERVICE),) * SLAVUTYCH.check_attempts,
    ),
    ("confirm", ActorRole.APPLICANT),
)
ACTS = len(every_act(SERVICE, NOON))
STEPS, EXAMPLES = 20, {"sqlite": effort(day=3, night=24), "postgresql": effort(day=1, night=8)}
BY_STORAGE = (Assign, PassInside, Link, Amend, TakeNoBack)
"""Acts for which the registers may hold a reason that the pure rules cannot know."""


class KeptAppeals(RuleBasedStateMachine):
    """A city whose people try everything; after each step the database is looked at as a whole."""

    emptied: Emptied

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.opened = open_storage(self.emptied())
        self.storage: Storage = self.run(self.opened.__aenter__())
        self.city: City = self.run(found(self.storage))
        self.now: datetime = NOON
        self.seen: dict[str, Appeal] = {}

    def run(self, asked: Coroutine[Any, Any, Given]) -> Given:
        return self.runner.run(asked)

    def teardown(self) -> None:
        self.run(self.opened.__aexit__(None, None, None))
        self.runner.close()

    @property
    def actors(self) -> list[Actor]:
        city = self.city
        people = (city.olya, city.head, city.fitter, city.plumber)
        return [*map(acting, people), applicant("call:hotline-1.1"), SERVICE]

    @initialize(steps=st.integers(0, len(ROAD)), reported_twice=st.booleans())
    def somebody_has_called(self, *, steps: int, reported_twice: bool) -> None:
        """The first appeal has come so far already, with one that goes along with it."""
        self._enter()
        number = self._one(0)
        if reported_twice:
            self._enter(parent=number)
        for name, part in ROAD[:steps]:
            by = next(one for one in self.actors if one.part is part)
            act = next(one for one in every_act(by, self.now) if one.name == name)
            self.run(self.storage.handling.carry_out(number, act, version=None))
        self._look()

    @precondition(lambda self: len(self.seen) < 5)
    @rule(
        category=st.sampled_from(["heat-none", "water-none", "other", "heat-leak"]),
        kind=st.sampled_from(AppealKind),
        urgency=st.sampled_from(Urgency),
        anonymous=st.booleans(),
        linked=st.integers(0, 9),
    )
    def somebody_calls_again(
        self, *, category: str, kind: AppealKind, urgency: Urgency, anonymous: bool, linked: int
    ) -> None:
        parent = self._one(linked) if linked < len(self.seen) else None
        fields: dict[str, Any] = {"category": category, "kind": kind, "urgency": urgency, "parent": parent}
        if anonymous:
            fields |= {"applicant": None, "subject": Subject.ANONYMOUS}
        self._enter(**fields)

    @rule(
        which=st.integers(0, 9),
        actor=st.integers(0, 5),
        act=st.integers(0, ACTS - 1),
        hours=st.integers(0, 90),
    )
    def somebody_acts(self, *, which: int, actor: int, act: int, hours: int) -> None:
        self.now += timedelta(hours=hours)
        number = self._one(which)
        self._act(number, self._theirs(self.actors[actor], number)[act], self.seen[number].version)

    @rule(which=st.integers(0, 9), data=st.data())
    def something_possible_is_done(self, which: int, data: st.DataObject) -> None:
        number = self._one(which)
        before = self.seen[number]
        tried = [(act, _expected(before, act)) for by in self.actors for act in self._theirs(by, number)]
        possible = [act for act, then in tried if isinstance(then, Appeal)]
        changing = [act for act, then in tried if isinstance(then, Appeal) and then.state is not before.state]
        chosen = changing if changing and data.draw(st.integers(0, 3)) else possible
        self._act(number, data.draw(st.sampled_from(chosen)), before.version)

    @rule(which=st.integers(0, 9), actor=st.integers(0, 5), act=st.integers(0, ACTS - 1))
    def somebody_acts_on_what_they_saw_before(self, which: int, actor: int, act: int) -> None:
        number = self._one(which)
        late = self._theirs(self.actors[actor], number)[act]
        if self.seen[number].version == 1 or isinstance(late, Escalate):
            return
        overtaken = self._try(number, late, self.seen[number].version - 1)
        assert isinstance(overtaken, Overtaken)
        assert overtaken.since[-1].version == self.seen[number].version
        assert overtaken.appeal == self.seen[number]

    @rule(which=st.integers(0, 9))
    def whoever_had_it_is_closed_and_the_applicant_disputes_it(self, which: int) -> None:
        """Rare among all that may happen, and then somebody has to act all the same."""
        number = self._one(which)
        if self.seen[number].state is AppealState.CLOSED:
            self.an_enterprise_is_closed_or_opened(heat=True, active=False)
            said = applicant("call:hotline-1.2")
            self._act(number, Dispute(by=said, at=self.now), self.seen[number].version)

    @rule(heat=st.booleans(), active=st.booleans())
    def an_enterprise_is_closed_or_opened(self, *, heat: bool, active: bool) -> None:
        one = self.city.heat if heat else self.city.water
        owes = any(each.executor_id == one.id and not each.ended for each in self.seen.values())
        try:
            self.run(self.storage.executors.update(replace(one, active=active)))
        except ForbiddenTransition:
            assert owes
            assert not active

    @invariant()
    def everything_holds(self) -> None:
        """In this order: what is seen of the register is what the others speak of."""
        self.the_register_and_the_history_say_the_same()
        self.each_has_an_executor_or_stands_on_the_list_of_a_person()
        self.what_is_owed_is_owed_once_and_for_something_that_happened()

    def the_register_and_the_history_say_the_same(self) -> None:
        for number, before in self.seen.items():
            now = self.run(self.storage.registry.find(number))
            assert now is not None
            history = self.run(self.storage.handling.history(number, hidden=True))
            assert [one.version for one in history] == list(range(1, now.version + 1))
            assert [one.before for one in history] == [None, *(one.after for one in history[:-1])]
            assert history[-1].after is now.state
            assert now.due_on >= before.due_on
            assert now.due_at >= before.due_at  # type: ignore[operator]
            _closed_by_whoever_may(history)
        self._look()

    def each_has_an_executor_or_stands_on_the_list_of_a_person(self) -> None:
        listed = {one.number for one in self.run(waiting(self.storage, AppealWaitsFor.UNROUTED))}
        active = {one.id for one in self.run(self.storage.executors.all()) if one.active}
        for one in self.seen.values():
            assert (one.number in listed) is (one.state is AppealState.REGISTERED)
            if one.state in PENDING - {AppealState.REGISTERED}:
                assert one.executor_id in active

    def what_is_owed_is_owed_once_and_for_something_that_happened(self) -> None:
        for number in self.seen:
            notices = self.run(self.storage.outbox.of_appeal(number))
            keys = [(one.entry_id, one.to, one.channel) for one in notices]
            assert len(keys) == len(set(keys))

    def _look(self) -> None:
        for number in self.seen:
            now = self.run(self.storage.registry.find(number))
            assert now is not None
            self.seen[number] = now

    def _enter(self, **fields: Any) -> None:
        new = self.city.new(registered_at=self.now, due_at=self.now + timedelta(hours=24), **fields)
        new = replace(new, due_on=(self.now + timedelta(hours=24)).date())
        try:
            entered = self.run(self.storage.registry.enter(new))
        except HotlineError:
            assert new.parent is not None  # it has ended, or is linked itself
            return
        self.seen[entered.number] = entered

    def _one(self, which: int) -> str:
        return list(self.seen)[which % len(self.seen)]

    def _theirs(self, by: Actor, number: str) -> list[Act]:
        """Every act, with the ids of this city and another appeal to link to."""
        other = next((one for one in self.seen if one != number), "2699999")
        every = every_act(by, self.now, until=self.now.date() + timedelta(days=10))
        executors = iter((self.city.heat.id, self.city.water.id))
        fields: dict[type[Act], Callable[[], dict[str, Any]]] = {
            Assign: lambda: {"executor_id": next(executors)},
            PassInside: lambda: {"assignee_id": self.city.fitter.id},
            Link: lambda: {"parent": other},
        }
        return [replace(one, **fields.get(type(one), dict)()) for one in every]

    def _act(self, number: str, act: Act, version: int) -> None:
        before = self.seen[number]
        expected = _expected(before, act)
        taken = isinstance(act, Escalate) and self._taken(number, act.key)
        then = self._try(number, act, version)
        if isinstance(then, Exception):
            assert type(then) is type(expected) or isinstance(act, BY_STORAGE), (act, then)
            assert self.run(self.storage.registry.find(number)) == before
        elif taken:
            assert then == before
        elif not isinstance(
            act, Link | Amend | Dispute | Begun
        ):  # after these it may go on to somebody at once
            assert then == expected, act

    def _try(self, number: str, act: Act, version: int) -> Appeal | HotlineError:
        try:
            return self.run(self.storage.handling.carry_out(number, act, version=version))
        except (NotYours, ForbiddenTransition, ActFault, Overtaken) as error:
            return error

    def _taken(self, number: str, key: str) -> bool:
        return any(one.step == key for one in self.run(self.storage.handling.history(number, hidden=True)))


def _expected(before: Appeal, act: Act) -> Appeal | Exception:
    try:
        return act_on(before, act, SLAVUTYCH).appeal
    except (NotYours, ForbiddenTransition, ActFault) as error:
        return error


def _closed_by_whoever_may(history: list[Entry]) -> None:
    vain = 0
    for one in history:
        if one.act == "attempt-in-vain":
            vain += 1
        elif one.act in {"report-done", "dispute", "follow", "refuse-done", "take-back", "reopen"}:
            vain = 0
        if one.after is AppealState.CLOSED and one.before is not AppealState.CLOSED:
            assert (one.act, one.part) == ("confirm", ActorRole.APPLICANT)
            assert one.facts["source"]
        if one.act == "close-unconfirmed":
            assert one.part in (ActorRole.DISPATCHER, ActorRole.HEAD)
            assert one.said
            assert vain >= SLAVUTYCH.check_attempts


@pytest.fixture(params=["sqlite", "postgresql"])
def emptied(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Emptied]]:
    """A function that gives an empty database of the newest schema each time."""
    if request.param == "sqlite":

        def copied() -> str:
            for rest in tmp_path.glob("hotline.db*"):
                rest.unlink()
            return empty_database(tmp_path)

        yield request.param, copied
        return
    address: str = request.getfixturevalue("migrated_postgres")
    cluster: Cluster = request.getfixturevalue("cluster")

    def emptied_again() -> str:
        cluster.empty()
        return address

    yield request.param, emptied_again


def test_no_road_through_the_database_leads_where_no_rule_does(emptied: tuple[str, Emptied]) -> None:
    name, fresh = emptied
    machine = type("KeptAppealsHere", (KeptAppeals,), {"emptied": staticmethod(fresh)})
    bounded = settings(max_examples=EXAMPLES[name], stateful_step_count=STEPS, phases=[Phase.generate])
    run_state_machine_as_test(machine, settings=bounded)
