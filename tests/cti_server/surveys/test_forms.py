"""The questions as versions: made by the head, checked before they are kept, tried out by being called."""

from collections.abc import Mapping

import pytest

from hotline.surveys.completion import SurveyOutcome
from hotline.surveys.forms import COMPLETION, Form, built_in
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person
from tests.fakes.jobs import dialled


def typed(form: Form, **changed: str) -> Mapping[str, str]:
    """The form as a browser sends it."""
    fields = {"seen": "1", "do": "save", "note": ""}
    for number, one in enumerate(form.questions):
        fields |= {
            f"{number}-name": one.id,
            f"{number}-kind": one.kind.value,
            f"{number}-uk": one.uk,
            f"{number}-en": one.en,
            f"{number}-to": one.to,
            f"{number}-most": str(one.most),
        }
        for place, road in enumerate(one.roads):
            fields |= {
                f"{number}-key-{place}": road.key,
                f"{number}-to-{place}": road.to,
                f"{number}-means-{place}": road.means.value if road.means else "",
            }
    return fields | changed


async def test_the_built_in_questions_are_shown_with_their_keys(head: Person) -> None:
    page = await head.text("/surveys")
    assert "Версія 1" in page
    assert "Телефонуємо щодо вашого звернення" in page
    assert page.count("<kbd>") == 7


async def test_a_new_version_is_kept_beside_the_old_one(head: Person, storage: Storage) -> None:
    form = typed(built_in(COMPLETION), **{"4-uk": "Щиро дякуємо!", "note": "Тепліше"})
    answer = await head.post("/surveys/edit", form)
    assert (answer.status, answer.headers["Location"]) == (303, "/surveys?saved=yes")
    kept = await storage.survey_forms.present(COMPLETION)
    assert (kept.version, kept.note, kept.form.questions[4].uk) == (2, "Тепліше", "Щиро дякуємо!")
    assert kept.form.questions[:4] == built_in(COMPLETION).questions[:4]
    assert "Щиро дякуємо!" in await head.text("/surveys?saved=yes")
    assert "Щиро дякуємо!" not in await head.text("/surveys?version=1")
    assert (await head.get("/surveys?version=9")).status == 404
    (line, *_) = await storage.audit.latest()
    assert (line.subject, line.detail) == ("survey-form:completion", "version 2")


async def test_what_is_wrong_is_told_at_its_question_and_nothing_typed_is_lost(
    head: Person, storage: Storage
) -> None:
    form = typed(built_in(COMPLETION), **{"2-en": "", "1-to-0": "", "1-uk": "Моє нове питання {дата}"})
    answer = await head.post("/surveys/edit", form)
    page = await answer.text()
    assert answer.status == 422
    for text in (
        "Напишіть, що каже голос англійською.",
        "Скажіть, яке питання наступне.",
        "У фігурних дужках можна писати лише {number}, {about} та {city}.",
    ):
        assert text in page
    assert "Моє нове питання {дата}" in page
    assert (await storage.survey_forms.present(COMPLETION)).version == 1


async def test_a_question_is_added_and_another_removed(head: Person) -> None:
    form = typed(built_in(COMPLETION), do="add", **{"6-gone": "yes"})
    page = await (await head.post("/surveys/edit", form)).text()
    assert 'name="6-name" value=""' in page
    assert 'value="вибачення" selected' not in page


async def test_checking_keeps_nothing(head: Person, storage: Storage) -> None:
    answer = await head.post("/surveys/edit", typed(built_in(COMPLETION), do="check"))
    assert answer.status == 200
    assert "Помилок немає." in await answer.text()
    assert (await storage.survey_forms.present(COMPLETION)).version == 1


async def test_of_two_heads_the_second_is_told_and_keeps_what_they_typed(
    head: Person, storage: Storage
) -> None:
    assert (await head.post("/surveys/edit", typed(built_in(COMPLETION)))).status == 303
    mine = typed(built_in(COMPLETION), **{"4-uk": "Моє слово"})
    answer = await head.post("/surveys/edit", mine)
    page = await answer.text()
    assert answer.status == 409
    assert "Моє слово" in page
    assert 'name="seen" value="2"' in page
    assert (await head.post("/surveys/edit", {**mine, "seen": "2"})).status == 303
    assert (await storage.survey_forms.present(COMPLETION)).version == 3


async def test_a_form_that_no_browser_sends_is_told_what_is_missing(head: Person) -> None:
    answer = await head.post("/surveys/edit", {"do": "save", "0-name": "x", "0-kind": "no-such", "seen": "¹"})
    assert answer.status == 422


async def test_the_head_is_called_at_the_number_that_they_type(
    head: Person, storage: Storage, clock: MovedClock
) -> None:
    form = await storage.survey_forms.present(COMPLETION)
    wanted = {"form": str(form.id), "number": "067 123 45 67", "language": "en"}
    answer = await head.post("/surveys/trials", wanted)
    assert answer.status == 303
    (job,) = await storage.call_jobs.claim(clock.now(), 9)
    survey = await storage.surveys.find(job.subject or 0)
    assert survey is not None
    assert (survey.number, survey.language, survey.form_id) == ("+380671234567", "en", form.id)
    assert answer.headers["Location"] == f"/surveys/trials/{survey.id}#trial"
    waits = await head.text(f"/surveys/trials/{survey.id}")
    assert "Ваш телефон зараз задзвонить: +380 67 123 4567" in waits
    await dialled(storage, job, clock.now())
    assert "Вам телефонуємо: +380 67 123 4567" in await head.text(f"/surveys/trials/{survey.id}")
    await storage.surveys.ended(survey.id, SurveyOutcome.SILENT, clock.now())
    assert "hx-get" not in await head.text(f"/surveys/trials/{survey.id}")
    assert (await head.get("/surveys/trials/99")).status == 404


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("067", "Напишіть номер повністю, наприклад 067 123 45 67."),
        ("112", "На такі номери гаряча лінія не телефонує: напишіть інший."),
        ("+48 22 123 45 67", "На такі номери гаряча лінія не телефонує: напишіть інший."),
        ("0900 123 456", "Дзвінки на цей номер платні: напишіть інший."),
    ],
)
async def test_a_number_that_is_not_called_is_explained_and_stays(
    head: Person, storage: Storage, clock: MovedClock, number: str, told: str
) -> None:
    answer = await head.post("/surveys/trials", {"number": number})
    page = await answer.text()
    assert answer.status == 422
    assert told in page
    assert f'value="{number}"' in page
    assert await storage.call_jobs.claim(clock.now(), 9) == []


async def test_nobody_has_a_telephone_rung_again_and_again(head: Person) -> None:
    wanted = {"number": "067 123 45 67"}
    for _ in range(3):
        assert (await head.post("/surveys/trials", wanted)).status == 303
    answer = await head.post("/surveys/trials", wanted)
    assert answer.status == 422
    assert "Поки що досить дзвінків: зачекайте кілька хвилин." in await answer.text()
