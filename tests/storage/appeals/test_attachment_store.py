"""Real files, looked into by the program that does so in the service."""

import asyncio
import hashlib
import io
import os
from collections.abc import AsyncIterator, Callable, Collection
from pathlib import Path

import pi_heif
import pytest
from PIL import Image

from hotline.appeals.attachments import FileLimits, FileRefusal, FileRefused, cleaned_name
from storage.appeals.attachment_store import AttachmentFolder
from tests.storage.pictures import PLACE, bomb, immense, office, open_document, pdf, photo

LIMITS = FileLimits(most_bytes=2 * 2**20, most_files=3)
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LETTER = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def store(tmp_path: Path) -> AttachmentFolder:
    made = AttachmentFolder(tmp_path / "evidence", LIMITS)
    made.prepare()
    return made


async def pieces(content: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(content), 1000):
        yield content[at : at + 1000]


def lying(store: AttachmentFolder) -> list[Path]:
    return [one for one in store.path("00").parents[1].rglob("*") if one.is_file()]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.usefixtures("true_programs")
async def test_a_photo_is_drawn_anew_without_the_place_where_it_was_taken(
    store: AttachmentFolder, kind: str
) -> None:
    sent = photo(kind)
    assert b"Santekhnik" in sent
    kept = await store.take(pieces(sent))
    content = store.path(kept.key).read_bytes()
    assert (kept.media_type, kept.bytes) == ("image/jpeg", len(content))
    assert kept.sha256 == hashlib.sha256(content).hexdigest()
    assert b"Santekhnik" not in content
    with Image.open(io.BytesIO(content)) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (640, 480), {})
        assert not image.getexif().get_ifd(PLACE)
    with Image.open(store.preview(kept.key)) as small:
        assert max(small.size) <= 960


async def test_a_photo_of_a_telephone_stands_upright_and_is_no_larger_than_one_looks_at_it(
    store: AttachmentFolder,
) -> None:
    kept = await store.take(pieces(photo(size=(4200, 300), turned=True)))
    with Image.open(store.path(kept.key)) as image:
        assert image.width < image.height == 3840


async def test_what_an_iphone_takes_is_understood(store: AttachmentFolder) -> None:
    file = Path(__file__).with_name("lamp.heic")
    assert pi_heif.is_supported(file.read_bytes()[:64])
    kept = await store.take(pieces(file.read_bytes()))
    with Image.open(store.path(kept.key)) as image:
        assert image.format == "JPEG"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (pdf(), "application/pdf"),
        (office(), LETTER),
        (office("spreadsheetml.sheet"), SHEET),
        (open_document(), "application/vnd.oasis.opendocument.text"),
        (open_document("spreadsheet"), "application/vnd.oasis.opendocument.spreadsheet"),
    ],
)
async def test_papers_are_kept_as_they_are(store: AttachmentFolder, content: bytes, media_type: str) -> None:
    kept = await store.take(pieces(content))
    assert kept.media_type == media_type
    assert store.path(kept.key).read_bytes() == content
    assert not store.preview(kept.key).exists()


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", FileRefusal.EMPTY),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", FileRefusal.KIND),
        (b"<!doctype html><script>alert(1)</script>", FileRefusal.KIND),
        (b"MZ\x90\x00", FileRefusal.KIND),
        (b"GIF89a<script>", FileRefusal.KIND),
        (b"\xff\xd8\xff<script>alert(1)</script>", FileRefusal.DAMAGED),
        (photo()[:5000], FileRefusal.DAMAGED),
        (bomb, FileRefusal.TOO_MANY_PIXELS),
        (os.urandom(2**21 + 1), FileRefusal.TOO_LARGE),
        (b"%PDF-1.7\nnothing more", FileRefusal.DAMAGED),
        (pdf(action="/JavaScript"), FileRefusal.ACTIVE),
        (pdf(action="/Launch"), FileRefusal.ACTIVE),
        (pdf(password="1234"), FileRefusal.LOCKED),
        (office(parts={"word/vbaProject.bin": "x"}), FileRefusal.ACTIVE),
        (office("wordprocessingml.document.macroEnabled"), FileRefusal.ACTIVE),
        (open_document(parts={"Basic/script-lc.xml": "x"}), FileRefusal.ACTIVE),
        (open_document("graphics"), FileRefusal.KIND),
        (immense, FileRefusal.TOO_LARGE),
        (office()[:300], FileRefusal.DAMAGED),
    ],
)
async def test_what_is_refused_leaves_nothing(
    store: AttachmentFolder, content: bytes | Callable[[], bytes], refusal: FileRefusal
) -> None:
    sent = content() if callable(content) else content
    assert content is not immense or len(sent) < LIMITS.most_bytes, "it is refused for what it unpacks to"
    with pytest.raises(FileRefused) as refused:
        await store.take(pieces(sent))
    assert refused.value.refusal is refusal
    assert lying(store) == []


async def test_a_file_that_breaks_off_on_its_way_leaves_nothing(store: AttachmentFolder) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield photo()[:100]
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await store.take(broken())
    assert lying(store) == []
    slow = asyncio.create_task(store.take(_endless()))
    while not lying(store):
        await asyncio.sleep(0)
    slow.cancel()
    with pytest.raises(asyncio.CancelledError):
        await slow
    assert lying(store) == []


async def _endless() -> AsyncIterator[bytes]:
    yield b"\xff\xd8\xff"
    await asyncio.Event().wait()


async def test_only_the_service_reads_what_lies_there(store: AttachmentFolder) -> None:
    kept = await store.take(pieces(photo()))
    assert {one.stat().st_mode & 0o777 for one in lying(store)} == {0o600}
    folder = store.path(kept.key).parent
    assert {one.stat().st_mode & 0o777 for one in (folder, folder.parent)} == {0o700}
    await store.drop(kept.key)
    await store.drop(kept.key)
    assert lying(store) == []


async def test_what_the_service_died_over_is_thrown_away_and_what_is_listed_stays(
    store: AttachmentFolder,
) -> None:
    listed, lost, fresh = [await store.take(pieces(photo())) for _ in range(3)]
    for one in (listed, lost):
        for file in (store.path(one.key), store.preview(one.key)):
            os.utime(file, (1, 1))
    on_its_way = store.path("00").parents[1] / "incoming" / "half"
    on_its_way.write_bytes(b"half")
    os.utime(on_its_way, (1, 1))
    taken_now = on_its_way.with_name("taken-now")
    taken_now.write_bytes(b"half")
    store.prepare()

    async def known(keys: Collection[str]) -> frozenset[str]:
        return frozenset(keys) & {listed.key}

    assert await store.sweep(known) == 1
    assert store.path(listed.key).exists()
    assert store.path(fresh.key).exists()
    assert not store.path(lost.key).exists()
    assert not on_its_way.exists()
    assert taken_now.exists(), "by another process"


async def test_a_full_disk_refuses_files_before_it_stops_the_calls(tmp_path: Path) -> None:
    full = AttachmentFolder(tmp_path, LIMITS, room=2**60)
    with pytest.raises(FileRefused) as refused:
        await full.take(pieces(photo()))
    assert refused.value.refusal is FileRefusal.NO_ROOM


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("IMG_2041.HEIC", "IMG_2041.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\Петро\\кран.png", "кран.jpg"),
        ("фото\u202egpj.exe", "фотоgpj.jpg"),
        ("a\x00b\r\nc: d.jpeg", "abc: d.jpg"),
        ("", "file.jpg"),
        ("...", "file.jpg"),
        ("акт від 02.03.2026", "акт від 02.03.2026.jpg"),
        ("к" * 300 + ".jpg", "к" * 100 + ".jpg"),
    ],
)
def test_a_name_is_a_word_and_never_a_path(sent: str, kept: str) -> None:
    assert cleaned_name(sent, "image/jpeg") == kept
