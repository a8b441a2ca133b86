"""Photos sent in Telegram: redrawn, part of the appeal that is reported, before dispatchers, and held off."""

import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from hotline.access.permissions import Role
from hotline.appeals.acts.actors import ActorRole
from hotline.appeals.acts.keeping import Note
from hotline.appeals.attachments import (
    PHOTO,
    AppealFile,
    FileLimits,
    FileRefusal,
    FileRefused,
    FileStore,
    StoredFile,
)
from hotline.chats.chat_states import ChatState
from hotline.chats.messengers import Taken
from hotline.errors import ForbiddenTransition, NotFound
from hotline.portal.chat_photos import MOST_WAITING
from hotline.voice.speech import Language
from ivr_flows.languages import in_chat
from service.chats.conversations import Conversations
from service.chats.photos import SENT
from service.chats.receiving import REFUSALS
from service.talk.town import Stage
from service.wiring.chats import conversations_on, reports_of_chats
from service.wiring.portal import reporting
from storage.appeals.attachment_store import AttachmentFolder
from tests.fakes.telegram_server import TOKEN, TelegramServer, telegram_server
from tests.fakes.towns import KYIV
from tests.service.chats.test_conversations import APPEAL
from tests.service.chats.test_reports import WORDS, Deaf
from tests.service.chats.test_telegram import Process, process
from tests.storage.pictures import pdf, photo


class Undrawn:
    """A store that keeps what comes as it is; a picture begins with `picture`."""

    def __init__(self) -> None:
        self.limits = FileLimits(most_bytes=1000)
        self.kept: dict[str, bytes] = {}

    async def take(self, pieces: AsyncIterator[bytes]) -> StoredFile:
        came = b"".join([piece async for piece in pieces])
        if not came.startswith(b"picture"):
            raise FileRefused(FileRefusal.DAMAGED)
        key = f"{len(self.kept):032}"
        self.kept[key] = came
        return StoredFile(key=key, media_type=PHOTO, bytes=len(came), sha256=came.hex())

    async def drop(self, key: str) -> None:
        self.kept.pop(key, None)

    def path(self, key: str) -> Path:
        raise NotImplementedError

    preview = path


def registering(stage: Stage, store: FileStore) -> Callable[[], Conversations]:
    def made() -> Conversations:
        conversations = conversations_on(stage.storage, stage.clock, stage.city)
        by = reporting(stage.storage, KYIV, store=store, events=Deaf(), key=b"key", clock=stage.clock)
        conversations.register(reports_of_chats(stage.storage, by, stage.clock))
        return conversations

    return made


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with telegram_server() as made:
        yield made


@pytest.fixture
def undrawn() -> Undrawn:
    return Undrawn()


@pytest.fixture
async def running(stage: Stage, server: TelegramServer, undrawn: Undrawn) -> AsyncIterator[Process]:
    async with process(stage, server, registering(stage, undrawn)) as made:
        yield made


async def files_of(running: Process, number: str) -> list[AppealFile]:
    return list(await running.stage.storage.files.of_appeal(number))


async def waiting(running: Process) -> list[StoredFile]:
    return list(await running.stage.storage.chat_photos.of_chat((await running.chat()).id))


def last(server: TelegramServer) -> str:
    return server.texts()[-1]


async def reports(running: Process, server: TelegramServer) -> str:
    """Go on behind what has happened; the number of the appeal."""
    for text in ("1", "біля річки"):
        await server.writes(text)
        await running.round()
    if "вже є звернення" in last(server):
        await server.presses("Це про інше")
        await running.round()
    return last(server).partition("№ ")[2][:7]


async def test_a_photo_of_a_report_is_redrawn_and_part_of_its_appeal(
    stage: Stage, server: TelegramServer, tmp_path: Path
) -> None:
    store = AttachmentFolder(tmp_path / "evidence", FileLimits())
    store.prepare()
    async with process(stage, server, registering(stage, store)) as running:
        await server.writes("6")
        await server.sends_photo(photo(size=(64, 48)), caption=WORDS)
        await running.round()
        assert "Про що це?" in last(server)
        number = await reports(running, server)
        assert "Фото у зверненні: 1." in last(server)
        (file,) = await files_of(running, number)
        assert file.photo
        assert b"Santekhnik" not in store.path(file.key).read_bytes()
        assert not await waiting(running)
        await server.sends_photo(pdf(), as_file="image/png")
        await running.round()
        assert in_chat("chat-photo-kind", Language.UKRAINIAN) in server.texts()
        assert await files_of(running, number) == [file]


async def test_photos_behind_a_report_are_added_to_it_and_are_one_addition(
    running: Process, server: TelegramServer
) -> None:
    for text in ("6", WORDS):
        await server.writes(text)
        await running.round()
    number = await reports(running, server)
    for at in range(MOST_WAITING + 1):
        await server.sends_photo(b"picture %d" % at)
    await running.round()
    assert len(await files_of(running, number)) == MOST_WAITING
    assert len(await waiting(running)) == 1  # there is no room for it any more
    history = await running.stage.storage.handling.history(number, hidden=False)
    assert [one.act for one in history if one.part is ActorRole.APPLICANT] == [Note.name]


async def test_an_album_is_told_of_once_and_what_waits_is_asked_again(
    running: Process, server: TelegramServer
) -> None:
    for at in range(3):
        await server.sends_photo(b"picture %d" % at, times=2)
    await running.round()
    told = last(server)
    assert "3 з 5" in told
    assert "1 з 5" not in told
    assert server.buttons()[0][0]
    assert len(await waiting(running)) == 3
    await server.presses("Повідомити про проблему")
    await running.round()
    assert "що сталося" in last(server)


@pytest.mark.parametrize(
    ("sent", "refused"),
    [
        (b"no picture", Taken.PHOTO_DAMAGED),
        pytest.param(b"picture" * 200, Taken.PHOTO_LARGE, marks=pytest.mark.nightly),
        (None, Taken.PHOTO_LATER),
    ],
)
async def test_why_a_photo_is_not_taken_is_told_and_its_words_are(
    running: Process,
    server: TelegramServer,
    sent: bytes | None,
    refused: Taken,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await server.writes("/start")
    await server.sends_photo(sent or b"picture", caption="2")
    if sent is None:
        server.files.clear()
    with caplog.at_level(logging.DEBUG, "service"):
        await running.round()
    assert in_chat(REFUSALS[refused], Language.UKRAINIAN) in server.texts()
    assert "номер звернення" in last(server)
    assert await running.by_resident() == ["2"]
    assert TOKEN not in caplog.text


async def test_nobody_sends_more_than_a_report_has_and_nobody_floods(
    running: Process, server: TelegramServer, undrawn: Undrawn
) -> None:
    await server.writes("/start")
    for at in range(MOST_WAITING + 4):
        await server.sends_photo(b"picture %d" % at)
    await running.round()
    assert len(undrawn.kept) == len(server.fetched) == MOST_WAITING
    assert in_chat("chat-photos-many", Language.UKRAINIAN) in server.texts()
    for one in await waiting(running):
        await running.stage.storage.chat_photos.strike(one.key)
    for at in range(SENT.at_once):
        await server.sends_photo(b"no picture %d" % at)
    await running.round()
    assert len(server.fetched) == SENT.at_once


async def test_a_dispatcher_gives_the_photos_of_their_chat_to_an_appeal(
    running: Process, server: TelegramServer
) -> None:
    await server.writes("0")
    await running.round()
    await server.sends_photo(b"picture of the lift")
    await running.round()
    chat = await running.chat()
    assert chat.state is ChatState.WAITING
    user = await running.stage.storage.users.add(
        login="writer", name="Олена", role=Role.DISPATCHER, password_hash="x"
    )
    with pytest.raises(ForbiddenTransition):
        await running.conversations.give_photos(chat.id, user, APPEAL)
    await running.conversations.take(chat.id, user)
    with pytest.raises(NotFound):
        await running.conversations.give_photos(chat.id, user, "2699999")
    assert len(await waiting(running)) == 1
    assert await running.conversations.give_photos(chat.id, user, APPEAL) == 1
    assert await running.conversations.give_photos(chat.id, user, APPEAL) == 0
    assert [one.photo for one in await files_of(running, APPEAL)] == [True]
    assert not await waiting(running)


async def test_a_photo_is_on_one_list_alone_whenever_the_process_dies(
    running: Process, server: TelegramServer
) -> None:
    await server.writes("0")
    await server.sends_photo(b"picture of the lift")
    await running.round()
    (one,) = await waiting(running)
    storage, now = running.stage.storage, running.stage.clock.now()
    await storage.files.add(number=APPEAL, name="photo.jpg", kept=one, uploaded_by=None, at=now)
    assert await storage.files.known([one.key])
    assert not await storage.chat_photos.known([one.key])


async def test_a_killed_process_takes_neither_photo_nor_words_twice(
    running: Process, server: TelegramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Conversations.write
    failed: list[str] = []

    async def fails_once(self: Conversations, *given: object, **named: object) -> object:
        if not failed:
            failed.append("once")
            raise OSError("the database is away")
        return await write(self, *given, **named)  # type: ignore[arg-type]

    await server.writes("/start")
    await running.round()
    monkeypatch.setattr(Conversations, "write", fails_once)
    await server.sends_photo(b"picture", caption="2")
    assert await running.telegram.ask(1.0) == 1.0
    await running.round()
    assert len(await waiting(running)) == 1
    assert await running.by_resident() == ["Фото", "2"]
