"""Whatever anybody does in whatever order: no appeal closes unconfirmed, is nobody's, or loses its term."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from hotline.appeals.acts.act import Act, ActFault
from hotline.appeals.acts.actors import Actor, ActorRole, NotYours
from hotline.appeals.acts.applicants_word import Confirm, TakeNoBack
from hotline.appeals.acts.keeping import Recount
from hotline.appeals.appeal import Appeal, AppealState, ResultKind
from hotline.appeals.handling import Entry, act_on, following
from hotline.city.terms import longest_extension
from hotline.errors import ForbiddenTransition
from tests.effort import effort
from tests.hotline.appeals.people import ACTORS, APPEAL, CITY, KYIV, NOON, appeal, every_act

HOURS = st.sampled_from([0, 1, 5, 24, 24 * 4, 24 * 20, 24 * 40])
NUMBER_OF_ACTS = len(every_act(ACTORS[0], NOON))
CHILD = replace(APPEAL, number="2600009", parent=APPEAL.number)


def check(before: Appeal, then: Appeal, entry: Entry) -> None:
    """What holds of every single step."""
    assert then.due_at is not None
    assert before.due_at is not None
    if entry.act != Recount.name:  # a day that is no holiday any more gives its term back
        assert then.due_at >= before.due_at
        assert then.due_on >= before.due_on
    assert then.due_on <= longest_extension(APPEAL.registered_at, KYIV)
    assert entry.version == then.version == before.version + 1
    closed = then.state is not before.state
    if closed and then.state is AppealState.CLOSED:
        assert entry.act in {Confirm.name, TakeNoBack.name}
        assert entry.part is ActorRole.APPLICANT
        assert entry.facts["source"]
    if closed and then.state is AppealState.CLOSED_UNCONFIRMED:
        assert entry.part in (ActorRole.DISPATCHER, ActorRole.HEAD)
        assert entry.said
        assert before.attempts >= CITY.check_attempts
    if not then.ended:
        assert (then.state is AppealState.REGISTERED) is (then.executor_id is None)


def test_no_road_at_all_closes_an_appeal_unconfirmed_leaves_it_to_nobody_or_shortens_its_term() -> None:
    moments = [NOON + timedelta(days=days) for days in (0, 6, 40)]
    acts = [one for by in ACTORS for at in moments for one in every_act(by, at)]
    seen, frontier = {_kind(APPEAL)}, [APPEAL]
    while frontier:
        before = frontier.pop()
        for act in acts:
            try:
                handled = act_on(before, act, CITY)
            except (NotYours, ForbiddenTransition, ActFault):
                continue
            check(before, handled.appeal, handled.entry)
            if _kind(handled.appeal) not in seen:
                seen.add(_kind(handled.appeal))
                frontier.append(handled.appeal)
    assert {state for state, *_ in seen} == set(AppealState)


def _kind(one: Appeal) -> tuple[object, ...]:
    attempts = min(one.attempts, CITY.check_attempts)
    return one.state, one.executor_id, attempts, one.extension_wanted is None, one.result


class AppealMachine(RuleBasedStateMachine):
    """An appeal that many reported, one that is linked to it, and people who try everything."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOON
        self.appeals = {one.number: one for one in (APPEAL, CHILD)}
        self.history: dict[str, list[Entry]] = {APPEAL.number: [], CHILD.number: []}
        self.begun = {one.number: one.state for one in self.appeals.values()}

    @initialize(state=st.sampled_from(AppealState), attempts=st.integers(0, CITY.check_attempts))
    def it_has_come_so_far(self, state: AppealState, attempts: int) -> None:
        done = {"result": ResultKind.SATISFIED, "answer": "Полагоджено", "attempts": attempts}
        self.appeals[APPEAL.number] = appeal(state, **done)
        self.begun[APPEAL.number] = state

    @rule(
        number=st.sampled_from([APPEAL.number, CHILD.number]),
        actor=st.sampled_from(ACTORS),
        which=st.integers(0, NUMBER_OF_ACTS - 1),
        hours=HOURS,
        text=st.sampled_from(["Так треба", "", " "]),
        days=st.integers(-5, 60),
    )
    def somebody_acts(
        self, *, number: str, actor: Actor, which: int, hours: int, text: str, days: int
    ) -> None:
        self.now += timedelta(hours=hours)
        until = NOON.date() + timedelta(days=days)
        self._act(number, every_act(actor, self.now, text=text, until=until)[which])

    @rule(
        number=st.sampled_from([APPEAL.number, CHILD.number]),
        hours=HOURS,
        moving=st.integers(0, 3),
        data=st.data(),
    )
    def something_possible_is_done(self, number: str, hours: int, moving: int, data: st.DataObject) -> None:
        self.now += timedelta(hours=hours)
        before = self.appeals[number].state
        tried = [(act, self._after(number, act)) for by in ACTORS for act in every_act(by, self.now)]
        possible = [act for act, after in tried if after is not None]
        changing = [act for act, after in tried if after not in (None, before)]
        self._act(number, data.draw(st.sampled_from(changing if moving and changing else possible)))

    def _after(self, number: str, act: Act) -> AppealState | None:
        try:
            return act_on(self.appeals[number], act, CITY).appeal.state
        except (NotYours, ForbiddenTransition, ActFault):
            return None

    def _act(self, number: str, act: Act) -> None:
        before = self.appeals[number]
        try:
            handled = act_on(before, act, CITY)
        except (NotYours, ForbiddenTransition, ActFault):
            return
        self._check(before, handled.appeal, handled.entry)
        for child in list(self.appeals.values()):
            if child.parent == number and (follow := following(handled.appeal, child, self.now)):
                followed = act_on(child, follow, CITY)
                self._check(child, followed.appeal, followed.entry)

    def _check(self, before: Appeal, then: Appeal, entry: Entry) -> None:
        check(before, then, entry)
        self.appeals[then.number] = then
        self.history[then.number].append(entry)

    @invariant()
    def the_history_leads_from_state_to_state(self) -> None:
        for number, entries in self.history.items():
            states = [self.begun[number], *(one.after for one in entries)]
            assert [one.before for one in entries] == states[:-1]
            assert self.appeals[number].state is states[-1]

    @invariant()
    def what_is_done_has_a_result_and_an_answer(self) -> None:
        for one in self.appeals.values():
            if one.state in (AppealState.DONE, AppealState.BEING_CHECKED, AppealState.CLOSED):
                assert one.result is not None
                assert one.answer


AppealMachine.TestCase.settings = settings(
    max_examples=effort(day=6, night=300), stateful_step_count=30, deadline=None
)
TestAppealMachine = AppealMachine.TestCase
