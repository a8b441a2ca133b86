"""Who watches what: by right, written in the log while pictures come, and ended when nobody is there."""

import json
from collections.abc import Mapping
from datetime import date, time, timedelta

import pytest
from aiohttp import WSMsgType

from cti_server.auth.revocation import WATCH
from cti_server.keys import Accounts
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.city.city_map import CityMap, Shape
from hotline.shifts.roster import Shift
from storage.store import Storage
from tests.cti_server.cameras.conftest import Watched, picture_of, socket_of, told
from tests.cti_server.conftest import MovedClock, Person, change


async def test_what_is_watched_stands_in_the_log_from_the_first_picture_to_the_last(
    olena: Person, cameras: Watched, storage: Storage, clock: MovedClock, users: Mapping[Role, User]
) -> None:
    began = clock.now()
    socket = await socket_of(olena, cameras.square.id, cameras.yard.id)
    await picture_of(socket, cameras.square.id)
    await picture_of(socket, cameras.yard.id)
    clock.pass_(minutes=5)
    await picture_of(socket, cameras.square.id)
    await picture_of(socket, cameras.yard.id)
    cameras.fake.switch_off()  # in the middle: from now on nobody watches it
    state = json.loads(await told(socket, "з 14:05:00"))
    assert state["shows"] is False
    clock.pass_(minutes=5)
    await socket.close()
    watched = await storage.watch_log.between(began - timedelta(hours=1), clock.now())
    lasted = {one.camera_id: one.until - one.since for one in watched}
    assert lasted == {cameras.square.id: timedelta(minutes=5), cameras.yard.id: timedelta(minutes=5)}
    assert {one.user_id for one in watched} == {users[Role.DISPATCHER].id}


async def test_the_right_that_ends_closes_the_picture_at_once(
    olena: Person, cameras: Watched, accounts: Accounts, users: Mapping[Role, User]
) -> None:
    socket = await socket_of(olena, cameras.square.id)
    await picture_of(socket, cameras.square.id)
    await change(accounts, users[Role.DISPATCHER], active=False)
    await olena.client.app[WATCH].look()  # type: ignore[index]
    async for message in socket:
        assert message.type is WSMsgType.BINARY or message.type is WSMsgType.TEXT
    assert socket.close_code == 1008
    assert cameras.streams.open == 0


async def test_nobody_else_comes_in(person: Person, cameras: Watched, users: Mapping[Role, User]) -> None:
    for role in (Role.OBSERVER, Role.EXECUTOR, Role.ADMINISTRATOR):
        await person.enter(users[role].login)
        assert (await person.get("/cameras")).status == 403
        assert (await person.get("/cameras/watch")).status == 403
        assert (await person.get(f"/cameras/{cameras.square.id}")).status == 403


@pytest.mark.parametrize("awake", [timedelta(seconds=1)])
async def test_a_wall_left_open_watches_nothing_until_somebody_comes_back(
    olena: Person, cameras: Watched
) -> None:
    socket = await socket_of(olena, cameras.square.id)
    await picture_of(socket, cameras.square.id, here=True)
    await told(socket, "asleep")
    assert cameras.streams.open == 0
    await socket.send_str("no JSON")
    await socket.send_json({"show": [cameras.square.id, 999]})
    await picture_of(socket, cameras.square.id, here=True)
    await socket.close()


async def test_a_camera_out_of_service_is_shown_to_nobody_and_its_address_never_leaves(
    olena: Person, cameras: Watched, storage: Storage, users: Mapping[Role, User]
) -> None:
    socket = await socket_of(olena, cameras.square.id)
    await picture_of(socket, cameras.square.id)
    pages = [await olena.text("/cameras"), await olena.text(f"/cameras/{cameras.square.id}")]
    await olena.post("/sign-out")
    await olena.enter(users[Role.HEAD].login)
    one = f"/cameras/register/{cameras.square.id}"
    pages += [await olena.text("/cameras/register"), await olena.text(one), await olena.text("/cameras/log")]
    secret = cameras.fake.http.removeprefix("http://")
    assert not [page for page in pages if secret in page]
    form = {"name": "Площа", "place": "вул. Нова, 1", "group": "Центр", "kind": "rtsp", "url": "", "user": ""}
    assert (await olena.post(one, form)).status == 422  # another kind needs another address
    password_alone = {**form, "kind": "mjpeg", "user": "admin", "password": "s3cret"}
    assert (await olena.post(one, password_alone)).status == 422
    wrong = {**form, "url": "rtsp://admin:secret@10.0.0.7/main"}
    answer = await olena.post(one, wrong)
    assert answer.status == 422
    assert "admin:secret" not in await answer.text()
    right = {**form, "url": "rtsp://10.0.0.7/main", "user": "admin", "password": "s3cret"}
    assert (await olena.post(one, right)).status == 303
    assert (await storage.cameras.source(cameras.square.id)).password == "s3cret"
    assert not [
        line for line in await storage.audit.latest() if "s3cret" in line.detail or "10.0" in line.detail
    ]
    assert (await olena.post(f"{one}/service", {"because": "ремонт"})).status == 303
    assert "ремонт" in await olena.text("/cameras")
    assert (await olena.post(f"{one}/service", {})).status == 303
    assert (await olena.post(f"{one}/remove")).status == 303
    assert (await olena.get(one)).status == 404
    await socket.close()


async def test_the_log_tells_of_a_shift_what_nobody_watched(
    head: Person, cameras: Watched, storage: Storage, clock: MovedClock, users: Mapping[Role, User]
) -> None:
    user = users[Role.DISPATCHER].id
    at = clock.now().replace(hour=6, minute=0)  # eight in Kyiv
    row = await storage.watch_log.begin(cameras.square.id, user, at)
    await storage.watch_log.extend([row], at + timedelta(hours=2))
    monday = date(2026, 3, 2)
    shift = Shift(user_id=user, day=monday, since=time(8), until=time(20))
    await storage.roster.save(monday, [shift], instead_of=0, by=user, at=at)
    await storage.roster.publish(monday, edition=1, by=user, at=at)
    page = await head.text("/cameras/log")
    assert "2:00:00" in page
    assert "переглядали 33 % часу" in page  # two hours of the six that have passed
    assert "10:00–14:00" in page
    assert "ніхто не переглядав" in page  # the yard


async def test_cameras_stand_on_the_map_beside_one_another_and_in_the_list(
    olena: Person, cameras: Watched, storage: Storage, clock: MovedClock
) -> None:
    assert "на карті немає" not in await olena.text("/cameras/map")  # there is no map at all
    square = ((0, 0), (100, 0), (100, 100), (0, 100))
    shapes = (
        Shape(street="Київський квартал", rings=(square,)),
        Shape(street="Київський квартал", house="7", rings=(((10, 10), (20, 10), (20, 20)),)),
    )
    await storage.city_maps.put(CityMap(height=100, shapes=shapes), source="map", at=clock.now())
    page = await olena.text("/cameras/map")
    assert 'cx="15" cy="15"' in page
    assert 'cx="49" cy="15"' in page  # the other one of the same house
    assert f'href="/cameras/{cameras.yard.id}"' in page
