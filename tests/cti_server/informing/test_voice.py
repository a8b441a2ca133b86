"""Whose voice says an order: recorded by who prepares it, heard before it is approved, tried by a call."""

import io

import aiohttp
import pytest

from hotline.dialling.campaign_states import CampaignState
from hotline.informing.order_states import OrderAct
from hotline.voice.speech import Language
from service.informing.informing import Informing
from storage.store import Storage
from tests.cti_server.announcements.conftest import SPOKEN_HERTZ
from tests.cti_server.announcements.test_recording import hertz, tone
from tests.cti_server.conftest import MovedClock, Person
from tests.storage.conftest import NOON

from .conftest import FORM
from .test_orders import ONE, PATH, moved

SYNTHESIS = pytest.approx(SPOKEN_HERTZ, abs=2)
RECORDED = pytest.approx(440, abs=2)


async def bring(person: Person, sound: bytes, version: int = 1) -> aiohttp.ClientResponse:
    """Send the form as the browser does: the fields in the order of the page."""
    form = aiohttp.FormData()
    form.add_field("csrf", person.csrf)
    form.add_field("seen", str(version))
    form.add_field("origin", "microphone")
    form.add_field("sound", io.BytesIO(sound), filename="голос.wav", content_type="audio/wav")
    return await person.client.post(f"{ONE}/voice", data=form, headers=person.origin, allow_redirects=False)


async def test_what_the_author_recorded_is_heard_by_who_approves_it_and_said_in_its_calls(
    oksana: Person, head: Person, storage: Storage, clock: MovedClock, informing: Informing
) -> None:
    await oksana.post(f"{PATH}/new", FORM)
    assert await hertz(head, f"{ONE}/voice") == SYNTHESIS
    assert (await bring(oksana, tone())).status == 303
    assert await hertz(head, f"{ONE}/voice") == RECORDED
    assert "голос людини" in await head.text(ONE)
    await moved(oksana, OrderAct.SUBMIT, 2)
    await moved(head, OrderAct.APPROVE, 3)
    clock.moment = NOON.replace(hour=12)
    await informing.once()
    (campaign,) = await storage.campaigns.latest(1)
    order = await storage.informing.get(1)
    recording = (await storage.voice_recordings.in_use())[campaign.phrase, Language.UKRAINIAN]
    assert campaign.phrase == order.phrase.name
    assert recording.speaks(order.phrase)


async def test_once_it_is_submitted_no_voice_is_put_in_its_place(oksana: Person, head: Person) -> None:
    await oksana.post(f"{PATH}/new", FORM)
    assert (await bring(head, tone())).status == 409
    await moved(oksana, OrderAct.SUBMIT, 1)
    assert (await bring(oksana, tone(), version=2)).status == 409
    assert (await oksana.post(f"{ONE}/voice/take-back")).status == 409
    assert await hertz(head, f"{ONE}/voice") == SYNTHESIS


async def test_a_voice_for_other_words_is_not_heard_and_the_page_says_so(oksana: Person) -> None:
    await oksana.post(f"{PATH}/new", FORM)
    await bring(oksana, tone())
    assert (await bring(oksana, tone(), version=1)).status == 409
    await oksana.post(f"{ONE}/edit", FORM | {"text": "Завтра води не буде до двадцятої.", "version": "2"})
    assert await hertz(oksana, f"{ONE}/voice") == SYNTHESIS
    assert "записано для інших слів" in await oksana.text(ONE)
    assert (await bring(oksana, tone(), version=3)).status == 303
    assert await hertz(oksana, f"{ONE}/voice") == RECORDED
    assert (await oksana.post(f"{ONE}/voice/take-back")).status == 303
    assert await hertz(oksana, f"{ONE}/voice") == SYNTHESIS


@pytest.mark.parametrize(
    ("sound", "said"),
    [(b"", "Виберіть файл або запишіть свій голос."), (b"no sound", "Цей файл не відкривається як звук.")],
)
async def test_what_cannot_be_taken_is_said_and_changes_nothing(
    oksana: Person, sound: bytes, said: str
) -> None:
    await oksana.post(f"{PATH}/new", FORM)
    answer = await bring(oksana, sound)
    assert (answer.status, said in await answer.text()) == (422, True)
    assert await hertz(oksana, f"{ONE}/voice") == SYNTHESIS


async def test_whoever_prepares_or_approves_it_can_have_themselves_called(
    oksana: Person, head: Person, storage: Storage
) -> None:
    await oksana.post(f"{PATH}/new", FORM)
    refused = await oksana.post(f"{ONE}/try", {"number": "0900 123456"})
    text = await refused.text()
    assert refused.status == 422
    assert 'value="0900 123456"' in text
    assert "Дзвінки на цей номер платні" in text
    assert await storage.campaigns.latest(9) == []
    answer = await head.post(f"{ONE}/try", {"number": "067 111 22 01"})
    assert "Ваш телефон зараз задзвонить" in await answer.text()
    (trial,) = await storage.campaigns.latest(9)
    order = await storage.informing.get(1)
    assert (trial.state, trial.phrase, trial.says) == (CampaignState.RUNNING, order.phrase.name, order.text)
    assert [one.number for one in await storage.call_jobs.claim(NOON.replace(hour=12), 9)] == [
        "+380671112201"
    ]
