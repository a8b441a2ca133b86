"""Keys of enterprises' servers: sealed, each for its place, and opened by the file of keys."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hotline.calls.sound_store import SoundDamaged, SoundLocked
from hotline.enterprises.open311 import Open311Endpoint
from service.open311.sealed_keys import seal_anew, sealed_endpoints
from storage.sounds.encryption import sealed_under
from storage.sounds.keys import add_key
from storage.store import Storage
from tests.cti_server.conftest import MovedClock
from tests.fakes.databases import fresh_storage

SERVER = Open311Endpoint(address="https://uzhkg.example/open311/v2", other="OTHER")


@pytest.fixture
async def storage() -> AsyncIterator[Storage]:
    async with fresh_storage(MovedClock()) as opened:
        yield opened


async def test_a_key_is_sealed_for_its_place_and_anew_under_a_newer_key(
    storage: Storage, tmp_path: Path
) -> None:
    file, day = tmp_path / "keys", MovedClock().now().date()
    one, other = [
        (await storage.executors.add(f"КП «{name}»", name, ())).id for name in ("Тепломережі", "Водоканал")
    ]
    kept = storage.open311_endpoints
    await sealed_endpoints(storage, None).set(one, SERVER, key="s3cret", seen=None)
    assert await kept.key(one) == "s3cret", "without a file of keys it lies as it is"
    assert [sealed_under(plain) for plain in ("sealed:", "sealed:abc", "sealed:c2VjcmV0")] == [None] * 3
    older = add_key(file, day)
    endpoints = sealed_endpoints(storage, file)
    assert await endpoints.key(one) == "s3cret"
    assert sealed_under(await kept.key(one)) == older.id
    newer = add_key(file, day)
    await seal_anew(storage, file)
    assert sealed_under(await kept.key(one)) == newer.id
    await endpoints.set(other, SERVER, key="0ther", seen=None)
    stolen = await kept.key(other)
    assert "0ther" not in stolen
    await kept.keep_key(one, stolen, was=await kept.key(one))
    with pytest.raises(SoundDamaged):
        await endpoints.key(one)
    assert await endpoints.has_key(one), "the page on which another is written opens all the same"
    with pytest.raises(SoundLocked):
        await sealed_endpoints(storage, None).key(other)
