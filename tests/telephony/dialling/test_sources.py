"""Several sources of automatic calls: the urgent first, the room shared, and a broken one in nobody's way."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from hotline.dialling.dialler import Attempt, Errand, Result
from telephony.dialling.sources import Sources
from tests.fakes.call import FakeCall
from tests.fakes.errands import ListedErrands
from tests.hotline.appeals.people import NOON


class Unrenewed(ListedErrands):
    """Its database is away when claims are to be renewed, and there again at once."""

    async def renew(self, errands: Sequence[Errand], at: datetime) -> None:
        raise ConnectionError(errands, at)


async def test_the_urgent_come_first_and_all_share_the_room() -> None:
    sources = Sources([ListedErrands("notice", 2), ListedErrands("survey", 5), ListedErrands("news", 5)])
    assert [one.name for one in await sources.claim(NOON, 4)] == [
        *("notice-1", "notice-2"),
        *("survey-1", "survey-2"),
    ]
    assert [one.name for one in await sources.claim(NOON, 4)] == [
        *("survey-3", "survey-4", "survey-5"),
        "news-1",
    ]


async def test_a_source_that_fails_holds_nobody_else_up() -> None:
    broken, whole = ListedErrands("notice", 2, broken=True), ListedErrands("survey", 1)
    sources = Sources([broken, whole])
    claimed = await sources.claim(NOON, 4)
    assert [one.name for one in claimed] == ["survey-1"]
    elsewhere = Errand(name="notice-hotline-9.1", attempt=1, claimed_at=NOON, number="+380671112233")
    assert await sources.keep([elsewhere, *claimed], NOON, NOON) == 1
    assert whole.told == [("renewed", ["survey-1"], NOON), ("left behind", NOON, NOON)]


async def test_a_source_that_could_not_renew_what_is_under_way_gives_nothing_back() -> None:
    surveys = Unrenewed("survey", 1)
    sources = Sources([surveys])
    assert await sources.keep(await sources.claim(NOON, 1), NOON, NOON) == 0
    assert surveys.told == []


async def test_each_source_hears_of_its_own_errands_only() -> None:
    notices, surveys = ListedErrands("notice", 1), ListedErrands("survey-of-winter", 1)
    sources = Sources([notices, surveys])
    first, second = await sources.claim(NOON, 2)
    later = NOON + timedelta(hours=1)
    call = FakeCall("", outgoing=True)
    await sources.keep([first, second], NOON, NOON)
    await sources.prepare(second)
    await sources.attend(call, Attempt(second, f"out-{second.call}"))
    await sources.ended(first, Result.BUSY, NOON)
    await sources.put_off(second, later, NOON)
    assert notices.told == [
        ("renewed", ["notice-1"], NOON),
        ("left behind", NOON, NOON),
        ("notice-1", Result.BUSY, NOON),
    ]
    assert surveys.told == [
        ("renewed", ["survey-of-winter-1"], NOON),
        ("left behind", NOON, NOON),
        ("prepared", "survey-of-winter-1"),
        ("spoke", call.number, "survey-of-winter-1"),
        ("survey-of-winter-1", later, NOON),
    ]


def test_two_sources_cannot_have_one_name() -> None:
    with pytest.raises(ValueError, match="one name"):
        Sources([ListedErrands("survey", 1), ListedErrands("survey", 1)])
