"""A citizen's page on real storage and files: somebody who has called, with an appeal and a recording."""

from pathlib import Path

import pytest
from aiohttp import web

from cti_server.application import application
from cti_server.citizens.routes import add_citizens
from cti_server.citizens.sources import CitizenSources
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from cti_server.retention.routes import add_retention
from cti_server.retention.sources import RetentionSources
from hotline.calls.call import CallRecord, Outcome, Recording
from hotline.retention.terms import Retention
from hotline.voice.speech import Language
from service.folders import Folders
from service.retention.files import FileSweep
from service.wiring.retention import pieces
from storage.store import Storage
from tests.cti_server.conftest import KYIV, MovedClock, SetBoard
from tests.fakes.kept_sounds import sounds_in

NUMBER = "+380457900012"
SOUND = b"RIFF" + b"sound" * 90_000


def citizen_sources(storage: Storage, clock: MovedClock, folder: Path) -> CitizenSources:
    folders = Folders(var=folder, root="", own_edge="", memory="")
    sounds = sounds_in(folders.recordings, folders.messages)
    return CitizenSources(
        cards=storage.citizen_cards,
        data=storage.person_data,
        kept=Retention(),
        pieces=lambda file: pieces(folders, sounds, file),
        files=FileSweep(storage.retention, folders, sounds),
        callers=storage.callers,
        outages=storage.outages,
        known_places=storage.known_places,
        users=storage.users,
        clock=clock,
    )


def retention_sources(storage: Storage, clock: MovedClock) -> RetentionSources:
    return RetentionSources(
        kept=Retention(), holds=storage.holds, log=storage.retention, users=storage.users, clock=clock
    )


@pytest.fixture
def app(
    board: SetBoard, accounts: Accounts, storage: Storage, clock: MovedClock, tmp_path: Path
) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    add_citizens(made, citizen_sources(storage, clock, tmp_path))
    add_retention(made, retention_sources(storage, clock))
    return made


@pytest.fixture
async def maria(storage: Storage, clock: MovedClock, tmp_path: Path) -> int:
    """Somebody who has talked with a dispatcher once; the recording is there."""
    who = await storage.citizens.add("Демченко Марія Іванівна", "Київський квартал, 7, кв. 12", [NUMBER])
    now = clock.now()
    call = CallRecord(id="c1", number=NUMBER, shown=NUMBER, arrived_at=now, language=Language.UKRAINIAN)
    await storage.calls.open(call)
    await storage.calls.close("c1", Outcome.TALKED, now)
    await storage.calls.flush()
    files = [
        Folders(var=tmp_path, root="", own_edge="", memory="").recordings / f"c1{end}.wav"
        for end in ("-rx", "-tx", "")
    ]
    for file in files:
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(SOUND)
    caller, dispatcher, listening = map(str, files)
    recording = Recording(
        id="c1",
        call_id="c1",
        dispatcher_id=None,
        started_at=now,
        caller_file=caller,
        dispatcher_file=dispatcher,
        listening_file=listening,
        seconds=9.0,
    )
    await storage.calls.keep_recording(recording)
    return who.id
