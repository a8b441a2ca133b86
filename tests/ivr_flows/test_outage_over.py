"""The automatic call about an outage: only a key answers, and each leads where it should."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hotline.calls.call import Step
from hotline.calls.conversation import Next
from hotline.city.addresses import Area
from hotline.city.classifier import Utility
from hotline.errors import CallGone
from hotline.outages.answers import WatcherAnswer
from hotline.outages.outage import Outage, OutageKind
from hotline.outages.telling import OutageChange
from hotline.voice.speech import Phrase
from ivr_flows.outage_over import TIMES, outage_over
from ivr_flows.outage_over_phrases import news
from tests.fakes.call import FakeCall

KYIV = ZoneInfo("Europe/Kyiv")
NOON = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
OUTAGE = Outage(
    id=17,
    utility=Utility.WATER,
    kind=OutageKind.REPAIR,
    starts_at=NOON - timedelta(hours=4),
    expected_end=datetime(2026, 11, 25, 16, 0, tzinfo=UTC),
    areas=(Area(street="вулиця Атомників"), Area(street="Київський квартал", first=1, last=9)),
    entered_at=NOON,
)
NEWS = news(OUTAGE, OutageChange.OVER, KYIV, now=NOON)


class Desk:
    """Takes answers down; "not restored" becomes an appeal unless there is none."""

    def __init__(self, appeal: str | None = "2600007") -> None:
        self.answers: list[WatcherAnswer] = []
        self._appeal = appeal

    async def answered(self, answer: WatcherAnswer) -> str | None:
        self.answers.append(answer)
        return self._appeal if answer is WatcherAnswer.NOT_RESTORED else None


def said(change: OutageChange, outage: Outage = OUTAGE) -> Phrase:
    return news(outage, change, KYIV, now=NOON)


async def test_one_says_that_it_is_restored() -> None:
    call, desk = FakeCall("1", outgoing=True), Desk()
    assert await outage_over(call, NEWS, desk.answered, asks=True) is Next.HANG_UP
    assert desk.answers == [WatcherAnswer.RESTORED]
    assert call.heard == ["outage-who-calls", NEWS.name, "outage-call-ask", "outage-call-thanks"]
    assert Step.INFORMED in call.steps


async def test_two_says_that_it_is_not_and_the_number_of_the_appeal_is_told() -> None:
    call, desk = FakeCall("2", outgoing=True), Desk()
    assert await outage_over(call, NEWS, desk.answered, asks=True) is Next.HANG_UP
    assert desk.answers == [WatcherAnswer.NOT_RESTORED]
    assert "Його номер: два шість, нуль нуль, нуль нуль, сім." in call.said[-1]


async def test_what_cannot_be_registered_by_itself_is_a_dispatchers() -> None:
    call, desk = FakeCall("2", outgoing=True), Desk(appeal=None)
    assert await outage_over(call, NEWS, desk.answered, asks=True) is Next.DISPATCHER


async def test_zero_leads_to_a_dispatcher() -> None:
    call, desk = FakeCall("0", outgoing=True), Desk()
    assert await outage_over(call, NEWS, desk.answered, asks=True) is Next.DISPATCHER
    assert desk.answers == [WatcherAnswer.DISPATCHER]


async def test_who_is_not_asked_confirms_that_they_have_heard_it() -> None:
    call, desk = FakeCall("21", outgoing=True), Desk()
    assert await outage_over(call, NEWS, desk.answered, asks=False) is Next.HANG_UP
    assert desk.answers == [WatcherAnswer.HEARD]
    assert call.heard.count("outage-call-confirm") == 2
    assert "wrong-key" in call.heard


async def test_silence_is_no_answer() -> None:
    call, desk = FakeCall("", outgoing=True), Desk()
    assert await outage_over(call, NEWS, desk.answered, asks=True) is Next.HANG_UP
    assert desk.answers == []
    assert call.heard.count(NEWS.name) == TIMES
    assert call.heard[-1] == "outage-call-nothing"
    assert Step.INFORMED not in call.steps


@pytest.mark.parametrize("at", [1, 2])
async def test_who_hangs_up_before_a_key_has_answered_nothing(at: int) -> None:
    call, desk = FakeCall("__", outgoing=True, hang_up_at=at), Desk()
    with pytest.raises(CallGone):
        await outage_over(call, NEWS, desk.answered, asks=True)
    assert desk.answers == []


def test_the_news_are_said_as_people_say_them() -> None:
    where = "на в+улиці +Атомників, у К+иївському кварт+алі, будинки з першого по дев'ятий"
    assert NEWS.uk == f"Водопостачання відновлено {where}."
    assert NEWS.en == "The water supply is back on Atomnykiv Street, in Kyivskyi Quarter, houses one to nine."
    assert said(OutageChange.MOVED).uk == (
        f"Водопостачання {where}: строк відновлення змінився. "
        "Відновлення очікується сьогодні до вісімнадцятої години."
    )
    postponed = said(OutageChange.POSTPONED, replace(OUTAGE, starts_at=NOON + timedelta(days=1)))
    assert postponed.uk.endswith("перерву перенесено. Вона почнеться завтра о дванадцятій годині.")
    everywhere = said(OutageChange.OVER, replace(OUTAGE, areas=()))
    assert everywhere.uk == "Водопостачання відновлено по всьому місту."


def test_every_change_of_every_utility_has_its_words_in_both_languages() -> None:
    for utility in Utility:
        for change in OutageChange:
            for end in (None, NOON - timedelta(hours=1), NOON + timedelta(days=3)):
                phrase = said(change, replace(OUTAGE, utility=utility, expected_end=end))
                assert phrase.uk
                assert "{" not in phrase.uk + phrase.en


def test_of_many_places_none_is_read_aloud() -> None:
    many = tuple(Area(street="Київський квартал", first=at, last=at) for at in range(1, 5))
    assert said(OutageChange.OVER, replace(OUTAGE, areas=many)).uk == "Водопостачання відновлено."
