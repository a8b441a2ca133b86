"""The dispatcher reads the score of a talk and disputes it; the head decides; trend, training, what waits."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiohttp.test_utils import TestServer

from hotline.quality.assessment_states import AssessmentState
from hotline.quality.assessments import NewComment
from hotline.quality.score_forms import score_form
from storage.store import Storage
from tests.cti_server.conftest import Person
from tests.cti_server.quality.conftest import GOOD, Team, another, form


@pytest.fixture
async def olena(server: TestServer, team: Team) -> AsyncIterator[Person]:
    assert team
    made = await another(server, "dispatcher")
    yield made
    await made.client.close()


async def test_one_sees_ones_own_scores_with_remarks_and_nobody_elses(olena: Person, team: Team) -> None:
    made = await team.talk("c1")
    found, now = team.storage.assessments, team.clock.now()
    assert (await olena.get(f"/quality/mine/{made}")).status == 404  # nobody has finished it
    await found.claim(made, team.deputy.id, now, form_version=1, proposed={})
    await found.add_comment(
        made, team.deputy.id, now, NewComment(moment=3.0, text="Гарне вітання", quotes=True)
    )
    await found.release(made, team.deputy.id)
    mine, theirs = await team.assessed("c2", registered="no"), await team.assessed("c3", who="Ігор")
    page = await olena.text(f"/quality/mine/{mine}")
    assert "91&nbsp;%" in page
    assert "Не зараховано через критичне запитання" in page
    assert "/calls/c2/recordings/r-c2/sound" in page
    assert (await olena.get(f"/quality/mine/{theirs}")).status == 404
    listed = await olena.text("/quality/mine")
    assert f"/quality/mine/{mine}" in listed
    assert f"/quality/mine/{theirs}" not in listed
    assert "Ігор" not in listed
    assert (await olena.get(f"/quality/{mine}")).status == 403
    assert (await olena.get("/quality/people")).status == 403
    await team.storage.assessments.claim(made, team.deputy.id, now, form_version=1, proposed={})


async def test_a_score_waits_to_be_read_and_is_marked(olena: Person, team: Team, storage: Storage) -> None:
    made = await team.assessed()
    assert f"/quality/mine/{made}" in await olena.text("/todo")
    assert (await olena.post(f"/quality/mine/{made}/read")).status == 303
    assert (await storage.assessments.get(made)).read_at == team.clock.now()
    assert f"/quality/mine/{made}" not in await olena.text("/todo")


async def test_the_road_of_a_dispute(olena: Person, head: Person, team: Team, storage: Storage) -> None:
    made = await team.assessed("c1", address="no")
    assert (await olena.post(f"/quality/mine/{made}/dispute", {"reason": ""})).status == 422
    answer = await olena.post(f"/quality/mine/{made}/dispute", {"reason": "Заявник не назвав адреси"})
    assert answer.headers["Location"] == f"/quality/mine/{made}?noted=disputed"
    assert (await olena.post(f"/quality/mine/{made}/dispute", {"reason": "Ще раз"})).status == 409
    todo = await head.text("/todo")
    assert "Оцінки, які оскаржив диспетчер" in todo
    assert "Заявник не назвав адреси" in todo
    assert "Заявник не назвав адреси" in await head.text("/todo?q=заявники+адреса")
    assert "Заявник не назвав адреси" not in await head.text("/todo?q=заявники+дороги")
    assert "Заявник не назвав адреси" in await head.text(f"/quality/{made}")
    right = form(**GOOD | {"address": "na"})
    assert (await head.post(f"/quality/{made}/decide", right)).status == 422  # without a reason
    assert (await head.post(f"/quality/{made}/decide", right | {"reason": "Так і є"})).status == 303
    one = await storage.assessments.get(made)
    assert (one.state, one.percent, one.first_percent) == (AssessmentState.DECIDED, 100, 91)
    page = await olena.text(f"/quality/mine/{made}")
    assert "Так і є" in page
    assert "до рішення 91 %" in page
    assert "Оскаржити оцінку" not in page
    assert "Оскарження вирішено" in await olena.text("/todo")
    again = await head.post(f"/quality/{made}/decide", right | {"reason": "Ще раз"})
    assert again.status == 409


async def test_a_decision_may_keep_the_score(olena: Person, head: Person, team: Team) -> None:
    made = await team.assessed("c1", address="no")
    await olena.post(f"/quality/mine/{made}/dispute", {"reason": "Не згодна"})
    same = form(**GOOD | {"address": "no"}) | {"reason": "Адресу названо на 0:40"}
    assert (await head.post(f"/quality/{made}/decide", same)).status == 303
    one = await team.storage.assessments.get(made)
    assert (one.percent, one.first_percent) == (91, None)


async def test_after_its_days_a_score_stands(olena: Person, team: Team) -> None:
    made = await team.assessed()
    team.clock.pass_(days=score_form().dispute_days, seconds=-1)
    await olena.enter("dispatcher")
    assert "Оскаржити оцінку" in await olena.text(f"/quality/mine/{made}")
    team.clock.pass_(seconds=1)
    assert "Оскаржити оцінку" not in await olena.text(f"/quality/mine/{made}")
    late = await olena.post(f"/quality/mine/{made}/dispute", {"reason": "Запізно"})
    assert late.status == 409


async def test_the_trend_tells_the_teams_middle_and_nobodys_name(olena: Person, team: Team) -> None:
    await team.assessed("c1", address="no")
    await team.assessed("c2", who="Ігор")
    team.clock.pass_(minutes=1)
    page = await olena.text("/quality/mine")
    assert "<td>91</td><td>—</td>" in page  # of two the middle would tell the other's
    await team.assessed("c3", who="Софія", term="no", address="no")
    team.clock.pass_(minutes=1)
    page = await olena.text("/quality/mine")
    assert "<td>91</td><td>91</td>" in page
    assert "Софія" not in page
    assert "<circle" in page


async def test_a_coaching_comes_back_as_work_on_its_day(
    olena: Person, head: Person, team: Team, storage: Storage
) -> None:
    made, desk = await team.assessed("c1", address="no"), team.desks["Олена"].id
    path = f"/quality/people/{desk}"
    assert f'value="{made}" selected' in await head.text(f"{path}?assessment={made}")
    for wrong in (
        {"agreed": " "},
        {"agreed": "x", "review_on": "01.03.2026"},
        {"agreed": "x", "review_on": "колись"},
        {"agreed": "x" * 4001},
    ):
        assert (await head.post(f"{path}/notes", wrong)).status == 422
    note = {"agreed": "Перепитувати адресу", "review_on": "09.03.2026", "assessment": str(made)}
    assert (await head.post(f"{path}/notes", note)).status == 303
    assert "Перепитувати адресу" in await olena.text("/quality/mine")
    assert "Навчання, яке час переглянути" not in await head.text("/todo")
    team.clock.pass_(days=7)
    await head.enter("head")
    await olena.enter("dispatcher")
    assert "Навчання, яке час переглянути" in await head.text("/todo")
    assert "Навчання, яке час переглянути" not in await olena.text("/todo")
    (kept,) = await storage.trainings.of(desk)
    assert (await head.post(f"{path}/notes/{kept.id}/review", {"outcome": ""})).status == 422
    assert (await head.post(f"{path}/notes/{kept.id}/review", {"outcome": "Перепитує"})).status == 303
    assert "Навчання, яке час переглянути" not in await head.text("/todo")
    other = team.desks["Ігор"].id
    assert (
        await head.post(f"/quality/people/{other}/notes/{kept.id}/review", {"outcome": "x"})
    ).status == 404
    told = [(line.subject, line.detail) for line in await storage.audit.latest()]
    assert (f"training:{desk}", "reviewed") in told


async def test_a_coaching_is_about_a_talk_of_the_same_dispatcher(head: Person, team: Team) -> None:
    made = await team.assessed("c1", who="Ігор")
    desk = team.desks["Олена"].id
    note = {"agreed": "x", "assessment": str(made)}
    assert (await head.post(f"/quality/people/{desk}/notes", note)).status == 303
    (kept,) = await team.storage.trainings.of(desk)
    assert kept.assessment_id is None
    assert (await head.get("/quality/people/99")).status == 404


async def test_a_dispatcher_without_a_desk_is_told_so(person: Person, team: Team) -> None:
    user = await team.storage.users.by_login("dispatcher")
    assert user is not None
    await team.storage.users.update(replace(user, dispatcher_id=None))
    await person.enter("dispatcher")
    assert (await person.get("/quality/mine")).status == 404


async def test_all_dispatchers_stand_beside_one_another_for_the_head(head: Person, team: Team) -> None:
    await team.assessed("c1", address="no")
    team.clock.pass_(minutes=1)
    page = await head.text("/quality/people")
    assert "91&nbsp;%" in page
    assert "Софія" in page
