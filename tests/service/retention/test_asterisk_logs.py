"""Asterisk's logs: long or old ones are put aside, and no flood fills the disk with them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.retention.asterisk_logs import MOST_ASIDE, OLDEST, AsteriskLogs
from tests.fakes.clock import SetClock

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
LINE = "[{day} 10:00:00.000] NOTICE[1] res_pjsip.c: somebody knocked\n"


async def rotate(path: Path) -> None:
    """Do as Asterisk does with `rotatestrategy = rotate`."""
    aside = sorted(path.parent.glob(f"{path.name}.[0-9]*"), key=lambda one: -int(one.suffix[1:]))
    for one in aside:
        one.rename(one.with_suffix(f".{int(one.suffix[1:]) + 1}"))
    path.rename(path.with_name(f"{path.name}.0"))
    path.touch()


def logs(folder: Path) -> AsteriskLogs:
    return AsteriskLogs(folder=folder, rotate=rotate, clock=SetClock(NOW), timezone=UTC, longest=1000)


def begun(days_ago: timedelta) -> str:
    return LINE.format(day=(NOW - days_ago).date())


@pytest.mark.parametrize(
    ("text", "aside"),
    [
        ("", False),
        (begun(timedelta()), False),
        (begun(OLDEST - timedelta(days=1)), False),
        (begun(OLDEST), True),
        (begun(timedelta()) * 20, True),
        ("\x1b garbage [2000-01-01 \n", False),
    ],
)
async def test_a_log_that_is_long_or_old_is_put_aside(tmp_path: Path, text: str, aside: bool) -> None:  # noqa: FBT001 - a case
    (tmp_path / "messages").write_text(text)
    await logs(tmp_path).look()
    assert (tmp_path / "messages.0").exists() is aside
    assert not (tmp_path / "security").exists(), "what is not there yet is not missed"


async def test_a_flood_keeps_no_more_than_the_newest(tmp_path: Path) -> None:
    watched = logs(tmp_path)
    (tmp_path / "security.txt").write_text("not ours")
    for number in range(MOST_ASIDE + 5):
        (tmp_path / "security").write_text(f"{number} " + "x" * 1000)
        await watched.look()
    kept = sorted(int(one.suffix[1:]) for one in tmp_path.glob("security.[0-9]*"))
    assert kept == list(range(MOST_ASIDE))
    assert (tmp_path / "security.0").read_text().startswith(f"{MOST_ASIDE + 4} ")
    assert (tmp_path / "security.txt").exists()
