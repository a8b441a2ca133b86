"""Hand-overs: signed by two people in this order, asked back, and the same for ever after."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.errors import ForbiddenTransition, NotFound
from hotline.shifts.handover_states import HandoverState
from hotline.shifts.handovers import Handover, OpenItem, OpenKind, Said
from storage.store import Storage
from tests.storage.conftest import NOON

ITEMS = (OpenItem(kind=OpenKind.EMERGENCY, subject="2600001", at=NOON),)
LATER = NOON + timedelta(minutes=5)


async def dispatcher(storage: Storage, login: str) -> User:
    return await storage.users.add(login=login, name=login, role=Role.DISPATCHER, password_hash="h")


@pytest.fixture
async def olena(storage: Storage) -> User:
    return await dispatcher(storage, "olena")


@pytest.fixture
async def taras(storage: Storage) -> User:
    return await dispatcher(storage, "taras")


async def handed(storage: Storage, olena: User) -> Handover:
    draft = await storage.handovers.open(olena.id, NOON)
    return await storage.handovers.hand_over(draft.id, olena.id, LATER, remarks="Тихо", items=ITEMS)


async def test_a_draft_is_one_for_a_person_however_often_it_is_opened(storage: Storage, olena: User) -> None:
    opened = await asyncio.gather(*(storage.handovers.open(olena.id, NOON) for _ in range(4)))
    assert len({one.id for one in opened}) == 1
    saved = await storage.handovers.save(opened[0].id, olena.id, "Чернетка")
    assert saved == replace(opened[0], remarks="Чернетка")
    assert await storage.handovers.latest(10) == [], "drafts are nobody else's"


async def test_it_is_signed_asked_answered_and_taken_over(storage: Storage, olena: User, taras: User) -> None:
    log = storage.handovers
    one = await handed(storage, olena)
    assert (one.state, one.items, one.remarks, one.handed_at) == (
        HandoverState.HANDED_OVER,
        ITEMS,
        "Тихо",
        LATER,
    )
    await log.ask(one.id, taras.id, NOON, "Чому?")
    answered = await log.answer(one.id, olena.id, LATER, "Бо так")
    assert answered.said == (
        Said(user_id=taras.id, at=NOON, text="Чому?"),
        Said(user_id=olena.id, at=LATER, text="Бо так"),
    )
    taken = await log.take_over(one.id, taras.id, LATER)
    whole = replace(answered, state=HandoverState.TAKEN_OVER, incoming=taras.id, taken_at=LATER)
    assert taken == whole
    for act in (
        log.save(one.id, olena.id, "Інакше"),
        log.hand_over(one.id, olena.id, LATER, remarks="Інакше", items=()),
        log.ask(one.id, taras.id, LATER, "Ще?"),
        log.answer(one.id, olena.id, LATER, "Ще."),
        log.take_over(one.id, taras.id, LATER),
    ):
        with pytest.raises(ForbiddenTransition):
            await act
    assert await log.get(one.id) == whole
    assert await log.latest(10) == [whole]
    assert (await log.open(olena.id, LATER)).id != one.id, "the next shift has a draft of its own"


async def test_nobody_signs_for_another(storage: Storage, olena: User, taras: User) -> None:
    log = storage.handovers
    draft = await log.open(olena.id, NOON)
    for act in (
        log.save(draft.id, taras.id, "Чуже"),
        log.hand_over(draft.id, taras.id, NOON, remarks="", items=()),
        log.take_over(draft.id, taras.id, NOON),
    ):
        with pytest.raises(ForbiddenTransition):
            await act
    await log.hand_over(draft.id, olena.id, NOON, remarks="", items=())
    for act in (
        log.take_over(draft.id, olena.id, NOON),
        log.ask(draft.id, olena.id, NOON, "Собі?"),
        log.answer(draft.id, olena.id, NOON, "Не питали"),
    ):
        with pytest.raises(ForbiddenTransition):
            await act
    with pytest.raises(NotFound):
        await log.get(draft.id + 1)


async def test_of_two_who_take_over_at_once_one_has_it(storage: Storage, olena: User, taras: User) -> None:
    third = await dispatcher(storage, "ira")
    one = await handed(storage, olena)
    takes = [storage.handovers.take_over(one.id, user.id, LATER) for user in (taras, third)]
    answers = await asyncio.gather(*takes, return_exceptions=True)
    assert sum(isinstance(answer, ForbiddenTransition) for answer in answers) == 1
