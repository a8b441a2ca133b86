"""The page of a link: whoever has it says whether it is done, and nobody says it by merely opening it."""

import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.appeals.acts.actors import ActorRole, applicant
from hotline.appeals.acts.applicants_word import MOST_NOES_BACK, Dispute
from hotline.appeals.acts.keeping import Link
from hotline.appeals.acts.work import Accept, BeginWork, ReportDone
from hotline.appeals.appeal import AppealState, ResultKind
from hotline.delivery.outbox import Notice
from hotline.voice.speech import Language
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person
from tests.cti_server.delivery.conftest import LINKS
from tests.storage.enterprise import NUMBER, City

TEXT = "Марія Демченко мерзне"
ANSWER = "Кран замінено, тиск перевірено."


async def done(
    city: City,
    clock: MovedClock,
    result: ResultKind = ResultKind.SATISFIED,
    language: Language = Language.UKRAINIAN,
) -> tuple[str, Notice]:
    """An appeal whose executor says that it is done: the path of its link, and the notice that has it."""
    number = (await city.enter(text=TEXT, registered_at=clock.now(), language=language)).number
    by = city.executor
    for act in (
        Accept(by=by, at=clock.now()),
        BeginWork(by=by, at=clock.now()),
        ReportDone(by=by, at=clock.now(), result=result, answer=ANSWER),
    ):
        await city.storage.handling.carry_out(number, act, version=None)
    notice = (await city.storage.outbox.of_appeal(number))[0]
    assert notice.about == "report-done"
    return "/answer/" + LINKS.token(notice.id), notice


async def state(city: City, notice: Notice) -> AppealState:
    appeal = await city.storage.registry.find(notice.number)
    assert appeal is not None
    return appeal.state


async def page(person: Person, path: str) -> str:
    return html.unescape(await person.text(path))


async def test_the_page_says_what_the_executor_answered_and_nothing_of_who_and_where(
    person: Person,
    city: City,
    clock: MovedClock,
) -> None:
    path, notice = await done(city, clock)
    text = await page(person, path)
    assert notice.number in text
    assert ANSWER in text
    assert "Це справді зроблено?" in text
    for hidden in ("Марія", "кв. 12", NUMBER, TEXT):
        assert hidden not in text


async def test_opening_the_link_changes_nothing_however_often(
    person: Person,
    city: City,
    clock: MovedClock,
) -> None:
    path, notice = await done(city, clock)
    for _ in range(5):
        await page(person, path)
        assert (await person.client.head(path)).status == 200
    assert await state(city, notice) is AppealState.DONE


async def test_the_applicant_confirms_and_the_history_knows_by_which_link(
    person: Person,
    city: City,
    clock: MovedClock,
) -> None:
    path, notice = await done(city, clock)
    answer = await person.post(path, {"do": "done", "rating": "5"})
    assert (answer.status, answer.headers["Location"]) == (303, path)
    assert await state(city, notice) is AppealState.CLOSED
    *_, last = await city.storage.handling.history(notice.number, hidden=False)
    assert (last.act, last.part, last.facts) == (
        "confirm",
        "applicant",
        {"rating": 5, "source": f"link:{notice.id}"},
    )
    assert "Дякуємо! Ви підтвердили, що зроблено" in await page(person, path)


async def test_the_applicant_disputes_and_the_executor_has_to_go_on(
    person: Person,
    city: City,
    clock: MovedClock,
) -> None:
    path, notice = await done(city, clock)
    assert (await person.post(path, {"do": "not-done", "text": "У кухні холодно"})).status == 303
    assert await state(city, notice) is AppealState.DISPUTED
    *_, last = await city.storage.handling.history(notice.number, hidden=False)
    assert (last.act, last.said) == ("dispute", "У кухні холодно")
    assert "Записано: не зроблено." in await page(person, path)


async def test_what_comes_twice_under_a_forms_key_is_taken_once_and_other_words_are_other_words(
    person: Person, city: City, clock: MovedClock
) -> None:
    path, notice = await done(city, clock)
    key = re.findall(r'name="key" value="([^"]+)"', await page(person, path))[0]
    no = {"do": "not-done", "text": "У кухні холодно", "key": key}
    for _ in range(2):
        assert (await person.post(path, no)).status == 303
    assert (await person.post(path, {**no, "text": "І в кімнаті"})).status == 409  # another word, too late
    for text in ("Код 12", "Код 12", "Стовп"):  # by Back the form has the key that it had
        assert (await person.post(path, {"do": "add", "text": text, "key": key})).status == 303
    history = await city.storage.handling.history(notice.number, hidden=False)
    assert [(one.act, one.said) for one in history if one.part is ActorRole.APPLICANT] == [
        ("dispute", "У кухні холодно"),
        ("note", "Код 12"),
        ("note", "Стовп"),
    ]


async def test_a_script_is_told_where_the_page_is_or_why_it_was_refused(
    person: Person, city: City, clock: MovedClock
) -> None:
    path, _ = await done(city, clock)
    headers = {**person.origin, "Accept": "application/json"}
    wordless = await person.client.post(path, data={"do": "not-done"}, headers=headers)
    assert (wordless.status, "Напишіть" in str(await wordless.json())) == (422, True)
    yes = await person.client.post(path, data={"do": "done", "key": "k"}, headers=headers)
    assert (yes.status, await yes.json()) == (200, {"page": path})
    late = await person.client.post(path, data={"do": "done", "key": "another"}, headers=headers)
    assert (late.status, list((await late.json())["faults"].values())) == (409, ["Тим часом щось змінилося."])


async def test_a_yes_that_a_browser_has_kept_closes_no_later_done(
    person: Person, city: City, clock: MovedClock
) -> None:
    path, notice = await done(city, clock)
    (of_then,) = set(re.findall(r'name="round" value="([^"]+)"', await page(person, path)))
    by = applicant("call:1")
    for act in (
        Dispute(by=by, at=clock.now()),
        BeginWork(by=city.executor, at=clock.now()),
        ReportDone(by=city.executor, at=clock.now(), result=ResultKind.SATISFIED, answer=ANSWER),
    ):
        await city.storage.handling.carry_out(notice.number, act, version=None)
    kept = {"do": "done", "key": "kept", "round": of_then}
    assert (await person.post(path, kept)).status == 409
    assert await state(city, notice) is AppealState.DONE
    (of_now,) = set(re.findall(r'name="round" value="([^"]+)"', await page(person, path)))
    assert (await person.post(path, {**kept, "round": of_now})).status == 303
    assert await state(city, notice) is AppealState.CLOSED


async def test_a_linked_appeal_is_done_anew_with_the_one_it_goes_along_with(
    person: Person, city: City, clock: MovedClock
) -> None:
    _, notice = await done(city, clock)
    number = (await city.enter(registered_at=clock.now())).number
    by, at = city.executor, clock.now()
    await city.storage.handling.carry_out(notice.number, Dispute(by=applicant("call:1"), at=at), version=None)
    await city.storage.handling.carry_out(
        number, Link(by=city.dispatcher, at=at, parent=notice.number), version=None
    )
    rounds = []
    for _ in range(2):
        for act in (
            BeginWork(by=by, at=at),
            ReportDone(by=by, at=at, result=ResultKind.SATISFIED, answer=ANSWER),
        ):
            await city.storage.handling.carry_out(notice.number, act, version=None)
        owed = await city.storage.outbox.of_appeal(number)
        path = "/answer/" + LINKS.token(next(one.id for one in owed if one.to.startswith("applicant:")))
        rounds += set(re.findall(r'name="round" value="([^"]+)"', await page(person, path)))
        for one in (notice.number, number):
            no = Dispute(by=applicant("call:1"), at=at)
            await city.storage.handling.carry_out(one, no, version=None)
    assert len(set(rounds)) == 2


async def test_a_no_can_be_taken_back_for_a_while(person: Person, city: City, clock: MovedClock) -> None:
    path, notice = await done(city, clock)
    await person.post(path, {"do": "not-done", "text": "Ой"})
    clock.pass_(hours=23)
    assert "Усе-таки зроблено" in await page(person, path)
    assert (await person.post(path, {"do": "done-after-all"})).status == 303
    assert await state(city, notice) is AppealState.CLOSED
    *_, last = await city.storage.handling.history(notice.number, hidden=False)
    assert (last.act, last.facts["source"]) == ("take-no-back", f"link:{notice.id}")
    told = {
        one.to.partition(":")[0]
        for one in await city.storage.outbox.of_appeal(notice.number)
        if one.about == last.act
    }
    assert told == {"applicant", "executor", "contact", "head"}
    assert "Усе-таки не так?" in await page(person, path), "a slip the other way is no less one"


async def test_to_and_fro_sends_the_enterprise_only_so_many_messages(
    person: Person, city: City, clock: MovedClock
) -> None:
    path, notice = await done(city, clock)
    for times in range(MOST_NOES_BACK + 1):
        assert (await person.post(path, {"do": "not-done", "text": "Ой"})).status == 303
        assert ("Усе-таки зроблено" in await page(person, path)) is (times < MOST_NOES_BACK)
        again = await person.post(path, {"do": "done-after-all"})
        assert again.status == (303 if times < MOST_NOES_BACK else 409)
    assert await state(city, notice) is AppealState.DISPUTED, "what was said last of all stays"
    told = await city.storage.outbox.of_appeal(notice.number)
    for act, most in (("dispute", MOST_NOES_BACK + 1), ("take-no-back", MOST_NOES_BACK)):
        assert sum(one.to.startswith("contact") and one.about == act for one in told) == most


async def test_a_no_stays_once_its_time_is_over_or_somebody_works_on_it_again(
    person: Person, city: City, clock: MovedClock
) -> None:
    path, notice = await done(city, clock)
    await person.post(path, {"do": "not-done", "text": "У кухні холодно"})
    clock.pass_(hours=25)
    assert "Усе-таки зроблено" not in await page(person, path)
    assert (await person.post(path, {"do": "done-after-all"})).status == 409
    clock.pass_(hours=-25)
    await city.storage.handling.carry_out(
        notice.number, BeginWork(by=city.executor, at=clock.now()), version=None
    )
    assert "Усе-таки зроблено" not in await page(person, path)
    assert (await person.post(path, {"do": "done-after-all"})).status == 409
    assert await state(city, notice) is AppealState.IN_WORK


async def test_who_confirmed_can_say_later_that_it_is_not_so(
    person: Person,
    city: City,
    clock: MovedClock,
) -> None:
    path, notice = await done(city, clock)
    await person.post(path, {"do": "done"})
    clock.pass_(days=20)
    assert "Усе-таки не так?" in await page(person, path)
    asked = await person.post(path, {"do": "not-done"})
    assert asked.status == 422
    assert "натисніть ще раз" in await asked.text()
    assert await state(city, notice) is AppealState.CLOSED
    await person.post(path, {"do": "not-done", "silent": "yes"})
    assert await state(city, notice) is AppealState.DISPUTED


async def test_whoever_answered_by_telephone_meanwhile_is_not_overridden_and_nothing_typed_is_lost(
    person: Person,
    city: City,
    clock: MovedClock,
) -> None:
    path, notice = await done(city, clock)
    said = Dispute(by=applicant("call:hotline-9.1"), at=clock.now(), reason="Ні")
    await city.storage.handling.carry_out(notice.number, said, version=None)
    answer = await person.post(path, {"do": "done"})
    assert answer.status == 409
    assert "Тим часом щось змінилося" in await answer.text()
    assert await state(city, notice) is AppealState.DISPUTED


async def test_a_refusal_is_agreed_to_or_not(
    person: Person,
    city: City,
    clock: MovedClock,
) -> None:
    path, _ = await done(city, clock, ResultKind.REFUSED)
    text = await page(person, path)
    assert "Чи ви погоджуєтеся?" in text
    assert "зроблено" not in text


async def test_the_page_speaks_the_language_in_which_they_were_told_until_another_is_chosen(
    person: Person,
    city: City,
    clock: MovedClock,
) -> None:
    path, _ = await done(city, clock, language=Language.ENGLISH)
    assert "Is it really done?" in await page(person, path)
    person.client.session.cookie_jar.update_cookies({"language": "uk"})
    assert "Це справді зроблено?" in await page(person, path)


async def test_a_link_that_is_too_old_says_where_to_ring(
    person: Person,
    city: City,
    clock: MovedClock,
) -> None:
    path, notice = await done(city, clock)
    clock.pass_(days=31)
    answer = await person.get(path)
    assert answer.status == 410
    assert "tel:1580" in await answer.text()
    assert (await person.post(path, {"do": "done"})).status == 410
    assert await state(city, notice) is AppealState.DONE


async def test_what_we_did_not_sign_is_not_there_and_guessing_soon_has_to_wait(
    person: Person,
    city: City,
    clock: MovedClock,
) -> None:
    path, notice = await done(city, clock)
    forged = path[:-1] + ("A" if path[-1] != "A" else "B")
    statuses = [(await person.get(forged)).status for _ in range(12)]
    assert statuses[:10] == [404] * 10
    assert statuses[-1] == 429
    others = re.sub(r"\d+\.", f"{notice.id + 1}.", path)
    assert (await person.get(others)).status == 429
    assert (await person.get(path)).status == 200  # a right one is served whatever was guessed


async def test_another_site_cannot_answer_for_them(
    person: Person,
    city: City,
    clock: MovedClock,
) -> None:
    path, notice = await done(city, clock)
    answer = await person.client.post(path, data={"do": "done"}, headers={"Origin": "https://evil.example"})
    assert answer.status == 403
    assert await state(city, notice) is AppealState.DONE


@pytest.mark.parametrize("form", [{}, {"do": "forward"}, {"do": "not-done", "text": "x" * 2001}])
async def test_nonsense_is_refused(
    person: Person,
    city: City,
    clock: MovedClock,
    form: dict[str, str],
) -> None:
    path, notice = await done(city, clock)
    answer = await person.post(path, form)
    assert answer.status in {400, 422}
    if text := form.get("text"):
        assert text in await answer.text()
    assert await state(city, notice) is AppealState.DONE


async def test_an_executors_notice_opens_nothing(
    person: Person,
    city: City,
    storage: Storage,
    clock: MovedClock,
) -> None:
    await done(city, clock)
    executors = [one for one in await storage.outbox.of_appeal("2600001") if one.to.startswith("contact:")]
    assert (await person.get("/answer/" + LINKS.token(executors[0].id))).status == 404


def test_a_link_signed_with_another_key_is_none_of_ours() -> None:
    other = replace(LINKS, key=b"other", within=timedelta(days=1))
    assert LINKS.notice_id(other.token(7)) is None
    assert LINKS.notice_id(LINKS.token(7)) == 7
