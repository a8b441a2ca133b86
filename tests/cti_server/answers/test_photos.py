"""Photos on the page of a link: of the work, for that link alone, and of the applicant, only pictures."""

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web
from PIL import Image

from cti_server.appeals.files.sources import EVIDENCE
from hotline.appeals.acts.work import Accept, BeginWork, ReportDone
from hotline.appeals.appeal import AppealState, ResultKind
from hotline.appeals.attachments import AppealFile
from hotline.delivery.outbox import Notice
from hotline.portal.report import MOST_PHOTOS
from tests.cti_server.answers.test_page import page, state
from tests.cti_server.conftest import MovedClock, Person
from tests.cti_server.delivery.conftest import LINKS
from tests.cti_server.enterprise.sending import send
from tests.storage.enterprise import City
from tests.storage.pictures import PLACE, pdf, photo

NO = {"do": "not-done", "text": "Ще тече"}


async def stored(app: web.Application, number: str, content: bytes, by: int | None) -> AppealFile:
    """A file of the appeal, brought by this user."""
    evidence = app[EVIDENCE]

    async def pieces() -> AsyncIterator[bytes]:
        yield content

    kept = await evidence.store.take(pieces())
    return await evidence.files.add(
        number=number, name="Фото.jpg", kept=kept, uploaded_by=by, at=evidence.clock.now()
    )


async def reported(
    app: web.Application, city: City, clock: MovedClock
) -> tuple[str, Notice, list[AppealFile]]:
    """A report that names a photo and a paper, beside a photo that it does not name; the path of its link."""
    number = (await city.enter(registered_at=clock.now())).number
    files = [await stored(app, number, content, city.fitter.id) for content in (photo(), pdf(), photo())]
    by, at = city.executor, clock.now()
    named = tuple(one.id for one in files[:2])
    done = ReportDone(by=by, at=at, result=ResultKind.SATISFIED, answer="Зроблено", evidence=named)
    for act in (Accept(by=by, at=at), BeginWork(by=by, at=at), done):
        await city.storage.handling.carry_out(number, act, version=None)
    notice = (await city.storage.outbox.of_appeal(number))[0]
    return "/answer/" + LINKS.token(notice.id), notice, files


async def test_photos_of_the_work_are_shown_by_its_own_link_alone(
    app: web.Application, person: Person, city: City, clock: MovedClock
) -> None:
    path, _, (named, paper, other) = await reported(app, city, clock)
    foreign, *_ = await reported(app, city, clock)
    assert f"{path}/photos/{named.id}" in await page(person, path)
    answer = await person.get(f"{path}/photos/{named.id}")
    assert answer.status == 200
    assert "noindex" in answer.headers["X-Robots-Tag"]
    with Image.open(io.BytesIO(await answer.read())) as seen:
        assert not dict(seen.getexif())
        assert not seen.getexif().get_ifd(PLACE)
    for nobodys in (f"{path}/photos/{paper.id}", f"{path}/photos/{other.id}", f"{foreign}/photos/{named.id}"):
        assert (await person.get(nobodys)).status == 404
    clock.pass_(days=31)
    assert (await person.get(f"{path}/photos/{named.id}")).status == 410


async def test_an_applicant_adds_photos_to_their_no(
    app: web.Application, person: Person, city: City, clock: MovedClock
) -> None:
    path, notice, before = await reported(app, city, clock)
    assert (await send(person, path, {"do": "not-done"}, [("../кухня.png", photo("PNG"))])).status == 303
    assert await state(city, notice) is AppealState.DISPUTED
    (new,) = (await city.storage.files.of_appeal(notice.number))[len(before) :]
    assert (new.name, new.media_type, new.uploaded_by) == ("кухня.jpg", "image/jpeg", None)
    with Image.open(app[EVIDENCE].store.path(new.key)) as kept:
        assert not dict(kept.getexif())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (pdf(), "Приймаємо лише фото"),
        (b"<svg onload=alert(1)>", "Приймаємо лише фото"),
        (photo()[:900], "пошкоджен"),
        (b"", "порожній"),
    ],
)
async def test_what_is_no_photo_is_refused_and_the_word_waits(  # noqa: PLR0917
    app: web.Application,
    person: Person,
    city: City,
    clock: MovedClock,
    tmp_path: Path,
    content: bytes,
    said: str,
) -> None:
    path, notice, before = await reported(app, city, clock)
    lying = {one for one in tmp_path.rglob("*") if one.is_file()}
    answer = await send(person, path, NO, [("добре.jpg", photo()), ("інше.jpg", content)])
    text = await answer.text()
    assert answer.status == 422
    assert said in text
    assert "Ще тече" in text
    assert await state(city, notice) is AppealState.DONE
    assert await city.storage.files.of_appeal(notice.number) == before
    await asyncio.sleep(0)
    assert {one for one in tmp_path.rglob("*") if one.is_file()} == lying, "nothing of it is left"


async def test_there_is_an_end_of_photos_and_of_what_a_field_holds(
    app: web.Application, person: Person, city: City, clock: MovedClock
) -> None:
    path, notice, before = await reported(app, city, clock)
    room = min(MOST_PHOTOS, app[EVIDENCE].store.limits.most_files - len(before))
    many = [(f"{number}.jpg", photo(size=(64, 48))) for number in range(room + 1)]
    answer = await send(person, path, NO, many)
    assert answer.status == 422
    assert "Забагато фото" in await answer.text()
    assert (await send(person, path, {**NO, "text": "x" * 70_000}, many[:1])).status == 413
    assert (await send(person, path, NO, many[:room])).status == 303
    assert len(await city.storage.files.of_appeal(notice.number)) == len(before) + room


async def test_photos_for_a_word_that_cannot_be_given_are_kept_nowhere(
    app: web.Application, person: Person, city: City, clock: MovedClock, tmp_path: Path
) -> None:
    path, notice, before = await reported(app, city, clock)
    await send(person, path, NO)
    lying = {one for one in tmp_path.rglob("*") if one.is_file()}
    assert (await send(person, path, NO, [("ще.jpg", photo())])).status == 409
    assert await city.storage.files.of_appeal(notice.number) == before
    assert {one for one in tmp_path.rglob("*") if one.is_file()} == lying


async def test_what_came_already_comes_once_more_without_room_and_other_photos_of_its_name_are_others(
    app: web.Application, person: Person, city: City, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, notice, before = await reported(app, city, clock)
    added = {"do": "add", "key": "k"}
    photos = [("image.jpg", photo(size=(64 + number, 48))) for number in range(MOST_PHOTOS)]
    store = app[EVIDENCE].store  # a photo is as large as any may be
    monkeypatch.setattr(store, "limits", replace(store.limits, most_bytes=max(len(one) for _, one in photos)))
    monkeypatch.setattr("cti_server.answers.photos._FIELDS", 2048)
    with monkeypatch.context() as dying:  # the service dies between the word and its photos
        dying.setattr("cti_server.answers.page.keep", drop_none)
        assert (await send(person, path, added, photos[:2])).status == 303
    for some, of_them in ((photos[:2], 2), (photos[2:], 5), (photos[2:], 5), (photos[:1], 5)):
        answer = await send(person, path, added, some)
        assert answer.status == (422 if some == photos[:1] else 303)
        assert len(await city.storage.files.of_appeal(notice.number)) == len(before) + of_them
    history = await city.storage.handling.history(notice.number, hidden=False)
    assert sum(one.act == "note" for one in history) == 2


async def drop_none(*_: object) -> None:
    """In the place of `keep`."""
