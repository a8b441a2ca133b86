"""Trial calls: begun by the head or by oneself, scored, in the training record and in no figure."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp.test_utils import TestServer

from hotline.calls.call import TRIAL_PREFIX, Direction
from hotline.quality.assessments import AssessmentFilter
from hotline.quality.sampling import Sampler
from hotline.quality.score_forms import score_form
from hotline.quality.scoring import score
from hotline.quality.signs import Sign
from hotline.quality.trial_calls import Entered
from hotline.retention.terms import Retention
from storage.store import Storage
from tests.cti_server.conftest import KYIV, Person
from tests.cti_server.quality.conftest import GOOD, Team, another
from tests.fakes.telephone import FakeTelephone
from tests.storage.quality.recorded import recorded

CALL = f"{TRIAL_PREFIX}1"
LEAK = {"scenario": "water-leak"}


@pytest.fixture
async def olena(server: TestServer, team: Team) -> AsyncIterator[Person]:
    assert team
    made = await another(server, "dispatcher")
    yield made
    await made.client.close()


async def test_its_score_stands_in_the_training_record_and_in_no_figure(
    head: Person, olena: Person, team: Team, storage: Storage, telephone: FakeTelephone
) -> None:
    desk = team.desks["Олена"].id
    answer = await head.post(f"/quality/people/{desk}/trial-calls", LEAK)
    assert answer.headers["Location"] == f"/quality/people/{desk}?noted=trial-calls"
    (asked,) = telephone.called
    assert (asked.dispatcher_id, asked.number) == (desk, "")
    assert asked.trial is not None
    assert (asked.trial.scenario, asked.trial.lines[0]) == ("water-leak", "sound:trial-water-leak-0-uk")
    now = team.clock.now()
    await storage.trial_calls.enter(CALL, Entered(text="Тече", category="water-none", urgency="urgent"), now)
    await recorded(storage, CALL, desk, now, direction=Direction.TRIAL)
    team.clock.pass_(seconds=60)
    await Sampler(storage.quality_queue, team.clock, KYIV).look()
    (one,) = await storage.assessments.find(AssessmentFilter(), limit=9)
    assert one.signs == (Sign.TRIAL,)
    assert "Навчальний дзвінок" in await head.text("/quality")
    await head.post(f"/quality/{one.id}/take")
    page = await head.text(f"/quality/{one.id}")
    assert "Прорив труби у дворі" in page
    assert "Відрізняється: категорія, терміновість, адреса" in page

    reached = score(score_form(), GOOD)
    assert reached is not None
    head_user = await storage.users.by_login("head")
    assert head_user is not None
    await storage.assessments.save(
        one.id, head_user.id, now, answers=GOOD, unconfirmed=(), conclusion="Добре"
    )
    await storage.assessments.finish(one.id, head_user.id, now, reached)
    assert "100&nbsp;%" in await olena.text("/quality/mine")
    assert f"/quality/mine/{one.id}" in await olena.text("/quality/mine")
    assert await storage.assessments.scores(now - timedelta(days=9), now + timedelta(days=9)) == []

    await storage.retention.sweep(Retention(), now + timedelta(days=4000))  # the score stays with its call
    (kept,) = await storage.trial_calls.of(desk, 9)
    assert (kept.assessment_id, kept.percent) == (one.id, 100)


async def test_who_alone_answers_citizens_is_not_taken_for_it(
    olena: Person, team: Team, telephone: FakeTelephone
) -> None:
    assert team
    telephone.alone = True
    alone = await olena.post("/quality/mine/trial-calls", LEAK)
    assert (alone.status, "зараз нікому відповідати" in await alone.text()) == (409, True)
    assert telephone.called == []
    telephone.alone = False
    assert (await olena.post("/quality/mine/trial-calls", LEAK)).status == 303
    assert len(telephone.called) == 1


async def test_it_is_refused_in_words_while_citizens_wait_or_the_desk_is_engaged(
    olena: Person, team: Team, storage: Storage, telephone: FakeTelephone
) -> None:
    assert (await olena.post("/quality/mine/trial-calls", {"scenario": "none"})).status == 400
    await storage.line.enter("c1", at=team.clock.now())
    waits = await olena.post("/quality/mine/trial-calls", LEAK)
    assert (waits.status, "У черзі чекають заявники" in await waits.text()) == (409, True)
    await storage.line.leave("c1", team.clock.now())
    telephone.engaged = True
    engaged = await olena.post("/quality/mine/trial-calls", LEAK)
    assert (engaged.status, "Зараз це неможливо" in await engaged.text()) == (409, True)
    assert telephone.called == []
    assert await storage.trial_calls.of(team.desks["Олена"].id, 9) == []
