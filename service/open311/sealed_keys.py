"""Keys of enterprises' servers in the database: sealed as recordings are, where there is a file of keys."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from attrs import define

from hotline.enterprises.open311 import HandedRequest, Open311Endpoint, Open311Endpoints
from storage.sounds.encryption import opened, sealed, sealed_under
from storage.sounds.keys import SoundKeys
from storage.store import Storage


@define(eq=False, repr=False)
class SealedEndpoints:
    """`hotline.enterprises.open311.Open311Endpoints`, with the keys sealed under the newest key of the file.

    What lies plain, or under an older key, is sealed anew when it is read. Reading raises
    SoundLocked without its key, SoundDamaged.
    """

    _endpoints: Open311Endpoints
    _keys: SoundKeys

    async def set(
        self,
        executor_id: int,
        endpoint: Open311Endpoint | None,
        *,
        key: str | None,
        seen: Open311Endpoint | None,
    ) -> None:
        kept = self._sealed(executor_id, key) if key else key
        await self._endpoints.set(executor_id, endpoint, key=kept, seen=seen)

    async def key(self, executor_id: int) -> str:
        kept = await self._endpoints.key(executor_id)
        under, present = sealed_under(kept), self._keys.current()
        plain = kept if under is None else opened(kept, self._keys.of(under), _name(executor_id))
        if plain and present is not None and under != present.id:
            await self._endpoints.keep_key(executor_id, self._sealed(executor_id, plain), was=kept)
        return plain

    async def has_key(self, executor_id: int) -> bool:
        return await self._endpoints.has_key(executor_id)

    async def keep_key(self, executor_id: int, key: str, *, was: str) -> None:
        await self._endpoints.keep_key(executor_id, key, was=was)

    async def handed(self, executor_id: int) -> Sequence[HandedRequest]:
        return await self._endpoints.handed(executor_id)

    async def named(self, notice_id: int, request_id: str, at: datetime) -> None:
        await self._endpoints.named(notice_id, request_id, at)

    def _sealed(self, executor_id: int, key: str) -> str:
        present = self._keys.current()
        return key if present is None else sealed(key, present, _name(executor_id))


def sealed_endpoints(storage: Storage, key_file: Path | None) -> SealedEndpoints:
    """Give the endpoints with the keys of recordings; None: what is new is kept as it is."""
    return SealedEndpoints(storage.open311_endpoints, SoundKeys(key_file))


async def seal_anew(storage: Storage, key_file: Path | None) -> None:
    """Read each key once, by which a plain one, or one under an older key, is sealed anew."""
    endpoints = sealed_endpoints(storage, key_file)
    for one in await storage.executors.all():
        if one.open311 is not None:
            await endpoints.key(one.id)


def _name(executor_id: int) -> str:
    """Name the place of a key: in another enterprise's it does not open."""
    return f"endpoint-{executor_id}"
