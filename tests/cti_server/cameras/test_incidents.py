"""An incident in two keys, by two at once and by a key pressed twice: an emergency, handed over at once."""

import asyncio
import hashlib
import re
from collections.abc import Mapping

import aiohttp
from aiohttp.test_utils import TestClient

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.appeals.appeal import AppealState, Receipt
from hotline.city.classifier import Urgency
from storage.store import Storage
from tests.cti_server.cameras.conftest import PLACE, Watched, picture_of, socket_of
from tests.cti_server.conftest import MovedClock, Person

GAS = "gas-smell"


async def still_of(person: Person, camera_id: int) -> str:
    answer = await person.post(f"/cameras/{camera_id}/still")
    page = await answer.text()
    assert answer.status == 200, page
    found = re.search(r'name="still" value="(\d+)"', page)
    assert found
    return found[1]


def key_of(page: str, name: str) -> str:
    found = re.search(rf'value="(\d)"[^>]*><kbd>\d</kbd> {name}', page)
    assert found
    return found[1]


async def test_two_keys_make_an_emergency_with_the_picture_as_evidence_and_the_body_is_told(
    olena: Person, cameras: Watched, storage: Storage, clock: MovedClock
) -> None:
    camera = cameras.square.id
    assert "Зараз зображення немає" in await (await olena.post(f"/cameras/{camera}/still")).text()
    socket = await socket_of(olena, camera)
    jpeg = await picture_of(socket, camera)
    page = await (await olena.post(f"/cameras/{camera}/still")).text()
    still = re.search(r'name="still" value="(\d+)"', page)
    assert still
    clock.pass_(seconds=4)
    done = await olena.post(
        f"/cameras/{camera}/incident", {"still": still[1], "kind": key_of(page, "Запах газу")}
    )
    text = await done.text()
    assert done.status == 200
    assert "Передано" in text
    assert "Служба газу 104" in text
    appeal = await storage.registry.find("2600001")
    assert appeal is not None
    assert (appeal.category, appeal.urgency, appeal.receipt) == (GAS, Urgency.EMERGENCY, Receipt.CAMERA)
    assert (appeal.state, appeal.address) == (AppealState.ASSIGNED, PLACE)
    assert "Головна площа" in appeal.text
    (file,) = await storage.files.of_appeal(appeal.number)
    kept = await (await olena.get(f"/cameras/stills/{still[1]}")).read()
    assert hashlib.sha256(kept).hexdigest() == file.sha256
    assert kept[:2] == jpeg[:2]
    (incident,) = await storage.incidents.between(clock.now().replace(hour=0), clock.now())
    assert incident.told_after is not None
    assert incident.told_after.total_seconds() == 4
    await socket.close()


async def test_a_key_pressed_twice_is_one_appeal_with_one_picture(
    olena: Person, cameras: Watched, storage: Storage
) -> None:
    camera = cameras.square.id
    socket = await socket_of(olena, camera)
    await picture_of(socket, camera)
    still = await still_of(olena, camera)
    answers = await asyncio.gather(
        *(olena.post(f"/cameras/{camera}/incident", {"still": still, "kind": "1"}) for _ in range(3))
    )
    assert [one.status for one in answers] == [200] * 3
    assert await storage.registry.find("2600002") is None
    assert len(await storage.files.of_appeal("2600001")) == 1
    await socket.close()


async def test_of_two_who_register_the_same_moment_the_second_adds_their_picture_to_the_first(
    olena: Person, cameras: Watched, storage: Storage, users: Mapping[Role, User], clock: MovedClock
) -> None:
    camera = cameras.square.id
    other = Person(TestClient(olena.client.server, cookie_jar=aiohttp.CookieJar(unsafe=True)))
    await other.enter(users[Role.HEAD].login)
    socket = await socket_of(olena, camera)
    await picture_of(socket, camera)
    first = await still_of(olena, camera)
    clock.pass_(seconds=10)
    await picture_of(socket, camera)
    await picture_of(socket, camera)
    second = await still_of(other, camera)
    forms = ((olena, first), (other, second))
    answers = await asyncio.gather(
        *(one.post(f"/cameras/{camera}/incident", {"still": still, "kind": "1"}) for one, still in forms)
    )
    pages = [await one.text() for one in answers]
    assert sum("вже зареєстровано" in page for page in pages) == 1
    assert await storage.registry.find("2600002") is None
    files = await storage.files.of_appeal("2600001")
    assert 1 <= len(files) <= 2  # two pictures, unless the camera showed the very same
    assert (
        len(await storage.incidents.between(clock.now().replace(hour=0), clock.now().replace(hour=23))) == 1
    )
    later = await still_of(other, camera)
    another = await other.post(f"/cameras/{camera}/incident", {"still": later, "kind": "2"})
    assert "вже зареєстровано" not in await another.text()  # another kind is another incident
    await socket.close()
    await other.client.close()


async def test_an_old_picture_another_cameras_and_no_kind_are_refused(
    olena: Person, cameras: Watched, storage: Storage, clock: MovedClock
) -> None:
    camera = cameras.square.id
    socket = await socket_of(olena, camera)
    await picture_of(socket, camera)
    still = await still_of(olena, camera)
    wrong = await olena.post(f"/cameras/{cameras.yard.id}/incident", {"still": still, "kind": "1"})
    assert wrong.status == 404
    unknown = await olena.post(f"/cameras/{camera}/incident", {"still": still, "kind": "x"})
    assert unknown.status == 422
    clock.pass_(minutes=31)
    old = await olena.post(f"/cameras/{camera}/incident", {"still": still, "kind": "1"})
    assert old.status == 422
    assert await storage.registry.find("2600001") is None
    await socket.close()
