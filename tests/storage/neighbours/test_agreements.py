"""Agreements and what was taken by them, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from hotline.access.permissions import Role
from hotline.access.scopes import Scope
from hotline.access.tokens import KEY_REVOKED
from hotline.contact.channel import Channel
from hotline.delivery.notice_states import NoticeState
from hotline.errors import AlreadyTaken, ForbiddenTransition, NotFound
from hotline.neighbours.agreement import Agreement, NewAgreement, Part, Shared
from hotline.neighbours.taken import NewTaken, taken_of
from hotline.retention.terms import Retention
from storage.store import Storage

NOW = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)


async def head(storage: Storage) -> int:
    one = await storage.users.by_login("head")
    return (
        one or await storage.users.add(login="head", name="Керівник", role=Role.HEAD, password_hash="x")
    ).id


async def ours(storage: Storage, number: str = "+380462123456") -> Agreement:
    new = NewAgreement(
        part=Part.ANSWERS,
        name="Чернігів",
        document="№ 5",
        since=NOW,
        until=NOW + timedelta(days=30),
        hours_since="20:00",
        hours_until="08:00",
        shared=(Shared.STREETS,),
        number=number,
        address="https://hotline.example",
        made_by=await head(storage),
        made_at=NOW,
    )
    return await storage.agreements.add(new, key="secret", copy="{}")


def answered(maker: int) -> NewAgreement:
    return NewAgreement(
        part=Part.ANSWERED,
        name="Чернігів",
        document="№ 6",
        since=NOW,
        until=NOW + timedelta(hours=1),
        made_by=maker,
        made_at=NOW,
    )


def appeal(agreement: Agreement, key: str = "form-1", **changed: object) -> NewTaken:
    made = NewTaken(
        agreement_id=agreement.id,
        call_id="call-1",
        key=key,
        taken_at=NOW,
        taken_by=agreement.made_by,
        urgent=False,
        category="Вода",
        body="{}",
    )
    return replace(made, **changed)  # type: ignore[arg-type]


async def test_a_number_has_one_agreement_that_holds(storage: Storage) -> None:
    first = await ours(storage)
    with pytest.raises(AlreadyTaken):
        await ours(storage)
    other = await ours(storage, "+380462123457")
    await storage.agreements.end(first.id, by=first.made_by, why="Досить", at=NOW)
    again = await ours(storage)
    assert [one.id for one in await storage.agreements.answered_by_us()] == [other.id, again.id]
    assert again.shared == (Shared.STREETS,)


async def test_the_end_takes_key_copy_and_token_along_and_counts_once(storage: Storage) -> None:
    one, maker = await ours(storage), await head(storage)
    ended = await storage.agreements.end(one.id, by=maker, why="Досить", at=NOW)
    assert (ended.ended_at, ended.ended_by, ended.ended_why) == (NOW, maker, "Досить")
    later = NOW + timedelta(hours=1)
    assert await storage.agreements.end(one.id, by=None, why="Ще раз", at=later) == ended
    await storage.agreements.copied(one.id, "{}", later)
    await storage.agreements.failed(one.id, "away", later)
    assert await storage.agreements.get(one.id) == ended
    assert (await storage.agreements.key(one.id), await storage.agreements.copy(one.id)) == ("", "")
    theirs = await storage.agreements.give(answered(maker), "hash")
    token = await storage.tokens.get(theirs.token_id or 0)
    assert await storage.agreements.by_token(token.id) == theirs
    assert (token.for_agreement, token.scopes, token.expires_at) == (True, {Scope.NEIGHBOUR}, theirs.until)
    await storage.agreements.end(theirs.id, by=maker, why="Досить", at=NOW)
    assert (await storage.tokens.get(token.id)).revoked_at == NOW


async def test_agreement_and_key_are_entered_both_or_neither(storage: Storage) -> None:
    maker = await head(storage)
    with pytest.raises(IntegrityError):
        await storage.agreements.give(replace(answered(maker), number="+380462123456"), "hash")
    assert await storage.tokens.all() == []
    assert await storage.agreements.all() == []


async def test_the_key_that_is_revoked_ends_its_agreement_in_the_same_transaction(storage: Storage) -> None:
    one = await storage.agreements.give(answered(await head(storage)), "hash")
    await storage.tokens.revoke(one.token_id or 0, NOW)
    ended = await storage.agreements.get(one.id)
    assert (ended.ended_at, ended.ended_by, ended.ended_why) == (NOW, None, KEY_REVOKED)
    await storage.tokens.revoke(one.token_id or 0, NOW + timedelta(hours=1))
    assert await storage.agreements.get(one.id) == ended


async def test_since_when_it_fails_stays_until_it_is_read_again(storage: Storage) -> None:
    one = await ours(storage)
    await storage.agreements.failed(one.id, "away", NOW)
    await storage.agreements.failed(one.id, "still away", NOW + timedelta(hours=1))
    known = await storage.agreements.get(one.id)
    assert (known.failing_since, known.fault) == (NOW, "still away")
    await storage.agreements.copied(one.id, "[]", NOW + timedelta(hours=2))
    known = await storage.agreements.get(one.id)
    assert (known.failing_since, known.fault, known.copied_at) == (None, "", NOW + timedelta(hours=2))


async def test_an_appeal_is_kept_with_the_notice_that_hands_it_over_once(storage: Storage) -> None:
    one = await ours(storage)
    taken = await storage.taken_appeals.take(appeal(one, urgent=True))
    assert await storage.taken_appeals.take(appeal(one)) == taken
    (notice,) = await storage.outbox.claim((Channel.NEIGHBOUR,), NOW)
    assert taken_of(notice.matter) == taken.id
    assert (notice.to, notice.facts) == (f"neighbour:{one.id}", {"urgency": "emergency"})
    await storage.taken_appeals.failed(taken.id, "away")
    await storage.taken_appeals.handed(taken.id, "2600017", "0123456789", NOW)
    await storage.taken_appeals.handed(taken.id, "2600018", "", NOW)
    known = await storage.taken_appeals.get(taken.id)
    assert (known.number, known.body, known.fault, known.settled) == ("2600017", "", "", True)
    with pytest.raises(ForbiddenTransition):
        await storage.taken_appeals.handed_otherwise(taken.id, "Телефоном", by=one.made_by, at=NOW)


async def test_what_is_handed_over_otherwise_is_owed_no_more(storage: Storage) -> None:
    one = await ours(storage)
    taken = await storage.taken_appeals.take(appeal(one))
    done = await storage.taken_appeals.handed_otherwise(taken.id, "Телефоном", by=one.made_by, at=NOW)
    assert (done.body, done.otherwise) == ("", "Телефоном")
    assert await storage.outbox.claim((Channel.NEIGHBOUR,), NOW) == []
    assert await storage.outbox.undecided() == []


async def test_one_that_was_given_up_is_sent_again_by_a_person(storage: Storage) -> None:
    one = await ours(storage)
    taken = await storage.taken_appeals.take(appeal(one))
    (notice,) = await storage.outbox.claim((Channel.NEIGHBOUR,), NOW)
    await storage.outbox.failed(notice.id, NOW, "refused", again_in=None)
    assert await storage.outbox.undecided() == [], "it stands on its own page"
    await storage.taken_appeals.send_again(taken.id, NOW)
    (again,) = await storage.outbox.claim((Channel.NEIGHBOUR,), NOW)
    assert (again.id, again.state) == (notice.id, NoticeState.CLAIMED)
    await storage.outbox.failed(notice.id, NOW, "away", again_in=timedelta(hours=1))
    assert await storage.outbox.claim((Channel.NEIGHBOUR,), NOW) == []
    await storage.taken_appeals.send_again(taken.id, NOW)
    assert len(await storage.outbox.claim((Channel.NEIGHBOUR,), NOW)) == 1


async def test_nothing_is_taken_by_an_agreement_that_holds_no_more(storage: Storage) -> None:
    one = await ours(storage)
    with pytest.raises(ForbiddenTransition):
        await storage.taken_appeals.take(appeal(one, taken_at=NOW - timedelta(days=1)))
    await storage.agreements.end(one.id, by=one.made_by, why="Досить", at=NOW)
    with pytest.raises(ForbiddenTransition):
        await storage.taken_appeals.take(appeal(one))
    with pytest.raises(NotFound):
        await storage.taken_appeals.take(appeal(replace(one, id=99)))
    assert await storage.taken_appeals.of_agreement(one.id) == []


async def test_those_not_handed_over_come_first(storage: Storage) -> None:
    one = await ours(storage)
    first = await storage.taken_appeals.take(appeal(one))
    second = await storage.taken_appeals.take(appeal(one, "form-2"))
    third = await storage.taken_appeals.take(appeal(one, "form-3"))
    await storage.taken_appeals.handed(third.id, "2600001", "", NOW)
    listed = await storage.taken_appeals.of_agreement(one.id)
    assert [each.id for each in listed] == [second.id, first.id, third.id]
    assert [each.id for each in await storage.taken_appeals.of_call("call-1")] == [
        third.id,
        second.id,
        first.id,
    ]
    assert await storage.taken_appeals.waiting(one.id) == 2


async def test_what_was_said_and_the_code_to_follow_it_there_go_by_the_term(storage: Storage) -> None:
    agreement = await ours(storage)
    kept = await storage.taken_appeals.take(appeal(agreement))
    there = await storage.taken_appeals.take(appeal(agreement, "form-2"))
    await storage.taken_appeals.handed(there.id, "42", "1234567890", NOW)
    term = Retention().drafts
    assert await storage.retention.sweep(Retention(), NOW + term) == 0
    assert await storage.retention.sweep(Retention(), NOW + term + timedelta(days=1)) == 2
    assert (await storage.taken_appeals.get(kept.id)).body == ""
    known = await storage.taken_appeals.get(there.id)
    assert (known.number, known.follow_code) == ("42", "")


async def test_what_is_refused_or_on_its_way_for_too_long_is_late_emergencies_first(storage: Storage) -> None:
    one, other = await ours(storage), await ours(storage, "+380462123457")
    plain = await storage.taken_appeals.take(appeal(one))
    urgent = await storage.taken_appeals.take(appeal(one, "form-2", urgent=True))
    by_hand = await storage.taken_appeals.take(appeal(one, "form-3", urgent=True))
    await storage.taken_appeals.handed_otherwise(by_hand.id, "Телефоном", by=one.made_by, at=NOW)
    left = await storage.taken_appeals.take(appeal(other, "form-4"))

    async def late(**after: int) -> list[int]:
        return [each.id for each in await storage.taken_appeals.late(NOW + timedelta(**after))]

    assert await late(seconds=19) == []
    assert await late(seconds=20) == [urgent.id]
    assert await late(minutes=30) == [urgent.id, plain.id, left.id]
    await storage.agreements.end(other.id, by=None, why="Досить", at=NOW)
    assert await late(seconds=1) == [left.id]
    refused = next(
        each
        for each in await storage.outbox.claim((Channel.NEIGHBOUR,), NOW)
        if taken_of(each.matter) == plain.id
    )
    await storage.outbox.failed(refused.id, NOW, "answered 422", again_in=None)
    assert await late(seconds=1) == [plain.id, left.id]
    await storage.taken_appeals.handed(plain.id, "2600001", "", NOW)
    await storage.retention.sweep(Retention(), NOW + Retention().drafts + timedelta(days=1))
    assert await late(days=300) == [], "what was said is forgotten by its term"


async def test_the_duty_that_the_other_city_names_replaces_the_one_written_down_here(
    storage: Storage,
) -> None:
    one = await ours(storage)
    await storage.agreements.rung_at(one.id, "+380441234567")
    await storage.agreements.copied(one.id, "[]", NOW)
    assert (await storage.agreements.get(one.id)).duty_number == "+380441234567"
    await storage.agreements.copied(one.id, "[]", NOW, duty_number="+380447654321")
    assert (await storage.agreements.get(one.id)).duty_number == "+380447654321"
