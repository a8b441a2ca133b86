"""The pages of a city's own data: read, changed by forms and files, put into force; two people at once."""

import html
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date

import aiohttp
import pytest
from openpyxl import Workbook, load_workbook

from cti_server.appeals import words as appeal_words
from cti_server.frame import words as frame_words
from cti_server.frame.language import words as catalogue
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.appeals.routing import Rule
from hotline.city.classifier import classifier
from hotline.city.days_off import days_off
from hotline.city_data import tables
from hotline.city_data.columns import Choice, Row
from hotline.city_data.rows import rows_of
from hotline.city_data.tables import TABLES
from hotline.documents.document import DocumentKind
from hotline.line.pauses import pauses
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person
from tests.cti_server.rules.test_rules import enter

CLASSIFIER = "/city-data/classifier"


def hidden(page: str) -> dict[str, str]:
    """Give the hidden fields of the form of a row, or of the draft."""
    found = dict(re.findall(r'name="(seen|was|saw)" value="([^"]*)"', page))
    return {name: html.unescape(text) for name, text in found.items()}


def typed(page: str) -> dict[str, str]:
    """Give what stands in the fields of the form of a row."""
    found = dict(re.findall(r'name="(cell-[^"]+)" type="text" value="([^"]*)"', page))
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    found |= dict(re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>(.*?)</textarea>', page, re.DOTALL))
    return {name: html.unescape(text) for name, text in found.items()}


async def save(person: Person, path: str, page: str = "", then: str = "", **cells: str) -> tuple[int, str]:
    """Send the form of a row as its page shows it, but for these cells."""
    page = page or await person.text(path)
    changed = {f"cell-{name}": text for name, text in cells.items() if name != "after"}
    after = {"after": cells["after"]} if "after" in cells else {}
    answer = await person.post(path + then, {**typed(page), **hidden(page), **changed, **after})
    return answer.status, answer.headers.get("Location", "") or await answer.text()


async def put(person: Person, kind: DocumentKind, note: str = "Рішення № 5") -> tuple[int, str]:
    page = await person.text(f"/city-data/{kind}/draft")
    answer = await person.post(f"/city-data/{kind}/draft/put", {**hidden(page), "note": note})
    return answer.status, answer.headers.get("Location", "") or await answer.text()


async def drafted(storage: Storage, kind: DocumentKind, table: str) -> Sequence[Row]:
    draft = await storage.city_documents.draft(kind)
    assert draft
    return rows_of(TABLES[kind], draft.text)[table]


async def bring(person: Person, kind: DocumentKind, name: str, content: bytes) -> tuple[int, str]:
    page = await person.text(f"/city-data/{kind}")
    seen = re.search(r'name="seen" value="([^"]*)"', page[page.index("multipart") :])
    assert seen
    form = aiohttp.FormData()
    form.add_field("csrf", person.csrf)
    form.add_field("seen", seen[1])
    form.add_field("file", content, filename=name, content_type="application/octet-stream")
    answer = await person.client.post(
        f"/city-data/{kind}/file", data=form, headers=person.origin, allow_redirects=False
    )
    return answer.status, answer.headers.get("Location", "") or await answer.text()


def place_of(code: str) -> int:
    return list(classifier().categories).index(code)


async def test_the_list_says_what_is_in_force_and_whether_a_draft_waits(
    head: Person, storage: Storage, users: Mapping[Role, User]
) -> None:
    page = await head.text("/city-data")
    for words in ("Класифікатор звернень", "Діловодство", "Святкові дні", "надійшла з програмою"):
        assert words in page
    assert "Є чернетка" not in page
    await save(head, f"{CLASSIFIER}/rows/category/0", uk="Без води")
    page = await head.text("/city-data")
    assert "Є чернетка" in page
    assert users[Role.HEAD].name in page


async def test_the_classifier_is_read_by_sections_and_searched(head: Person) -> None:
    page = await head.text(CLASSIFIER)
    assert page.index("Комунальне господарство") < page.index("Немає холодної води") < page.index("Решта")
    found = await head.text(f"{CLASSIFIER}?q=гар вод")
    assert "hot-water-none" in found
    assert "street-light" not in found
    assert "Тут немає рядків із такими словами" in await head.text(f"{CLASSIFIER}?q=дракон")


async def test_a_change_waits_in_the_draft_until_it_is_put_into_force(
    head: Person, storage: Storage, users: Mapping[Role, User]
) -> None:
    was = classifier().version
    place = place_of("water-none")
    status, where = await save(head, f"{CLASSIFIER}/rows/category/{place}", uk="Без води", term="12 годин")
    assert (status, where) == (303, f"{CLASSIFIER}#changes")
    assert classifier().categories["water-none"].uk != "Без води"
    page = await head.text(f"{CLASSIFIER}/draft")
    assert re.search(r"<del>Немає холодної води</del> → <ins>Без води</ins>", page)
    assert re.search(r"<del>24 години</del> → <ins>12 годин</ins>", page)
    assert (await put(head, DocumentKind.CLASSIFIER))[0] == 303
    now = classifier().categories["water-none"]
    assert (now.uk, now.term.amount) == ("Без води", 12)
    assert classifier(was).categories["water-none"].uk == "Немає холодної води"
    page = await head.text(CLASSIFIER)
    assert "Рішення № 5" in page
    (entry, *_) = [one for one in await storage.audit.latest() if one.action == "change"]
    assert entry.subject == "city-data:classifier"
    assert "Рішення № 5" in entry.detail


async def test_a_row_is_added_at_its_place_and_removed(head: Person, storage: Storage) -> None:
    path = "/city-data/pauses/rows/pause"
    new = {"code": "walk", "uk": "Прогулянка", "en": "A walk", "chosen": "yes"}
    status, _ = await save(head, f"{path}/new", after="=break", **new)
    assert status == 303
    codes = [row["code"] for row in await drafted(storage, DocumentKind.PAUSES, "pause")]
    assert codes[:3] == ["break", "walk", "meal"]
    page = await head.text(f"{path}/1")
    assert hidden(page)["was"] == "walk"
    status, _ = await save(head, f"{path}/1", page, then="/remove")
    assert status == 303
    assert "walk" not in [row["code"] for row in await drafted(storage, DocumentKind.PAUSES, "pause")]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"term": "колись"}, "колись"),
        ({"uk": ""}, "aria-invalid"),
        ({"code": "Вода!"}, "Вода!"),
        ({"code": "water-leak"}, "water-leak"),
    ],
)
async def test_a_mistake_is_said_at_its_field_nothing_typed_is_lost_and_nothing_saved(
    head: Person, storage: Storage, cells: Mapping[str, str], said: str
) -> None:
    status, page = await save(
        head, f"{CLASSIFIER}/rows/category/{place_of('water-quality')}", words="іржа", **cells
    )
    assert status == 422
    assert "invalid-feedback" in page
    assert said in page
    assert typed(page)["cell-words"] == "іржа"
    assert await storage.city_documents.draft(DocumentKind.CLASSIFIER) is None


async def test_a_draft_with_a_mistake_elsewhere_is_kept_and_cannot_be_put_into_force(
    head: Person, storage: Storage
) -> None:
    path = "/city-data/pauses/rows/pause/0"
    assert (await save(head, path, then="/remove"))[0] == 303
    page = await head.text("/city-data/pauses/draft")
    assert "1 помилка" in page
    assert ">Ввести в дію<" not in page
    assert (await put(head, DocumentKind.PAUSES))[0] == 422
    assert "break" in pauses()
    await head.post("/city-data/pauses/draft/drop", hidden(page))
    assert await storage.city_documents.draft(DocumentKind.PAUSES) is None


async def test_two_who_change_different_rows_both_keep_theirs_and_the_second_is_told(
    head: Person, administrator: Person, storage: Storage
) -> None:
    first, second = f"{CLASSIFIER}/rows/category/0", f"{CLASSIFIER}/rows/category/3"
    page = await head.text(second)
    assert (await save(administrator, first, then="/remove"))[0] == 303
    status, where = await save(head, second, page, uk="Вода не така")
    assert status == 303
    assert (
        "поки ви писали, цей документ змінено ще кимось (administrator)" in (await head.text(where)).lower()
    )
    rows = await drafted(storage, DocumentKind.CLASSIFIER, "category")
    assert rows[2]["uk"] == "Вода не така"
    assert "water-none" not in [row["code"] for row in rows]


@pytest.mark.parametrize(("then", "said"), [("", "цей рядок змінено"), ("/remove", "цей рядок вилучено")])
async def test_two_who_change_one_row_the_second_sees_what_the_first_did_and_loses_nothing(
    head: Person, administrator: Person, storage: Storage, then: str, said: str
) -> None:
    path = f"{CLASSIFIER}/rows/category/0"
    page = await head.text(path)
    assert (await save(administrator, path, uk="Води немає", term="12 годин", then=then))[0] == 303
    status, answer = await save(head, path, page, uk="Без води")
    assert status == 409
    assert said in answer
    assert "administrator" in answer
    assert typed(answer)["cell-uk"] == "Без води"
    again = "new" if then else "0"
    status, _ = await save(head, f"{CLASSIFIER}/rows/category/{again}", answer)
    assert status == 303
    rows = await drafted(storage, DocumentKind.CLASSIFIER, "category")
    (row,) = [row for row in rows if row["code"] == "water-none"]
    assert (row["uk"], row["term"]) == ("Без води", "24 hours" if then else "12 hours")


async def test_nobody_puts_into_force_what_they_did_not_see(
    head: Person, administrator: Person, clock: MovedClock
) -> None:
    path = f"{CLASSIFIER}/rows/category/0"
    await save(head, path, uk="Без води")
    seen = hidden(await head.text(f"{CLASSIFIER}/draft"))
    clock.pass_(minutes=1)
    await save(administrator, path, uk="Води катма")
    answer = await head.post(f"{CLASSIFIER}/draft/put", {**seen, "note": "Рішення"})
    assert answer.status == 409
    page = await answer.text()
    assert "Тим часом цю чернетку змінено (administrator" in page
    assert 'value="Рішення"' in page
    assert "Води катма" in page
    assert classifier().categories["water-none"].uk == "Немає холодної води"
    assert (await put(administrator, DocumentKind.CLASSIFIER))[0] == 303
    answer = await head.post(f"{CLASSIFIER}/draft/put", {**seen, "note": "Рішення"})
    assert "Чернетки вже немає" in await head.text(answer.headers["Location"])


async def test_before_it_counts_one_sees_whom_it_concerns(
    head: Person, administrator: Person, storage: Storage, users: Mapping[Role, User], clock: MovedClock
) -> None:
    appeal = await enter(storage, users, clock)
    heat = await storage.executors.add("КП «Тепломережі»", "Тепломережі", ())
    rule = await storage.rules.add(Rule(order=10, executor_id=heat.id, categories=("heat-none",)))
    await save(head, f"{CLASSIFIER}/rows/category/{place_of('heat-none')}", then="/remove")
    page = await head.text(f"{CLASSIFIER}/draft")
    assert f'<a href="/appeals/{appeal.number}">' in page
    assert f'<a href="/rules/{rule.id}">' in page
    page = await administrator.text(f"{CLASSIFIER}/draft")
    assert "1 відкрите звернення" in page
    assert "/appeals/" not in page  # an administrator sees no appeals
    kinds = "proposal, application, complaint"
    await save(head, "/city-data/paperwork/rows/index/0", pattern="{letter}/{running}", kinds=kinds)
    assert re.search(r"Скарга: АН-\d+ → АН/\d+", await head.text("/city-data/paperwork/draft"))
    await save(head, "/city-data/pauses/rows/pause/0", uk="Перерва")
    assert "Записаного раніше це не стосується" in await head.text("/city-data/pauses/draft")


async def test_an_observer_looks_at_what_is_in_force_and_changes_nothing(
    head: Person, observer: Person
) -> None:
    await save(head, f"{CLASSIFIER}/rows/category/0", uk="Без води")
    page = await observer.text(CLASSIFIER)
    assert "Без води" not in page
    assert "/rows/" not in page
    assert "multipart" not in page


async def test_a_document_that_is_taken_away_and_brought_back_changes_nothing(head: Person) -> None:
    for form in ("xlsx", "toml"):
        answer = await head.get(f"{CLASSIFIER}/file.{form}")
        status, where = await bring(head, DocumentKind.CLASSIFIER, f"c.{form}", await answer.read())
        assert (status, where) == (303, f"{CLASSIFIER}/draft")
        assert "Відмінностей немає" in await head.text(where)


async def test_a_workbook_with_ten_mistakes_becomes_a_draft_that_names_each_by_row_and_column(
    head: Person, storage: Storage
) -> None:
    book = load_workbook(io.BytesIO(await (await head.get(f"{CLASSIFIER}/file.xlsx")).read()))
    categories, sections = book["Категорії"], book["Групи питань"]
    at = {cell.value: cell.column for cell in categories[1]}
    wrong = {
        (2, "Строк"): "колись",
        (3, "Терміновість"): "дуже",
        (4, "Послуга"): "інтернет",
        (5, "Група питань"): "Космос",
        (6, "Українською"): None,
        (7, "Код"): "Код з пробілом",
        (8, "Заявник без послуги"): "можливо",
        (9, "Прийняти протягом"): "3 дні",
        (10, "Строк"): "100 днів",
    }
    for (row, heading), value in wrong.items():
        categories.cell(row, at[heading]).value = value
    sections.append(["090", "Ще раз", "Again"])
    kept = io.BytesIO()
    book.save(kept)
    status, where = await bring(head, DocumentKind.CLASSIFIER, "зміни.xlsx", kept.getvalue())
    assert status == 303
    page = await head.text(where)
    shown = page[page.index('role="alert"') :]
    for row, heading in wrong:
        assert re.search(rf"Категорії, {row - 1}[ ,][^<]*{heading}", shown), (row, heading)
    assert "Групи питань, 6 (090)" in shown
    assert "«дуже» вибрати не можна. Є такі: Звичайна, Термінова, Аварія." in shown
    assert "Термін «100 днів»" in shown
    rows = await drafted(storage, DocumentKind.CLASSIFIER, "category")
    assert (rows[0]["term"], rows[3]["section"]) == ("колись", "Космос")
    form = await head.text(f"{CLASSIFIER}/rows/category/0")
    assert typed(form)["cell-term"] == "колись"
    assert "invalid-feedback" in form
    assert (await save(head, f"{CLASSIFIER}/rows/category/0", form, term="24 години"))[0] == 303


OPEN_DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
<table:table table:name="Причини перерв">{}</table:table></office:spreadsheet></office:body>
</office:document-content>"""
MANIFEST = """<?xml version="1.0"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry
 manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>
</manifest:manifest>"""
CELL = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'


async def test_an_open_document_is_taken_as_well(head: Person, storage: Storage) -> None:
    lines = [("Код", "Українською", "Англійською", "Пропонувати диспетчерам")]
    lines += [(one.code, one.uk, one.en, "так" if one.chosen else "ні") for one in pauses().values()]
    lines += [("walk", "Прогулянка", "A walk", "так")]
    rows = [
        f"<table:table-row>{''.join(CELL.format(one) for one in line)}</table:table-row>" for line in lines
    ]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr("META-INF/manifest.xml", MANIFEST)
        made.writestr("content.xml", OPEN_DOCUMENT.format("".join(rows)))
    status, answer = await bring(head, DocumentKind.PAUSES, "p.ods", packed.getvalue())
    assert status == 303, answer
    assert (await drafted(storage, DocumentKind.PAUSES, "pause"))[-1]["code"] == "walk"


async def test_a_csv_file_brings_one_table(head: Person, storage: Storage) -> None:
    lines = "Код;Українською;Англійською;Пропонувати диспетчерам\n" + "".join(
        f"{one.code};{one.uk};{one.en};{'так' if one.chosen else 'ні'}\n" for one in pauses().values()
    )
    status, _ = await bring(
        head, DocumentKind.PAUSES, "p.csv", f"{lines}walk;Прогулянка;A walk;так\n".encode()
    )
    assert status == 303
    assert (await drafted(storage, DocumentKind.PAUSES, "pause"))[-1]["code"] == "walk"


def book_of(*names: str) -> bytes:
    book, kept = Workbook(), io.BytesIO()
    for name in names:
        book.create_sheet(name).append(["а"])
    book.save(kept)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xlsx", b"PK\x03\x04 broken", "пошкоджен"),
        ("a.xlsx", book_of("Щось"), "Жоден аркуш не є таблицею"),
        ("a.toml", b"[[pause]\ncode", "Це не TOML"),
        ("a.toml", b'[[pause]]\ncolour = "x"', "pause.colour"),
        ("", b"", "Виберіть файл"),
    ],
)
async def test_a_file_that_cannot_be_taken_is_refused_and_the_draft_stays(
    head: Person, storage: Storage, name: str, content: bytes, said: str
) -> None:
    status, page = await bring(head, DocumentKind.PAUSES, name, content)
    assert status == 422
    assert said in page
    assert await storage.city_documents.draft(DocumentKind.PAUSES) is None


async def test_an_earlier_version_is_looked_at_and_taken_as_the_draft(head: Person, storage: Storage) -> None:
    page = await head.text(f"{CLASSIFIER}/versions/2")
    assert "Чим відрізняється від версії 1" in page
    seen = re.search(r'name="seen" value="([^"]*)"', page)
    assert seen
    answer = await head.post(f"{CLASSIFIER}/versions/2/again", {"seen": seen[1]})
    page = await head.text(answer.headers["Location"])
    assert "public-information" in page
    assert "помил" in page  # the category of requests for information must stay


async def test_holidays_are_told_for_a_year_and_martial_law_ends_by_one_form(head: Person) -> None:
    page = await head.text("/city-data/days-off")
    assert re.search(r"08\.03\.2026</th><td>неділя</td>", page)
    assert "Воєнний стан: з 24.03.2022" in page
    status, _ = await save(head, "/city-data/days-off/rows/suspended/0", until="28.02.2026")
    assert status == 303
    page = await head.text("/city-data/days-off")
    assert "воєнний стан не діє" in page
    assert "переноситься на 09.03.2026" in page


@pytest.mark.parametrize(
    "path",
    [
        "/city-data/dragons",
        f"{CLASSIFIER}/rows/dragon/0",
        f"{CLASSIFIER}/rows/category/9999",
        f"{CLASSIFIER}/rows/category/first",
        f"{CLASSIFIER}/rows/general/new",
        f"{CLASSIFIER}/versions/99",
    ],
)
async def test_what_there_is_not_is_not_found(head: Person, path: str) -> None:
    assert (await head.get(path)).status == 404


async def test_the_draft_page_without_a_draft_leads_to_the_document(head: Person) -> None:
    assert (await head.get(f"{CLASSIFIER}/draft")).headers["Location"] == CLASSIFIER


async def test_martial_law_is_told_by_one_act_whose_effects_are_shown_before_they_count(
    head: Person, storage: Storage, observer: Person
) -> None:
    kind, act = DocumentKind.DAYS_OFF, "/city-data/days-off/martial-law"
    page = await head.text("/city-data/days-off")
    assert "Воєнний стан закінчується" in page
    assert (await observer.post(act, {"act": "end", "day": "2026-12-31"})).status == 403
    for wrong in ("", "2022-03-01", "31.13.2026", "9999-99-99", "2999-01-01"):
        answer = await head.post(act, {"act": "end", "day": wrong})
        assert answer.status == 422, wrong
        assert "Виберіть день" in await answer.text()
    answer = await head.post(
        act, {"act": "begin", "day": "2026-12-31"}
    )  # of a page that a colleague made old
    assert answer.status == 412
    answer = await head.post(act, {"act": "end", "day": "2026-12-31"})
    assert answer.headers["Location"] == "/city-data/days-off/draft"
    assert (await drafted(storage, kind, "suspended"))[-1] == {"since": "2022-03-24", "until": "2026-12-31"}
    assert "Останній такий день — 31.12.2026." in await head.text("/city-data/days-off")
    assert days_off().is_off(date(2027, 8, 24)) is False
    await head.post(act, {"act": "end", "day": "2026-02-28"})
    status, where = await put(head, kind)
    assert (status, where) == (303, "/city-data/days-off?done=1001")
    assert days_off().is_off(date(2027, 8, 24))

    assert "Воєнний стан починається" in await head.text("/city-data/days-off")
    await head.post(act, {"act": "begin", "day": "2026-05-01"})
    assert (await drafted(storage, kind, "suspended"))[-1] == {"since": "2026-05-01", "until": ""}


@pytest.mark.parametrize(
    ("choices", "on_pages"),
    [
        (tables.UTILITIES, frame_words.UTILITIES),
        (tables.URGENCIES, appeal_words.URGENCIES),
        (tables.KINDS, appeal_words.KINDS),
    ],
)
def test_what_can_be_chosen_in_a_document_is_called_as_on_all_pages(
    choices: Sequence[Choice], on_pages: Mapping[str, str]
) -> None:
    called = {language: catalogue(language).gettext for language in ("uk", "en")}
    assert {one.value: (one.uk, one.en) for one in choices} == {
        value: (called["uk"](name), called["en"](name)) for value, name in on_pages.items()
    }
