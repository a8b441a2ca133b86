"""What surveys came to, counted and listed; trials and people are not in it."""

from datetime import timedelta

import pytest

from hotline.surveys.completion import SurveyCall, SurveyOutcome
from hotline.surveys.forms import COMPLETION
from hotline.surveys.results import ResultFilter, SurveyGroup, Tally, tallies
from hotline.voice.speech import Language
from storage.store import Storage
from tests.storage.conftest import NOON
from tests.storage.enterprise import NUMBER, City, found
from tests.storage.surveys.test_completion import reported_done

BEFORE, AFTER = NOON - timedelta(days=7), NOON + timedelta(hours=1)
ALL = ResultFilter(since=BEFORE, until=AFTER)


@pytest.fixture
async def city(storage: Storage) -> City:
    return await found(storage)


async def came_to(city: City, outcome: SurveyOutcome, rating: int | None = None) -> str:
    """A survey that ended so; its appeal's number."""
    appeal = await reported_done(city)
    (survey,) = await city.storage.surveys.of_appeal(appeal.number)
    call = SurveyCall(call_id=f"out-{survey.id}", at=NOON, outcome=outcome)
    await city.storage.surveys.ended(survey.id, outcome, NOON, call=call, rating=rating)
    return appeal.number


@pytest.fixture
async def numbers(city: City) -> list[str]:
    """Two confirmed, one returned, one in part, one stranger; a trial; and one that waits."""
    made = [
        await came_to(city, SurveyOutcome.CONFIRMED, 5),
        await came_to(city, SurveyOutcome.CONFIRMED, 2),
        await came_to(city, SurveyOutcome.NOT_DONE),
        await came_to(city, SurveyOutcome.PARTLY),
        await came_to(city, SurveyOutcome.WRONG_PERSON),
    ]
    form = await city.storage.survey_forms.present(COMPLETION)
    await city.storage.surveys.try_out(
        form.id, number=NUMBER, language=Language.UKRAINIAN, user_id=city.head.id, at=NOON
    )
    return [*made, (await reported_done(city)).number]


@pytest.mark.usefixtures("numbers")
async def test_they_are_counted_by_what_they_came_to(city: City) -> None:
    cells = await city.storage.survey_results.cells([BEFORE, NOON, AFTER])
    by_span = tallies(cells, lambda cell: cell.span)
    assert list(by_span) == [1]
    tally = by_span[1]
    assert tally.groups == {
        SurveyGroup.CONFIRMED: 2,
        SurveyGroup.RETURNED: 2,
        SurveyGroup.UNREACHED: 1,
        SurveyGroup.WAITING: 1,
    }
    assert (tally.asked, tally.reached, tally.rating, tally.confirmed_share) == (6, 4, 3.5, 0.5)
    by_executor = tallies(cells, lambda cell: (cell.executor_id, cell.category))
    assert list(by_executor) == [(city.heat.id, "heat-none")]


def test_nothing_is_told_where_nobody_said_anything() -> None:
    assert (Tally().rating, Tally().confirmed_share, Tally().asked) == (None, None, 0)


@pytest.mark.parametrize(
    ("group", "which"),
    [
        (None, [5, 4, 3, 2, 1, 0]),
        (SurveyGroup.CONFIRMED, [1, 0]),
        (SurveyGroup.RETURNED, [3, 2]),
        (SurveyGroup.UNREACHED, [4]),
        (SurveyGroup.WAITING, [5]),
        (SurveyGroup.ELSEWHERE, []),
        (SurveyGroup.DISPATCHER, []),
    ],
)
async def test_each_number_leads_to_its_surveys(
    city: City, numbers: list[str], group: SurveyGroup | None, which: list[int]
) -> None:
    wanted = ResultFilter(since=BEFORE, until=AFTER, group=group)
    listed = await city.storage.survey_results.find(wanted, limit=9)
    assert [one.appeal for one in listed] == [numbers[place] for place in which]
    assert all(group in {None, one.group} for one in listed)


async def test_a_list_is_narrowed_and_goes_on_behind_its_last_line(city: City, numbers: list[str]) -> None:
    results = city.storage.survey_results
    first = await results.find(ALL, limit=4)
    rest = await results.find(ALL, limit=4, before=first[-1].id)
    assert [one.appeal for one in (*first, *rest)] == numbers[::-1]
    (five,) = await results.find(ResultFilter(since=BEFORE, until=AFTER, rating=5), limit=9)
    assert (five.appeal, five.executor, five.category) == (numbers[0], "Тепломережі", "heat-none")
    assert (five.call_id, five.attempts, five.ended_at) == (f"out-{five.id}", 1, NOON)
    nobody = ResultFilter(since=BEFORE, until=AFTER, executor_id=city.water.id)
    assert await results.find(nobody, limit=9) == []
    assert await results.find(ResultFilter(since=BEFORE, until=AFTER, category="water-leak"), limit=9) == []
