"""Recordings for another system: it hears that one is finished, fetches it, and compares its digest."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from hotline.access.permissions import Role
from hotline.access.users import AuditFilter
from hotline.calls.call import CallRecord, Recording
from hotline.calls.recordings import ResumedBy
from hotline.events import RecordingErased, RecordingPaused, RecordingResumed
from hotline.retention.deletions import DeletedBy
from service.calls.masters import MasterMaker
from service.node.bus import Bus
from storage.store import Storage
from telephony.voice.audio import find_sound
from telephony.voice.master import read_master
from tests.cti_server.api.conftest import NUMBER, Program
from tests.cti_server.api.test_events import stream, told
from tests.cti_server.conftest import KYIV, MovedClock
from tests.fakes.kept_sounds import sounds_in
from tests.fakes.sounds import RATE, write_wav

CALL, ID = "hotline-1.1", "ring-hotline-1.1-1"
SOUND = f"/calls/{CALL}/recordings/{ID}"


@pytest.fixture
async def recording(storage: Storage, tmp_path: Path, clock: MovedClock) -> Recording:
    """A talk that is over, and of which the sides lie there."""
    await storage.calls.open(CallRecord(id=CALL, number=NUMBER, shown=NUMBER, arrived_at=clock.now()))
    await storage.calls.flush()
    sides = [write_wav(tmp_path / f"{ID}-{side}.wav", 2) for side in ("caller", "dispatcher")]
    made = Recording(
        id=ID,
        call_id=CALL,
        dispatcher_id=None,
        started_at=clock.now(),
        caller_file=str(sides[0]),
        dispatcher_file=str(sides[1]),
    )
    await storage.calls.keep_recording(made)
    return made


@pytest.fixture
def maker(storage: Storage, tmp_path: Path, clock: MovedClock, bus: Bus) -> MasterMaker:
    return MasterMaker(
        calls=storage.calls,
        recordings=storage.recordings,
        chain=storage.recording_chain,
        events=bus,
        sounds=sounds_in(tmp_path),
        folder=tmp_path,
        clock=clock,
        timezone=KYIV,
    )


async def test_who_hears_that_a_recording_is_finished_fetches_it_and_finds_it_whole(
    head: Program, recording: Recording, maker: MasterMaker, storage: Storage, tmp_path: Path
) -> None:
    assert (await head.ask("GET", f"{SOUND}/master")).status == 404
    async with stream(head) as opened:
        await told(opened)
        await maker.finish(recording)
        finished = await told(opened)
    assert (finished["type"], finished["call_id"], finished["seconds"]) == ("recording.finished", CALL, 2)

    (listed,) = (await head.get(f"/calls/{CALL}"))["recordings"]
    assert (listed["id"], listed["ready"], listed["master"]) == (finished["recording_id"], True, True)
    answer = await head.ask("GET", f"{SOUND}/master")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "audio/flac")
    fetched = tmp_path / "fetched.flac"
    fetched.write_bytes(await answer.read())
    assert hashlib.sha256(fetched.read_bytes()).hexdigest() == finished["sha256"]
    caller = b"".join(find_sound(Path(recording.caller_file)).minutes(RATE))
    assert np.concatenate([*read_master(fetched)])[:, 0].tobytes() == caller

    copy = await head.ask("GET", f"{SOUND}/copy", headers={"Range": "bytes=0-99"})
    assert (copy.status, copy.headers["Content-Type"]) == (206, "audio/ogg")
    taken = await storage.audit.find(AuditFilter(action="export"), limit=9)
    by = f"token:{head.token.id} {head.token.name}; call:{CALL}"
    assert [(one.subject, one.detail) for one in taken] == [
        (f"recording:{ID}", f"{by} copy"),
        (f"recording:{ID}", f"{by} master"),
    ]


async def test_only_a_token_that_may_fetches_sound(
    head: Program, masked: Program, programs: Mapping[Role, Program], recording: Recording, maker: MasterMaker
) -> None:
    await maker.finish(recording)
    refused = await masked.ask("GET", f"{SOUND}/copy")
    assert (refused.status, (await refused.json())["code"]) == (403, "personal-data")
    assert (await programs[Role.DISPATCHER].ask("GET", f"{SOUND}/copy")).status == 403
    assert (await head.ask("GET", f"/calls/another/recordings/{ID}/copy")).status == 404


async def test_pauses_and_deletions_are_told(head: Program, bus: Bus, clock: MovedClock) -> None:
    one = {"call_id": CALL, "recording_id": ID, "at": clock.now()}
    async with stream(head) as opened:
        await told(opened)
        bus.tell(RecordingPaused(**one, dispatcher_id=1, until=clock.now()))
        bus.tell(RecordingResumed(**one, dispatcher_id=1, by=ResumedBy.TIME))
        bus.tell(RecordingErased(**one, cause=DeletedBy.ERASURE))
        heard = [await told(opened) for _ in range(3)]
    assert [(one["type"], one["recording_id"]) for one in heard] == [
        ("recording.paused", ID),
        ("recording.resumed", ID),
        ("recording.erased", ID),
    ]
    assert (heard[1]["by"], heard[2]["cause"]) == ("time", "erasure")
