"""`hotline outbox` as an administrator uses it: on a database of its own, with files for a gateway."""

import asyncio
from pathlib import Path

import pytest

from hotline.clock import SystemClock
from hotline.contact.channel import Channel
from hotline.delivery.facts import notice_facts
from hotline.delivery.notice_states import NoticeState
from hotline.delivery.outbox import NewNotice, Notice
from hotline.voice.speech import Language
from service.command_line import main
from storage.store import open_storage
from tests.storage.enterprise import found


async def failed(url: str) -> Notice:
    async with open_storage(url) as storage:
        city = await found(storage)
        now = SystemClock().now()
        await city.enter(category="water-none", registered_at=now)
        (notice,) = await storage.outbox.claim((Channel.SMS,), now)
        await storage.outbox.failed(notice.id, now, "gateway answered 400", again_in=None)
        return notice


async def state(url: str, notice: Notice) -> NoticeState:
    async with open_storage(url) as storage:
        kept = await storage.outbox.find(notice.id)
        assert kept is not None
        return kept.state


def test_what_failed_is_listed_without_whole_numbers_and_sent_again(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    notice = asyncio.run(failed(url))
    assert main(["outbox", "list"]) == 0
    shown = capsys.readouterr().out
    assert "Звернення № 2600001 зареєстровано" in shown
    assert "gateway answered 400" in shown
    assert "+38067*****67" in shown
    assert notice.address not in shown
    assert main(["outbox", "retry", str(notice.id)]) == 0
    assert asyncio.run(state(url, notice)) is NoticeState.OWED
    assert main(["outbox", "retry", str(notice.id)]) == 1  # it waits already
    assert main(["outbox", "settle", "777"]) == 1
    assert "hotline outbox list" in capsys.readouterr().err


async def failed_about_an_outage(url: str) -> None:
    facts = notice_facts(
        Language.UKRAINIAN, texts={"where": "Київський квартал"}, words={"back": "back-water"}
    )
    new = NewNotice(
        matter="outage-17-v3",
        to="watcher:5",
        channel=Channel.SMS,
        address="+380671234567",
        about="outage-over",
        facts=facts,
    )
    async with open_storage(url) as storage:
        now = SystemClock().now()
        await storage.outbox.owe([new], now)
        (notice,) = await storage.outbox.claim((Channel.SMS,), now)
        await storage.outbox.failed(notice.id, now, "gateway answered 400", again_in=None)


def test_what_is_about_no_appeal_is_listed_as_well(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    asyncio.run(failed_about_an_outage(url))
    assert main(["outbox", "list"]) == 0
    assert "Водопостачання відновлено: Київський квартал" in capsys.readouterr().out


def test_a_test_message_is_handed_over_at_once(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert url
    assert main(["outbox", "test", "sms", "067 123 45 67"]) == 0
    (file,) = (tmp_path / "outbox").iterdir()
    assert f"file:{file.name}" in capsys.readouterr().out
    assert file.read_text("utf-8").startswith("Кому: +380671234567\n\nПеревірка: гаряча лінія")
    assert main(["outbox", "test", "email", "nobody"]) == 1
    assert "no address for email" in capsys.readouterr().err
