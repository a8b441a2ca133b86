"""A statement needs a second person, and residents read what was public at their moment and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest

from hotline.errors import ForbiddenTransition
from hotline.statements.statement_states import STATEMENT, StatementAct, StatementState, may, require_person
from hotline.statements.statements import (
    ApprovedStatement,
    StatementText,
    StatementVersion,
    public_statements,
)

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)


def version(number: int, published_at: datetime, **changed: object) -> StatementVersion:
    given: dict[str, object] = {
        "statement_id": 1,
        "number": number,
        "uk": StatementText(title=f"Версія {number}", text="Текст"),
        "author_id": 1,
        "approver_id": 2,
        "approved_at": NOON,
        "published_at": published_at,
    }
    return StatementVersion(**given | changed)  # type: ignore[arg-type]  # fields of a version


def test_who_wrote_it_does_not_approve_it_and_nobody_else_submits_it() -> None:
    assert not may(StatementAct.APPROVE, 1, author_id=1)
    assert may(StatementAct.APPROVE, 2, author_id=1)
    assert not may(StatementAct.SUBMIT, 2, author_id=1)
    assert may(StatementAct.CORRECT, 2, author_id=1)
    with pytest.raises(ForbiddenTransition):
        require_person(StatementAct.REFUSE, 1, author_id=1)


def test_it_is_read_from_its_moment_on() -> None:
    one = ApprovedStatement(id=1, versions=(version(1, LATER),))
    assert one.at(NOON) is None
    read = one.at(LATER)
    assert read is not None
    assert read.present.number == 1
    assert not read.corrections


def test_a_correction_shows_and_what_it_replaced_before_anybody_read_it_does_not() -> None:
    read = ApprovedStatement(id=1, versions=(version(1, NOON), version(2, LATER, correction="час"))).at(LATER)
    assert read is not None
    assert [one.correction for one in read.corrections] == ["час"]
    assert read.published_at == NOON
    assert read.changed_at == LATER
    never = ApprovedStatement(id=1, versions=(version(1, LATER), version(2, LATER, correction="час"))).at(
        LATER
    )
    assert never is not None
    assert [one.number for one in never.versions] == [2]
    assert not never.corrections


def test_withdrawn_before_its_moment_it_was_never_there() -> None:
    gone = ApprovedStatement(id=1, versions=(version(1, LATER),), withdrawn_at=NOON, reason="помилка")
    assert gone.at(LATER) is None
    read = ApprovedStatement(id=1, versions=(version(1, NOON),), withdrawn_at=LATER, reason="помилка")
    later = read.at(LATER)
    assert later is not None
    assert (later.withdrawn_at, later.reason) == (LATER, "помилка")


def test_the_latest_comes_first() -> None:
    some = [
        ApprovedStatement(id=number, versions=(version(1, NOON + timedelta(minutes=number)),))
        for number in (1, 2)
    ]
    assert [one.id for one in public_statements(some, LATER)] == [2, 1]


def test_a_withdrawn_one_is_not_brought_back() -> None:
    assert not STATEMENT.possible(StatementState.WITHDRAWN)
