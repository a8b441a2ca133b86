"""A third who hangs up as the citizen is left with them, or unseen by anybody; a service that stays."""

import asyncio
import contextlib
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, cast

import pytest

from hotline.calls.call import Outcome, Step
from hotline.dialling.calling_out import Third, ThirdPhase
from hotline.errors import CallGone
from telephony.ari.actions import Ari
from telephony.ari.errors import NotThere
from telephony.calls.leg import Leg
from telephony.causes import NORMAL_CLEARING, OUT_OF_ORDER
from telephony.dialling.conference import Conference, Conferences, third_id
from telephony.ids import bridge_id
from tests.fakes.clock import SetClock
from tests.storage.conftest import NOON


class ThirdIsGone:
    """An Asterisk that takes nobody into a bridge any more."""

    async def request(
        self, method: str, path: str, query: Mapping[str, str] | None = None, body: str = ""
    ) -> str:
        del method, query, body
        if path.endswith("/addChannel"):
            raise NotThere(path)
        return "{}"

    def order(self, method: str, path: str) -> None:
        raise AssertionError(f"{method} {path}")


class AllWell(ThirdIsGone):
    """An Asterisk that does what it is asked to."""

    async def request(
        self, method: str, path: str, query: Mapping[str, str] | None = None, body: str = ""
    ) -> str:
        del method, path, query, body
        return "{}"


def conferences_of(
    tasks: asyncio.TaskGroup, consults: object = None, talks: object = None, ari: Ari | None = None
) -> Conferences:
    none = cast("Any", None)
    return Conferences(
        ari=ari or Ari(ThirdIsGone(), "hotline"),
        outgoing=none,
        talks=cast("Any", talks),
        consults=cast("Any", consults),
        dispatchers=none,
        clock=SetClock(NOON),
        channels={},
        browsers=none,
        ring_seconds=20,
        tasks=tasks,
    )


async def test_nobody_is_left_with_a_third_who_has_hung_up() -> None:
    call = cast("Any", SimpleNamespace(channel=SimpleNamespace(gone=False)))
    async with asyncio.TaskGroup() as tasks:
        conferences = conferences_of(tasks)
        leg = Leg("leg-1-call", "PJSIP/desk-201-1")
        one = Conference(
            call=call,
            leg=leg,
            third=Leg(third_id(leg.id, 1), ""),
            shown=Third(number="0111", phase=ThirdPhase.ALONE),
            passing=True,
        )
        with pytest.raises(CallGone):
            await conferences.leave(one)
    assert (one.leaving, leg.left_to) == (False, None)


@pytest.mark.parametrize(
    ("cause", "caller_gone", "service_gone", "stays"),
    [
        (OUT_OF_ORDER, False, False, True),
        (NORMAL_CLEARING, False, False, False),
        (OUT_OF_ORDER, True, False, False),
        (OUT_OF_ORDER, False, True, False),
    ],
    ids=["the page is loaded anew", "they hang up", "nor is the citizen there", "nor the service"],
)
@pytest.mark.parametrize("talks_first", [False, True])
async def test_a_service_stays_with_the_citizen_when_the_dispatchers_phone_dies(
    *, cause: int, caller_gone: bool, service_gone: bool, stays: bool, talks_first: bool
) -> None:
    leg = Leg("leg-1-call", "PJSIP/browser-201-1")
    service = Leg(third_id(leg.id, 1), "")
    leg.third = leg.rescue = service
    leg.left_at, leg.cause, leg.destroyed = NOON, cause, True
    service.left_at = NOON if service_gone else None
    call = cast("Any", SimpleNamespace(channel=SimpleNamespace(gone=caller_gone), leg=leg))
    if talks_first:  # `Talks` has seen the end of the leg before
        call.leg, leg.left_to = None, leg.stays
    one = Conference(call=call, leg=leg, third=service, shown=Third(number="101", phase=ThirdPhase.TOGETHER))
    async with asyncio.TaskGroup() as tasks:
        with contextlib.suppress(CallGone):
            await conferences_of(tasks)._phone_gone(one)
    assert one.leaving is stays
    assert (leg.left_to is service) is (stays or (talks_first and leg.stays is service))


@pytest.mark.parametrize(
    ("number", "together", "joins", "stays"),
    [
        ("101", True, False, True),
        ("101", False, True, True),
        ("101", False, False, False),
        ("+380457900099", True, False, False),
    ],
    ids=["101 with the citizen", "101 joined afterwards", "101 aside", "an enterprise"],
)
async def test_a_service_stays_with_the_citizen_also_in_a_talk_that_was_taken_up_again(
    *, number: str, together: bool, joins: bool, stays: bool
) -> None:
    leg = Leg("leg-1-call", "PJSIP/browser-201-1")
    leg.dispatcher_id = 1
    third = Leg(third_id(leg.id, 1), "PJSIP/outgoing-1")
    third.answered = True

    async def note(*_step: object) -> None: ...

    call: Any = SimpleNamespace(id="call", channel=SimpleNamespace(gone=False), leg=leg, note=note)
    async with asyncio.TaskGroup() as tasks:
        conferences = conferences_of(tasks, Consulted(), ari=Ari(AllWell(), "hotline"))
        conferences.taken_up(call, leg, third, number, together=together)
        taken_up = conferences.of(1)
        assert taken_up is not None
        assert taken_up.shown.number == number
        if joins:
            await conferences.join(taken_up)
        assert leg.parted is not (together or joins)
        leg.left_at, leg.cause, leg.destroyed = NOON, OUT_OF_ORDER, True
        leg.changed()
    assert (leg.left_to is third) is stays
    assert taken_up.leaving is stays


class AsideBridges(AllWell):
    """Remembers who was put into which bridge."""

    def __init__(self) -> None:
        self.added: list[tuple[str, str]] = []

    async def request(
        self, method: str, path: str, query: Mapping[str, str] | None = None, body: str = ""
    ) -> str:
        if path.endswith("/addChannel"):
            self.added.append((path.split("/")[2], (query or {})["channel"]))
        return await super().request(method, path, query, body)


@pytest.mark.parametrize(
    ("answered", "noted", "missed"),
    [(True, [Step.THIRD_LEFT], None), (False, [Step.THIRD_MISSED, Step.THIRD_LEFT], Outcome.FAILED)],
    ids=["they hung up", "they rang still"],
)
async def test_whose_third_went_while_the_service_was_away_is_back_with_the_citizen(
    *, answered: bool, noted: list[Step], missed: Outcome | None
) -> None:
    leg = Leg("leg-1-call", "PJSIP/desk-201-1")
    leg.dispatcher_id = 1
    third = Leg(third_id(leg.id, 1), "")
    third.answered = answered
    third.ended_untold(NOON)
    steps: list[Step] = []

    async def note(step: Step, **_detail: object) -> None:
        steps.append(step)

    call: Any = SimpleNamespace(id="call", channel=SimpleNamespace(gone=False), leg=leg, note=note)
    asterisk = AsideBridges()
    async with asyncio.TaskGroup() as tasks:
        conferences = conferences_of(tasks, Consulted(), ari=Ari(asterisk, "hotline"))
        conferences.taken_up(call, leg, third, "", together=False)
    assert asterisk.added == [(bridge_id(leg.id), leg.id)]
    assert (leg.third, leg.parted, conferences.of(1)) == (None, False, None)
    assert steps == noted
    assert conferences.missed(1) is missed


class OfferedMeanwhile:
    """The colleague is offered a caller, or asked by somebody else, just before we engage them."""

    async def engage(self, dispatcher: object) -> bool:
        del dispatcher
        return False

    def shown(self, *_about: object) -> None:
        raise AssertionError("they are asked all the same")

    async def as_before(self, dispatcher: object) -> None:
        raise AssertionError(f"freed from what the other engaged them for: {dispatcher}")


class Freed:
    """Talks that end a dispatcher's part, and remember of which call."""

    def __init__(self) -> None:
        self.calls: list[object] = []

    async def free(self, call: object, leg: Leg) -> None:
        del leg
        self.calls.append(call)


@pytest.mark.parametrize("hung_up", [False, True], ids=["the citizen is there", "the citizen hangs up"])
async def test_a_colleague_who_is_engaged_in_this_very_moment_is_busy_and_rung_by_nobody_else(
    *, hung_up: bool
) -> None:
    leg = Leg("leg-1-call", "PJSIP/desk-201-1")
    call, freed = cast("Any", SimpleNamespace(channel=SimpleNamespace(gone=hung_up))), Freed()
    leg.dispatcher_id = 1
    third = Leg(third_id(leg.id, 1), "")
    shown = Third(number="202", name="Тарас")
    one = Conference(call=call, leg=leg, third=third, shown=shown, colleague=cast("Any", object()))
    async with asyncio.TaskGroup() as tasks:
        conferences = conferences_of(tasks, OfferedMeanwhile(), freed)
        conferences._follow(one)
        await conferences._run(one)
    assert conferences.missed(1) is Outcome.BUSY
    assert (conferences.of(1), leg.third, leg.parted) == (None, None, False)
    assert freed.calls == [call] * hung_up, "nobody else frees the dispatcher"


class Consulted:
    """Frees whoever was asked."""

    async def as_before(self, dispatcher: object) -> None: ...


async def test_a_third_who_is_asked_while_the_one_before_leaves_is_in_the_talk() -> None:
    leg = Leg("leg-1-call", "PJSIP/desk-201-1")
    leg.dispatcher_id, leg.left_at = 1, NOON
    first, second = Leg(third_id(leg.id, 1), ""), Leg(third_id(leg.id, 2), "")
    first.left_at = NOON

    async def note(*_step: object) -> None:
        conferences._follow(later)

    call = cast("Any", SimpleNamespace(channel=SimpleNamespace(gone=False), note=note))
    before = Conference(call=call, leg=leg, third=first, shown=Third(number="0111"))
    later = Conference(call=call, leg=leg, third=second, shown=Third(number="0222"))
    async with asyncio.TaskGroup() as tasks:
        conferences = conferences_of(tasks, Consulted())
        conferences._follow(before)
        await conferences._end(before)
    assert (conferences.of(1), leg.third) == (later, second)
