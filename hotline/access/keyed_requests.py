"""Requests of programs that may be sent again: one idempotency key belongs to one whole request."""

from typing import Protocol


class KeyedRequests(Protocol):
    """Remembers for each key the fingerprint of the request that came with it."""

    async def claim(self, key: str, fingerprint: str) -> bool | None:
        """Tell whether the key is new (True), or belongs to this request (False) or to another one (None)."""
        ...

    async def release(self, key: str) -> None:
        """Forget a key whose request was refused: it may be mended, and sent with the same key."""
        ...
