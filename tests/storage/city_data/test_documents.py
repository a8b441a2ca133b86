"""Versions of a city's documents: one draft, one in force, and two people at once."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from hotline.city.classifier import classifier
from hotline.city_data.kinds import HOLDERS
from hotline.documents.document import FIRST_OWN, Document, DocumentKind, delivered, revision
from hotline.documents.faults import DocumentFaults
from hotline.errors import NotFound, Outdated
from storage.store import Storage, open_storage
from storage.tables import city_documents
from tests.storage.conftest import NOON

KIND = DocumentKind.CLASSIFIER
NEWEST = max(delivered(KIND))
TEXT = delivered(KIND)[NEWEST].replace('uk = "Немає холодної води"', 'uk = "Холодна вода не йде"')


async def seen(storage: Storage, kind: DocumentKind = KIND) -> str:
    present = await storage.city_documents.present(kind)
    return revision(present.version, await storage.city_documents.draft(kind))


async def drafted(storage: Storage, text: str = TEXT, kind: DocumentKind = KIND) -> Document:
    return await storage.city_documents.save_draft(
        kind, text, by=None, at=NOON, note="water", seen=await seen(storage, kind)
    )


async def put(storage: Storage, text: str = TEXT, kind: DocumentKind = KIND) -> Document:
    await drafted(storage, text, kind)
    return await storage.city_documents.put_into_force(
        kind, by=None, at=NOON, note="water", seen=await seen(storage, kind)
    )


async def test_the_delivered_versions_are_kept_and_the_newest_is_in_force(storage: Storage) -> None:
    await storage.city_documents.take_delivered()
    for kind in DocumentKind:
        versions = await storage.city_documents.versions(kind)
        assert {one.version: one.text for one in versions} == delivered(kind)
        assert [one.version for one in versions if one.in_force_since] == [max(delivered(kind))]
        assert versions[0] == await storage.city_documents.present(kind)
        assert await storage.city_documents.draft(kind) is None


async def test_a_draft_holds_only_once_it_is_put_into_force(storage: Storage) -> None:
    draft = await drafted(storage)
    assert (draft.version, draft.draft, draft.delivered) == (FIRST_OWN, True, False)
    assert classifier().version == NEWEST
    made = await storage.city_documents.put_into_force(
        KIND, by=None, at=NOON, note="agreed", seen=await seen(storage)
    )
    assert (made.version, made.in_force_since, made.note) == (FIRST_OWN, NOON, "agreed")
    assert classifier().categories["water-none"].uk == "Холодна вода не йде"
    assert classifier(NEWEST).categories["water-none"].uk == "Немає холодної води"
    assert [one.version for one in await storage.city_documents.versions(KIND)][:2] == [FIRST_OWN, NEWEST]


async def test_what_a_city_put_into_force_holds_in_each_process_that_opens_the_database(
    url: str, storage: Storage
) -> None:
    await put(storage)
    async with open_storage(url) as another:
        assert classifier().version == FIRST_OWN
        await put(another, TEXT.replace("не йде", "не тече"))
    assert classifier().version == FIRST_OWN
    await storage.city_documents.renew()
    assert classifier().categories["water-none"].uk == "Холодна вода не тече"


async def test_a_draft_saved_from_an_old_page_is_refused(storage: Storage) -> None:
    old = await seen(storage)
    await drafted(storage)
    with pytest.raises(Outdated):
        await storage.city_documents.save_draft(KIND, "other", by=None, at=NOON, seen=old)
    assert (await storage.city_documents.draft(KIND)) == await drafted(storage)
    before = await seen(storage)
    await storage.city_documents.put_into_force(KIND, by=None, at=NOON, note="", seen=before)
    with pytest.raises(Outdated):
        await storage.city_documents.put_into_force(KIND, by=None, at=NOON, note="", seen=before)
    with pytest.raises(Outdated):
        await storage.city_documents.drop_draft(KIND, seen=before)


async def test_of_two_who_begin_a_draft_in_one_moment_one_is_refused(storage: Storage) -> None:
    old = await seen(storage)
    saves = [
        storage.city_documents.save_draft(KIND, f"{TEXT}# {name}", by=None, at=NOON, seen=old)
        for name in ("first", "second")
    ]
    done = await asyncio.gather(*saves, return_exceptions=True)
    assert {type(one) for one in done} == {Document, Outdated}


async def test_a_faulty_draft_is_kept_and_never_comes_into_force(storage: Storage) -> None:
    await drafted(storage, TEXT.replace('"24 hours"', '"24"'))
    with pytest.raises(DocumentFaults):
        await storage.city_documents.put_into_force(KIND, by=None, at=NOON, note="", seen=await seen(storage))
    assert classifier().version == NEWEST
    await storage.city_documents.drop_draft(KIND, seen=await seen(storage))
    assert await storage.city_documents.draft(KIND) is None
    with pytest.raises(NotFound):
        await storage.city_documents.put_into_force(KIND, by=None, at=NOON, note="", seen=await seen(storage))


async def test_a_newer_delivered_version_holds_only_in_a_city_without_its_own(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, none = DocumentKind.PAUSES, DocumentKind.BENEFITS
    await put(storage, delivered(own)[1], own)
    await storage.city_documents.take_delivered()
    newer = {kind: {**delivered(kind), 2: delivered(kind)[1]} for kind in DocumentKind}
    monkeypatch.setattr("storage.city_data.documents.delivered", newer.__getitem__)
    await storage.city_documents.take_delivered()
    assert [HOLDERS[one].version for one in (own, none)] == [FIRST_OWN, 2]
    assert (await storage.city_documents.document(own, 2)).in_force_since is None
    assert (await storage.city_documents.document(none, 2)).in_force_since == NOON
    assert (await storage.city_documents.document(none, 1)).in_force_since == NOON


async def test_a_document_broken_in_the_database_leaves_the_last_good_one_in_force(
    url: str, storage: Storage, caplog: pytest.LogCaptureFixture
) -> None:
    await put(storage)
    values = {"kind": KIND, "version": FIRST_OWN + 1, "text": "broken", "made_at": NOON, "note": ""}
    async with storage.database.writing() as connection:
        await connection.execute(insert(city_documents), values | {"in_force_since": NOON})
    await storage.city_documents.renew()
    assert classifier().version == FIRST_OWN
    assert set(storage.city_documents.broken()) == {(KIND, FIRST_OWN + 1)}
    assert "not in force document=classifier version=1002" in caplog.text
    async with storage.database.writing() as connection:
        await connection.execute(update(city_documents).values(text="broken", in_force_since=NOON))
    async with open_storage(url) as another:
        assert classifier().version == NEWEST, "the delivered one needs no database"
        assert (KIND, FIRST_OWN) in another.city_documents.broken()
        assert (await put(another)).version == FIRST_OWN + 2
        assert (KIND, FIRST_OWN) not in another.city_documents.broken()
        assert classifier().version == FIRST_OWN + 2


async def test_the_newest_version_is_first_whenever_it_came_into_force(storage: Storage) -> None:
    await put(storage)
    await storage.city_documents.save_draft(
        KIND, TEXT, by=None, at=NOON - timedelta(days=1), seen=await seen(storage)
    )
    await storage.city_documents.put_into_force(
        KIND, by=None, at=NOON - timedelta(days=1), note="", seen=await seen(storage)
    )
    assert (await storage.city_documents.present(KIND)).version == FIRST_OWN + 1
