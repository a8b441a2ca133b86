"""Which recordings speak: the newest for each phrase and language, bound to what it was made for."""

from dataclasses import replace

import pytest

from hotline.access.permissions import Role
from hotline.errors import NotFound
from hotline.voice.speech import Language, Phrase
from hotline.voice.voice_recordings import NewRecording, Origin
from storage.store import Storage
from tests.storage.conftest import NOON

MENU = Phrase(name="menu", uk="Натисніть нуль.", en="Press zero.")


@pytest.fixture
async def new(storage: Storage) -> NewRecording:
    head = await storage.users.add(login="head", name="Керівник", role=Role.HEAD, password_hash="x")
    return NewRecording(
        phrase="menu",
        language=Language.UKRAINIAN,
        basis=MENU.basis(Language.UKRAINIAN),
        stem="menu-1",
        seconds=2.5,
        origin=Origin.FILE,
        user_id=head.id,
    )


async def test_a_recording_speaks_until_it_is_taken_back(storage: Storage, new: NewRecording) -> None:
    kept = await storage.voice_recordings.keep(new)
    assert await storage.voice_recordings.in_use() == {("menu", Language.UKRAINIAN): kept}
    assert (kept.stem, kept.seconds, kept.made_at) == ("menu-1", 2.5, NOON)
    assert await storage.voice_recordings.take_back("menu", Language.UKRAINIAN, new.user_id)
    assert await storage.voice_recordings.in_use() == {}
    assert not await storage.voice_recordings.take_back("menu", Language.UKRAINIAN, new.user_id)
    gone = (await storage.voice_recordings.history("menu"))[0]
    assert (gone.gone_at, gone.gone_by) == (NOON, new.user_id)


async def test_a_new_take_replaces_the_old_which_stays_in_the_history(
    storage: Storage, new: NewRecording
) -> None:
    await storage.voice_recordings.keep(new)
    second = await storage.voice_recordings.keep(replace(new, stem="menu-2"))
    english = await storage.voice_recordings.keep(replace(new, language=Language.ENGLISH, stem="menu-3"))
    in_use = await storage.voice_recordings.in_use()
    assert set(in_use.values()) == {second, english}
    stems = [one.stem for one in await storage.voice_recordings.history("menu")]
    assert stems == ["menu-3", "menu-2", "menu-1"]


async def test_another_text_makes_it_stale_until_it_is_confirmed(storage: Storage, new: NewRecording) -> None:
    kept = await storage.voice_recordings.keep(new)
    changed = replace(MENU, uk="Натисніть один.")
    assert kept.speaks(MENU)
    assert not kept.speaks(changed)
    await storage.voice_recordings.confirm(kept.id, changed.basis(Language.UKRAINIAN))
    now = (await storage.voice_recordings.in_use())[("menu", Language.UKRAINIAN)]
    assert now.speaks(changed)
    with pytest.raises(NotFound):
        await storage.voice_recordings.confirm(999, "x")


async def test_another_process_hears_of_it_within_a_second(storage: Storage, new: NewRecording) -> None:
    other = type(storage.voice_recordings)(storage.database, storage.voice_recordings._clock)
    other._kept._seconds = lambda: passed
    passed = 100.0
    assert await other.in_use() == {}
    await storage.voice_recordings.keep(new)
    passed = 100.9
    assert await other.in_use() == {}
    passed = 101.0
    assert len(await other.in_use()) == 1
