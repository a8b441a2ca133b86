import html
from datetime import date, timedelta

import pytest

from hotline.access.users import AuditFilter
from hotline.appeals.acts.actors import SERVICE, Actor, applicant
from hotline.appeals.acts.applicants_word import AttemptInVain, BeginCheck, Dispute, Withdraw
from hotline.appeals.acts.asking import AskBack
from hotline.appeals.acts.keeping import Amend, Link, Note, ToldBy
from hotline.appeals.acts.routing import Assign
from hotline.appeals.acts.work import ReportDone
from hotline.appeals.appeal import Appeal, AppealState, ResultKind
from hotline.calls.call import VoiceMessage
from hotline.city.addresses import Area, Gazetteer
from hotline.city.classifier import Utility
from hotline.errors import NotFound
from hotline.outages.outage import By, NewOutage, OutageKind
from hotline.outages.reports import report_of
from hotline.speech.hearing import Engine, HeardWord
from hotline.speech.transcripts import Transcript
from hotline.voice.speech import Language
from tests.cti_server.conftest import MovedClock, Person
from tests.storage.enterprise import NUMBER, City

from .conftest import do


async def now(city: City, appeal: Appeal) -> Appeal:
    found = await city.storage.registry.find(appeal.number)
    assert found is not None
    return found


async def act(person: Person, appeal: Appeal, name: str, **form: str) -> tuple[int, str]:
    answer = await person.post(
        f"/enterprise/{appeal.number}/{name}", {"version": str(appeal.version), **form}
    )
    return answer.status, html.unescape(await answer.text())


async def test_the_card_tells_what_is_needed_there_and_is_audited(
    petro: Person, city: City, appeal: Appeal, by: Actor, clock: MovedClock
) -> None:
    await do(city, appeal, Note(by=city.dispatcher, at=clock.now(), text="Собака у дворі"))
    page = html.unescape(await petro.text(f"/enterprise/{appeal.number}"))
    for text in (appeal.text, appeal.address, "Марія Демченко", f'href="tel:{NUMBER}"', "Собака у дворі"):
        assert text in page
    entries = await city.storage.audit.find(AuditFilter(subject=f"appeal:{appeal.number}"), limit=1)
    assert [(one.action, one.detail) for one in entries] == [("view", "work")]


async def test_who_wants_it_only_in_writing_is_not_to_be_called_by_the_enterprise(
    petro: Person, city: City, appeal: Appeal, clock: MovedClock
) -> None:
    said = "лише письмово: не телефонувати про це"
    assert said not in html.unescape(await petro.text(f"/enterprise/{appeal.number}"))
    only = Amend(by=city.dispatcher, at=clock.now(), reply_by=ToldBy.SMS_ONLY, reply_to="+380671234567")
    await do(city, appeal, only)
    assert said in html.unescape(await petro.text(f"/enterprise/{appeal.number}"))


async def test_another_enterprises_appeal_is_like_one_that_does_not_exist(
    stranger: Person, city: City, appeal: Appeal
) -> None:
    pages = []
    for number in (appeal.number, "999"):
        page = await stranger.get(f"/enterprise/{number}")
        sent = await stranger.post(
            f"/enterprise/{number}/accept", {"version": str(appeal.version), "reason": "Написане"}
        )
        assert (page.status, sent.status) == (404, 404)
        text = await sent.text()
        assert "Написане" in text
        pages.append(((await page.text()).replace(number, ""), text.replace(number, "")))
    assert pages[0] == pages[1]
    assert (await now(city, appeal)).version == appeal.version


@pytest.mark.parametrize(
    ("name", "form", "state"),
    [
        ("accept", {}, AppealState.ACCEPTED),
        ("hand-back", {"reason": "Це тепломережа Чернігова"}, AppealState.REGISTERED),
        ("ask-back", {"text": "Який під’їзд?"}, AppealState.ASSIGNED),
        ("note", {"text": "Ключ у двірника"}, AppealState.ASSIGNED),
        ("ask-extension", {"until": "2026-03-20", "reason": "Немає труб"}, AppealState.ASSIGNED),
        ("pass-inside", {"assignee_id": "null"}, AppealState.ASSIGNED),
    ],
)
async def test_each_act_is_done_once_written_down_and_told(  # noqa: PLR0917
    petro: Person, city: City, appeal: Appeal, by: Actor, name: str, form: dict[str, str], state: AppealState
) -> None:
    answer = await petro.post(f"/enterprise/{appeal.number}/{name}", {"version": str(appeal.version), **form})
    assert (answer.status, answer.headers["Location"]) == (303, f"/enterprise/{appeal.number}?done={name}")
    then = await now(city, appeal)
    assert (then.state, then.version) == (state, appeal.version + 1)
    entry = (await city.storage.handling.history(appeal.number, hidden=True))[-1]
    assert (entry.act, entry.user_id, entry.executor_id) == (name, by.user_id, by.executor_id)
    assert entry.said == next((text for key, text in form.items() if key in {"reason", "text"}), "")
    entries = await city.storage.audit.find(AuditFilter(subject=f"appeal:{appeal.number}"), limit=1)
    assert [(one.action, one.detail) for one in entries] == [("change", name)]
    if state is not AppealState.REGISTERED:
        assert 'role="status"' in await petro.text(answer.headers["Location"])


async def test_the_road_from_acceptance_to_the_report(petro: Person, city: City, appeal: Appeal) -> None:
    for name, form in (
        ("accept", {}),
        ("begin-work", {}),
        ("report-done", {"result": "explained", "answer": "Тиск відновлено"}),
    ):
        assert (await act(petro, await now(city, appeal), name, **form))[0] == 303
    then = await now(city, appeal)
    assert (then.state, then.result, then.answer) == (
        AppealState.DONE,
        ResultKind.EXPLAINED,
        "Тиск відновлено",
    )
    told = [one.about for one in await city.storage.outbox.of_appeal(appeal.number) if "applicant" in one.to]
    assert told[:3] == ["report-done", "begin-work", "accept"]
    assert "Звіт подано помилково: відкликати" in await petro.text(f"/enterprise/{appeal.number}")
    assert (await act(petro, then, "take-back", reason="Тиск знову впав"))[0] == 303
    assert (await now(city, appeal)).state is AppealState.IN_WORK


@pytest.mark.parametrize(
    ("name", "form", "fault"),
    [
        ("hand-back", {"reason": " "}, "Напишіть кількома словами чому."),
        ("ask-back", {"text": ""}, "Напишіть тут кілька слів"),
        ("note", {"text": "а" * 10_001}, "Не більше 10000 знаків."),
        ("ask-extension", {"until": "завтра", "reason": "Немає труб"}, "Виберіть день."),
        ("ask-extension", {"until": "02.03.2026", "reason": "Немає труб"}, "Виберіть день від 03.03.2026"),
        ("ask-extension", {"until": "01.01.2027", "reason": "Немає труб"}, "до 16.04.2026"),
        ("pass-inside", {"assignee_id": "999", "reason": "Зайди зранку"}, "Виберіть когось із цього"),
        ("pass-inside", {"assignee_id": "", "reason": "Зайди зранку"}, "Виберіть когось із цього"),
    ],
)
async def test_a_fault_stands_at_its_field_and_what_was_typed_stays(  # noqa: PLR0917
    petro: Person, city: City, appeal: Appeal, name: str, form: dict[str, str], fault: str
) -> None:
    status, page = await act(petro, appeal, name, **form)
    assert status == 422
    assert fault in page
    assert 'aria-invalid="true"' in page
    for field, typed in form.items():
        assert field == "assignee_id" or typed.strip() in page  # nobody else can be chosen
    assert (await now(city, appeal)).version == appeal.version


async def test_a_report_needs_a_result_and_an_answer(petro: Person, city: City, in_work: Appeal) -> None:
    status, page = await act(petro, in_work, "report-done", result="forwarded", answer="Передали")
    assert (status, "Якщо звернення не ваше, поверніть його" in page, "Передали" in page) == (422, True, True)
    status, page = await act(petro, in_work, "report-done", result="satisfied", answer="")
    assert (status, "Напишіть, що передати заявникові." in page) == (422, True)
    status, page = await act(petro, in_work, "report-done", result="satisfied", answer="Ось", evidence="999")
    assert (status, "Якогось файлу вже немає" in page) == (422, True)
    assert (await petro.post(f"/enterprise/{in_work.number}/accept", {"version": "x"})).status == 400


async def test_whoever_was_overtaken_sees_what_changed_beside_what_they_typed(
    petro: Person, city: City, in_work: Appeal, clock: MovedClock
) -> None:
    await do(city, in_work, Note(by=city.dispatcher, at=clock.now(), text="Дзвонили ще раз"))
    typed = {"result": "refused", "answer": "Замінили кран"}
    status, page = await act(petro, in_work, "report-done", **typed)
    assert status == 409
    for text in ("Хтось випередив", "Дзвонили ще раз", "Замінили кран", 'value="refused" checked'):
        assert text in page
    assert (await now(city, in_work)).state is AppealState.IN_WORK
    assert (await act(petro, await now(city, in_work), "report-done", **typed))[0] == 303


async def test_what_was_typed_for_an_act_that_is_no_longer_possible_is_there_to_be_copied(
    petro: Person, city: City, in_work: Appeal, by: Actor, clock: MovedClock
) -> None:
    done = ReportDone(by=by, at=clock.now(), result=ResultKind.SATISFIED, answer="Ольга вже зробила")
    await do(city, in_work, done)
    status, page = await act(petro, in_work, "report-done", result="satisfied", answer="Я теж зробив")
    assert status == 409
    assert "Ольга вже зробила" in page
    assert "Я теж зробив" in page
    assert 'action="/enterprise/2600001/report-done"' not in page
    later = await now(city, in_work)
    status, page = await act(petro, later, "hand-back", reason="Не наше")
    assert (status, "Не наше" in page) == (409, True)


async def test_what_was_taken_from_them_while_they_typed_is_gone_but_not_their_words(
    petro: Person, city: City, in_work: Appeal, clock: MovedClock
) -> None:
    await do(city, in_work, Assign(by=city.dispatcher, at=clock.now(), executor_id=city.water.id))
    status, page = await act(petro, in_work, "report-done", result="satisfied", answer="Замінили кран")
    assert status == 404
    assert "Замінили кран" in page
    assert city.water.short not in page


async def test_after_the_end_the_applicants_number_is_shown_no_more(
    petro: Person, city: City, appeal: Appeal, clock: MovedClock
) -> None:
    page = f"/enterprise/{appeal.number}"
    assert NUMBER in await petro.text(page)
    await do(city, appeal, Withdraw(by=applicant("letter:1"), at=clock.now()))
    ended = await petro.text(page)
    assert NUMBER not in ended
    assert "Демченко" not in ended
    assert "choose" not in ended


async def test_how_the_applicant_was_not_reached_is_told_in_words(
    petro: Person, city: City, in_work: Appeal, by: Actor, clock: MovedClock
) -> None:
    at = clock.now()
    await do(
        city,
        in_work,
        ReportDone(by=by, at=at, result=ResultKind.SATISFIED, answer="Готово"),
        BeginCheck(by=SERVICE, at=at),
        AttemptInVain(by=SERVICE, at=at, outcome="silent"),
    )
    page = html.unescape(await petro.text(f"/enterprise/{in_work.number}"))
    assert "Слухавку взяли, але нічого не натиснули" in page
    assert "silent" not in page


async def test_a_dispute_and_an_open_question_stand_out_and_linked_ones_of_theirs_are_named(
    petro: Person, city: City, in_work: Appeal, by: Actor, clock: MovedClock
) -> None:
    child, others = await city.enter(), await city.enter(category="water-none")
    at = clock.now()
    await do(city, child, Link(by=city.dispatcher, at=at, parent=in_work.number))
    await do(
        city,
        in_work,
        ReportDone(by=by, at=at, result=ResultKind.SATISFIED, answer="Готово"),
        Dispute(by=applicant("call:1"), at=at, reason="Батарея знову холодна"),
        AskBack(by=by, at=at, text="Котра батарея?"),
    )
    page = html.unescape(await petro.text(f"/enterprise/{in_work.number}"))
    for text in (
        "Батарея знову холодна",
        "Котра батарея?",
        f"/enterprise/{child.number}",
        "Почати роботу знову",
    ):
        assert text in page
    assert others.number not in page
    with pytest.raises(NotFound):
        await city.storage.executor_work.find(city.water.id, child.number)


async def test_more_time_is_not_offered_once_the_term_has_ended(
    petro: Person, city: City, appeal: Appeal, clock: MovedClock
) -> None:
    clock.pass_(days=2)
    await petro.enter("petro")
    page = html.unescape(await petro.text(f"/enterprise/{appeal.number}"))
    assert "Термін продовжують лише до його кінця" in page
    until = (date(2026, 3, 2) + timedelta(days=9)).isoformat()
    status, page = await act(petro, appeal, "ask-extension", until=until, reason="Ще трохи")
    assert (status, "Термін уже сплив" in page) == (422, True)


async def test_the_enterprise_sees_how_the_outage_of_an_appeal_stands_and_the_appeal_does_not_close_with_it(
    petro: Person, city: City, appeal: Appeal, clock: MovedClock
) -> None:
    new = NewOutage(
        utility=Utility.HEAT,
        kind=OutageKind.REPAIR,
        starts_at=clock.now(),
        areas=(Area(street="Київський квартал"),),
        executor_id=city.heat.id,
    )
    outage = await city.storage.outages.enter(new, By())
    there = Gazetteer([("Київський квартал", "Київський квартал")], {})
    await city.storage.outage_reports.put(report_of(appeal, there, Utility.HEAT, outage_id=outage.id))
    page = html.unescape(await petro.text(f"/enterprise/{appeal.number}"))
    assert f'href="/enterprise/outages/{outage.id}"' in page
    assert "Опалення, Київський квартал" in page
    await city.storage.outages.end(outage.id, clock.now(), By())
    page = html.unescape(await petro.text(f"/enterprise/{appeal.number}"))
    assert "Відключення закінчилося, звернення — ще ні" in page
    assert (await now(city, appeal)).state is appeal.state


async def test_the_words_of_a_spoken_remark_stand_beside_it_masked(
    petro: Person, city: City, in_work: Appeal, by: Actor, clock: MovedClock
) -> None:
    at = clock.now()
    await city.storage.calls.keep_message(
        VoiceMessage(id="remark", call_id="1", number=None, file="r.wav", began_at=at, seconds=4.0)
    )
    words = ("4149499312345679", "досі", "холодно")
    made = Transcript(
        sound="remark",
        text=" ".join(words),
        words=tuple(HeardWord(text=one, begins=0, ends=1, confidence=1) for one in words),
        engine=Engine.VOSK,
        model="tiny",
        language=Language.UKRAINIAN,
        made_at=at,
    )
    await city.storage.transcripts.keep(made, at)
    await do(
        city,
        in_work,
        ReportDone(by=by, at=at, result=ResultKind.SATISFIED, answer="Готово"),
        Dispute(by=applicant("call:1"), at=at, remark="remark"),
    )
    page = await petro.text(f"/enterprise/{in_work.number}")
    assert page.count("[номер картки приховано]</span> досі холодно") == 2  # above, and in the history
    assert "4149499312345679" not in page
