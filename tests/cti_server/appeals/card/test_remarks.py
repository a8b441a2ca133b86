"""What an applicant said by voice: on the card, and heard by those alone who may read that history."""

import wave
from collections.abc import Mapping
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from cti_server.appeals.files.remarks import RemarkSources, add_remarks
from hotline.access.permissions import Role
from hotline.access.users import AuditFilter, User
from hotline.appeals.acts.actors import applicant
from hotline.appeals.acts.applicants_word import Dispute
from hotline.appeals.appeal import AppealState
from hotline.calls.call import VoiceMessage
from hotline.speech.hearing import Engine, HeardWord
from hotline.speech.transcripts import Transcript
from hotline.voice.speech import Language
from service.speech.masked_copies import MaskedCopies
from storage.store import Storage
from tests.cti_server.appeals.card.conftest import CALL, FIRST, Road
from tests.cti_server.conftest import PASSWORD, MovedClock, Person
from tests.fakes.kept_sounds import sounds_in

REMARK = f"{CALL}-abcd1234"
HEARD, WORKED_ON = f"/appeals/{FIRST}/remarks/{REMARK}.wav", f"/enterprise/{FIRST}/remarks/{REMARK}.wav"


@pytest.fixture
def app(app: web.Application, storage: Storage, tmp_path: Path) -> web.Application:
    sources = RemarkSources(
        handling=storage.handling,
        work=storage.executor_work,
        history=storage.history,
        transcripts=storage.transcripts,
        mask=MaskedCopies(tmp_path / "masked", sounds_in(tmp_path)),
        sounds=sounds_in(tmp_path),
    )
    add_remarks(app, sources)
    return app


@pytest.fixture
async def spoken(road: Road, storage: Storage, clock: MovedClock, tmp_path: Path) -> bytes:
    """A remark in the dispute of the first appeal, and another message of the same call."""
    appeal = await road.to(AppealState.DONE)
    for name in (REMARK, f"{CALL}-other"):
        file = tmp_path / f"{name}.wav"
        with wave.open(str(file), "wb") as sound:
            sound.setparams((1, 2, 8000, 0, "NONE", ""))
            sound.writeframes(name.encode() * 100)
        message = VoiceMessage(
            id=name, call_id=CALL, number=None, file=str(file), began_at=clock.now(), seconds=1.0
        )
        await storage.calls.keep_message(message)
    await road.do(appeal, Dispute(by=applicant(f"call:{CALL}"), at=clock.now(), remark=REMARK))
    return (tmp_path / f"{REMARK}.wav").read_bytes()


async def test_a_dispatcher_finds_it_on_the_card_and_hearing_it_is_written_down(
    olena: Person, spoken: bytes, storage: Storage
) -> None:
    assert f'src="{HEARD}"' in await olena.text(f"/appeals/{FIRST}")
    answer = await olena.get(HEARD)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "audio/wav")
    assert await answer.read() == spoken
    (played,) = await storage.audit.find(AuditFilter(action="play"), limit=9)
    assert (played.subject, played.detail) == (f"message:{REMARK}", f"appeal:{FIRST}")


async def write_down(storage: Storage, clock: MovedClock, *words: str) -> None:
    heard = tuple(HeardWord(text=text, begins=at, ends=at + 1, confidence=1) for at, text in enumerate(words))
    made = Transcript(
        sound=REMARK,
        text=" ".join(words),
        words=heard,
        engine=Engine.VOSK,
        model="tiny",
        language=Language.UKRAINIAN,
        made_at=clock.now(),
    )
    await storage.transcripts.keep(made, clock.now())


async def test_its_words_stand_on_the_card_which_leads_to_what_was_said_in_the_call(
    olena: Person, spoken: bytes, storage: Storage, clock: MovedClock
) -> None:
    assert spoken
    there = f'href="/calls/{CALL}#sound"'
    assert there not in await olena.text(f"/appeals/{FIRST}")
    await write_down(storage, clock, "4149499312345679", "труба", "досі", "тече")
    page = await olena.text(f"/appeals/{FIRST}")
    assert "труба досі тече" in page
    assert there in page
    assert "4149499312345679" not in page
    heard = await (await olena.get(HEARD)).read()
    assert heard != spoken  # bleeped
    assert len(heard) == len(spoken)


async def test_who_may_not_hear_it_does_not_read_it(
    person: Person, users: Mapping[Role, User], spoken: bytes, storage: Storage, clock: MovedClock
) -> None:
    assert users
    assert spoken
    await write_down(storage, clock, "труба", "досі", "тече")
    await person.enter(Role.OBSERVER.value)
    page = await person.text(f"/appeals/{FIRST}")
    assert "труба досі тече" not in page
    assert "#sound" not in page


async def test_what_does_not_stand_in_that_history_is_not_played(
    olena: Person, spoken: bytes, road: Road
) -> None:
    assert spoken
    await road.begins(2)
    for path in (
        f"/appeals/{FIRST}/remarks/{CALL}-other.wav",
        f"/appeals/2600002/remarks/{REMARK}.wav",
        f"/appeals/{FIRST}/remarks/..%2F..%2Fetc.wav",
    ):
        assert (await olena.get(path)).status == 404


async def test_the_executor_that_has_it_hears_it_and_no_other(
    spoken: bytes, road: Road, storage: Storage, users: Mapping[Role, User], server: TestServer
) -> None:
    for login, executor in (("heat", road.heat), ("water", road.water)):
        await storage.users.add(
            login=login,
            name=login,
            role=Role.EXECUTOR,
            password_hash=users[Role.HEAD].password_hash,
            dispatcher_id=None,
            executor_id=executor.id,
        )
    async with TestClient(server) as first, TestClient(server) as second:
        for client, login, status in ((first, "heat", 200), (second, "water", 404)):
            person = Person(client)
            await person.sign_in(login, PASSWORD)
            answer = await person.get(WORKED_ON)
            assert answer.status == status
            assert (await answer.read() == spoken) == (status == 200)
            assert (await person.get(HEARD)).status == 403
