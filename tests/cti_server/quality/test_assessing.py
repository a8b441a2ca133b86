"""A talk is taken by one assessor, filled in with what the machine knows, and finished."""

import io
import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiohttp.test_utils import TestServer
from openpyxl import load_workbook

from hotline.documents.document import DocumentKind, delivered, revision
from hotline.quality.assessment_states import AssessmentState
from hotline.quality.assessments import CLAIM_LASTS
from hotline.quality.score_forms import score_form
from hotline.quality.signs import Sign
from hotline.retention.terms import Retention
from hotline.speech.hearing import Engine, HeardWord, Use
from hotline.speech.transcripts import Speaker, Transcript
from hotline.voice.speech import Language
from storage.store import Storage
from tests.cti_server.conftest import Person
from tests.cti_server.quality.conftest import GOOD, Team, another, form


@pytest.fixture
async def deputy(server: TestServer, team: Team) -> AsyncIterator[Person]:
    assert team
    made = await another(server, "deputy")
    yield made
    await made.client.close()


async def test_a_talk_says_why_it_is_there_and_parts_of_the_queue_are_counted(
    head: Person, team: Team
) -> None:
    await team.talk("c1", Sign.EMERGENCY)
    await team.talk("c2", who="Ігор")
    await team.assessed("c3")
    page = await head.text("/quality")
    assert page.index("Аварія або загроза людям") < page.index("Жеребом")
    emergencies = await head.text("/quality?sign=emergency")
    assert emergencies.count("list-open") == 1
    of_ihor = await head.text(f"/quality?dispatcher={team.desks['Ігор'].id}&state=to-assess")
    assert of_ihor.count("list-open") == 1
    assert "Немає такого" not in of_ihor
    counts = re.compile(r'class="list-count">(\d+)<')
    assert counts.findall(page) == ["2", "0", "1", "0"]
    assert counts.findall(of_ihor) == ["1", "0", "0", "0"]  # of what else is asked for
    assert (await head.text("/quality?state=scored")).count("list-open") == 1


async def test_a_talk_is_assessed_from_the_first_look_to_the_score(
    head: Person, team: Team, storage: Storage
) -> None:
    made = await team.talk()
    assert "Оцінити цю розмову" in await head.text(f"/quality/{made}")
    assert (await head.post(f"/quality/{made}/take")).status == 303
    page = await head.text(f"/quality/{made}")
    assert "Заповнила система; підтверджую" in page
    assert 'name="ok-registered"' in page  # no appeal was entered in the call
    remark = {"moment": "0:12", "comment": "Не перепитує адресу", "quotes": "yes"}
    answers = form(**GOOD | {"registered": "no"}) | {"ok-category": "yes", "conclusion": "Тепло"}
    assert (await head.post(f"/quality/{made}/remarks", answers | remark)).status == 303
    page = await head.text(f"/quality/{made}")
    assert 'data-seek="12.0"' in page
    assert "Тепло" in page  # saved with the remark
    answer = await head.post(f"/quality/{made}/finish", answers | {"ok-registered": "yes"})
    assert answer.headers["Location"] == f"/quality/{made}?noted=assessed"
    one = await storage.assessments.get(made)
    assert (one.state, one.percent, one.passed) == (AssessmentState.ASSESSED, 91, False)
    assert "Не зараховано" in await head.text(f"/quality/{made}")
    told = [(line.action, line.subject, line.detail) for line in await storage.audit.latest()]
    assert ("change", f"assessment:{made}", "finished") in told
    assert ("add", f"assessment:{made}", "remark") in told
    assert ("view", f"assessment:{made}", "call:c1") in told


async def test_what_only_the_machine_said_is_no_score(head: Person, team: Team, storage: Storage) -> None:
    made = await team.talk()
    await head.post(f"/quality/{made}/take")
    answer = await head.post(f"/quality/{made}/finish", form(**GOOD | {"registered": "no", "category": "na"}))
    page = await answer.text()
    assert answer.status == 422
    assert page.count("Підтвердьте, що заповнила система") == 4  # in the list above, and at both questions
    assert (await storage.assessments.get(made)).state is AssessmentState.TO_ASSESS
    confirmed = form(**GOOD) | {"ok-category": "yes"}  # another answer needs no tick
    assert (await head.post(f"/quality/{made}/finish", confirmed)).status == 303


async def test_missing_answers_are_named_and_the_draft_is_kept(
    head: Person, team: Team, storage: Storage
) -> None:
    made = await team.talk()
    await head.post(f"/quality/{made}/take")
    typed = form(greeting="yes", polite="4", gone="yes") | {"a-term": "maybe", "conclusion": "Чернетка"}
    answer = await head.post(f"/quality/{made}/finish", typed)
    page = await answer.text()
    assert answer.status == 422
    assert 'href="#question-term"' in page
    assert 'href="#question-greeting"' not in page
    one = await storage.assessments.get(made)
    assert (dict(one.answers), one.conclusion) == ({"greeting": "yes", "polite": "4"}, "Чернетка")


async def test_a_talk_to_which_nothing_applies_is_left_out_with_a_reason(
    head: Person, team: Team, storage: Storage
) -> None:
    made = await team.talk()
    await head.post(f"/quality/{made}/take")
    nothing = form(**dict.fromkeys(GOOD, "na")) | {"ok-category": "yes"}
    answer = await head.post(f"/quality/{made}/finish", nothing)
    assert "пропустіть її та поясніть" in await answer.text()
    assert (await head.post(f"/quality/{made}/skip", {"reason": " "})).status == 422
    assert (await head.post(f"/quality/{made}/skip", {"reason": "Помилилися номером"})).status == 303
    assert (await storage.assessments.get(made)).state is AssessmentState.SKIPPED
    assert "Помилилися номером" in await head.text(f"/quality/{made}")
    assert (await head.post(f"/quality/{made}/take")).status == 409


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"moment": "1:05", "comment": ""}, "Напишіть, що сказати"),
        ({"moment": "потім", "comment": "x"}, "наприклад 1:05"),
        ({"moment": "9:59", "comment": "x"}, "він триває 0:20"),
        ({"moment": "", "comment": "x" * 2001}, "щонайбільше 2000"),
    ],
)
async def test_a_remark_that_cannot_be_kept_comes_back_as_typed(
    head: Person, team: Team, storage: Storage, typed: dict[str, str], error: str
) -> None:
    made = await team.talk()
    await head.post(f"/quality/{made}/take")
    answer = await head.post(f"/quality/{made}/remarks", form(greeting="yes") | typed)
    page = await answer.text()
    assert answer.status == 422
    assert error in page
    assert f'value="{typed["moment"]}"' in page
    assert await storage.assessments.comments(made) == []
    assert (await storage.assessments.get(made)).answers["greeting"] == "yes"


async def test_of_two_assessors_one_has_the_talk_and_the_other_sees_who(
    head: Person, deputy: Person, team: Team, storage: Storage
) -> None:
    made = await team.talk()
    await head.post(f"/quality/{made}/take")
    assert (await deputy.post(f"/quality/{made}/take")).status == 409
    page = await deputy.text(f"/quality/{made}")
    assert "Зараз її оцінює head" in page
    assert "Оцінити цю розмову" not in page
    assert (await deputy.post(f"/quality/{made}/finish", form(**GOOD))).status == 409
    assert (await deputy.post(f"/quality/{made}/skip", {"reason": "x"})).status == 409
    await head.post(f"/quality/{made}/draft", form(greeting="no") | {"conclusion": "Моє"})
    team.clock.pass_(seconds=CLAIM_LASTS.total_seconds())
    assert (await deputy.post(f"/quality/{made}/take")).status == 303
    assert "Моє" in await deputy.text(f"/quality/{made}")
    late = await head.client.post(
        f"/quality/{made}/draft",
        data={"csrf": head.csrf, **form(greeting="yes")},
        headers=head.origin | {"Accept": "application/json"},
    )
    assert (late.status, (await late.json())["error"]) == (409, "overtaken")
    assert (await storage.assessments.get(made)).answers == {"greeting": "no"}


async def test_a_talk_given_back_is_free_with_its_draft(
    head: Person, deputy: Person, team: Team, storage: Storage
) -> None:
    made = await team.talk()
    await head.post(f"/quality/{made}/take")
    await head.post(f"/quality/{made}/give-back", form(greeting="no"))
    assert "чернетка стоїть у формі" in await deputy.text(f"/quality/{made}")
    await deputy.post(f"/quality/{made}/take")
    assert (await storage.assessments.get(made)).answers["greeting"] == "no"


async def test_a_draft_that_saves_itself_tells_when_and_what_it_comes_to(head: Person, team: Team) -> None:
    made = await team.talk()
    await head.post(f"/quality/{made}/take")
    answer = await head.client.post(
        f"/quality/{made}/draft",
        data={"csrf": head.csrf, **form(greeting="yes", introduced="no")},
        headers=head.origin | {"Accept": "application/json"},
    )
    assert await answer.json() == {"saved": "14:00:00", "percent": 50}


async def test_a_new_form_in_the_middle_changes_nothing_of_what_was_begun(
    head: Person, team: Team, storage: Storage
) -> None:
    begun, later = await team.talk("c1"), await team.talk("c2")
    await head.post(f"/quality/{begun}/take")
    kind, text = DocumentKind.SCORE_FORM, delivered(DocumentKind.SCORE_FORM)[1]
    changed = text.replace("passes = 80", "passes = 50").replace('code = "goodbye"', 'code = "farewell"')
    documents = storage.city_documents
    for act in ("draft", "put"):
        seen = revision((await documents.present(kind)).version, await documents.draft(kind))
        if act == "draft":
            await documents.save_draft(kind, changed, by=None, at=team.clock.now(), seen=seen)
        else:
            await documents.put_into_force(kind, by=None, at=team.clock.now(), note="", seen=seen)
    page = await head.text(f"/quality/{begun}")
    assert "Уже діє новіша форма" in page
    assert 'name="a-goodbye"' in page
    ticked = {"ok-category": "yes"}
    assert (await head.post(f"/quality/{begun}/finish", form(**GOOD) | ticked)).status == 303
    assert (await storage.assessments.get(begun)).form_version == 1
    await head.post(f"/quality/{later}/take")
    assert 'name="a-farewell"' in await head.text(f"/quality/{later}")
    assert score_form().passes == 50
    assert "зараховано від 80" in await head.text(f"/quality/{begun}")


async def test_a_recording_erased_in_the_middle_does_not_stop_the_work(
    head: Person, team: Team, storage: Storage
) -> None:
    made = await team.talk()
    await head.post(f"/quality/{made}/take")
    assert "data-player" in await head.text(f"/quality/{made}")
    who = await storage.citizens.add("Марія Демченко", "Київський квартал, 7", ["+380457900001"])
    remark = {"moment": "0:02", "comment": "Каже, що вона Марія", "quotes": "yes"}
    await head.post(f"/quality/{made}/remarks", form(greeting="no") | remark)
    await storage.person_data.erase(who.id, Retention(), team.clock.now())
    page = await head.text(f"/quality/{made}")
    assert "Запис розмови видалено" in page
    assert "data-player" not in page
    assert "Марія" not in page
    ticked = {"ok-category": "yes", "ok-registered": "yes"}
    assert (await head.post(f"/quality/{made}/finish", form(**GOOD) | ticked)).status == 303
    assert (await storage.assessments.get(made)).percent == 100


async def test_nobody_assesses_their_own_talk(head: Person, team: Team) -> None:
    made = await team.talk()
    user = await team.storage.users.by_login("head")
    assert user is not None
    await team.storage.users.update(replace(user, dispatcher_id=team.desks["Ігор"].id))
    own = await team.talk("c2", who="Ігор")
    page = await head.text(f"/quality/{own}")
    assert "Це ваша власна розмова" in page
    for act, typed in (("take", {}), ("skip", {"reason": "x"}), ("draft", form(greeting="yes"))):
        assert (await head.post(f"/quality/{own}/{act}", typed)).status == 403
    assert (await head.post(f"/quality/{made}/take")).status == 303


async def test_the_scores_of_a_period_are_a_workbook_without_citizens(head: Person, team: Team) -> None:
    await team.assessed("c1", registered="no")
    await team.talk("c2", who="Ігор")
    answer = await head.get("/quality.xlsx?state=scored")
    rows = list(load_workbook(io.BytesIO(await answer.read())).active.values)  # type: ignore[union-attr]
    assert rows[0][:3] == ("Розмова", "Диспетчер", "Чому")
    ((_, who, why, state, percent, result, failed, by, *_),) = rows[1:]
    assert (who, why, state, percent, result) == ("Олена", "Жеребом", "Оцінено", 91, "Не зараховано")
    assert (failed, by) == ("Звернення або консультацію записано", "deputy")
    assert not any("+380" in str(cell) for row in rows for cell in row)


async def test_filters_of_the_queue_are_kept_under_a_name(head: Person, team: Team) -> None:
    await team.talk()
    query = "state=to-assess&sign=by-lot"
    answer = await head.post("/quality/views", {"name": "Жереб", "query": query})
    assert answer.status == 303
    assert "Жереб" in await head.text("/quality")


async def test_what_was_written_down_of_the_talk_fills_the_form_in(
    head: Person, team: Team, storage: Storage
) -> None:
    made = await team.talk()
    said = "Доброго дня контакт-центр Олена"
    words = tuple(
        HeardWord(text=word, begins=float(place), ends=place + 0.5, confidence=0.9)
        for place, word in enumerate(said.split())
    )
    for speaker, heard in ((Speaker.DISPATCHER, words), (Speaker.CALLER, ())):
        transcript = Transcript(
            sound="r-c1",
            of=Use.RECORDINGS,
            speaker=speaker,
            text=" ".join(word.text for word in heard),
            words=heard,
            engine=Engine.VOSK,
            model="m",
            language=Language.UKRAINIAN,
            made_at=team.clock.now(),
        )
        await storage.transcripts.keep(transcript, team.clock.now())
    await head.post(f"/quality/{made}/take")
    one = await storage.assessments.get(made)
    assert one.answers == {"greeting": "yes", "term": "no", "registered": "no", "category": "na"}
    assert set(one.unconfirmed) == set(one.answers)
