"""Closings as anybody verifies them: a day is published, and each way of tampering is told in words."""

import asyncio
import json
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from hotline.appeals.acts.actors import SERVICE, applicant
from hotline.appeals.acts.applicants_word import BeginCheck, Confirm, Withdraw
from hotline.appeals.acts.passed_on import KnownBy, program_source
from hotline.appeals.appeal import AppealState
from hotline.portal.closings import (
    EndedBy,
    FlawKind,
    PublicKey,
    Signing,
    canonical,
    digest_of,
    due_days,
    ended_by,
    sha256,
)
from service.command_line import main
from service.portal.publishing import ClosingsPublisher
from service.portal.signing import NotSigned, Signer, add_key, signed
from service.portal.verifying import verify_published
from storage.store import Storage
from tests.cti_server.conftest import KYIV, MovedClock
from tests.fakes.register import Register

Tamper = Callable[[Path], None]


class InProcess(Signer):
    """Signs without a process, so that many days are quick."""

    async def keys(self) -> Sequence[PublicKey]:
        return (await self.sign(b"")).keys

    async def sign(self, octets: bytes) -> Signing:
        return signed(self.file, octets)


@pytest.fixture
async def published(storage: Storage, clock: MovedClock, tmp_path: Path, server: TestServer) -> Path:
    """A folder with what the site publishes of five days; the key was changed after the third."""
    key, folder = tmp_path / "secrets" / "closings-key", tmp_path / "published"
    publisher = ClosingsPublisher(storage.closing_digests, Signer(key, clock), clock, KYIV)
    quick = ClosingsPublisher(storage.closing_digests, InProcess(key, clock), clock, KYIV)
    register = Register(storage, clock)
    await register.appeal("2600001", AppealState.CLOSED)
    await register.appeal("2600002", AppealState.DONE)
    ended = Withdraw(by=applicant("call:17"), at=clock.now(), reason="сам полагодив")
    await storage.handling.carry_out("2600002", ended, version=None)
    clock.pass_(seconds=86_400)
    await publisher.look()
    for _ in range(2):
        clock.pass_(seconds=86_400)
        await quick.look()
    add_key(key, clock.now().date())
    await register.appeal("2600003", AppealState.DONE)
    checked = BeginCheck(by=SERVICE, at=clock.now())
    await storage.handling.carry_out("2600003", checked, version=None)
    said = Confirm(by=applicant("code:2600003"), at=clock.now())
    await storage.handling.carry_out("2600003", said, version=None)
    clock.pass_(seconds=2 * 86_400)
    await quick.look()
    assert key.stat().st_mode & 0o777 == 0o600
    folder.mkdir()
    async with server:
        await _copied(str(server.make_url("/closings")), folder)
        found = await verify_published(str(server.make_url("/closings")), tmp_path / "of-site.json")
    assert (found.flaws, found.days) == ([], 5)
    return folder


async def _copied(site: str, folder: Path) -> None:
    async with aiohttp.ClientSession() as session:

        async def text(name: str) -> str:
            async with session.get(f"{site}/{name}") as answer:
                assert answer.status == 200, name
                return await answer.text()

        (folder / "index.json").write_text(await text("index.json"))
        for one in json.loads((folder / "index.json").read_text())["days"]:
            name = f"{one['day']}.json"
            (folder / name).write_text(await text(name))


def files(folder: Path) -> list[Path]:
    return sorted(one for one in folder.iterdir() if one.name != "index.json")


def change(file: Path, how: Callable[[Any], None]) -> None:
    value = json.loads(file.read_text())
    how(value)
    file.write_text(json.dumps(value))


def another_way(folder: Path) -> None:
    change(files(folder)[0], lambda one: one["digest"]["closings"][0].update(by="sms"))


def a_count(folder: Path) -> None:
    change(files(folder)[0], lambda one: one["digest"].update(counts={}))


def no_file(folder: Path) -> None:
    files(folder)[2].unlink()


def no_day(folder: Path) -> None:
    change(folder / "index.json", lambda one: one["days"].pop(2))


def other_order(folder: Path) -> None:
    change(folder / "index.json", lambda one: one["days"].insert(1, one["days"].pop(2)))


def cut_off(folder: Path) -> None:
    change(folder / "index.json", lambda one: one["days"].pop())


def no_digest(folder: Path) -> None:
    change(files(folder)[1], lambda one: one["digest"].pop("key"))


def index_lies(folder: Path) -> None:
    change(folder / "index.json", lambda one: one["days"][1].update(sha256="0" * 64))


def key_taken_away(folder: Path) -> None:
    change(folder / "index.json", lambda one: one["keys"].pop())


def key_slipped_in(folder: Path) -> None:
    change(folder / "index.json", lambda one: one["keys"][1].update(signature=one["keys"][0]["signature"]))


def made_anew(folder: Path) -> None:
    """Somebody with a key of their own signs everything again, without the first closing."""
    key = folder.parent / "forged"
    key.unlink(missing_ok=True)
    add_key(key, date(2026, 1, 1))
    previous, days = "0" * 64, []
    for number, file in enumerate(files(folder), 1):
        digest = json.loads(file.read_text())["digest"]
        own = signed(key, b"").keys[0]
        if number == 1:
            digest["closings"].pop(0)
            digest["counts"] = {"withdrawn": 1}
        digest.update(key=own.key, previous=previous)
        text = canonical(digest)
        file.write_text(json.dumps({"digest": digest, "signature": signed(key, text.encode()).signature}))
        previous = sha256(text)
        days.append({"day": digest["day"], "sha256": previous})
    keys = [{"key": own.key, "since": "2026-01-01", "signature": ""}]
    (folder / "index.json").write_text(json.dumps({"keys": keys, "days": days}))


TAMPERED: Sequence[tuple[Tamper, set[FlawKind]]] = (
    (another_way, {FlawKind.CHANGED, FlawKind.INDEX, FlawKind.MOVED}),
    (a_count, {FlawKind.CHANGED, FlawKind.INDEX, FlawKind.MOVED}),
    (no_file, {FlawKind.MISSING, FlawKind.MOVED, FlawKind.GAP}),
    (no_day, {FlawKind.MOVED, FlawKind.GAP}),
    (other_order, {FlawKind.MOVED, FlawKind.GAP}),
    (cut_off, {FlawKind.TRUNCATED}),
    (no_digest, {FlawKind.UNREADABLE, FlawKind.MOVED, FlawKind.GAP}),
    (index_lies, {FlawKind.INDEX}),
    (key_taken_away, {FlawKind.WRONG_KEY}),
    (key_slipped_in, {FlawKind.KEY_NOT_HANDED_OVER}),
    (made_anew, {FlawKind.OTHER_FIRST_KEY, FlawKind.REWRITTEN}),
)


async def test_each_way_of_tampering_is_told_and_the_kept_head_stays(
    published: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = json.loads(files(published)[0].read_text())["digest"]
    assert first["counts"] == {"taken-down": 1, "withdrawn": 1}
    assert [one["number"] for one in first["closings"]] == ["2600001", "2600002"]
    assert set(first["closings"][0]) == {"number", "at", "by"}  # and nothing of a person
    head = tmp_path / "head.json"
    sound = await verify_published(str(published), head)
    assert (sound.flaws, sound.counts["page"], sound.counts["withdrawn"]) == ([], 1, 1)
    kept = head.read_text()
    for tamper, expected in TAMPERED:
        broken = tmp_path / tamper.__name__
        shutil.copytree(published, broken)
        tamper(broken)
        found = await verify_published(str(broken), head)
        assert {one.kind for one in found.flaws} == expected, tamper.__name__
        assert head.read_text() == kept
    monkeypatch.setenv("LC_ALL", "uk_UA.UTF-8")
    for folder, code, words in (
        (published, 0, "Ланцюг цілий"),
        (tmp_path / "another_way", 1, "зведення змінили після підпису"),
        (tmp_path / "nothing", 1, "index.json"),
    ):
        told = ["closings", "verify", str(folder), "--head", str(head)]
        assert await asyncio.to_thread(main, told) == code
        assert words in "".join(capsys.readouterr())


async def test_days_of_any_length_are_read_from_a_site_that_asks_for_patience(tmp_path: Path) -> None:
    key, asked = tmp_path / "key", Counter[str]()
    add_key(key, date(2026, 1, 1))
    [public] = signed(key, b"").keys
    text = canonical(digest_of(date(2026, 3, 1), [], None, public.key))
    keys = [{"key": public.key, "since": public.since.isoformat(), "signature": ""}]
    files = {
        "index.json": {"keys": keys, "days": [{"day": "2026-03-01", "sha256": sha256(text)}]},
        "2026-03-01.json": {"digest": json.loads(text), "signature": signed(key, text.encode()).signature},
    }

    async def answer(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        asked[name] += 1
        if asked[name] == 1:
            return web.Response(status=429, headers={"Retry-After": "0"})
        return web.Response(text=json.dumps(files[name]) + " " * 1_000_000)

    app = web.Application()
    app.router.add_get("/closings/{name}", answer)
    async with TestServer(app) as site:
        found = await verify_published(str(site.make_url("/closings")), tmp_path / "head.json")
    assert (found.flaws, found.days, asked["2026-03-01.json"]) == ([], 1, 2)


async def test_an_end_written_down_late_is_in_the_next_digest_and_in_no_other(
    storage: Storage, clock: MovedClock, tmp_path: Path
) -> None:
    key, register, days = tmp_path / "key", Register(storage, clock), []
    add_key(key, clock.now().date())
    publisher = ClosingsPublisher(storage.closing_digests, InProcess(key, clock), clock, KYIV)
    for number in ("2600001", "2600002"):
        await register.appeal(number, AppealState.ASSIGNED)
    said = Withdraw(by=applicant("survey:17"), at=clock.now(), reason="сам полагодив")
    for written in ("2600001", "2600002", ""):  # the second after its day's digest, as after a crash
        if written:
            await storage.handling.carry_out(written, said, version=None)
        clock.pass_(seconds=86_400)
        await publisher.look()
        latest = await storage.closing_digests.latest()
        assert latest is not None
        days.append([one["number"] for one in json.loads(latest.text)["closings"]])
    assert days == [["2600001"], ["2600002"], []]


async def test_a_key_replaced_in_between_breaks_nothing_and_a_lost_one_is_told(
    storage: Storage, clock: MovedClock, tmp_path: Path, server: TestServer
) -> None:
    key = tmp_path / "closings-key"
    add_key(key, clock.now().date())

    class Replacing(InProcess):
        async def sign(self, octets: bytes) -> Signing:
            if octets:
                add_key(key, clock.now().date())
            return await super().sign(octets)

    replacing = ClosingsPublisher(storage.closing_digests, Replacing(key, clock), clock, KYIV)
    publisher = ClosingsPublisher(storage.closing_digests, InProcess(key, clock), clock, KYIV)
    with pytest.raises(NotSigned):
        await replacing.look()
    assert await storage.closing_digests.latest() is None
    await publisher.look()
    async with server:
        site, head = str(server.make_url("/closings")), tmp_path / "head.json"
        assert (await verify_published(site, head)).flaws == []
        key.unlink()
        add_key(key, clock.now().date())
        clock.pass_(seconds=86_400)
        await publisher.look()
        lost = await verify_published(site, head)
        assert {one.kind for one in lost.flaws} == {FlawKind.KEY_NOT_HANDED_OVER}
        async with aiohttp.ClientSession() as session, session.get(site) as page:
            shown = await page.text()
        assert all(one in shown for one in (await storage.closing_digests.index()).values())


@pytest.mark.parametrize(
    ("state", "source", "by"),
    [
        (AppealState.CLOSED, "survey:17", EndedBy.KEY),
        (AppealState.CLOSED, "call:17", EndedBy.KEY),
        (AppealState.CLOSED, "link:17", EndedBy.PAGE),
        (AppealState.CLOSED, "chat:17", EndedBy.CHAT),
        (AppealState.CLOSED, "telegram:17", EndedBy.TELEGRAM),
        (AppealState.CLOSED, "viber:17", EndedBy.VIBER),
        (AppealState.CLOSED, "whatsapp:17", EndedBy.WHATSAPP),
        (AppealState.CLOSED, "sms:17", EndedBy.SMS),
        (AppealState.CLOSED, "letter:17", EndedBy.TAKEN_DOWN),
        (AppealState.CLOSED_UNCONFIRMED, "", EndedBy.WITHOUT_WORD),
        (AppealState.REJECTED, "", EndedBy.REJECTED),
        (AppealState.FORWARDED, "", EndedBy.FORWARDED),
    ],
)
def test_each_end_says_how_it_was_confirmed(state: AppealState, source: str, by: EndedBy) -> None:
    assert ended_by(state, source, taken_down=False) is by


def test_a_word_that_a_user_wrote_down_is_not_told_as_the_applicants_own_key() -> None:
    assert ended_by(AppealState.CLOSED, "call:17", taken_down=True) is EndedBy.TAKEN_DOWN


@pytest.mark.parametrize("known_by", KnownBy)
def test_a_word_that_another_system_passed_on_says_how_the_applicant_was_known(known_by: KnownBy) -> None:
    source = f"program:7:{known_by}:session:12"
    assert program_source(source) == (7, known_by, "session:12")
    assert ended_by(AppealState.CLOSED, source, taken_down=True).value == f"program-{known_by}"


def test_no_day_is_left_out_however_long_the_service_was_away() -> None:
    monday = datetime(2026, 3, 2, 0, 30, tzinfo=KYIV)
    assert due_days(None, monday, KYIV) == [date(2026, 2, 28)]  # before one o'clock the day is not over yet
    assert due_days(None, monday + timedelta(hours=1), KYIV) == [date(2026, 3, 1)]
    assert due_days(date(2026, 3, 1), monday + timedelta(hours=1), KYIV) == []
    assert len(due_days(date(2025, 12, 31), monday + timedelta(hours=1), KYIV)) == 60
