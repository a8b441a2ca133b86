"""Evidence through the pages: real photos and papers, sent as browsers send them."""

import asyncio
import html
import io
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from PIL import Image

from hotline.access.permissions import Role
from hotline.access.users import AuditFilter, User
from hotline.appeals.acts.actors import applicant
from hotline.appeals.acts.applicants_word import Withdraw
from hotline.appeals.acts.keeping import Note
from hotline.appeals.appeal import Appeal, AppealState
from tests.cti_server.conftest import MovedClock, Person
from tests.storage.enterprise import City
from tests.storage.pictures import bomb, office, pdf, photo

from .conftest import LIMITS, do
from .sending import send

PHOTO = ("IMG_2041.jpg", photo())
DONE = {"result": "satisfied", "answer": "Замінили кран"}


def lying(folder: Path) -> list[Path]:
    return [one for one in folder.rglob("*") if one.is_file()]


async def report(person: Person, appeal: Appeal, *files: tuple[str, bytes], **fields: str) -> tuple[int, str]:
    form = {"version": str(appeal.version), **DONE, **fields}
    answer = await send(person, f"/enterprise/{appeal.number}/report-done", form, files)
    return answer.status, html.unescape(await answer.text())


async def bring(
    person: Person, appeal: Appeal, *files: tuple[str, bytes], part: bool = False
) -> tuple[int, str]:
    headers = {"X-Part": "files"} if part else {}
    answer = await send(person, f"/enterprise/{appeal.number}/files", {}, files, headers=headers)
    return answer.status, html.unescape(await answer.text())


async def test_photos_go_along_with_the_report_and_are_seen_by_whoever_may(
    petro: Person, stranger: Person, city: City, in_work: Appeal, folder: Path
) -> None:
    status, _ = await report(petro, in_work, PHOTO, ("Акт.pdf", pdf()))
    assert status == 303
    files = await city.storage.files.of_appeal(in_work.number)
    assert [(one.name, one.media_type) for one in files] == [
        ("IMG_2041.jpg", "image/jpeg"),
        ("Акт.pdf", "application/pdf"),
    ]
    entry = (await city.storage.handling.history(in_work.number, hidden=False))[-1]
    assert (entry.act, list(entry.facts["evidence"])) == ("report-done", [one.id for one in files])
    for one, sent in zip(files, (None, pdf()), strict=True):
        answer = await petro.get(f"/enterprise/files/{one.id}")
        content = await answer.read()
        assert sent in {None, content}
        assert answer.headers["Content-Type"] == one.media_type
        assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        entries = await city.storage.audit.find(AuditFilter(subject=f"file:{one.id}"), limit=9)
        assert [each.action for each in entries] == ["export", "add"]
        for path in (
            f"/enterprise/files/{one.id}",
            f"/enterprise/files/{one.id}/preview",
            "/enterprise/files/999",
        ):
            assert (await stranger.get(path)).status == 404
    preview = await petro.get(f"/enterprise/files/{files[0].id}/preview")
    with Image.open(io.BytesIO(await preview.read())) as image:
        assert image.format == "JPEG"
    assert (await petro.get(f"/enterprise/files/{files[1].id}/preview")).status == 404
    assert len(lying(folder)) == 3


async def test_the_citys_card_shows_what_the_enterprise_brought(
    person: Person, petro: Person, city: City, in_work: Appeal, users: Mapping[Role, User]
) -> None:
    await bring(petro, in_work, PHOTO, ("Акт.pdf", pdf()))
    picture, paper = await city.storage.files.of_appeal(in_work.number)
    await person.enter(Role.DISPATCHER.value)
    page = html.unescape(await person.text(f"/appeals/{in_work.number}"))
    assert f'src="/appeals/files/{picture.id}/preview"' in page
    assert f'href="/appeals/files/{paper.id}"' in page


async def test_the_citys_people_have_an_address_of_their_own_and_the_enterprise_may_not_use_it(
    person: Person, petro: Person, city: City, in_work: Appeal, users: Mapping[Role, User]
) -> None:
    await bring(petro, in_work, PHOTO)
    (one,) = await city.storage.files.of_appeal(in_work.number)
    assert (await petro.get(f"/appeals/files/{one.id}")).status == 403
    for role, status in ((Role.DISPATCHER, 200), (Role.OBSERVER, 200), (Role.ADMINISTRATOR, 403)):
        await person.enter(role.value)
        for path in (f"/appeals/files/{one.id}", f"/appeals/files/{one.id}/preview"):
            assert (await person.get(path)).status == status
        assert (await person.get(f"/enterprise/files/{one.id}")).status == 403


@pytest.mark.parametrize(
    ("called", "content", "why"),
    [
        ("фото.jpg", b"<svg onload='alert(1)' xmlns='http://www.w3.org/2000/svg'/>", "Приймаються лише фото"),
        ("фото.jpg", b"<!doctype html><script>alert(1)</script>", "Приймаються лише фото"),
        ("програма.pdf", b"MZ\x90\x00" * 99, "Приймаються лише фото"),
        ("велике.jpg", photo() + b"\0" * LIMITS.most_bytes, "Файл завеликий"),
        ("бомба.png", bomb, "забагато точок"),
        ("порожнє.jpg", b"", "Файл порожній"),
        ("уривок.jpg", PHOTO[1][:4000], "Файл пошкоджений"),
        ("макрос.docx", office(parts={"word/vbaProject.bin": "x"}), "містить програму"),
        ("замкнено.pdf", pdf(password="1"), "лише з паролем"),
    ],
)
async def test_a_bad_file_is_refused_with_the_reason_and_leaves_nothing(  # noqa: PLR0917
    petro: Person,
    city: City,
    in_work: Appeal,
    folder: Path,
    called: str,
    content: bytes | Callable[[], bytes],
    why: str,
) -> None:
    sent = content() if callable(content) else content
    status, page = await report(petro, in_work, (called, sent), answer="Мої слова")
    assert status == 422
    for text in (called, why, "Мої слова"):
        assert text in page
    assert lying(folder) == []
    assert await city.storage.files.of_appeal(in_work.number) == []
    found = await city.storage.registry.find(in_work.number)
    assert found is not None
    assert found.state is AppealState.IN_WORK


async def test_of_several_files_the_good_ones_stay_and_are_ticked_for_the_next_try(
    petro: Person, city: City, in_work: Appeal
) -> None:
    status, page = await report(petro, in_work, PHOTO, ("погане.jpg", b"GIF89a"))
    assert status == 422
    (kept,) = await city.storage.files.of_appeal(in_work.number)
    assert f'name="evidence" value="{kept.id}" form="report-done" checked' in page
    assert (await report(petro, in_work, evidence=str(kept.id)))[0] == 303
    entry = (await city.storage.handling.history(in_work.number, hidden=False))[-1]
    assert list(entry.facts["evidence"]) == [kept.id]


async def test_whoever_is_overtaken_while_a_photo_is_on_its_way_keeps_the_photo(
    petro: Person, city: City, in_work: Appeal, clock: MovedClock
) -> None:
    await do(city, in_work, Note(by=city.dispatcher, at=clock.now(), text="Ще раз дзвонили"))
    status, page = await report(petro, in_work, PHOTO)
    assert status == 409
    (kept,) = await city.storage.files.of_appeal(in_work.number)
    assert f'value="{kept.id}" form="report-done" checked' in page
    assert "Замінили кран" in page


async def test_a_path_in_a_name_is_a_word(petro: Person, city: City, in_work: Appeal, folder: Path) -> None:
    await bring(petro, in_work, ("../../../etc/cron.d/кран\u202egpj.exe", PHOTO[1]))
    (kept,) = await city.storage.files.of_appeal(in_work.number)
    assert kept.name == "кранgpj.jpg"
    assert {one.parent.parent for one in lying(folder)} == {folder}
    page = html.unescape(await petro.text(f"/enterprise/{in_work.number}"))
    assert "кранgpj.jpg" in page


async def test_an_appeal_has_so_many_files_and_no_more(
    petro: Person, city: City, in_work: Appeal, folder: Path
) -> None:
    status, page = await bring(petro, in_work, *[(f"{number}.jpg", photo()) for number in range(5)])
    assert (status, "найбільшу дозволену кількість" in page) == (422, True)
    assert len(await city.storage.files.of_appeal(in_work.number)) == LIMITS.most_files
    assert len(lying(folder)) == 2 * LIMITS.most_files


async def test_the_same_photo_twice_is_kept_once(
    petro: Person, city: City, in_work: Appeal, folder: Path
) -> None:
    await bring(petro, in_work, PHOTO)
    before = lying(folder)
    assert (await bring(petro, in_work, PHOTO, ("Те саме.jpg", PHOTO[1])))[0] == 200
    files = await city.storage.files.of_appeal(in_work.number)
    assert [one.name for one in files] == ["IMG_2041.jpg"]
    assert lying(folder) == before, "no bytes are left that nobody names"


async def test_the_script_gets_the_files_alone_and_a_browser_the_page_with_what_was_typed(
    petro: Person, in_work: Appeal
) -> None:
    status, part = await bring(petro, in_work, PHOTO, part=True)
    assert (status, "<html" in part, "IMG_2041.jpg" in part) == (200, False, True)
    answer = await send(
        petro, f"/enterprise/{in_work.number}/files", {**DONE, "version": "1"}, [("Ще.jpg", photo())]
    )
    page = html.unescape(await answer.text())
    assert (answer.status, page.count('name="evidence"'), "Замінили кран" in page) == (200, 2, True)


async def test_what_was_brought_by_mistake_is_taken_away(
    petro: Person, stranger: Person, city: City, in_work: Appeal, folder: Path
) -> None:
    await bring(petro, in_work, PHOTO)
    (kept,) = await city.storage.files.of_appeal(in_work.number)
    path = f"/enterprise/{in_work.number}/files/{kept.id}/take-away"
    assert (await send(stranger, path)).status == 404
    assert (await send(petro, f"/enterprise/999/files/{kept.id}/take-away")).status == 404
    answer = await send(petro, path, DONE)
    assert (answer.status, "Замінили кран" in html.unescape(await answer.text())) == (200, True)
    assert await city.storage.files.of_appeal(in_work.number) == []
    assert lying(folder) == []
    await report(petro, in_work, PHOTO)
    (reported,) = await city.storage.files.of_appeal(in_work.number)
    answer = await send(petro, f"/enterprise/{in_work.number}/files/{reported.id}/take-away")
    assert (answer.status, "він лишається" in html.unescape(await answer.text())) == (422, True)
    assert len(lying(folder)) == 2


async def test_nothing_is_added_to_what_is_anothers_or_has_ended(  # noqa: PLR0917
    petro: Person, stranger: Person, city: City, in_work: Appeal, folder: Path, clock: MovedClock
) -> None:
    assert (await bring(stranger, in_work, PHOTO))[0] == 404
    assert (await report(stranger, in_work, PHOTO))[0] == 404
    await do(city, in_work, Withdraw(by=applicant("letter:1"), at=clock.now()))
    assert (await bring(petro, in_work, PHOTO))[0] == 422
    assert lying(folder) == []


async def test_a_form_of_another_site_brings_nothing(petro: Person, in_work: Appeal, folder: Path) -> None:
    path = f"/enterprise/{in_work.number}/files"
    assert (await send(petro, path, {}, [PHOTO], csrf="guessed")).status == 403
    assert (await send(petro, path, {}, [PHOTO], headers={"Origin": "https://evil.example"})).status == 403
    raw = {"Content-Type": "multipart/form-data; boundary=x", **petro.origin}
    for body in (
        b"",
        b"--x\r\nbroken",
        b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\n\r\n--x--',
    ):
        answer = await petro.client.post(path, data=body, headers=raw)
        assert answer.status in {400, 403}
    assert lying(folder) == []


async def test_a_photo_that_breaks_off_on_its_way_leaves_nothing(
    petro: Person, in_work: Appeal, city: City, folder: Path
) -> None:
    url = petro.client.make_url(f"/enterprise/{in_work.number}/files")
    cookies = petro.client.session.cookie_jar.filter_cookies(url)
    begun = (
        f'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{petro.csrf}\r\n--x\r\n'
        'Content-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
    ).encode() + PHOTO[1][:9000]
    head = (
        f"POST {url.path} HTTP/1.1\r\nHost: {url.host}:{url.port}\r\nOrigin: {petro.origin['Origin']}\r\n"
        f"Cookie: {'; '.join(f'{one.key}={one.value}' for one in cookies.values())}\r\n"
        f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 90000\r\n\r\n"
    ).encode()
    _, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(head + begun)
    await writer.drain()
    async with asyncio.timeout(60):
        while not lying(folder):
            await asyncio.sleep(0.01)
        writer.transport.abort()
        while lying(folder):
            await asyncio.sleep(0.01)
    assert await city.storage.files.of_appeal(in_work.number) == []


async def test_more_at_once_than_may_come_is_refused_before_it_is_read(
    petro: Person, in_work: Appeal
) -> None:
    files = [("a.jpg", b"\0" * LIMITS.most_bytes)] * 11
    answer = await send(petro, f"/enterprise/{in_work.number}/files", {}, files)
    assert answer.status == 413
