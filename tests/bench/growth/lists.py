"""Lists of appeals, for `hotline bench growth`: a page shows as much of a great year as of a small one."""

from collections.abc import Mapping
from datetime import timedelta

from hotline.appeals.appeal import ENDED, PENDING, AppealState
from hotline.appeals.lists import AppealFilter, Order, Position
from hotline.portal.matters import MatterFilter, Standing
from tests.bench.growth.rows import frequent, seldom
from tests.bench.growth.steps import Do, Town


async def _listed(town: Town, order: Order = Order.NEWEST, **wanted: object) -> None:
    await town.storage.appeal_lists.find(AppealFilter(**wanted), order=order, limit=town.rows)  # type: ignore[arg-type]


async def _behind(town: Town, **wanted: object) -> None:
    last = Position(at=town.of.arrived_at, number="9" * 8)
    await town.storage.appeal_lists.find(
        AppealFilter(**wanted),  # type: ignore[arg-type]
        order=Order.NEWEST,
        limit=town.rows,
        behind=last,
    )


async def _work(town: Town, *states: AppealState, text: str = "", assignee_id: int | None = None) -> None:
    await town.storage.executor_work.all(
        executor(town), states=states, text=text, assignee_id=assignee_id, limit=town.rows
    )


async def _public(town: Town, **wanted: object) -> None:
    await town.storage.public_matters.find(MatterFilter(**wanted), limit=town.rows)  # type: ignore[arg-type]


def executor(town: Town) -> int:
    return 1 + town.which % town.executors


def category(town: Town) -> str:
    return town.categories[town.which % len(town.categories)]


def common(town: Town) -> str:
    return frequent(town.which % town.frequent)


LISTS: Mapping[str, Do] = {
    "appeals_newest": _listed,
    "appeals_deep": _behind,
    "appeals_oldest": lambda town: _listed(town, Order.OLDEST),
    "appeals_closed": lambda town: _listed(town, states=frozenset({AppealState.CLOSED})),
    "appeals_withdrawn": lambda town: _listed(town, states=frozenset({AppealState.WITHDRAWN})),
    "appeals_of_category": lambda town: _listed(town, category=category(town)),
    "appeals_of_enterprise": lambda town: _listed(town, executor_id=executor(town)),
    "appeals_ended_of_enterprise": lambda town: _listed(town, executor_id=executor(town), states=ENDED),
    "appeals_rejected_of_enterprise": lambda town: _listed(
        town, executor_id=executor(town), states=frozenset({AppealState.REJECTED})
    ),
    "appeals_by_words": lambda town: _listed(town, text=common(town)),
    "appeals_by_words_deep": lambda town: _behind(town, text=common(town)),
    "appeals_by_words_and_state": lambda town: _listed(
        town, text=common(town), states=frozenset({AppealState.CLOSED})
    ),
    "appeals_by_words_and_enterprise": lambda town: _listed(
        town, text=common(town), executor_id=executor(town)
    ),
    "appeals_by_words_and_registrar": lambda town: _listed(
        town, text=common(town), registered_by=town.dispatcher
    ),
    "appeals_by_words_of_a_month": lambda town: _listed(
        town,
        text=common(town),
        since=town.of.arrived_at - timedelta(days=15),
        until=town.of.arrived_at + timedelta(days=15),
    ),
    "work_ended": lambda town: _work(town, *ENDED),
    "work_ended_of_nobody_here": lambda town: _work(town, *ENDED, assignee_id=1),
    "work_ended_by_words": lambda town: _work(town, *ENDED, text=common(town)),
    "public_newest": _public,
    "public_closed": lambda town: _public(town, standing=Standing.CLOSED),
}
BOUNDED: Mapping[str, Do] = {
    "appeals_by_seldom_word_and_state": lambda town: _listed(
        town, text=seldom(town.which), states=frozenset({AppealState.CLOSED})
    ),
    "work_owed": lambda town: _work(town, *PENDING),
    "work_owed_by_words": lambda town: _work(town, *PENDING, text=common(town)),
}
"""Rare words beside a filter are collected up to a bound; an enterprise owes more where more is reported."""
