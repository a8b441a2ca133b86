"""Each act by whoever may do it, over HTTP; what is wrong is said at its field, and nothing typed is lost."""

from datetime import date, timedelta

import pytest
from aiohttp import web

from cti_server.appeals.acts.forms import FORMS
from cti_server.frame.pages import PAGES
from hotline.access.permissions import Role
from hotline.access.users import AuditFilter
from hotline.appeals.acts.actors import ActorRole
from hotline.appeals.acts.asking import AskBack
from hotline.appeals.acts.extension import AskExtension
from hotline.appeals.appeal import AppealKind, AppealState
from hotline.appeals.transitions import TABLE
from hotline.calls.call import CallRecord, Outcome
from hotline.calls.interpreters import Interpreters
from hotline.city.classifier import Urgency, classifier
from hotline.contact.channel import Channel
from storage.store import Storage
from tests.cti_server.appeals.card.conftest import CALL, FIRST, Road, act, offered, text
from tests.cti_server.conftest import MovedClock, Person

FROM_CALL = {"source": f"call:{CALL}"}


async def test_it_is_given_to_whom_the_rules_name_first(olena: Person, road: Road) -> None:
    appeal = await road.begins()
    page = await olena.text(f"/appeals/{FIRST}")
    assert "За правилами отримав би: Тепломережі." in page
    assert f'value="{road.heat.id}" selected>Тепломережі — за правилами' in page
    answer = await act(olena, "assign", {"executor_id": str(road.heat.id)}, version=appeal.version)
    assert answer.headers["Location"] == f"/appeals/{FIRST}?done=assign"
    assert (await road.now()).executor_id == road.heat.id
    assert ">Передано виконавцеві.<" in await olena.text(answer.headers["Location"])


async def test_where_no_rule_fits_nobody_is_chosen_beforehand(olena: Person, road: Road) -> None:
    appeal = await road.begins(category="noise")
    page = await olena.text(f"/appeals/{FIRST}")
    assert '<option value="" selected>Виберіть…</option>' in page
    answer = await act(olena, "assign", {"executor_id": ""}, version=appeal.version)
    assert answer.status == 422
    assert 'id="assign-executor_id-fault">Виберіть одне з показаного.' in await text(answer)
    assert (await road.now()).state is AppealState.REGISTERED


async def test_an_enterprise_that_is_not_there_is_refused_at_its_field(olena: Person, road: Road) -> None:
    appeal = await road.begins()
    answer = await act(olena, "assign", {"executor_id": "999", "reason": "Терміново"}, version=appeal.version)
    page = await text(answer)
    assert answer.status == 422
    assert 'id="assign-executor_id-fault">Виберіть одне з показаного.' in page
    assert ">Терміново</textarea>" in page
    assert (await road.now()).state is AppealState.REGISTERED


async def test_an_executor_accepts_by_telephone_and_it_is_known_who(olena: Person, road: Road) -> None:
    appeal = await road.to(AppealState.ASSIGNED)
    assert "Диспетчерська" in await olena.text(f"/appeals/{FIRST}")
    assert (await act(olena, "accept", version=appeal.version)).status == 422
    await act(olena, "accept", {"acknowledged_by": "майстер Петренко"}, version=appeal.version)
    assert (await road.now()).state is AppealState.ACCEPTED
    assert "телефоном, майстер Петренко" in await olena.text(f"/appeals/{FIRST}")


async def test_what_is_not_ours_is_forwarded_within_the_laws_five_days(
    olena: Person, road: Road, clock: MovedClock
) -> None:
    appeal = await road.begins()
    wanted = {"to": "Поліція", "reason": "Шум уночі"}
    clock.pass_(days=6)
    await olena.enter(Role.DISPATCHER.value)
    answer = await act(olena, "forward", wanted, version=appeal.version)
    assert answer.status == 409
    assert "Надіслати за належністю можна було до 07.03.2026" in await text(answer)
    clock.pass_(days=-1)
    await act(olena, "forward", wanted, version=appeal.version)
    assert (await road.now()).state is AppealState.FORWARDED


async def test_the_head_alone_leaves_without_consideration(
    olena: Person, road: Road, storage: Storage
) -> None:
    appeal = await road.begins(kind=AppealKind.APPLICATION)
    assert "reject" not in offered(await olena.text(f"/appeals/{FIRST}"))
    wanted = {"ground": "late-complaint", "reason": "Минув рік"}
    assert (await act(olena, "reject", wanted, version=appeal.version)).status == 403
    await olena.enter(Role.HEAD.value)
    answer = await act(olena, "reject", wanted, version=appeal.version)
    assert "Пропустити строк можна лише для скарги." in await text(answer)
    answer = await act(olena, "reject", wanted | {"ground": "resolved-before"}, version=appeal.version)
    assert "Спершу вкажіть у картці попереднє звернення" in await text(answer)
    await act(olena, "reject", wanted | {"ground": "incapable"}, version=appeal.version)
    assert (await road.now()).state is AppealState.REJECTED
    entries = await storage.audit.find(AuditFilter(subject=f"appeal:{FIRST}", action="change"), limit=9)
    assert [one.detail for one in entries] == ["reject"]


async def test_the_applicants_word_is_taken_down_with_the_call_it_came_by(olena: Person, road: Road) -> None:
    appeal = await road.to(AppealState.BEING_CHECKED)
    page = await olena.text(f"/appeals/{FIRST}")
    assert f'value="call:{CALL}"' in page
    strange = await act(olena, "confirm", {"source": "call:other", "rating": ""}, version=appeal.version)
    assert strange.status == 422
    await act(olena, "confirm", FROM_CALL | {"rating": "4", "reason": "Дякую"}, version=appeal.version)
    assert (await road.now()).state is AppealState.CLOSED
    page = await olena.text(f"/appeals/{FIRST}")
    assert "Заявник підтверджує, що виконано: оцінка 4 з 5" in page
    assert f'href="/calls/{CALL}"' in page


async def test_a_letter_is_a_source_when_it_is_named(olena: Person, road: Road) -> None:
    appeal = await road.to(AppealState.DONE)
    wanted = {"source": "letter", "reason": "Вода знову холодна", "letter": ""}
    answer = await act(olena, "dispute", wanted, version=appeal.version)
    assert 'id="dispute-letter-fault">Зазначте, який лист' in await text(answer)
    await act(olena, "dispute", wanted | {"letter": "від 01.03 № 7"}, version=appeal.version)
    assert (await road.now()).state is AppealState.DISPUTED
    assert "листом: від 01.03 № 7" in await olena.text(f"/appeals/{FIRST}")


async def test_a_dispute_says_what_is_not_done(olena: Person, road: Road) -> None:
    appeal = await road.to(AppealState.DONE)
    answer = await act(olena, "dispute", FROM_CALL, version=appeal.version)
    assert 'id="dispute-reason-fault"' in await text(answer)


async def test_a_no_is_taken_back_by_the_applicants_word_while_it_is_fresh(olena: Person, road: Road) -> None:
    appeal = await road.to(AppealState.DONE)
    assert "take-no-back" not in offered(await olena.text(f"/appeals/{FIRST}"))
    await act(olena, "dispute", FROM_CALL | {"reason": "Тече"}, version=appeal.version)
    page = await olena.text(f"/appeals/{FIRST}")
    assert "take-no-back" in offered(page)
    assert "Можна до 03.03.2026" in page
    disputed = await road.now()
    nameless = await act(olena, "take-no-back", {"source": "letter", "letter": ""}, version=disputed.version)
    assert nameless.status == 422
    await act(olena, "take-no-back", FROM_CALL, version=disputed.version)
    assert (await road.now()).state is AppealState.CLOSED
    page = await olena.text(f"/appeals/{FIRST}")
    assert "Заявник каже, що все-таки зроблено" in page


async def test_a_no_of_the_day_before_stays(olena: Person, road: Road, clock: MovedClock) -> None:
    appeal = await road.to(AppealState.DONE)
    await act(olena, "dispute", FROM_CALL | {"reason": "Тече"}, version=appeal.version)
    clock.pass_(hours=24, minutes=1)
    await olena.enter(Role.DISPATCHER.value)
    assert "Це було можливо впродовж 24 годин" in await olena.text(f"/appeals/{FIRST}")
    late = await act(olena, "take-no-back", FROM_CALL, version=(await road.now()).version)
    assert (late.status, (await road.now()).state) == (409, AppealState.DISPUTED)


async def test_what_could_not_be_checked_is_closed_only_when_the_attempts_are_spent(
    olena: Person, road: Road
) -> None:
    appeal = await road.to(AppealState.DONE)
    await act(olena, "begin-check", version=appeal.version)
    page = await olena.text(f"/appeals/{FIRST}")
    assert "Можливо ще після 3 спроб запитати заявника." in page
    answer = await act(olena, "close-unconfirmed", {"reason": "Мовчить"}, version=appeal.version + 1)
    assert answer.status == 409
    page = await text(answer)
    assert "Спершу запитайте заявника. Залишилося спроб: 3." in page
    assert ">Мовчить</textarea>" in page
    for tried in range(3):
        await act(olena, "attempt-in-vain", {"outcome": "busy"}, version=appeal.version + 1 + tried)
    await act(olena, "close-unconfirmed", {"reason": "Мовчить"}, version=appeal.version + 4)
    assert (await road.now()).state is AppealState.CLOSED_UNCONFIRMED


async def test_the_applicant_withdraws_it(olena: Person, road: Road) -> None:
    appeal = await road.to(AppealState.IN_WORK)
    await act(olena, "withdraw", FROM_CALL, version=appeal.version)
    assert (await road.now()).state is AppealState.WITHDRAWN


async def test_internal_notes_are_set_apart_from_what_the_applicant_is_told(
    olena: Person, road: Road
) -> None:
    appeal = await road.begins()
    await act(olena, "note", {"text": "Сварлива", "internal": "true"}, version=appeal.version)
    await act(olena, "note", {"text": "Майстер буде о 15", "internal": "false"}, version=appeal.version + 1)
    shown = await road.storage.handling.history(FIRST, hidden=False)
    assert [one.said for one in shown if one.act == "note"] == ["Майстер буде о 15"]
    page = await olena.text(f"/appeals/{FIRST}")
    internal = page[page.index("line-internal") :]
    assert "Сварлива" in internal
    assert (await act(olena, "note", {"text": "x"}, version=appeal.version + 2)).status == 422


async def test_what_was_registered_is_put_right_and_only_that(olena: Person, road: Road) -> None:
    appeal = await road.begins()
    as_it_is = {
        "text": appeal.text,
        "category": appeal.category,
        "address": appeal.address,
        "urgency": "ordinary",
        "kind": "application",
    }
    answer = await act(olena, "amend", as_it_is, version=appeal.version)
    assert "Нічого не змінено." in await text(answer)
    await act(
        olena,
        "amend",
        as_it_is | {"address": "вулиця Невська, 5", "urgency": "urgent"},
        version=appeal.version,
    )
    then = await road.now()
    assert (then.address, then.urgency, then.text) == (
        "вулиця Деснянська, 5",
        Urgency.URGENT,
        appeal.text,
    )
    assert "Зареєстроване виправлено: адреса, терміновість" in await olena.text(f"/appeals/{FIRST}")


async def test_the_questions_of_another_category_are_asked_on_the_card(olena: Person, road: Road) -> None:
    since = classifier().questions_of("hot-water-none")[0].answered("2026-03-01")
    appeal = await road.begins(details=(since,), classifier=classifier().version)
    page = await olena.text(f"/appeals/{FIRST}")
    assert 'id="amend-details.since" name="details.since"' in page
    as_it_is = {"text": appeal.text, "category": "gas-smell", "asked": appeal.category}
    as_it_is |= {"details.since": "01.03.2026"}
    answer = await act(olena, "amend", as_it_is, version=appeal.version)
    page = await text(answer)
    assert (answer.status, 'name="details.gas-where"' in page) == (422, True)
    assert 'name="asked" value="gas-smell"' in page
    told = as_it_is | {"asked": "gas-smell", "details.gas-where": "на Місяці"}
    assert 'id="amend-details.gas-where-fault">Виберіть' in await text(
        await act(olena, "amend", told, version=appeal.version)
    )
    told |= {"details.gas-where": "у підвалі"}
    await act(olena, "amend", told, version=appeal.version)  # nobody listens: what is not known stays open
    then = await road.now()
    assert (then.category, [(one.code, one.answer) for one in then.details]) == (
        "gas-smell",
        [("gas-where", "у підвалі")],
    )
    assert "Було: Відколи? — 01.03.2026</p>" in await olena.text(f"/appeals/{FIRST}")
    twice = await act(olena, "amend", told | {"text": "Тхне"}, version=then.version)
    assert twice.status == 303
    kept = await road.now()
    assert kept.details == then.details


async def test_how_the_applicant_is_told_is_put_right(
    olena: Person, road: Road, storage: Storage, app: web.Application
) -> None:
    app[PAGES].interpreters = Interpreters(numbers=("+380671234567",))
    appeal = await road.begins()
    before = len(await storage.outbox.of_appeal(FIRST))
    told = {"text": appeal.text, "category": appeal.category, "reply_by": "email", "reply_to": "без собачки"}
    answer = await act(olena, "amend", told, version=appeal.version)
    assert "Напишіть адресу електронної пошти" in await text(answer)
    answer = await act(olena, "amend", told | {"reply_by": "sms", "reply_to": "044 200 00 00"}, version=1)
    assert "Напишіть номер мобільного" in await text(answer)
    answer = await act(olena, "amend", told | {"reply_by": "sms", "reply_to": "067 123 45 67"}, version=1)
    assert "Це номер перекладача" in await text(answer)
    await act(olena, "amend", told | {"reply_to": "Maria@Example.org"}, version=appeal.version)
    then = await road.now()
    assert (then.reply_by, then.reply_to) == (Channel.EMAIL, "Maria@example.org")
    page = await olena.text(f"/appeals/{FIRST}")
    assert "Зареєстроване виправлено: як повідомляти заявника" in page
    assert 'value="email" selected' in page
    (entry,) = [one for one in await storage.handling.history(FIRST, hidden=True) if one.act == "amend"]
    assert "reply_to" not in entry.facts, "where is read on the appeal only"
    assert len(await storage.outbox.of_appeal(FIRST)) == before, "the executor is not troubled"
    assert "не телефонувати про це" not in page
    written = told | {"reply_by": "sms-only", "reply_to": "067 765 43 21"}
    await act(olena, "amend", written, version=then.version)
    page = await olena.text(f"/appeals/{FIRST}")
    assert "не телефонувати про це" in page
    assert 'value="sms-only" selected' in page
    then = await road.now()
    await act(olena, "amend", told | {"reply_by": "none", "reply_to": ""}, version=then.version)
    assert ((await road.now()).reply_by, (await road.now()).reply_to) == (None, "")


async def test_only_in_writing_is_still_written_down_once_it_is_done(olena: Person, road: Road) -> None:
    appeal = await road.to(AppealState.DONE)
    page = await olena.text(f"/appeals/{FIRST}")
    assert 'id="amend-reply_by"' in page
    assert 'id="amend-text"' not in page
    told = {"reply_by": "email-only", "reply_to": "maria@example.org"}
    answer = await act(olena, "amend", told | {"text": "Інше"}, version=appeal.version)
    assert "Про виконання вже повідомлено: виправити можна лише те, як повідомляти заявника." in await text(
        answer
    )
    answer = await act(olena, "amend", told, version=appeal.version)
    assert answer.status == 303
    then = await road.now()
    assert (then.reply_by, then.reply_to, then.only_in_writing) == (Channel.EMAIL, "maria@example.org", True)
    assert then.state is AppealState.DONE
    page = await olena.text(f"/appeals/{FIRST}")
    assert "не телефонувати про це" in page
    assert 'value="email-only" selected' in page
    await act(olena, "amend", told | {"reply_to": "olha@example.org"}, version=then.version)
    assert ((await road.now()).reply_to, (await road.now()).only_in_writing) == ("olha@example.org", True)


async def test_what_it_repeats_and_whose_it_is_are_put_right(olena: Person, road: Road) -> None:
    await road.begins()
    again = await road.begins(number=2)
    answer = await act(olena, "amend", {"earlier": "777"}, version=again.version, number=again.number)
    assert "Звернення 777 немає." in await text(answer)
    wanted = {"earlier": FIRST, "sign": "repeated", "subject": "collective", "receipt": "post"}
    await act(olena, "amend", wanted, version=again.version, number=again.number)
    page = await olena.text(f"/appeals/{again.number}")
    assert f'href="/appeals/{FIRST}"' in page
    assert 'value="collective" selected' in page
    assert 'value="post" selected' in page


async def test_an_executors_question_is_answered(olena: Person, road: Road) -> None:
    appeal = await road.to(AppealState.IN_WORK)
    assert "answer-back" not in offered(await olena.text(f"/appeals/{FIRST}"))
    asked = AskBack(by=road.executor, at=road.clock.now(), text="Чи є ключ від підвалу?")
    appeal = await road.do(appeal, asked)
    page = await olena.text(f"/appeals/{FIRST}")
    assert "Чи є ключ від підвалу?" in page[page.index('id="act-answer-back" open') :]
    assert (await act(olena, "answer-back", version=appeal.version)).status == 422
    await act(olena, "answer-back", {"text": "У двірника"}, version=appeal.version)
    assert (await road.now()).question == ""
    assert await road.acts() == ["assign", "accept", "begin-work", "ask-back", "answer-back"]


async def test_reports_of_the_same_are_linked_and_unlinked(olena: Person, road: Road) -> None:
    main = await road.to(AppealState.IN_WORK)
    other = await road.begins(number=2)
    answer = await act(olena, "link", {"parent": "9999999"}, version=other.version, number=other.number)
    assert "Звернення 9999999 немає." in await text(answer)
    await act(olena, "link", {"parent": "№ 26 000 01"}, version=other.version, number=other.number)
    then = await road.now(other.number)
    assert (then.parent, then.state) == (main.number, AppealState.IN_WORK)
    assert "№ 26 000 02</a>" in await olena.text(f"/appeals/{FIRST}")
    page = await olena.text(f"/appeals/{other.number}")
    assert "головне" in page
    assert "unlink" in offered(page)
    assert "link" not in offered(page)
    await act(olena, "unlink", {"reason": "Інша труба"}, version=then.version, number=other.number)
    assert (await road.now(other.number)).parent is None


async def test_the_head_extends_or_refuses_what_the_executor_asks_for(head: Person, road: Road) -> None:
    appeal = await road.to(AppealState.IN_WORK, due_on=date(2026, 3, 17))
    until = date(2026, 3, 30)
    asked = AskExtension(by=road.executor, at=road.clock.now(), until=until, reason="Чекаємо на насос")
    appeal = await road.do(appeal, asked)
    page = await head.text(f"/appeals/{FIRST}")
    assert "Виконавець просить час до 30.03.2026." in page
    assert 'value="30.03.2026"' in page
    late = {"until": "2027-01-01", "reason": "Насос"}
    answer = await act(head, "extend", late, version=appeal.version)
    assert "до 16.04.2026: довше закон не дозволяє" in await text(answer)
    await act(head, "refuse-extension", {"reason": "Насос є"}, version=appeal.version)
    assert (await road.now()).extension_wanted is None
    await act(head, "extend", {"until": "2026-03-20", "reason": "Свято"}, version=appeal.version + 1)
    assert (await road.now()).due_on == date(2026, 3, 20)


async def test_the_head_puts_it_under_control_and_takes_it_off(head: Person, road: Road) -> None:
    appeal = await road.begins()
    await act(head, "control", {"on": "true"}, version=appeal.version)
    assert (await road.now()).controlled
    assert "Зняти з контролю" in await head.text(f"/appeals/{FIRST}")
    await act(head, "control", {"on": "false"}, version=appeal.version + 1)
    assert not (await road.now()).controlled


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.HEAD, Role.OBSERVER])
@pytest.mark.parametrize("state", [AppealState.REGISTERED, AppealState.BEING_CHECKED, AppealState.DISPUTED])
async def test_each_role_is_offered_what_the_table_allows_it(
    olena: Person, road: Road, role: Role, state: AppealState
) -> None:
    appeal = await road.to(AppealState.BEING_CHECKED if state is AppealState.DISPUTED else state)
    if state is AppealState.DISPUTED:
        await act(olena, "dispute", FROM_CALL | {"reason": "Тече"}, version=appeal.version)
    await olena.enter(role.value)
    page = offered(await olena.text(f"/appeals/{FIRST}"))
    parts = {Role.DISPATCHER: ActorRole.DISPATCHER, Role.HEAD: ActorRole.HEAD}
    who = {parts[role], ActorRole.APPLICANT} if role in parts else set()
    can = {row.act.name for row in TABLE if row.who & who and state in row.before} & set(FORMS)
    unfit = {"unlink", "refuse-extension", "answer-back"}
    assert page - unfit == can - unfit
    assert not page & unfit


async def test_an_appeal_that_is_not_there_is_not_acted_on(olena: Person, road: Road) -> None:
    assert (await act(olena, "note", {"text": "x"}, version=1, number="9999")).status == 404
    assert (await act(olena, "burn", version=1)).status == 404
    await road.begins()
    assert (await olena.post(f"/appeals/{FIRST}/acts/note", {"text": "x"})).status == 400


async def test_a_call_in_hand_is_the_first_source(olena: Person, road: Road, clock: MovedClock) -> None:
    clock.pass_(seconds=timedelta(minutes=2).total_seconds())
    await road.to(AppealState.DONE, applicant_number=None)
    page = await olena.text(f"/appeals/{FIRST}")
    assert "Поточний дзвінок" in page


async def test_no_word_is_taken_down_from_a_call_of_another_or_one_in_which_nobody_spoke(
    olena: Person, road: Road, storage: Storage
) -> None:
    """Olena talks with somebody else; the applicant has called, and only listened to the menu."""
    menu, caller = "hotline-menu.1", "+380457900555"
    at = road.clock.now()
    await storage.calls.open(CallRecord(id=menu, number=caller, shown=caller, arrived_at=at))
    await storage.calls.close(menu, Outcome.HUNG_UP_IN_MENU, at)
    await storage.calls.flush()
    appeal = await road.to(AppealState.DONE, applicant_number=caller)
    page = await olena.text(f"/appeals/{FIRST}")
    for call in (CALL, menu):
        assert f'value="call:{call}"' not in page
        answer = await act(olena, "confirm", {"source": f"call:{call}"}, version=appeal.version)
        assert answer.status == 422
    assert (await road.now()).state is AppealState.DONE


async def test_the_centre_returns_an_untrue_report_with_a_reason(olena: Person, road: Road) -> None:
    appeal = await road.to(AppealState.BEING_CHECKED)
    assert "refuse-done" in offered(await olena.text(f"/appeals/{FIRST}"))
    assert (await act(olena, "refuse-done", {"reason": " "}, version=appeal.version)).status == 422
    await act(olena, "refuse-done", {"reason": "Яма на місці"}, version=appeal.version)
    assert (await road.now()).state is AppealState.IN_WORK
    assert "Звіт повернуто: не зроблено" in await olena.text(f"/appeals/{FIRST}")


async def test_what_was_forwarded_comes_back_and_only_the_head_takes_up_what_was_rejected(
    olena: Person, road: Road
) -> None:
    appeal = await road.begins(kind=AppealKind.APPLICATION)
    await act(olena, "forward", {"to": "Поліція", "reason": "Не наше"}, version=appeal.version)
    await act(olena, "answered-elsewhere", {"answer": "Виїхали"}, version=(await road.now()).version)
    assert "Виїхали" in await olena.text(f"/appeals/{FIRST}")
    await act(olena, "came-back", {"reason": "Повернули"}, version=(await road.now()).version)
    appeal = await road.now()
    assert appeal.state is AppealState.ASSIGNED
    await olena.enter(Role.HEAD.value)
    await act(olena, "reject", {"ground": "incapable", "reason": "Суд"}, version=appeal.version)
    await olena.enter(Role.DISPATCHER.value)
    rejected = await road.now()
    assert "reopen" not in offered(await olena.text(f"/appeals/{FIRST}"))
    assert (await act(olena, "reopen", {"reason": "Так"}, version=rejected.version)).status == 409
    await olena.enter(Role.HEAD.value)
    await act(olena, "reopen", {"reason": "Рішення скасовано"}, version=rejected.version)
    assert (await road.now()).state is AppealState.ASSIGNED
