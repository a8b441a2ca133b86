"""Giving roles: nobody gives a right that they lack, and everybody who may give may take."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hotline.access.permissions import AT_A_DESK, OF_AN_ENTERPRISE, Permission, Role, allows
from hotline.access.scopes import Scope, scopes_of
from hotline.access.tokens import Token
from hotline.access.users import User, may_give, may_take
from hotline.errors import ForbiddenTransition

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
AT_WORK = AT_A_DESK | OF_AN_ENTERPRISE
"""Bound to a desk or an enterprise: the head gives them, and has none of them by the role alone."""


def user(role: Role, *, active: bool = True) -> User:
    return User(id=1, login="x", name="X", role=role, password_hash="h", active=active)


@pytest.mark.parametrize("actor", Role)
@pytest.mark.parametrize("role", Role)
def test_nobody_gives_a_right_that_they_lack(actor: Role, role: Role) -> None:
    lacking = [one for one in Permission if allows(role, one) and not allows(actor, one)]
    given = may_give(user(actor), role)
    assert not given or set(lacking) <= AT_WORK
    assert not given or actor is Role.HEAD or not lacking
    assert not given or may_take(user(actor), role)
    assert given is (actor is Role.HEAD or (actor, role) == (Role.ADMINISTRATOR, Role.ADMINISTRATOR))


def test_an_administrator_takes_from_everybody_but_a_head() -> None:
    assert {role for role in Role if may_take(user(Role.ADMINISTRATOR), role)} == set(Role) - {Role.HEAD}
    assert not any(may_take(user(Role.DISPATCHER), role) for role in Role)


TOKEN = Token(
    id=1,
    name="Табло",
    role=Role.DISPATCHER,
    personal=True,
    user_id=1,
    made_at=NOON,
    expires_at=NOON + timedelta(days=1),
    scopes=frozenset(),
)


@pytest.mark.parametrize("maker", Role)
@pytest.mark.parametrize("active", [True, False])
def test_a_token_is_worth_no_more_than_its_maker_is_now(maker: Role, *, active: bool) -> None:
    token = TOKEN
    assert token.good(NOON, user(maker, active=active)) is (active and maker is Role.HEAD)
    assert not token.good(token.expires_at, user(maker, active=active))


@pytest.mark.parametrize("maker", Role)
@pytest.mark.parametrize("active", [True, False])
def test_the_key_of_an_agreement_is_worth_what_that_is_and_opens_nothing_else(
    maker: Role, *, active: bool
) -> None:
    key = replace(TOKEN, for_agreement=True, scopes=frozenset({Scope.NEIGHBOUR, Scope.CALLS}))
    who = user(maker, active=active)
    assert key.good(NOON, who)
    assert not key.good(key.expires_at, who)
    assert not replace(key, revoked_at=NOON).good(NOON, who)
    assert key.opens(Scope.NEIGHBOUR)
    assert not key.opens(Scope.CALLS)
    with pytest.raises(ForbiddenTransition):
        key.check_changeable()
    TOKEN.check_changeable()


def test_the_scope_of_agreements_is_given_by_them_alone() -> None:
    assert not any(Scope.NEIGHBOUR in scopes_of(role) for role in Role)
