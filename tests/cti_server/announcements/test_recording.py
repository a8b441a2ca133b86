"""A person's voice in the place of the synthesis, from the page: brought, stale, confirmed, taken back."""

import io
import re
import wave
from collections.abc import Mapping
from datetime import timedelta

import aiohttp
import numpy as np
import pytest

from cti_server.announcements.sources import Announcing
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.city.classifier import Utility
from hotline.informing.city_messages import MessageBy, NewMessage
from hotline.outages.outage import By, NewOutage, OutageKind
from hotline.voice.speech import Language
from ivr_flows import prompts
from storage.store import Storage
from tests.cti_server.announcements.conftest import SPOKEN_HERTZ
from tests.cti_server.conftest import MovedClock, Person

UK = Language.UKRAINIAN
WELCOME = "/announcements/phrases/welcome"


def tone(hertz: int = 440, seconds: float = 1.0, level: float = 0.3) -> bytes:
    moments = np.arange(int(16_000 * seconds)) / 16_000
    file = io.BytesIO()
    with wave.open(file, "wb") as wav:
        wav.setparams((1, 2, 16_000, 0, "NONE", ""))
        wav.writeframes((level * 32767 * np.sin(2 * np.pi * hertz * moments)).astype("<i2").tobytes())
    return file.getvalue()


async def bring(
    person: Person, path: str, sound: bytes, *, origin: str = "file", seen: str | None = None
) -> aiohttp.ClientResponse:
    """Send the form as the browser does: the fields in the order of the page."""
    phrase, language = path.rsplit("/", 1)
    page = await person.text(phrase)
    mark = re.search(rf'/{language}/recording".*?name="seen" value="(\w+)"', page, re.DOTALL)
    assert mark
    form = aiohttp.FormData()
    form.add_field("csrf", person.csrf)
    form.add_field("seen", mark[1] if seen is None else seen)
    form.add_field("origin", origin)
    form.add_field("sound", io.BytesIO(sound), filename="голос.wav", content_type="audio/wav")
    return await person.client.post(
        f"{path}/recording", data=form, headers=person.origin, allow_redirects=False
    )


async def hertz(person: Person, path: str) -> float:
    """The loudest tone of what callers hear now."""
    answer = await person.get(f"{path}.wav")
    with wave.open(io.BytesIO(await answer.read())) as wav:
        samples = np.frombuffer(wav.readframes(8000), "<i2")
    return float(np.argmax(np.abs(np.fft.rfft(samples, 8000))))


async def test_a_recording_is_heard_and_taken_back_the_synthesis_speaks(
    head: Person, storage: Storage, users: Mapping[Role, User]
) -> None:
    assert (await bring(head, f"{WELCOME}/uk", tone(), origin="microphone")).status == 303
    assert await hertz(head, f"{WELCOME}/uk") == pytest.approx(440, abs=2)
    assert await hertz(head, f"{WELCOME}/en") == pytest.approx(SPOKEN_HERTZ, abs=2)
    page = await head.text(WELCOME)
    assert "голос людини" in page
    assert "записано тут" in page
    await head.post(f"{WELCOME}/uk/take-back")
    assert await hertz(head, f"{WELCOME}/uk") == pytest.approx(SPOKEN_HERTZ, abs=2)
    entries = [one for one in await storage.audit.latest(5) if one.subject == "voice:welcome"]
    assert [(one.action, one.user_id) for one in entries] == [
        ("remove", users[Role.HEAD].id),
        ("add", users[Role.HEAD].id),
    ]


@pytest.mark.parametrize(
    ("sound", "said"),
    [
        (b"", "Виберіть файл або запишіть свій голос."),
        (b"no sound", "Цей файл не відкривається як звук."),
        (tone(level=0.0001), "У ньому нічого не чути."),
        (tone(seconds=181), "Він довший за три хвилини."),
        (bytes(31 * 2**20), "Файл більший за 30 МБ."),
    ],
    ids=["nothing", "unreadable", "silent", "long", "large"],
)
async def test_what_cannot_be_taken_is_said_and_changes_nothing(
    head: Person, storage: Storage, sound: bytes, said: str
) -> None:
    answer = await bring(head, f"{WELCOME}/uk", sound)
    assert answer.status == 422
    assert said in await answer.text()
    assert await storage.voice_recordings.in_use() == {}


async def test_a_voice_read_from_other_words_is_not_taken(head: Person, storage: Storage) -> None:
    answer = await bring(head, f"{WELCOME}/uk", tone(), seen="0123456789abcdef")
    assert answer.status == 422
    assert "Тим часом слова змінилися" in await answer.text()
    assert await storage.voice_recordings.in_use() == {}


async def test_an_edited_text_makes_the_recording_stale_until_it_is_confirmed(
    head: Person, storage: Storage, users: Mapping[Role, User], sources: Announcing
) -> None:
    by = MessageBy(user_id=users[Role.HEAD].id)
    message = await storage.city_messages.enter(NewMessage(title="Хлор", uk="Зачиніть вікна."), by)
    path = f"/announcements/phrases/{message.phrase.name}"
    await bring(head, f"{path}/uk", tone())
    await storage.city_messages.amend(message, NewMessage(title="Хлор", uk="Зачиніть вікна й двері."), by)
    page = await head.text(path)
    assert "записано для інших слів; звучить синтез" in page
    assert "Запис зроблено для інших слів: Зачиніть вікна." in page
    listed = await head.text("/announcements/phrases")
    assert message.phrase.name in listed.split("Записано для інших слів")[1]
    assert await hertz(head, f"{path}/uk") != pytest.approx(440, abs=2)
    mark = re.search(r'/uk/confirm".*?name="seen" value="(\w+)"', page, re.DOTALL)
    assert mark
    assert await hertz(head, f"{path}/uk/recording") == pytest.approx(440, abs=2)
    refused = await head.post(f"{path}/uk/confirm", {"seen": "something else"})
    assert refused.status == 422
    assert await hertz(head, f"{path}/uk") != pytest.approx(440, abs=2)
    await head.post(f"{path}/uk/confirm", {"seen": mark[1]})
    assert await hertz(head, f"{path}/uk") == pytest.approx(440, abs=2)
    assert sources.recordings is storage.voice_recordings


async def test_a_message_without_words_keeps_its_voice_until_it_has_some(
    head: Person, storage: Storage, users: Mapping[Role, User]
) -> None:
    by = MessageBy(user_id=users[Role.HEAD].id)
    message = await storage.city_messages.enter(NewMessage(title="Телефоном"), by)
    path = f"/announcements/phrases/{message.phrase.name}"
    await bring(head, f"{path}/uk", tone())
    assert await hertz(head, f"{path}/en") == pytest.approx(440, abs=2)
    refused = await head.post(f"{path}/uk/take-back")
    assert refused.status == 422
    assert "спершу напишіть текст повідомлення" in await refused.text()
    form = {"title": "Хлор", "uk": "", "en": "", "version": str(message.version)}
    assert (await head.post(f"/announcements/{message.id}", form)).status == 303
    message = await storage.city_messages.get(message.id)
    form |= {"uk": "Зачиніть вікна.", "version": str(message.version)}
    assert (await head.post(f"/announcements/{message.id}", form)).status == 303
    assert await hertz(head, f"{path}/uk") != pytest.approx(440, abs=2)
    assert (await head.post(f"{path}/uk/take-back")).status == 303


async def test_words_that_were_recorded_cannot_be_taken_from_their_message(
    head: Person, storage: Storage, users: Mapping[Role, User]
) -> None:
    by = MessageBy(user_id=users[Role.HEAD].id)
    message = await storage.city_messages.enter(NewMessage(title="Хлор", uk="Зачиніть вікна."), by)
    await bring(head, f"/announcements/phrases/{message.phrase.name}/uk", tone())
    form = {"title": "Хлор", "uk": "", "en": "", "version": str(message.version)}
    assert (await head.post(f"/announcements/{message.id}", form)).status == 422


async def test_an_outages_recording_outlives_midnight_and_not_an_edit(
    head: Person, storage: Storage, clock: MovedClock
) -> None:
    new = NewOutage(utility=Utility.WATER, kind=OutageKind.REPAIR, starts_at=clock.now() - timedelta(hours=1))
    outage = await storage.outages.enter(new, By())
    path = f"/announcements/phrases/outage-{outage.id}"
    await bring(head, f"{path}/uk", tone())
    before = await head.text(path)
    clock.pass_(days=1)
    await head.enter(Role.HEAD.value)
    assert "Почалося вчора" in await head.text(path)
    assert "Почалося сьогодні" in before
    assert await hertz(head, f"{path}/uk") == pytest.approx(440, abs=2)
    moved = NewOutage(
        utility=Utility.WATER,
        kind=OutageKind.REPAIR,
        starts_at=new.starts_at,
        expected_end=clock.now() + timedelta(hours=5),
    )
    await storage.outages.change(outage, moved, By())
    assert await hertz(head, f"{path}/uk") != pytest.approx(440, abs=2)
    page = await head.text(path)
    assert "записано для інших слів" in page
    assert "Після запису відключення змінилося." in page


async def test_every_phrase_of_the_hotline_stands_on_the_page_with_both_texts(head: Person) -> None:
    page = await head.text("/announcements/phrases")
    for phrase in prompts.every_phrase():
        assert f'href="/announcements/phrases/{phrase.name}"' in page
        assert f'data-play="/announcements/phrases/{phrase.name}/en.wav"' in page
    assert "Ви зателефонували до контакт-центру" in page


@pytest.mark.parametrize(
    "path", ["no-such-phrase", "outage-999", "city-message-999", "outage-x", "welcome/de"]
)
async def test_what_is_not_said_is_not_found(head: Person, path: str) -> None:
    assert (await head.get(f"/announcements/phrases/{path}")).status == 404
    assert (await head.get(f"/announcements/phrases/{path}/uk.wav")).status == 404
    assert (await head.get(f"/announcements/phrases/{path}/uk/recording.wav")).status == 404


async def test_a_restart_and_another_process_find_the_recording(
    head: Person, storage: Storage, sources: Announcing
) -> None:
    await bring(head, f"{WELCOME}/uk", tone())
    again = type(storage.voice_recordings)(storage.database, sources.clock)
    recording = (await again.in_use())[("welcome", UK)]
    assert recording.speaks(prompts.WELCOME)
