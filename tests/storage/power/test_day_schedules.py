"""Two hundred cities' days, on the whole road from a file to a house: every house and half-hour is right."""

from sqlalchemy import delete

from hotline.city.addresses import Address
from hotline.power.forecast import forecast
from hotline.power.queues import read_power_queues
from hotline.power.reading import read_told
from storage.store import Storage
from storage.tables import power_schedules
from tests.effort import effort
from tests.fakes.drawn_power import CLOCKS_GO_BACK, CLOCKS_GO_FORWARD, STREET, City, drawn, expected
from tests.fakes.power import KYIV

CITIES = 200


async def held_in(storage: Storage, city: City) -> int:
    """Take its files one after the other, and compare each house after each; returns how often."""
    queues, compared = read_power_queues(city.queues_of_houses, 1), 0
    half_hours = [*city.half_hours()]
    for file in city.files:
        await storage.power.take(read_told(file.content, heard_at=file.at, zone=KYIV), source="file", by=None)
        known = await storage.power.known()
        for house, its in city.houses.items():
            found = queues.at(Address(street=STREET, house=house))
            assert {*found} == {*its}
            there = forecast(known, found, (), now=file.at, zone=KYIV, since=half_hours[0])
            ends = [one.until for one in there.stretches]
            assert [half_hours[0], *ends[:-1]] == [one.since for one in there.stretches], "no gaps"
            stretches = iter(there.stretches)
            stretch = next(stretches)
            for at in half_hours:
                stretch = stretch if at < stretch.until else next(stretches)
                assert stretch.supply is expected(file.days, its, at), (house, at)
                compared += 1
            assert next(stretches, None) is None
    return compared


async def test_every_house_and_half_hour_is_right_before_noon_and_after(storage: Storage) -> None:
    cities = effort(day=CITIES // 5, night=CITIES)
    compared = 0
    for number in range(cities):
        async with storage.database.writing() as connection:
            await connection.execute(delete(power_schedules))
        compared += await held_in(storage, drawn(number))
    assert compared >= cities * 2 * 5 * 94  # files, houses, half-hours of two days when a clock goes forward


def test_the_lot_draws_each_oddity() -> None:
    cities = [drawn(number) for number in range(CITIES)]
    assert {len([*city.half_hours()]) for city in cities} == {94, 96, 98}
    told = [file.days for city in cities for file in city.files]
    assert {CLOCKS_GO_BACK, CLOCKS_GO_FORWARD} <= {day for days in told for day in days}
    assert any(city.today not in city.files[-1].days for city in cities), "a day without data"
    assert any(b"brownout" in file.content for city in cities for file in city.files)
    before, after = [
        [(city.files[at].days.get(city.today), city.houses["1"][0]) for city in cities] for at in (0, 1)
    ]
    changed, gone, begun = 0, 0, 0
    for (was, queue), (now, _) in zip(before, after, strict=True):
        had, has = (was or {}).get(queue), (now or {}).get(queue)
        changed += had is not None and has is not None and had != has
        gone += had is not None and has is None
        begun += had is None and has is not None
    assert min(changed, gone, begun) > 0
