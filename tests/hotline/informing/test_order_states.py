"""Who does what with an order to inform residents."""

import pytest

from hotline.errors import ForbiddenTransition
from hotline.informing.order_states import (
    BY_AUTHOR,
    BY_SECOND_PERSON,
    BY_SERVICE,
    ORDER,
    OrderAct,
    OrderState,
    may,
    require_person,
)

AUTHOR, OTHER = 1, 2


@pytest.mark.parametrize("act", OrderAct)
def test_each_act_is_the_authors_or_a_second_persons_or_both_or_the_services(act: OrderAct) -> None:
    assert may(act, AUTHOR, AUTHOR) is (act not in BY_SECOND_PERSON | BY_SERVICE)
    assert may(act, OTHER, AUTHOR) is (act not in BY_AUTHOR | BY_SERVICE)
    for person in (AUTHOR, OTHER):
        if not may(act, person, AUTHOR):
            with pytest.raises(ForbiddenTransition, match=act):
                require_person(act, person, AUTHOR)


def test_nobody_is_told_of_an_order_that_no_second_person_approved() -> None:
    """Without APPROVE no road leads from a draft to a state in which people are told."""
    reached, waiting = {OrderState.DRAFT}, [OrderState.DRAFT]
    while waiting:
        for act, state in ORDER.table[waiting.pop()].items():
            if act is not OrderAct.APPROVE and state not in reached:
                reached.add(state)
                waiting.append(state)
    assert reached == {OrderState.DRAFT, OrderState.SUBMITTED, OrderState.STOPPED}


def test_what_is_stopped_stays_so_and_everything_that_goes_on_can_be_stopped() -> None:
    assert ORDER.possible(OrderState.STOPPED) == frozenset()
    over = {OrderState.STOPPED, OrderState.DONE}
    assert ORDER.sources(OrderAct.STOP) == frozenset(OrderState) - over - {OrderState.DRAFT}
    assert ORDER.sources(OrderAct.DISCARD) == {OrderState.DRAFT}
