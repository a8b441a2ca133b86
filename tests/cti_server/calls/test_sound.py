"""Recordings and messages over HTTP: in parts, out of their own folders alone, each playback on record."""

import io
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hotline.access.permissions import Role
from hotline.access.users import AuditFilter, User
from storage.sounds.encryption import Key, encrypt
from storage.store import Storage
from tests.cti_server.calls.conftest import call, master_maker, tone
from tests.cti_server.conftest import MovedClock, Person
from tests.fakes.sounds import write_samples

WAV = "/calls/c1/recordings/r1/sound"


@pytest.fixture
async def worker(person: Person, users: Mapping[Role, User], talk: str) -> Person:
    assert users
    assert talk
    await person.enter(Role.HEAD.value)
    return person


async def played(storage: Storage) -> list[str]:
    found = await storage.audit.find(AuditFilter(action="play"), limit=99)
    return [entry.subject for entry in found]


async def test_a_part_of_the_recording_is_served_as_asked(worker: Person, sounds: Mapping[str, Path]) -> None:
    whole = (sounds["recordings"] / "r1.wav").read_bytes()
    answer = await worker.get(WAV, headers={"Range": "bytes=100-199"})
    assert (answer.status, answer.headers["Content-Type"]) == (206, "audio/wav")
    assert answer.headers["Content-Range"] == f"bytes 100-199/{len(whole)}"
    assert await answer.read() == whole[100:200]
    assert await (await worker.get(WAV)).read() == whole
    beyond = await worker.get(WAV, headers={"Range": f"bytes={len(whole)}-"})
    assert beyond.status == 416


async def test_each_playback_is_written_down_once_whatever_parts_it_takes(
    worker: Person, storage: Storage, clock: MovedClock
) -> None:
    for part in ("bytes=0-", "bytes=2000-", "bytes=900-1000"):
        assert (await worker.get(WAV, headers={"Range": part})).status == 206
    assert await played(storage) == ["recording:r1"]
    await worker.get(WAV, headers={"Range": "bytes=0-"})
    assert len(await played(storage)) == 2
    clock.pass_(hours=2)
    await worker.get(WAV, headers={"Range": "bytes=1-"})
    assert len(await played(storage)) == 3
    await worker.get("/calls/c1/messages/m1.wav", headers={"Range": "nonsense"})
    assert (await played(storage))[0] == "message:m1"


async def test_the_outline_shows_who_spoke_when_and_is_no_playback(worker: Person, storage: Storage) -> None:
    caller, dispatcher = (await (await worker.get("/calls/c1/recordings/r1.json")).json())["sides"]
    assert len(caller) == len(dispatcher) == 400
    assert caller[10] > 40
    assert dispatcher[10] == caller[390] == 0
    assert dispatcher[390] > 40
    (message,) = (await (await worker.get("/calls/c1/messages/m1.json")).json())["sides"]
    assert len(message) == 400
    assert await played(storage) == []


async def test_nothing_outside_the_folders_is_ever_served(
    worker: Person, storage: Storage, sounds: Mapping[str, Path], tmp_path: Path
) -> None:
    recordings = sounds["recordings"]
    secret = tone(tmp_path / "secret.wav", 2)
    (recordings / "link.wav").symlink_to(secret)
    kept = await storage.history.recording("r1")
    assert kept is not None
    for file in (
        secret,
        recordings / ".." / "secret.wav",
        recordings / "link.wav",
        recordings,
        "",
        "gone.wav",
    ):
        await storage.calls.keep_recording(replace(kept, listening_file=str(file)))
        for address in (WAV, "/calls/c1/recordings/r1.json"):
            assert (await worker.get(address)).status == 404, file
    for address in (
        "/calls/c1/recordings/..%2F..%2Fsecret.wav/sound",
        "/calls/c1/messages/%2Fetc%2Fpasswd.wav",
    ):
        assert (await worker.get(address)).status == 404
    assert await played(storage) == []


async def test_sound_is_found_only_under_its_own_call(worker: Person, storage: Storage) -> None:
    await call(storage, "c2")
    assert (await worker.get("/calls/c2/recordings/r1/sound")).status == 404
    assert (await worker.get("/calls/c2/messages/m1.wav")).status == 404


async def test_a_file_that_is_no_wav_or_was_cut_off_breaks_nothing(
    worker: Person, sounds: Mapping[str, Path]
) -> None:
    file = sounds["recordings"] / "r1.wav"
    file.write_bytes(file.read_bytes()[:1001])
    caller, _ = (await (await worker.get("/calls/c1/recordings/r1.json")).json())["sides"]
    assert 0 < len(caller) < 400
    file.write_bytes(b"no sound at all")
    assert (await worker.get("/calls/c1/recordings/r1.json")).status == 404


async def test_taking_a_recording_away_is_on_record_and_takes_a_permission_of_its_own(
    worker: Person, storage: Storage, users: Mapping[Role, User], sounds: Mapping[str, Path]
) -> None:
    link = "/calls/c1/recordings/r1/download"
    assert link in await worker.text("/calls/c1")
    answer = await worker.get(link)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="r1.wav"'
    assert await answer.read() == (sounds["recordings"] / "r1.wav").read_bytes()
    assert (await worker.get("/calls/c1/messages/m1/download")).status == 200
    taken = await storage.audit.find(AuditFilter(action="export"), limit=9)
    assert [(one.subject, one.detail) for one in taken] == [
        ("message:m1", "call:c1"),
        ("recording:r1", "call:c1"),
    ]
    await worker.enter(users[Role.DISPATCHER].login)
    assert link not in await worker.text("/calls/c1")
    assert (await worker.get(link)).status == 403


async def test_a_measured_talk_shows_its_marks_and_a_copy_that_was_deleted_is_made_anew(
    worker: Person, storage: Storage, sounds: Mapping[str, Path]
) -> None:
    folder, kept = sounds["recordings"], await storage.history.recording("r1")
    assert kept is not None
    sides = [write_sound(folder / f"r2-{side}.wav", tones) for side, tones in TALK.items()]
    new = replace(
        kept, id="r2", caller_file=str(sides[0]), dispatcher_file=str(sides[1]), listening_file=None
    )
    await storage.calls.keep_recording(new)
    finished = await master_maker(storage, folder).finish(new)

    shape = await (await worker.get("/calls/c1/recordings/r2.json")).json()
    assert [(one["kind"], one["begins"], one["ends"]) for one in shape["marks"]] == [
        ("talk-over", 2, 4),
        ("silence", 6, 10),
    ]
    page = await worker.text("/calls/c1")
    for text in (
        "Заявник говорив 0:04, диспетчер — 0:04.",
        "Найдовша тиша: 0:04.",
        "Обоє говорили одночасно: 0:02.",
        'href="/calls/c1/recordings/r2/sound#t=6.0"',
        "0:06–0:10 ніхто не говорить",
    ):
        assert text in page, text

    copy = Path(finished.listening_file or "")
    copy.unlink()
    answer = await worker.get("/calls/c1/recordings/r2/sound")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "audio/ogg")
    assert await answer.read() == copy.read_bytes()


TALK = {"caller": "1111000000", "dispatcher": "0011110000"}
"""Who speaks in which second."""


def write_sound(file: Path, seconds: str) -> Path:
    spoken = np.concatenate([np.sin(np.arange(8000) / 3) * 0.4 * (one == "1") for one in seconds])
    return write_samples(file, spoken)


def locked(file: Path) -> None:
    """Put a file that is encrypted under a key that nobody has in the place of a sound."""
    with io.BytesIO(file.read_bytes()) as sound, file.open("wb") as target:
        encrypt(sound, target, Key(bytes(32)), file.name)


async def test_a_recording_whose_key_is_missing_is_told_as_such_and_the_rest_of_the_page_goes_on(
    worker: Person, sounds: Mapping[str, Path], storage: Storage
) -> None:
    locked(sounds["recordings"] / "r1.wav")
    answer = await worker.get(WAV)
    page = await answer.text()
    assert answer.status == 503
    assert "Запис зашифровано, а ключа від нього немає" in page
    assert "Попросіть адміністратора повернути ключ" in page
    assert (await worker.get("/calls/c1")).status == 200
    assert await played(storage) == []
