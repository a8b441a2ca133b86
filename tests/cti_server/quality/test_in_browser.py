"""The road of one talk in a real Chromium: sampled, assessed with a remark at a moment, disputed, decided."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Page, expect

from hotline.calls.call import TRIAL_PREFIX
from hotline.quality.assessment_states import AssessmentState
from hotline.quality.assessments import AssessmentFilter
from hotline.quality.sampling import Sampler
from hotline.quality.trial_calls import Entered
from storage.store import Storage
from tests.cti_server.calls.conftest import tone
from tests.cti_server.conftest import KYIV, MovedClock
from tests.cti_server.quality.conftest import GOOD, Team
from tests.cti_server.test_in_browser import Window, opened_window
from tests.storage.quality.recorded import recorded
from tests.system.browser import violations

pytestmark = pytest.mark.system

LOADED = """(it) => new Promise((done) => {
  it.addEventListener("loadedmetadata", done, {once: true});
  it.load();
})"""
PAST = """(it, seconds) => new Promise((done) => {
  const look = () => it.currentTime >= seconds && done(true);
  it.addEventListener("timeupdate", look);
  look();
})"""


@asynccontextmanager
async def window(server: TestServer, login: str) -> AsyncIterator[Window]:
    async with opened_window(server, viewport={"width": 1366, "height": 768}) as made:
        await made.sign_in(login)
        yield made


async def answer_all(page: Page, **answers: str) -> None:
    for code, answer in (GOOD | answers).items():
        await page.locator(f'input[name="a-{code}"][value="{answer}"]').check()


async def sampled(team: Team) -> int:
    """A talk of last week that the sampler draws."""
    clock, storage = team.clock, team.storage
    file = tone(team.sounds / "c1.wav", 2, seconds=20)
    await recorded(storage, "c1", team.desks["Олена"].id, clock.now(), seconds=20.0, file=str(file))
    clock.pass_(days=7)
    await Sampler(storage.quality_queue, clock, KYIV).look()
    (one,) = await storage.assessments.find(AssessmentFilter(), limit=9)
    return one.id


async def take_the_moment(page: Page, seconds: int) -> None:
    """Play to there, and press the player's key."""
    sound = page.locator("[data-player] audio")
    await sound.evaluate(LOADED)
    await sound.evaluate(f"(it) => {{ it.currentTime = {seconds}; }}")
    await page.locator("[data-player]").focus()
    await page.keyboard.press("c")


async def wide(window: Window) -> None:
    await window.page.set_viewport_size({"width": 1366, "height": 768})


async def assess(head: Window, storage: Storage, made: int) -> None:
    """Take the talk, remark on a moment, finish too early, and finish."""
    page = head.page
    await head.open("/quality")
    await page.get_by_role("link", name="02.03.2026 14:00").click()
    await expect(page.get_by_text("Жеребом")).to_be_visible()
    await page.get_by_role("button", name="Оцінити цю розмову").click()
    await expect(page.get_by_role("button", name="Завершити", exact=True)).to_be_visible()
    await take_the_moment(page, 12)
    await expect(page.locator("#moment")).to_have_value("0:12")
    await page.keyboard.type("Не перепитує адресу")
    await page.locator('input[name="a-greeting"][value="yes"]').check()
    await expect(page.locator("#saved")).to_contain_text("Збережено о")
    assert (await storage.assessments.get(made)).answers["greeting"] == "yes"
    await page.get_by_role("button", name="Додати зауваження").click()
    await expect(page.locator(".quality-remarks")).to_contain_text("Не перепитує адресу")
    await head.look_here(f"/quality/{made}", "quality-form")
    await wide(head)
    await page.get_by_role("button", name="Завершити", exact=True).click()
    await expect(page.locator("#faults")).to_be_focused()
    assert await violations(page) == []
    head.complaints.clear()  # the browser tells of the 422
    await answer_all(page, address="no")
    await page.locator('input[name="ok-category"]').check()
    await page.get_by_label("Висновок для диспетчера").fill("Загалом тепло й чітко")
    await page.get_by_role("button", name="Завершити", exact=True).click()
    await expect(page.get_by_text("Розмову оцінено")).to_be_visible()
    assert (await storage.assessments.get(made)).percent == 91


async def dispute(olena: Window, made: int) -> None:
    """Find the score among what waits, hear the moment, and object."""
    page = olena.page
    await olena.open("/todo")
    await page.get_by_role("link", name="02.03.2026 14:00").click()
    await expect(page.locator(".quality-remarks")).to_contain_text("Не перепитує адресу")
    await page.locator("[data-seek]").click()
    await page.locator("[data-player] audio").evaluate(PAST, 12)
    await olena.look_here(f"/quality/mine/{made}", "quality-own")
    await wide(olena)
    await page.get_by_label("З чим і чому").fill("Заявник назвав її двічі, я записала")
    await page.get_by_role("button", name="Оскаржити оцінку").click()
    await expect(page.get_by_text("Ваше заперечення передано")).to_be_visible()


async def decide(head: Window, made: int) -> None:
    """Correct the answer that was disputed."""
    page = head.page
    await head.open("/todo?wait=disputes")
    await page.locator(f"#todo-dispute-{made} a").click()
    await page.locator('input[name="a-address"][value="yes"]').check()
    await page.get_by_label("Чому", exact=True).fill("Справді двічі")
    await head.look_here(f"/quality/{made}", "quality-decide", nightly=True)
    await wide(head)
    await page.get_by_role("button", name="Ухвалити рішення").click()
    await expect(page.get_by_text("Рішення збережено")).to_be_visible()


async def test_the_road_of_one_talk(
    server: TestServer, team: Team, storage: Storage, clock: MovedClock
) -> None:
    made = await sampled(team)
    async with window(server, "head") as head, window(server, "dispatcher") as olena:
        await head.look("/quality", "quality-queue")
        await wide(head)
        await assess(head, storage, made)
        await dispute(olena, made)
        await decide(head, made)
        one = await storage.assessments.get(made)
        assert (one.state, one.percent, one.first_percent) == (AssessmentState.DECIDED, 100, 91)
        page = head.page
        await page.get_by_role("link", name="Додати до журналу навчання").click()
        await page.locator("#agreed").fill("Повторювати адресу вголос")
        await page.locator("#review_on").fill("16.03.2026")
        await page.get_by_role("button", name="Додати запис").click()
        await expect(page.get_by_text("переглянути 16.03.2026")).to_be_visible()
        await page.get_by_label("Із чим дзвонить умовний заявник").select_option("gas-smell")
        await page.get_by_role("button", name="Почати навчальний дзвінок").click()
        await expect(page.get_by_text("це умовний заявник")).to_be_visible()
        wrong = Entered(text="Пахне газом у під’їзді", category="gas-none", urgency="urgent", address="")
        await storage.trial_calls.enter(f"{TRIAL_PREFIX}1", wrong, clock.now())
        for number, who in enumerate(("Ігор", "Софія", "Олена")):
            await team.assessed(f"later{number}", who=who, address="no", greeting="no" if number else "yes")
        clock.pass_(minutes=1)
        await head.look(f"/quality/people/{team.desks['Олена'].id}", "quality-person")
        await head.look("/quality/people", "quality-people")
        await olena.look("/quality/mine", "quality-mine")
        await expect(olena.page.get_by_text("Повторювати адресу вголос")).to_be_visible()
        assert "Ігор" not in await olena.page.content()


@pytest.mark.nightly  # by day without a browser: `test_assessing.py`
async def test_two_assessors_at_once_and_the_slower_one_is_told(
    server: TestServer, team: Team, storage: Storage, clock: MovedClock
) -> None:
    made = await team.talk()
    async with window(server, "head") as head, window(server, "deputy") as deputy:
        await head.open(f"/quality/{made}")
        await deputy.open(f"/quality/{made}")
        await head.page.get_by_role("button", name="Оцінити цю розмову").click()
        await expect(head.page.get_by_role("button", name="Завершити", exact=True)).to_be_visible()
        await deputy.page.get_by_role("button", name="Оцінити цю розмову").click()
        await expect(deputy.page.get_by_text("Хтось випередив вас")).to_be_visible()
        deputy.complaints.clear()  # the browser tells of the 409
        clock.pass_(minutes=31)
        await deputy.open(f"/quality/{made}")
        await deputy.page.get_by_role("button", name="Оцінити цю розмову").click()
        await expect(deputy.page.get_by_role("button", name="Завершити", exact=True)).to_be_visible()
        await head.page.locator('input[name="a-greeting"][value="no"]').check()
        await expect(head.page.locator("#saved")).to_contain_text("вже має хтось інший")
        head.complaints.clear()
        assert "greeting" not in (await storage.assessments.get(made)).answers
