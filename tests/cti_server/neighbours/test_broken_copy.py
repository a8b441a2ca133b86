"""Whatever the other city's hotline answers, our pages and lines go on with the last copy that was good."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web

from hotline.neighbours.agreement import Agreement
from service.neighbours.client import NeighbourClient
from service.neighbours.copying import Copying
from service.neighbours.lines import NeighbourLines
from service.neighbours.sealed_keys import SealedKeys
from storage.sounds.keys import SoundKeys
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person
from tests.fakes.neighbours import answered_for, city_document

OUTAGE = {
    "id": 7,
    "version": 1,
    "utility": "water",
    "kind": "emergency",
    "starts_at": "2026-03-02T10:00:00+00:00",
    "entered_at": "2026-03-02T10:00:00+00:00",
    "areas": [{"street": "Київський квартал"}],
}
WATER = {"code": "water-leak", "uk": "Витік", "en": "Leak", "urgency": "ordinary", "term": 1, "unit": "days"}


@dataclass
class Answers:
    """What the other city's hotline answers to whoever reads it."""

    document: dict[str, object] = field(default_factory=dict)

    async def give(self, _request: web.Request) -> web.Response:
        return web.Response(text=json.dumps(self.document), content_type="application/json")


@pytest.fixture
async def theirs(clock: MovedClock) -> AsyncIterator[tuple[Answers, str]]:
    answers = Answers(city_document(clock.now()) | {"outages": [OUTAGE], "categories": [WATER]})
    app = web.Application()
    app.router.add_get("/api/v1/neighbour", answers.give)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield answers, f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.fixture
async def copying(storage: Storage, clock: MovedClock) -> AsyncIterator[Copying]:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as session:
        yield Copying(
            agreements=storage.agreements,
            taken=storage.taken_appeals,
            keys=SealedKeys(storage.agreements, SoundKeys(None)),
            client=NeighbourClient(session),
            audit=storage.audit,
            clock=clock,
        )


async def _read_once(
    storage: Storage, clock: MovedClock, copying: Copying, theirs: tuple[Answers, str]
) -> Agreement:
    agreement = await answered_for(storage, clock.now(), address=theirs[1])
    await copying.round()
    known = await storage.agreements.get(agreement.id)
    assert known.failing_since is None, known.fault
    return known


@pytest.mark.parametrize(
    "spoilt",
    [
        {"outages": [OUTAGE | {"expected_end": "9999-12-31T23:59:59+00:00"}]},
        {"outages": [OUTAGE | {"reason": "\ud800"}]},
        {"outages": [OUTAGE | {"areas": [{"street": "Київська", "first": -(10**30)}]}]},
        {"outages": "none"},
    ],
    ids=["end", "letters", "house", "type"],
)
async def test_bad_data_leave_the_last_good_copy_and_are_told(  # noqa: PLR0917
    head: Person,
    storage: Storage,
    clock: MovedClock,
    copying: Copying,
    theirs: tuple[Answers, str],
    spoilt: dict[str, object],
) -> None:
    agreement = await _read_once(storage, clock, copying, theirs)
    good = await storage.agreements.copy(agreement.id)
    lines = NeighbourLines(agreements=storage.agreements, clock=clock)
    theirs[0].document |= spoilt
    clock.pass_(minutes=1)
    await copying.round()
    known = await storage.agreements.get(agreement.id)
    assert known.failing_since == clock.now()
    assert known.fault.startswith("gave what is no city")
    assert await storage.agreements.copy(agreement.id) == good
    page = await head.text(f"/neighbours/{agreement.id}/line")
    assert "Київський квартал" in page
    assert 'value="water-leak"' in page
    assert "не вдається прочитати з 02.03.2026" in await head.text("/neighbours")
    assert "gave what is no city" in await head.text(f"/neighbours/{agreement.id}")
    await lines.renew()
    (line,) = [lines.of(agreement.id)]
    assert line is not None
    assert not line.bare
    assert [one.id for one in line.copy.outages_now(clock.now())] == [7]


async def test_a_kept_copy_that_cannot_be_read_leaves_the_form_and_the_line(
    head: Person, storage: Storage, clock: MovedClock
) -> None:
    agreement = await answered_for(storage, clock.now(), copy='{"of": "another version"}')
    page = await head.text(f"/neighbours/{agreement.id}/line")
    assert "не вдається прочитати: про їхні відключення нічого не відомо" in page
    assert 'value="water-leak"' in page, "the categories are ours"
    assert "Зараз невідомо про жодне" not in page
    said = {"text": "Прорвало трубу", "category": "water-leak", "address": "Київська, 7", "key": "form-1"}
    assert (await head.post(f"/neighbours/{agreement.id}/appeals", said)).status == 303
    lines = NeighbourLines(agreements=storage.agreements, clock=clock)
    await lines.renew()
    line = lines.of(agreement.id)
    assert line is not None
    assert line.bare
    assert line.copy.city_name.whose == "громади Славутич"


async def test_how_old_it_is_goes_by_our_clock(
    head: Person, storage: Storage, clock: MovedClock, copying: Copying, theirs: tuple[Answers, str]
) -> None:
    theirs[0].document["made_at"] = "2026-02-01T00:00:00+00:00"
    agreement = await _read_once(storage, clock, copying, theirs)
    away = "Їхня гаряча лінія не відповідає"
    assert away not in await head.text(f"/neighbours/{agreement.id}/line"), "their clock is a month slow"
    theirs[0].document["made_at"] = "2027-02-01T00:00:00+00:00"
    clock.pass_(minutes=1)
    await copying.round()
    clock.pass_(minutes=16)
    assert away in await head.text(f"/neighbours/{agreement.id}/line"), "their clock is a year fast"
