"""Registers brought in and taken out, on both databases."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter

from cti_server.frame.table_files import WorkbookSheet, batches_of, csv_file, workbook_file
from hotline.appeals.appeal import AppealState
from hotline.appeals.lists import AppealFilter, Order
from hotline.city.addresses import Area, Side, demo_streets
from hotline.city.area_notation import NO_STREET
from hotline.city.classifier import Urgency
from hotline.contact.channel import Channel
from hotline.intake.import_states import Stage
from hotline.intake.imports import Import, RegisterKind
from hotline.intake.lines import Unreadable
from hotline.outages.outage import EntryFlaw, EntrySource, OutageAct, OutageKind
from storage.appeals.register import StoredAppeals
from storage.appeals.texts import AppealTexts
from storage.city.lemmas import UkrainianLemmas
from storage.core.database import open_database
from storage.intake.imports import StoredImports
from storage.intake.outages import ALIKE
from storage.intake.register import AT_ONCE
from storage.intake.registers import Registers
from storage.store import SLAVUTYCH, Storage
from tests.fakes.databases import empty_database
from tests.storage.conftest import FixedClock
from tests.storage.others import killed_at

KYIV = ZoneInfo("Europe/Kyiv")
PEOPLE = "Прізвище, ім’я, по батькові;Адреса;Телефони\n"


class Bureau:
    """Brings files in and takes registers out."""

    def __init__(self, registers: Registers, imports: StoredImports) -> None:
        self.registers = registers
        self.imports = imports

    async def bring(self, kind: RegisterKind, content: str | bytes) -> Import:
        """Look through, take in, to the end."""
        raw = content.encode() if isinstance(content, str) else content
        one = await self.imports.check(kind, "файл.csv", raw, None)
        await self.imports.begin(one.id)
        steps = [step async for step in self.imports.run(one.id)]
        return steps[-1]

    async def out(self, kind: RegisterKind) -> str:
        file = io.StringIO()
        lines = [cells async for cells in self.registers.everything(kind)]
        csv.writer(file, delimiter=";").writerows([self.registers.headings(kind), *lines])
        return file.getvalue()


def made(storage: Storage, folder: Path) -> Bureau:
    texts = AppealTexts(storage.database, UkrainianLemmas())
    registers = Registers(storage.database, texts, SLAVUTYCH, FixedClock())
    return Bureau(registers, StoredImports(storage.database, registers, folder, FixedClock()))


@pytest.fixture
def bureau(storage: Storage, tmp_path: Path) -> Bureau:
    return made(storage, tmp_path / "imports")


def counts(of: Import) -> tuple[int, int, int]:
    return of.added, of.known, of.refused


async def test_citizens_come_in_once_whatever_the_encoding_and_separator(
    bureau: Bureau, storage: Storage
) -> None:
    text = PEOPLE + "Демченко Марія Іванівна;Ризький квартал, 1;0457900001, 0457900002\nЇжак Ґалаґан;;\n"
    first = await bureau.bring(RegisterKind.CITIZENS, text.encode("cp1251"))
    assert counts(first) == (2, 0, 0)
    assert first.state is Stage.DONE
    for again in (
        text.encode("utf-8-sig"),
        text.encode("utf-16"),
        'Name\tAddress\tPhone\n"Демченко Марія Іванівна"\tРизький квартал 1\t\n'.encode(),
    ):
        assert (await bureau.bring(RegisterKind.CITIZENS, again)).added == 0
    (maria,) = await storage.citizens.calling_from("+380457900002")
    assert maria.name == "Демченко Марія Іванівна"
    assert [one.name for one in await storage.citizens.find("гала")] == ["Їжак Ґалаґан"]


async def test_refused_lines_say_which_column_and_why_and_come_in_when_mended(bureau: Bureau) -> None:
    text = PEOPLE + ";Ризький квартал, 1;\nМарія;;12\n\nІван;;0457900003\n"
    one = await bureau.imports.check(RegisterKind.CITIZENS, "люди.csv", text.encode(), None)
    assert counts(one) == (1, 0, 2)
    assert one.state is Stage.CHECKED
    refused = await bureau.imports.refusals(one.id)
    assert [(each.line.number, each.column) for each in refused] == [
        (2, "Прізвище, ім’я, по батькові"),
        (3, "Телефони"),
    ]
    assert await bureau.imports.refusals(one.id, 1) == refused[:1]
    mended = "Чому відмовлено;" + PEOPLE + "неповний номер;Марія;;0457900012\n"
    assert counts(await bureau.bring(RegisterKind.CITIZENS, mended)) == (1, 0, 0)


async def test_looking_through_brings_nothing_in(bureau: Bureau, storage: Storage) -> None:
    await bureau.imports.check(
        RegisterKind.CITIZENS, "люди.csv", (PEOPLE + "Марія;;\nМарія;;\n").encode(), None
    )
    assert not await storage.citizens.find("марія")
    assert counts(await bureau.bring(RegisterKind.CITIZENS, PEOPLE + "Марія;;\nМарія;;\n")) == (1, 1, 0)


async def test_an_import_that_was_cut_off_goes_on_where_it_was(bureau: Bureau, storage: Storage) -> None:
    people = "".join(f"Мешканець {number};вулиця Атомників, {number};\n" for number in range(AT_ONCE * 2 + 5))
    one = await bureau.imports.check(RegisterKind.CITIZENS, "люди.csv", (PEOPLE + people).encode(), None)
    await bureau.imports.begin(one.id)
    running = bureau.imports.run(one.id)
    assert (await anext(running)).done == AT_ONCE
    await running.aclose()
    assert await bureau.imports.running() == [one.id]
    steps = [step async for step in bureau.imports.run(one.id)]
    assert counts(steps[-1]) == (AT_ONCE * 2 + 5, 0, 0)
    assert await bureau.imports.running() == []
    assert len(await storage.citizens.find("мешканець", limit=1000)) == AT_ONCE * 2 + 5


async def test_a_stop_that_comes_after_the_end_leaves_the_import_done(bureau: Bureau) -> None:
    done = await bureau.bring(RegisterKind.CITIZENS, f"{PEOPLE}Марія;;\n")
    await bureau.imports.stop(done.id)
    await bureau.imports.begin(done.id)
    assert await bureau.imports.get(done.id) == done


KILLS = (1, 40, 250, 333, 100)
"""Statements and commits after which the process that takes a file in is killed, one after another."""


async def test_an_import_whose_process_is_killed_takes_each_line_once(
    bureau: Bureau, storage: Storage, url: str, tmp_path: Path
) -> None:
    lines = "".join(f"Мешканець {number};вулиця Атомників, {number};\n" for number in range(AT_ONCE * 4 + 5))
    text = f"{PEOPLE}{lines}Мешканець 3;вулиця Атомників 3;\n;хтось;\n"
    one = await bureau.imports.check(RegisterKind.CITIZENS, "люди.csv", text.encode(), None)
    await bureau.imports.begin(one.id)
    deed, came = RunImport(one.id, tmp_path / "imports"), []
    for step in KILLS:
        assert killed_at(url, deed, step)
        now = await bureau.imports.get(one.id)
        assert now.done % AT_ONCE == 0
        assert now.added == now.done == len(await storage.citizens.find("мешканець", limit=1000))
        came.append(now.done)
    assert came[0] == 0 < came[-1] < AT_ONCE * 4
    assert await bureau.imports.running() == [one.id]
    steps = [step async for step in bureau.imports.run(one.id)]
    assert counts(steps[-1]) == (AT_ONCE * 4 + 5, 1, 1)
    assert len(await storage.citizens.find("мешканець", limit=1000)) == AT_ONCE * 4 + 5


async def test_appeals_of_a_file_whose_process_is_killed_have_each_their_number_and_no_gap(
    bureau: Bureau, storage: Storage, url: str, tmp_path: Path
) -> None:
    lines = "".join(f"02.03.2026;Тече труба в підвалі {number}\n" for number in range(AT_ONCE + 5))
    one = await bureau.imports.check(
        RegisterKind.APPEALS, "з.csv", f"Зареєстровано;Зміст\n{lines}".encode(), None
    )
    await bureau.imports.begin(one.id)
    for step in (200, 500):
        assert killed_at(url, RunImport(one.id, tmp_path / "imports"), step)
    steps = [step async for step in bureau.imports.run(one.id)]
    assert counts(steps[-1]) == (AT_ONCE + 5, 0, 0)
    listed = await storage.appeal_lists.find(AppealFilter(), order=Order.OLDEST, limit=500)
    assert [each.appeal.number for each in listed] == [f"26{each:05d}" for each in range(1, AT_ONCE + 6)]
    assert {len(await storage.handling.history("2600001", hidden=True))} == {1}


class RunImport:
    """Takes in a file that was begun, in whatever process this is."""

    def __init__(self, import_id: int, folder: Path) -> None:
        self.import_id, self.folder = import_id, folder

    async def __call__(self, storage: Storage) -> object:
        return [step async for step in made(storage, self.folder).imports.run(self.import_id)]


async def test_streets_keep_their_old_names_and_houses(bureau: Bureau, storage: Storage) -> None:
    text = "Вулиця;Колишні назви;Будинок;Квартал\nвулиця Атомників;вулиця Курчатова; 7 ;Київський квартал\n"
    text += "вулиця Курчатова;;9;\nвулиця Нова;вулиця Атомників;;\nВулиця Атомників;;9;\n"
    one = await bureau.imports.check(RegisterKind.ADDRESSES, "вулиці.csv", text.encode(), None)
    assert counts(await bureau.bring(RegisterKind.ADDRESSES, text)) == (2, 0, 2)
    refused = await bureau.imports.refusals(one.id)
    assert [(each.line.number, each.column) for each in refused] == [
        (3, "Вулиця або квартал"),
        (4, "Колишні назви"),
    ]
    assert await storage.streets.present("Курчатова, 7") == "Курчатова, 7"
    assert await storage.streets.present("вулиця Курчатова, 7") == "вулиця Атомників, 7"
    assert "вулиця Атомників;;9;" in await bureau.out(RegisterKind.ADDRESSES)


async def test_enterprises_come_with_their_contacts(bureau: Bureau, storage: Storage) -> None:
    text = (
        "Підприємство;Скорочена назва;Контактна особа;Роль;Телефон;Email;Години;Дні тижня\n"
        "КП «Тепломережі»;Тепло;Черговий;черговий;0457900091;a@b.ua;20:00-08:00;1-5\n"
        "КП «Тепломережі»;Тепло;Директор;керівник;;d@b.ua;;\n"
        "КП «ЖКЦ»;;;;;;;\nКП «УЖКГ»;;Хтось;президент;;;;\nКП «УЖКГ»;;Хтось;;;;25:00-8:00;\n"
    )
    assert counts(await bureau.bring(RegisterKind.EXECUTORS, text)) == (3, 0, 2)
    assert counts(await bureau.bring(RegisterKind.EXECUTORS, text)) == (0, 3, 2)
    heat, center = sorted(await storage.executors.all(), key=lambda one: -len(one.contacts))
    assert center.name == "КП «ЖКЦ»"
    assert [one.email for one in heat.managers()] == ["d@b.ua"]
    assert heat.contacts[0].hours.days == frozenset({1, 2, 3, 4, 5})


APPEALS = (
    "Номер;Зареєстровано;Вид;Категорія;Зміст;Адреса;Заявник;Адреса заявника;Телефон;Виконавець;Стан;Термін\n"
    "2600041;02.03.2026 14:00;Скарга;Немає гарячої води;Холодні батареї;Ризький квартал, 1;Кравчук Іван;"
    "Ризький квартал, 1;0457900001;Тепло;У роботі;20.03.2026\n"
    ";02.03.2026;;;Тече труба;;;;;;;\n"
    ";02.03.2026;;;Без виконавця;;;;;;У роботі;\n"
    ";02.03.2026;;;Чужий виконавець;;;;;Ніхто;У роботі;\n"
    ";учора;;;Дата;;;;;;;\n;02.03.2026;;дива;Категорія;;;;;;;\n;02.03.2026;;;Термін;;;;;;;01.03.2026\n"
)


async def test_appeals_come_with_applicant_executor_words_and_numbers(
    bureau: Bureau, storage: Storage
) -> None:
    await storage.executors.add("КП «Тепломережі»", "Тепло", [])
    one = await bureau.imports.check(RegisterKind.APPEALS, "звернення.csv", APPEALS.encode(), None)
    assert counts(one) == (2, 0, 5)
    columns = [each.column for each in await bureau.imports.refusals(one.id)]
    assert columns == ["Виконавець", "Виконавець", "Зареєстровано", "Категорія", "Термін виконання"]
    assert counts(await bureau.bring(RegisterKind.APPEALS, APPEALS)) == (2, 0, 5)
    assert counts(await bureau.bring(RegisterKind.APPEALS, APPEALS)) == (0, 2, 5)
    appeal = await storage.registry.find("2600041")
    assert appeal
    assert (appeal.state, appeal.registration_index) == (AppealState.IN_WORK, "К-1")
    assert appeal.due_on.isoformat() == "2026-03-20"
    (ivan,) = await storage.citizens.calling_from("+380457900001")
    assert appeal.applicant_id == ivan.id
    given = await storage.registry.find("2600042")
    assert given
    assert given.urgency is Urgency.ORDINARY


async def test_nothing_of_an_appeal_that_the_register_knows_is_lost_by_a_file(
    bureau: Bureau, storage: Storage, tmp_path: Path
) -> None:
    await storage.executors.add("КП «ТМ»", "Тепло", [])
    text = (
        "Номер;Зареєстровано;Зміст;Виконавець;Стан;Попереднє звернення;Головне звернення;"
        "Згода на обробку даних;На контролі;Термін продовжено;Просять продовжити до;Марних спроб запитати;"
        "Стан змінено;Як повідомляти;Куди повідомляти;Заявник;Термін;Лише письмово\n"
        "2600001;25.10.2026 03:30:00 +02:00;=Тече;Тепло;У роботі;2500007;2600000;так;так;так;01.12.2026;2;"
        "26.10.2026 10:00:00;Електронна пошта;a@b.example;Кравчук Іван;20.11.2026;так\n"
    )
    assert counts(await bureau.bring(RegisterKind.APPEALS, text)) == (1, 0, 0)
    before = await storage.registry.find("2600001")
    assert before is not None
    assert (before.earlier, before.parent, before.attempts) == ("2500007", "2600000", 2)
    assert (before.consent, before.controlled, before.extended) == (True, True, True)
    assert (before.reply_by, before.reply_to) == (Channel.EMAIL, "a@b.example")
    assert before.only_in_writing
    for kind, suffix in (
        (RegisterKind.EXECUTORS, "csv"),
        (RegisterKind.APPEALS, "csv"),
        (RegisterKind.APPEALS, "xlsx"),
    ):
        file = tmp_path / f"{kind}.{suffix}"
        file.write_bytes(await exported(bureau, kind, suffix))
    for suffix in ("csv", "xlsx"):
        async with elsewhere(tmp_path / suffix) as (other, register):
            await other.bring(RegisterKind.EXECUTORS, (tmp_path / "executors.csv").read_bytes())
            assert counts(
                await other.bring(RegisterKind.APPEALS, (tmp_path / f"appeals.{suffix}").read_bytes())
            ) == (
                1,
                0,
                0,
            )
            assert await register.find("2600001") == before


@asynccontextmanager
async def elsewhere(folder: Path) -> AsyncIterator[tuple[Bureau, StoredAppeals]]:
    """Another city's empty registers."""
    folder.mkdir()
    async with open_database(empty_database(folder)) as database:
        texts = AppealTexts(database, UkrainianLemmas())
        registers = Registers(database, texts, SLAVUTYCH, FixedClock())
        imports = StoredImports(database, registers, folder / "imports", FixedClock())
        yield Bureau(registers, imports), StoredAppeals(database, texts, SLAVUTYCH)


async def exported(bureau: Bureau, kind: RegisterKind, suffix: str) -> bytes:
    """Take a register out as `hotline export` does."""

    async def rows() -> AsyncIterator[list[str]]:
        async for cells in bureau.registers.everything(kind):
            yield list(cells)

    headings, batches = list(bureau.registers.headings(kind)), batches_of(rows(), KYIV, "")
    if suffix == "csv":
        return b"".join([piece async for piece in csv_file(headings, batches)])
    sheet = WorkbookSheet(name=kind.value, headings=headings, batches=batches)
    async with workbook_file([sheet], asyncio.Semaphore()) as made_file:
        return made_file.read_bytes()


async def test_what_is_taken_out_comes_in_elsewhere_and_is_the_same(
    bureau: Bureau, storage: Storage, tmp_path: Path
) -> None:
    await bureau.bring(
        RegisterKind.EXECUTORS,
        "Назва;Скорочена назва;Контактна особа;Телефон;Години\nКП «ТМ»;Тепло;Пост;0457900091;8:00-20:00\n",
    )
    await bureau.bring(RegisterKind.CITIZENS, PEOPLE + "Марія «М» Петренко;=1+1;0457900005\n")
    await bureau.bring(
        RegisterKind.ADDRESSES, "Вулиця;Колишні назви;Будинок\nвулиця Атомників;вулиця Курчатова;7\n"
    )
    await bureau.bring(RegisterKind.APPEALS, APPEALS)
    await bureau.bring(
        RegisterKind.APPEALS,
        "Зареєстровано;Зміст;Терміновість;Термін\n01.02.2026;Рядок\n;Аварія;\n".replace(
            "Рядок\n;", '"Рядок\nдва";'
        ),
    )
    await bureau.bring(
        RegisterKind.OUTAGES,
        "Що відключено;Вид;Початок;Очікуване завершення;Де;Підприємство;Завершено;Скасовано\n"
        'вода;аварійна;28.02.2026 08:00;;"вул. Курчатова, 1-7 непарні, 9а";Тепло;;\n'
        "Опалення;;01.02.2026 08:00;01.02.2026 12:00;усе місто;КП «ТМ»;01.02.2026 13:30;\n"
        "Газ;планові;20.03.2026 08:00;20.03.2026 12:00;Атомників;;01.03.2026 10:00;так\n",
    )
    async with open_database(empty_database(tmp_path)) as database:
        registers = Registers(database, AppealTexts(database, UkrainianLemmas()), SLAVUTYCH, FixedClock())
        other = Bureau(registers, StoredImports(database, registers, tmp_path / "other", FixedClock()))
        for kind in (
            RegisterKind.EXECUTORS,
            RegisterKind.CITIZENS,
            RegisterKind.ADDRESSES,
            RegisterKind.APPEALS,
            RegisterKind.OUTAGES,
        ):
            taken = await bureau.out(kind)
            assert (await other.bring(kind, taken)).refused == 0, await other.imports.refusals(1)
            assert await other.out(kind) == taken
            assert (await bureau.bring(kind, taken)).added == 0


async def test_a_file_that_is_no_table_is_refused_with_what_to_do(bureau: Bureau, tmp_path: Path) -> None:
    for content, why in (
        (b"PK\x03\x04 damaged", "damaged"),
        ("Адреса\nвулиця\n".encode(), "missing"),
        ("ПІБ;Ім'я;Name\n1;2;3\n".encode(), "twice"),
    ):
        with pytest.raises(Unreadable, match=why):
            await bureau.imports.check(RegisterKind.CITIZENS, "x", content, None)
    assert list((tmp_path / "imports").iterdir()) == [], "nothing is left of them"


async def test_a_file_kept_by_an_earlier_version_is_still_brought_in(bureau: Bureau, tmp_path: Path) -> None:
    raw = (PEOPLE + "Марія;;\n;;\n;Київ;\n").encode("cp1251")
    one = await bureau.imports.check(RegisterKind.CITIZENS, "люди.csv", raw, None)
    (tmp_path / "imports" / str(one.id)).write_bytes(raw)
    assert [refused.line.number for refused in await bureau.imports.refusals(one.id)] == [4]
    await bureau.imports.begin(one.id)
    assert [step.added async for step in bureau.imports.run(one.id)][-1] == 1
    (tmp_path / "imports" / str(one.id)).unlink()
    with pytest.raises(Unreadable, match="not there any more"):
        await bureau.imports.headings(one.id)


async def test_a_workbook_is_read_as_it_looks(bureau: Bureau, storage: Storage, tmp_path: Path) -> None:
    rows: Sequence[Sequence[object]] = [
        ["ПІБ", "Телефон", "Пільги"],
        ["Марія", 380457900001, 7.14],
        [None] * 3,
    ]
    file = tmp_path / "люди.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    assert counts(await bureau.bring(RegisterKind.CITIZENS, file.read_bytes())) == (1, 0, 0)
    (maria,) = await storage.citizens.calling_from("+380457900001")
    assert maria.benefits == ("7.14",)


def test_every_kind_has_a_register(bureau: Bureau) -> None:
    by_kind: Mapping[RegisterKind, object] = bureau.registers.by_kind
    assert set(by_kind) == set(RegisterKind)


OUTAGES = """Що відключено;Вид;Початок;Очікуване завершення;Де;Причина;Підприємство;Внесено
Вода;аварійне;02.03.2026 13:00;02.03.2026 17:00;"Київський квартал, 1-15 непарні; Атомників, 7а";Прорив;Тепло;
Вода;;02.03.2026 13:30;;Київський квартал, 7;;;
світло;планове;20.03.2026 08:00;20.03.2026 12:00;усе місто;;;01.03.2026 09:00
вода;;02.03.2026 13:00;;Хрещатик;;;
вода;;02.03.2026 13:00;02.03.2026 12:00;Ризький квартал;;;
вода;;02.03.2026 13:00;;Ризький квартал, 9-3;;;
вода;;02.03.2026 13:00;;Ризький квартал;;Невідоме;
радіо;;02.03.2026 13:00;;Ризький квартал;;;
вода;;02.03.2026 13:00;;;;;
вода;;02.03.2026 13:00;;Вільнюський квартал;;;05.03.2026
"""


async def test_a_line_is_told_all_that_is_wrong_with_it_at_once(bureau: Bureau, storage: Storage) -> None:
    await storage.streets.add(demo_streets())
    heading = "Що відключено;Вид;Початок;Очікуване завершення;Де;Підприємство\n"
    wrong = "дива;аварія;учора;02.03.2026;Хрещатик\\, 5;Ніхто\n".replace("\\", "")
    one = await bureau.imports.check(RegisterKind.OUTAGES, "о.csv", (heading + wrong).encode(), None)
    (line,) = await bureau.imports.refusals(one.id)
    assert [each.column for each in line.all] == [
        *("Початок", "Що відключено", "Де", "Підприємство"),
    ]
    assert next(each.about for each in line.all if each.column == "Де") == "Хрещатик, 5"


async def test_outages_come_in_with_their_areas_and_what_is_refused_is_told_with_its_reason(
    bureau: Bureau, storage: Storage
) -> None:
    await storage.streets.add(demo_streets())
    heat = await storage.executors.add("КП «Тепломережі»", "Тепло", ())
    assert counts(await bureau.bring(RegisterKind.OUTAGES, OUTAGES)) == (2, 0, 8)
    again = await bureau.bring(RegisterKind.OUTAGES, OUTAGES)
    assert counts(again) == (0, 2, 8)
    refused = {one.line.number: (one.column, one.reason) for one in await bureau.imports.refusals(again.id)}
    assert refused[3] == ("Де", ALIKE), "it overlaps with the line before"
    assert refused[5] == ("Де", NO_STREET)
    third = next(one for one in await bureau.imports.refusals(again.id) if one.line.number == 3)
    assert third.about.startswith(("Гаряча вода", "Опалення", "Вода")), "it is named"
    assert [refused[line][0] for line in (6, 7, 8, 9, 10, 11)] == [
        *("Очікуване завершення", "Де", "Підприємство", "Що відключено", "Де", "Внесено"),
    ]
    water, power = sorted(await storage.outages.find(limit=9), key=lambda one: one.starts_at)
    assert water.areas == (
        Area(street="Київський квартал", first=1, last=15, side=Side.ODD),
        Area(street="вулиця Атомників", first=7, last=7, letter="а"),
    )
    assert (water.kind, water.executor_id, water.source) == (OutageKind.EMERGENCY, heat.id, EntrySource.FILE)
    assert power.city_wide
    assert EntryFlaw.SHORT_NOTICE not in power.flaws(power.entered_at), "it was entered in time, elsewhere"
    (line,) = await storage.outages.history(water.id)
    assert (line.act, line.by.source, line.facts["reason"]) == (OutageAct.ENTERED, EntrySource.FILE, "Прорив")
