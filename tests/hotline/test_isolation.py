"""What fails costs no other its turn."""

import pytest

from hotline.isolation import FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, IsolatedItems, Job


class Round:
    """Rounds over three items, of which one cannot be worked off; time passes only when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.broken = {"bad"}
        self.tried: list[str] = []
        self.apart = IsolatedItems("not worked off", monotonic=lambda: self.now)

    async def once(self) -> list[str]:
        """The items tried in this round."""
        self.tried = []
        for name in ("before", "bad", "behind"):
            await self.apart.do(name, self._job(name))
        return self.tried

    def _job(self, name: str) -> Job:
        async def job() -> None:
            self.tried.append(name)
            if name in self.broken:
                raise ValueError(name)

        return job


async def test_an_item_that_cannot_be_worked_off_does_not_block_the_next() -> None:
    assert await Round().once() == ["before", "bad", "behind"]


async def test_it_is_tried_again_in_the_next_round_and_then_after_pauses_that_grow_up_to_an_hour() -> None:
    rounds = Round()
    await rounds.once()
    assert "bad" in await rounds.once()
    pause = FIRST_PAUSE_SECONDS
    while pause < LONGEST_PAUSE_SECONDS:
        rounds.now += pause - 0.5
        assert "bad" not in await rounds.once()
        rounds.now += 0.5
        assert "bad" in await rounds.once()
        pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
    rounds.now += LONGEST_PAUSE_SECONDS
    assert "bad" in await rounds.once()


async def test_it_is_told_when_it_fails_and_when_it_is_done_at_last(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    rounds = Round()
    for _ in range(3):
        await rounds.once()
    assert caplog.text.count("not worked off item=bad, tried again in_seconds") == 2
    rounds.broken.clear()
    rounds.now += FIRST_PAUSE_SECONDS
    await rounds.once()
    await rounds.once()
    assert caplog.text.count("done after it had failed: not worked off item=bad") == 1
