"""Reports that residents write in chats end in the act of their own pages, once."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from hotline.appeals.appeal import Appeal
from hotline.appeals.attachments import FileLimits
from hotline.chats.chat_states import ChatState
from hotline.chats.chats import Medium, NewChat
from hotline.city.classifier import Urgency
from hotline.portal.report import Source
from service.wiring.chats import reports_of_chats
from service.wiring.portal import reporting
from storage.appeals.attachment_store import AttachmentFolder
from storage.tables import appeals, resident_reports
from tests.fakes.towns import KYIV
from tests.service.chats.conftest import Resident


class Deaf:
    """A bus on which nobody listens."""

    def tell(self, event: object) -> None:
        del event


@pytest.fixture
def writer(resident: Resident, tmp_path: Path) -> Resident:
    """A resident whose chat registers."""
    storage = resident.stage.storage
    store = AttachmentFolder(tmp_path / "evidence", FileLimits())
    store.prepare()
    made = reporting(storage, KYIV, store=store, events=Deaf(), key=b"key", clock=resident.stage.clock)
    resident.conversations.register(reports_of_chats(storage, made, resident.stage.clock))
    return resident


async def begun(writer: Resident, medium: Medium = Medium.WEB, number: str | None = None) -> Resident:
    new = NewChat(medium=medium, address=number or "another", number=number)
    writer.chat = await writer.conversations.begin(new)
    return writer


async def newest(writer: Resident) -> tuple[Appeal, str]:
    """The appeal that was registered last, and the way by which it came."""
    async with writer.stage.storage.database.reading() as connection:
        query = select(resident_reports.c.appeal, resident_reports.c.source).order_by(
            resident_reports.c.id.desc()
        )
        number, source = (await connection.execute(query)).first() or ("", "")
    found = await writer.stage.storage.appeals.find(number)
    assert found is not None
    return found, source


async def count(writer: Resident) -> int:
    async with writer.stage.storage.database.reading() as connection:
        return (await connection.execute(select(func.count()).select_from(appeals))).scalar_one()


WORDS = "Не вивозять сміття вже третій день"


async def test_what_and_where_become_an_appeal_whose_number_and_code_are_told(writer: Resident) -> None:
    await begun(writer)
    assert "що сталося" in await writer.writes("Повідомити про проблему")
    assert "Про що це?" in await writer.writes(WORDS)
    assert "Де це?" in await writer.writes("1")
    assert "Київський квартал, 12" in await writer.writes("київський 12")
    told = await writer.writes("Так")
    if "вже є звернення" in told:
        told = await writer.writes("Це про інше")
    appeal, source = await newest(writer)
    assert f"№ {appeal.number}" in told
    assert appeal.text == WORDS
    assert "Київський квартал" in appeal.address
    assert (source, appeal.applicant_number) == (Source.CHAT, None)
    assert "Чим допомогти?" in told


async def test_a_place_that_no_register_has_stands_as_it_was_written(writer: Resident) -> None:
    await begun(writer)
    await writer.writes("6", WORDS, "1", "[1] біля річки за мостом")
    appeal, _ = await newest(writer)
    assert appeal.address == "[1] біля річки за мостом"


async def test_written_again_in_the_same_chat_it_is_one(writer: Resident) -> None:
    await begun(writer)
    await writer.writes("6", WORDS, "1", "біля річки")
    before = await count(writer)
    assert "вже є звернення" in await writer.writes("6", WORDS, "1", "біля річки")
    assert "вже зареєстровано" in await writer.writes("Це про інше")
    assert await count(writer) == before


@pytest.mark.parametrize(
    ("medium", "source", "sure"),
    [(Medium.TELEGRAM, Source.TELEGRAM, True), (Medium.SMS, Source.SMS, False)],
)
async def test_only_a_number_that_the_medium_proves_is_the_applicants(
    writer: Resident, medium: Medium, source: Source, *, sure: bool
) -> None:
    await begun(writer, medium, "+380671112233")
    await writer.writes("6", WORDS, "1", "біля річки")
    appeal, by = await newest(writer)
    assert by == source
    assert appeal.applicant_number == ("+380671112233" if sure else None)
    assert sure or appeal.urgency is not Urgency.EMERGENCY


async def test_who_cannot_say_what_it_is_gets_a_dispatcher_and_is_read(writer: Resident) -> None:
    await begun(writer)
    await writer.writes("6", "щось таке", "інше", "ну таке воно", "інше", "та отаке", "інше")
    assert writer.chat.state in {ChatState.WAITING, ChatState.ASKING}
    assert "щось таке" in [one.text for one in await writer.lines()]


async def test_a_flood_is_held_off(writer: Resident) -> None:
    await begun(writer, Medium.TELEGRAM, "+380671112233")
    for at in range(11):
        told = await writer.writes("6", WORDS, "1", f"біля річки, стовп {at}")
        if "вже є звернення" in told:
            told = await writer.writes("Це про інше")
    assert "забагато повідомлень" in told
    assert writer.chat.state is ChatState.ASKING
