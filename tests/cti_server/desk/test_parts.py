"""Parts that many desks show are written anew only when what they show has changed."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from cti_server.desk.missed import Missed
from cti_server.desk.parts import Parts
from cti_server.desk.progressive_view import OFF
from cti_server.frame.pages import Pages
from hotline.line.callbacks import OwedCallback
from hotline.line.line import Dispatcher
from hotline.line.presence_states import Presence

OLYA = Dispatcher(id=1, extension="201", name="Оля", secret="s", since=datetime(2026, 3, 2, tzinfo=UTC))


async def test_a_part_is_written_once_until_what_it_shows_changes() -> None:
    parts = Parts(Pages(ZoneInfo("Europe/Kyiv")))
    away = parts.text("uk", "presence", 1, {"me": OLYA})
    assert parts.text("uk", "presence", 1, {"me": replace(OLYA)}) is away
    assert parts.text("en", "presence", 1, {"me": OLYA}) != away
    ready = parts.text("uk", "presence", 1, {"me": replace(OLYA, presence=Presence.READY)})
    assert ready != away
    assert parts.text("uk", "presence", 1, {"me": OLYA}) == away


async def test_the_call_that_one_makes_oneself_is_not_somebody_elses() -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    owed = OwedCallback(number="+380671234567", first_at=at, last_at=at, last_call_id="c1", calls=1)
    missed = Missed(owed=[owed], hidden=(), more=False, claimed={owed.number: 7}, due=())
    parts = Parts(Pages(ZoneInfo("Europe/Kyiv")))

    def shown_to(user: int) -> str:
        return parts.text("uk", "missed", user, {"missed": missed.on_desk_of(user), "progressive": OFF})

    assert "ви зараз дзвоните" in shown_to(7)
    assert "хтось" not in shown_to(7)
    assert "хтось уже дзвонить" in shown_to(8)
