from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from hotline.appeals.appeal import Appeal, AppealState
from hotline.city.category_search import CategorySearch
from hotline.city.classifier import Urgency
from storage.appeals import proposals
from storage.city.lemmas import UkrainianLemmas
from storage.store import Storage
from tests.bench.proposals import accuracy, labelled

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ORDINARY, URGENT = Urgency.ORDINARY, Urgency.URGENT
SCOOTERS = (
    "Самокати кинули на тротуарі",
    "Самокатом заставили прохід",
    "Покинутий самокат",
    "Скрізь самокати",
)


async def reported(
    storage: Storage, category: str, texts: Sequence[str], urgency: Urgency = ORDINARY, first: int = 1
) -> None:
    for number, text in enumerate(texts, first):
        appeal = Appeal(
            number=f"26{number:05}",
            applicant_number="+380457900001",
            text=text,
            category=category,
            urgency=urgency,
            address="Київський квартал, 7",
            registered_at=NOON + timedelta(minutes=number),
            due_on=NOON.date(),
            state=AppealState.REGISTERED,
        )
        await storage.appeals.register(appeal)


async def proposed(storage: Storage, text: str) -> list[tuple[str, Urgency]]:
    return [(one.category.code, one.urgency) for one in await storage.proposals.of(text)]


async def test_words_of_past_appeals_propose_their_category_in_any_form_once_they_are_read(
    storage: Storage,
) -> None:
    await reported(storage, "road-sign", SCOOTERS)
    assert await proposed(storage, "Хтось лишив самокат") == []
    await storage.proposals.renew()
    assert (await proposed(storage, "Хтось лишив самокат"))[0] == ("road-sign", URGENT)


async def test_the_classifiers_words_propose_without_any_past_appeal_and_what_says_too_little_nothing(
    storage: Storage,
) -> None:
    assert (await proposed(storage, "Дуже сильно пахне газом"))[0] == ("gas-smell", Urgency.EMERGENCY)
    assert await proposed(storage, "Добрий день, підкажіть") == []
    assert await proposed(storage, "7, 12; на") == []


async def test_a_word_of_one_past_appeal_says_nothing_against_the_classifiers(storage: Storage) -> None:
    await reported(storage, "waste", ["Третій день не вивозять сміття, холодно на майданчику"])
    await storage.proposals.renew()
    assert await proposed(storage, "Третій день") == []
    assert (await proposed(storage, "Нема опалення третій день, холодно"))[0][0] == "heat-none"
    assert (await proposed(storage, "Нема світла у всьому будинку"))[0][0] == "power-none"


async def test_a_higher_urgency_is_proposed_where_such_appeals_had_it_and_never_a_lower_one(
    storage: Storage,
) -> None:
    usual = [f"Обрізати гілки, {what}" for what in ("вікно", "паркан", "стежка", "лавка", "балкон", "дах")]
    await reported(storage, "tree-prune", usual)
    grave = [f"Гілки над садочком, {what}" for what in ("діти", "вихователі", "двір", "пісочниця")]
    await reported(storage, "tree-prune", grave, URGENT, first=50)
    await reported(storage, "gas-smell", ["Запах газу з плити"] * 4, first=90)
    await storage.proposals.renew()
    assert (await proposed(storage, "Обрізати гілки, лізуть у вікно"))[0] == ("tree-prune", ORDINARY)
    assert (await proposed(storage, "Гілки над садочком, поруч діти"))[0] == ("tree-prune", URGENT)
    assert (await proposed(storage, "Запах газу з плити"))[0] == ("gas-smell", Urgency.EMERGENCY)


async def test_the_newest_are_read_by_pages_and_older_ones_are_not(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proposals, "NEWEST", 4)
    monkeypatch.setattr(proposals, "_AT_ONCE", 2)
    few = proposals.StoredProposals(storage.database, storage.lemmas)
    await reported(storage, "road-sign", SCOOTERS)
    await reported(storage, "other", ["Ярмарок", "Ярмарку", "Ярмарком", "Про ярмарок"], first=10)
    await few.renew()
    assert await few.of("самокат") == []
    assert [one.category.code for one in await few.of("ярмарок")] == ["other"]


async def test_half_of_the_invented_texts_tells_the_category_of_the_other_half() -> None:
    lemmas = UkrainianLemmas()
    texts = await labelled(lemmas)
    assert len(texts) == 200
    found = accuracy(texts, await CategorySearch(lemmas).words(), learnt=True)
    assert found.first >= 0.65
    assert found.among_three >= 0.85
    assert found.right_of_shown >= 0.8
