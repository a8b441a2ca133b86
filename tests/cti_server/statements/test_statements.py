"""A statement from the instruction to the page of news, its correction, its withdrawal; clumsily as well."""

import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import feedparser
import pytest
from aiohttp import ClientResponse, FormData
from PIL import Image

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.statements.statement_states import StatementAct, StatementState
from hotline.statements.statements import Statement, StatementContent, StatementText
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person

FORM = {
    "instructed_by": "Міський голова",
    "number": "12-р",
    "dated": "01.03.2026",
    "title_uk": "Гаряча вода",
    "text_uk": "Подача <b>відновлена</b>.\n\nДякуємо за терпіння.",
    "title_en": "Hot water",
    "text_en": "It is back.",
    "version": "0",
}
CONTENT = StatementContent(
    instructed_by="Міський голова",
    number="12-р",
    dated=date(2026, 3, 1),
    uk=StatementText(title="Гаряча вода", text="Подача <script>відновлена</script>."),
)


@pytest.fixture
async def published(storage: Storage, clock: MovedClock, users: Mapping[Role, User]) -> Statement:
    """Written by the dispatcher, approved by the head."""
    olena, statements = users[Role.DISPATCHER].id, storage.statements
    made = await statements.add(CONTENT, olena, clock.now())
    one = await statements.move(made, StatementAct.SUBMIT, clock.now(), user_id=olena)
    return await statements.move(one, StatementAct.APPROVE, clock.now(), user_id=users[Role.HEAD].id)


async def test_a_second_person_approves_it_and_residents_read_it_from_its_moment_on(
    person: Person, storage: Storage, clock: MovedClock, users: Mapping[Role, User]
) -> None:
    assert users
    await person.enter("dispatcher")
    assert (await person.post("/statements/new", FORM | {"publish_at": "02.03.2026 18:00"})).status == 303
    await person.post("/statements/1/act", {"act": "submit", "version": "1"})
    assert (await person.post("/statements/1/act", {"act": "approve", "version": "2"})).status == 409
    await person.enter("head")
    assert "чекає на погодження" in await person.text("/statements")
    assert (await person.post("/statements/1/act", {"act": "approve", "version": "1"})).status == 409
    assert (await person.post("/statements/1/act", {"act": "approve", "version": "2"})).status == 303
    assert "Гаряча вода" not in await person.text("/news")
    assert (await person.get("/news/1")).status == 404
    clock.pass_(hours=4)
    assert "Гаряча вода" in await person.text("/news")
    page = await person.text("/news/1")
    assert "&lt;b&gt;відновлена" in page
    assert "Олена" not in page
    assert "It is back." in await person.text("/news/1?lang=en")
    assert (await storage.statements.get(1)).state is StatementState.APPROVED


async def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(head: Person) -> None:
    for typed, said in (
        ({"publish_at": "02.03.2026 10:00"}, "Цей час уже минув"),
        ({"publish_at": "завтра"}, "дд.мм.рррр гг:хх"),
        ({"title_uk": " "}, "Напишіть українською"),
        ({"text_en": ""}, "потрібен заголовок"),
        ({"dated": "01.04.2026"}, "не може бути з майбутнього"),
        ({"number": ""}, "за дорученням"),
    ):
        answer = await head.post("/statements/new", FORM | typed)
        page = await answer.text()
        assert (answer.status, said in page, "Дякуємо за терпіння" in page) == (422, True, True), typed


async def test_a_correction_shows_as_such_and_a_withdrawn_one_says_why_alone(
    head: Person, storage: Storage, clock: MovedClock, users: Mapping[Role, User], published: Statement
) -> None:
    clock.pass_(hours=1)
    for press, status in (("correct", 303), ("submit", 409), ("drop", 303)):  # nothing is corrected yet
        seen = (await storage.statements.get(published.id)).version
        answer = await head.post("/statements/1/act", {"act": press, "version": str(seen)})
        assert answer.status == status, press
    one, olena = await storage.statements.get(published.id), users[Role.DISPATCHER].id
    for act in (StatementAct.CORRECT, None, StatementAct.SUBMIT):
        if act is None:
            mended = replace(
                CONTENT, uk=StatementText(title="Гаряча вода", text="О 18:00."), correction="час"
            )
            one = await storage.statements.change(one, mended, clock.now(), user_id=olena)
        else:
            one = await storage.statements.move(one, act, clock.now(), user_id=olena)
    assert "О 18:00." not in await head.text("/news/1")
    await head.post("/statements/1/act", {"act": "approve", "version": str(one.version)})
    page = await head.text("/news/1")
    assert "О 18:00." in page
    assert "Виправлено 02.03.2026 15:00: час" in page
    version = (await storage.statements.get(1)).version
    bare = await head.post("/statements/1/act", {"act": "withdraw", "version": str(version), "reason": " "})
    assert bare.status == 422
    await head.post("/statements/1/act", {"act": "withdraw", "version": str(version), "reason": "Помилка"})
    page = await head.text("/news/1")
    assert "Помилка" in page
    assert "О 18:00." not in page
    assert "відкликано" in await head.text("/news")


@pytest.mark.usefixtures("published")
async def test_months_are_an_archive_and_who_has_the_page_gets_nothing_again(person: Person) -> None:
    answer = await person.get("/news")
    again = await person.get("/news", headers={"If-None-Match": answer.headers["ETag"]})
    assert (answer.status, again.status) == (200, 304)
    assert "Гаряча вода" in await person.text("/news?month=2026-03")
    assert (await person.get("/news?month=2026-02")).status == 404
    assert (await person.get("/news?month=%3Cscript%3E")).status == 404


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("kind", ["atom", "rss"])
async def test_a_reader_of_feeds_takes_nothing_typed_for_markup(person: Person, kind: str) -> None:
    read = feedparser.parse((await person.text(f"/news.{kind}")).encode())
    assert not read.bozo
    (entry,) = read.entries
    assert entry.title == "Гаряча вода"
    assert entry.link.endswith("/news/1")
    taken_for_text = any(one.type == "text/plain" for one in entry.get("content", ()))
    assert taken_for_text or "<script>" not in entry.summary


async def test_without_news_the_page_and_its_feeds_say_so(person: Person) -> None:
    assert "Новин ще немає" in await person.text("/news")
    assert feedparser.parse((await person.text("/news.atom")).encode()).entries == []


async def test_whose_draft_it_is_not_does_not_write_it_and_a_deleted_one_is_gone(
    person: Person, storage: Storage, clock: MovedClock, users: Mapping[Role, User]
) -> None:
    await storage.statements.add(CONTENT, users[Role.HEAD].id, clock.now())
    await person.enter("dispatcher")
    assert (await person.get("/statements/1/edit")).status == 409
    await person.enter("head")
    first = await person.post("/statements/1/edit", FORM | {"version": "1"})
    slower = await person.post("/statements/1/edit", FORM | {"version": "1", "title_uk": "Інше"})
    assert (first.status, slower.status) == (303, 409)
    assert 'value="Інше"' in await slower.text()
    await person.post("/statements/1/act", {"act": "discard", "version": "2"})
    assert (await person.get("/statements/1")).status == 404


def taken_in_slavutych() -> bytes:
    """A photo that says where it was taken, as telephones write it."""
    photo, exif = Image.new("RGB", (1200, 800), "navy"), Image.Exif()
    exif[0x0110] = "Telephone of Olena"
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 31.0, 12.0), 3: "E", 4: (30.0, 45.0, 0.0)})
    octets = io.BytesIO()
    photo.save(octets, "JPEG", exif=exif)
    return octets.getvalue()


async def put_in(person: Person, content: bytes, **fields: str) -> ClientResponse:
    form = FormData({"csrf": person.csrf, **fields})
    form.add_field("file", content, filename="photo.jpg", content_type="image/jpeg")
    return await person.client.post(
        "/statements/1/picture", data=form, headers=person.origin, allow_redirects=False
    )


async def test_its_picture_is_redrawn_needs_words_and_is_shown_while_residents_read_it(
    person: Person, storage: Storage, clock: MovedClock, users: Mapping[Role, User]
) -> None:
    assert users
    await person.enter("dispatcher")
    await person.post("/statements/new", FORM)
    photo = taken_in_slavutych()
    assert b"Telephone of Olena" in photo
    for content, fields, said in (
        (photo, {"alt_uk": " "}, "Напишіть українською, що зображено"),
        (b"", {"alt_uk": "Труба"}, "Виберіть зображення"),
        (b"%PDF-1.4 no picture", {"alt_uk": "Труба"}, "Зображення не прийнято"),
    ):
        refused = await put_in(person, content, **fields)
        assert (refused.status, said in await refused.text()) == (422, True)
    assert (await put_in(person, photo, alt_uk="Нова труба <на> площі", alt_en="A new pipe")).status == 303
    one = await storage.statements.get(1)
    assert one.picture is not None
    address = f"/news/pictures/{one.picture.key}.jpg"
    assert (await person.get("/statements/1/picture")).status == 200
    assert (await person.get(address)).status == 404  # nobody has approved it
    assert await storage.statements.known([one.picture.key, "0" * 32]) == {one.picture.key}
    await person.post("/statements/1/act", {"act": "submit", "version": str(one.version)})
    assert (await put_in(person, photo, alt_uk="Інша")).status == 409  # it waits for the second person
    await person.enter("head")
    await person.post("/statements/1/act", {"act": "approve", "version": str(one.version + 1)})

    kept = await (await person.get(address)).read()
    with Image.open(io.BytesIO(kept)) as shown:
        assert (shown.format, dict(shown.getexif())) == ("JPEG", {})
    assert b"Telephone of Olena" not in kept
    page = await person.text("/news/1")
    assert 'alt="Нова труба &lt;на&gt; площі"' in page
    assert f"{one.picture.key}-small.jpg" in page
    assert 'alt="A new pipe"' in await person.text("/news/1?lang=en")
    for kind in ("atom", "rss"):
        (entry,) = feedparser.parse(await person.text(f"/news.{kind}")).entries
        (enclosure,) = entry.enclosures
        assert enclosure.href.endswith(address)
        assert (enclosure.type, enclosure.length) == ("image/jpeg", str(len(kept)))

    clock.pass_(minutes=1)
    withdrawn = {"act": "withdraw", "version": str(one.version + 2), "reason": "Помилка"}
    assert (await person.post("/statements/1/act", withdrawn)).status == 303
    assert (await person.get(address)).status == 404
    assert "<img" not in (await person.text("/news/1")).partition("<main")[2]


async def test_saving_the_text_keeps_the_picture_and_its_author_takes_it_out(
    person: Person, storage: Storage, users: Mapping[Role, User]
) -> None:
    assert users
    await person.enter("dispatcher")
    await person.post("/statements/new", FORM)
    await put_in(person, taken_in_slavutych(), alt_uk="Труба")
    await person.post("/statements/1/edit", FORM | {"version": "2", "title_uk": "Інша назва"})
    one = await storage.statements.get(1)
    assert (one.uk.title, one.picture is None) == ("Інша назва", False)
    assert (await person.post("/statements/1/picture/remove")).status == 303
    assert (await storage.statements.get(1)).picture is None
    assert (await person.get("/statements/1/picture")).status == 404
