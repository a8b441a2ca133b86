import pytest

from cti_server.auth import lasting


async def test_a_look_that_fails_ends_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(lasting, "RECHECK_SECONDS", 0)
    looks = iter([True, OSError("the database is away"), True, False])

    async def valid() -> bool:
        found = next(looks)
        if isinstance(found, OSError):
            raise found
        return found

    await lasting.until_void(valid)
    assert next(looks, None) is None
    assert "looked again" in caplog.text
