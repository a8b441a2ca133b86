"""The golden conversations by Telegram and by short message, as their people hold them.

They read what is read in a chat, and the city keeps the same.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import define
from sqlalchemy import func, select, update

from hotline.chats.chats import ANSWERED_WITHIN, NewLine
from service.talk.scene import HIDDEN, Scene, Script, read_script
from service.talk.town import Stage, staged
from service.wiring.chats import conversations_on
from storage.tables import appeal_history, appeals, number_places, outage_reports, outage_watchers
from tests.fakes.gateways import People, WhatsAppPeople, viber_people, whatsapp_people
from tests.fakes.telegram_server import blocked, telegram_server
from tests.fakes.towns import KYIV, town_of
from tests.ivr_flows.test_golden_conversations import flow_of
from tests.ivr_flows.test_golden_in_chat import IN_WRITING, Writes, held_by, in_writing
from tests.service.chats.test_gateways import gateway_of
from tests.service.chats.test_sms import telephone
from tests.service.chats.test_telegram import process

TELEGRAM, SMS = held_by("Telegram"), held_by("Short message")
VIBER, WHATSAPP = held_by("Viber"), held_by("WhatsApp")
LANDLINES, MOBILES = "+380457900", "+380677900"
"""The demo's people have landlines; those of a messenger have mobile telephones."""
KEPT = (appeals, appeal_history, number_places, outage_reports, outage_watchers)
"""Tables that flows write to."""


CARRIED = [file for file in IN_WRITING if TELEGRAM[flow_of(file)].startswith("yes")]
LONGEST = {flow_of(file): file for file in sorted(CARRIED, key=lambda file: file.stat().st_size)}
BY_DAY = {LONGEST[flow] for flow in ("main_menu", "appeal_state")}
"""By messengers these are held by day; each flow is held in writing in `test_golden_in_chat`."""


@define
class Expected:
    """The conversation as a chat holds it. `last`: what is told behind its last answer."""

    script: Script
    scene: Scene
    number: str
    held: Sequence[tuple[NewLine, str]]
    last: str
    kept: dict[str, list[Any]]

    @property
    def goes(self) -> bool:
        """They go in the midst of it."""
        return not self.held[-1][1]


@asynccontextmanager
async def city(scene: Scene) -> AsyncIterator[Stage]:
    """A city with this scene, in which everybody has a mobile telephone."""
    async with town_of(scene) as built, staged(scene, KYIV, built) as stage:
        async with stage.storage.database.writing() as connection:
            for column in (appeals.c.applicant_number, number_places.c.number):
                mobile = func.replace(column, LANDLINES, MOBILES)
                await connection.execute(update(column.table).values({column: mobile}))
        yield stage


async def kept_in(stage: Stage) -> dict[str, list[Any]]:
    """What the city has, but for moments: who goes is gone a day later by short message."""
    async with stage.storage.database.reading() as connection:
        return {
            table.name: [
                [value for value in row if not isinstance(value, datetime)]
                for row in await connection.execute(select(*(one for one in table.c if one.name != "id")))
            ]
            for table in KEPT
        }


async def in_a_chat(file: Path, *, hidden: bool = False) -> Expected:
    """Hold it as a chat does, by their mobile telephone; `hidden`: nothing proves its number."""
    script = read_script(file.read_text(encoding="utf-8"), KYIV)
    number = HIDDEN if hidden else script.scene.number.replace(LANDLINES, MOBILES)
    scene = replace(script.scene, dispatchers=0, ahead=0, number=number)
    async with city(scene) as stage:
        writes = Writes(script)
        call = await in_writing(scene, writes, stage)
        kept = await kept_in(stage)
    return Expected(script, scene, number, writes.held, call.message.text, kept)


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(file, id=file.stem, marks=() if file in BY_DAY else pytest.mark.nightly)
        for file in CARRIED
    ],
)
async def test_by_messengers_the_same_is_read_and_kept(file: Path) -> None:
    expected = await in_a_chat(file)
    await by_telegram(expected)
    if SMS[flow_of(file)].startswith("yes"):
        await by_short_message(expected)


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(file, id=file.stem, marks=() if file in BY_DAY else pytest.mark.nightly)
        for file in CARRIED
    ],
)
async def test_by_gateways_the_same_is_read_and_kept(file: Path) -> None:
    if WHATSAPP[flow_of(file)].startswith("yes"):
        expected = await in_a_chat(file)
        async with whatsapp_people() as people:
            await by_gateway(expected, people)
    if VIBER[flow_of(file)].startswith("yes"):
        expected = await in_a_chat(file, hidden=True)
        async with viber_people() as others:
            await by_gateway(expected, others)


async def by_telegram(expected: Expected) -> None:
    """They begin, prove their number, press what is a button, and write the rest; who goes blocks us."""

    def reads(text: str, since: int) -> int:
        """Find these lines in their order; where the last of them stands."""
        for line in text.splitlines():
            since = read.index(line, since) + 1
        return since

    async with (
        telegram_server() as server,
        city(expected.scene) as stage,
        process(stage, server, lambda: conversations_on(stage.storage, stage.clock, stage.city)) as running,
    ):
        await server.writes("/start")
        await running.round()
        await server.shares(expected.number.removeprefix("+"))
        at = 0
        for question, answer in expected.held:
            await running.round()
            read = "\n".join(server.texts()).splitlines()
            at = reads(question.text, at)
            shown = server.buttons()[: len(question.buttons)]
            assert [name for name, _ in shown] == [one.label for one in question.buttons]
            label = next((one.label for one in question.buttons if one.key == answer), None)
            if not answer:
                await server.bring(my_chat_member=blocked())
            elif label:
                await server.presses(label)
            else:
                await server.writes(answer)
        await running.round()
        read = "\n".join(server.texts()).splitlines()
        if not expected.goes:
            reads(expected.last, at)
        assert await kept_in(stage) == expected.kept


async def by_short_message(expected: Expected) -> None:
    """They send each answer, and are answered at once; who goes is silent for a day."""
    async with city(expected.scene) as stage:
        texts = telephone(stage, conversations_on(stage.storage, stage.clock, stage.city))
        came = await texts.send("меню", expected.number)
        for question, answer in expected.held:
            for one in (question.text, *(f"{one.key} {one.label}" for one in question.buttons)):
                assert _close(one) in _close("".join(came))
            if answer:
                came = await texts.send(answer, expected.number)
        if expected.goes:
            stage.clock.pass_by(ANSWERED_WITHIN.total_seconds() + 1)
            await texts.conversations.end_silent()
        else:
            assert _close(expected.last) in _close("".join(came))
        assert await kept_in(stage) == expected.kept


async def by_gateway(expected: Expected, people: People) -> None:
    """They write, press what is a choice, and are known by their number where the messenger proves it."""

    def reads(text: str, since: int) -> int:
        for line in text.splitlines():
            since = read.index(line, since) + 1
        return since

    if isinstance(people, WhatsAppPeople):
        people.ANYBODY = expected.number.removeprefix("+")
    async with (
        city(expected.scene) as stage,
        gateway_of(
            people, stage, lambda: conversations_on(stage.storage, stage.clock, stage.city)
        ) as running,
    ):
        await people.writes("меню")
        at = 0
        for question, answer in expected.held:
            await running.round()
            read = "\n".join(people.texts()).splitlines()
            at = reads(question.text, at)
            shown = people.buttons() if question.buttons else []
            assert [name for name, _ in shown] == [one.label for one in question.buttons]
            label = next((one.label for one in question.buttons if one.key == answer), None)
            if not answer:
                await people.goes()
            elif label:
                await people.presses(label)
            else:
                await people.writes(answer)
        await running.round()
        read = "\n".join(people.texts()).splitlines()
        if not expected.goes:
            reads(expected.last, at)
        assert await kept_in(stage) == expected.kept


def _close(text: str) -> str:
    """Leave out spaces: between two parts of a message there is none."""
    return "".join(text.split())
