"""`hotline seed`, as `./start` runs it: every page of a new city has something to show."""

import asyncio
import re
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol, TypeVar

import pytest

from hotline.appeals.appeal import (
    PENDING,
    Appeal,
    AppealKind,
    AppealState,
    Receipt,
    ResultKind,
    Sign,
    Subject,
)
from hotline.appeals.handling import Entry
from hotline.appeals.lists import AppealFilter, Order
from hotline.city.terms import longest_extension
from hotline.clock import SystemClock
from hotline.delivery.notice_states import NoticeState
from hotline.delivery.outbox import Notice
from hotline.outages.outage import EntrySource, Outage
from hotline.surveys.results import SurveyGroup, tallies
from service.command_line import main
from service.demo.accounts import DEMO_ACCOUNTS, demo_passwords
from service.demo.appeals import OUTWARD
from service.demo.stories import stories
from storage.store import SLAVUTYCH, Storage, open_storage
from tests.fakes.databases import empty_database

Found = TypeVar("Found")
LATIN = re.compile(r"[A-Za-z]")


class Ask(Protocol):
    """Asks the city's database."""

    def __call__(self, question: Callable[[Storage], Coroutine[Any, Any, Found]], /) -> Found: ...


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city that `hotline seed` has just filled."""
    made = tmp_path_factory.mktemp("city")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOTLINE_VAR", str(made))
        patch.setenv("HOTLINE_ARI_SECRET", "a")
        patch.setenv("HOTLINE_AMI_SECRET", "b")
        patch.setenv("HOTLINE_DATABASE_URL", empty_database(made))
        assert main(["seed"]) == 0
        assert main(["seed"]) == 0  # an empty city only: the second time nothing is added
    return made


@pytest.fixture(scope="module")
def ask(folder: Path) -> Ask:
    def answered(question: Callable[[Storage], Coroutine[Any, Any, Found]]) -> Found:
        async def run() -> Found:
            async with open_storage(f"sqlite:///{folder}/hotline.db") as storage:
                return await question(storage)

        return asyncio.run(run())

    return answered


async def _appeals(storage: Storage) -> list[Appeal]:
    found = await storage.appeal_lists.find(AppealFilter(), order=Order.OLDEST, limit=100)
    return [one.appeal for one in found]


def test_there_is_an_appeal_in_every_state_and_of_every_kind_of_paper(ask: Ask) -> None:
    appeals = ask(_appeals)
    assert len(appeals) == len(stories())
    assert {one.state for one in appeals} == set(AppealState)
    assert {one.subject for one in appeals} == set(Subject)
    assert {AppealKind.APPLICATION, AppealKind.COMPLAINT, AppealKind.REPORT} <= {one.kind for one in appeals}
    assert {Sign.FIRST, Sign.REPEATED} <= {one.sign for one in appeals}
    assert {ResultKind.SATISFIED, ResultKind.EXPLAINED, ResultKind.FORWARDED, ResultKind.NOT_CONSIDERED} <= {
        one.result for one in appeals
    }
    assert Receipt.POST in {one.receipt for one in appeals}
    told = {one.code for appeal in appeals for one in appeal.details}
    assert told == {code for story in stories() for code in story.answered}, "each is asked of its category"
    for wanted in ("extended", "extension_wanted", "controlled", "parent", "earlier", "served_first"):
        assert any(getattr(one, wanted) for one in appeals), wanted


def test_one_is_overdue_and_none_is_longer_than_the_law_allows(ask: Ask) -> None:
    appeals, now = ask(_appeals), SystemClock().now()
    assert [one for one in appeals if one.state in PENDING and one.due_at and one.due_at < now]
    for one in appeals:
        assert one.due_on <= longest_extension(one.registered_at, SLAVUTYCH.timezone)


def test_every_state_was_come_to_by_acts_in_the_order_of_time(ask: Ask) -> None:
    async def histories(storage: Storage) -> list[list[Entry]]:
        return [
            list(await storage.handling.history(one.number, hidden=True)) for one in await _appeals(storage)
        ]

    for history in ask(histories):
        assert history[0].act == "register"
        assert [one.version for one in history] == list(range(1, len(history) + 1))
        assert [one.before for one in history[1:]] == [one.after for one in history[:-1]]
        assert sorted(one.at for one in history) == [one.at for one in history]
        assert history[-1].at <= SystemClock().now()


def test_what_people_read_is_ukrainian(ask: Ask) -> None:
    for one in ask(_appeals):
        for text in (one.text, one.answer, one.address):
            assert not LATIN.search(text), text
        assert one.address


def test_no_demo_notice_is_ever_sent_to_anybody(ask: Ask) -> None:
    async def owed(storage: Storage) -> list[Notice]:
        claimed = await storage.outbox.claim(OUTWARD, SystemClock().now() + timedelta(days=1000))
        return list(claimed)

    async def told(storage: Storage) -> list[Notice]:
        return [
            one for each in await _appeals(storage) for one in await storage.outbox.of_appeal(each.number)
        ]

    assert ask(owed) == []
    assert {one.state for one in ask(told) if one.channel in OUTWARD} == {NoticeState.SENT}


def test_no_demo_citizen_is_called_and_what_they_said_is_in_the_results(ask: Ask) -> None:
    now = SystemClock().now()
    assert ask(lambda storage: storage.call_jobs.claim(now + timedelta(days=1000), 99)) == []
    cells = ask(lambda storage: storage.survey_results.cells([now - timedelta(days=365), now]))
    tally = tallies(cells, lambda _cell: True)[True]
    assert tally.of(SurveyGroup.CONFIRMED)
    assert tally.of(SurveyGroup.RETURNED)
    assert tally.rating is not None
    assert not tally.of(SurveyGroup.WAITING, SurveyGroup.ELSEWHERE)


def test_the_demo_people_can_sign_in_and_their_enterprises_have_work(ask: Ask, folder: Path) -> None:
    assert set(demo_passwords(folder / "secrets")) == {login for login, *_ in DEMO_ACCOUNTS}

    async def busy(storage: Storage) -> set[int | None]:
        return {one.executor_id for one in await _appeals(storage) if one.state in PENDING}

    async def theirs(storage: Storage) -> set[int | None]:
        return {one.executor_id for one in await storage.users.all() if one.executor_id}

    assert ask(theirs) <= ask(busy)


def test_outages_go_on_are_planned_and_are_over_each_entered_in_time_by_its_enterprise(ask: Ask) -> None:
    async def read(storage: Storage) -> tuple[Sequence[Outage], Sequence[Outage], Sequence[Outage]]:
        now = SystemClock().now()
        over = await storage.outages.find(limit=5, over=True)
        return await storage.outages.now(now), await storage.outages.coming(now), over

    (now,), (coming,), (over,) = ask(read)
    assert [one.flaws(SystemClock().now()) for one in (now, coming, over)] == [[], [], []]
    assert all(one.source is EntrySource.ENTERPRISE and one.executor_id for one in (now, coming, over))
    assert not any(one.city_wide for one in (now, coming, over))
