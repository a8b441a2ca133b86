"""Idempotency keys of programs: one key, one request, on both databases."""

import asyncio

from storage.store import Storage


async def test_a_key_belongs_to_the_request_that_came_first_until_it_is_given_back(storage: Storage) -> None:
    requests = storage.keyed_requests
    at_once = await asyncio.gather(*(requests.claim("api:1:key", "one") for _ in range(4)))
    assert sorted(map(str, at_once)) == ["False", "False", "False", "True"]
    assert await requests.claim("api:1:key", "other") is None
    await requests.release("api:1:key")
    assert await requests.claim("api:1:key", "other") is True
