"""The chain: nothing can be changed, swapped or taken out of it unseen."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from hotline.calls.chain import (
    BEGINNING,
    Evidence,
    FaultKind,
    Link,
    Seal,
    link_faults,
    linked,
    seal_faults,
    sealed,
)
from hotline.retention.deletions import DeletedBy
from tests.fakes.clock import NOON

MONDAY = date(2026, 11, 30)
TUESDAY = MONDAY + timedelta(days=1)


def evidence(name: str) -> Evidence:
    return Evidence(
        recording_id=name, call_id=f"call-{name}", started_at=NOON, seconds=61.25, sha256=f"{name:0>64}"
    )


def chain(*days: date, seals: Sequence[date] = ()) -> tuple[list[Link], list[Seal]]:
    """A link for each day named, and seals of days, each made when that day was over."""
    links: list[Link] = []
    made: list[Seal] = []
    for number, day in enumerate(days):
        for over in [one for one in seals if one < day and one not in {seal.day for seal in made}]:
            made.append(sealed(over, links[-1], made[-1] if made else None, NOON))
        links.append(
            linked(evidence(str(number)), links[-1] if links else None, made[-1].day if made else None, day)
        )
    return links, made


def faults(links: Sequence[Link], seals: Sequence[Seal] = ()) -> list[tuple[FaultKind, str]]:
    return [(one.kind, one.subject) for one in [*link_faults(links), *seal_faults(seals, links)]]


def test_an_untouched_chain_has_no_faults() -> None:
    links, seals = chain(MONDAY, MONDAY, TUESDAY, TUESDAY, seals=(MONDAY,))
    assert [(one.number, one.day) for one in links] == [(1, MONDAY), (2, MONDAY), (3, TUESDAY), (4, TUESDAY)]
    assert links[0].previous == BEGINNING
    assert (seals[0].day, seals[0].last) == (MONDAY, 2)
    assert faults(links, seals) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda one: replace(one, sha256="f" * 64),
        lambda one: replace(one, seconds=60.0),
        lambda one: replace(one, started_at=NOON + timedelta(microseconds=1)),
        lambda one: replace(one, call_id="another"),
        lambda one: replace(one, recording_id="another"),
        lambda one: replace(one, day=TUESDAY),
    ],
)
def test_a_link_that_was_changed_is_told(change: Callable[[Link], Link]) -> None:
    links, _ = chain(MONDAY, MONDAY, MONDAY)
    links[1] = change(links[1])
    assert faults(links) == [(FaultKind.LINK_CHANGED, "2")]


def test_a_link_that_was_taken_out_is_told_and_so_is_one_that_was_made_anew() -> None:
    links, _ = chain(MONDAY, MONDAY, MONDAY, TUESDAY, seals=(MONDAY,))
    assert faults([links[0], *links[2:]]) == [(FaultKind.LINK_MISSING, "2")]
    links[1] = linked(evidence("forged"), links[0], None, MONDAY)
    assert faults(links) == [(FaultKind.LINK_MOVED, "3")]


def test_who_makes_the_whole_chain_anew_is_told_by_a_seal() -> None:
    links, seals = chain(MONDAY, MONDAY, TUESDAY, seals=(MONDAY,))
    forged = [linked(evidence("forged"), None, None, MONDAY)]
    for one in links[1:]:
        forged.append(linked(evidence(one.recording_id), forged[-1], None, one.day))
    assert faults(forged) == []
    assert faults(forged, seals) == [(FaultKind.SEAL_CHANGED, "2026-11-30")]
    assert faults(links[:1], seals) == [(FaultKind.SEAL_CHANGED, "2026-11-30")]


def test_a_seal_that_was_changed_or_taken_out_is_told() -> None:
    wednesday = TUESDAY + timedelta(days=1)
    links, seals = chain(MONDAY, TUESDAY, wednesday, seals=(MONDAY, TUESDAY))
    assert faults(links, seals) == []
    assert faults(links, [seals[1]]) == [(FaultKind.SEAL_CHANGED, "2026-12-01")]
    assert faults(links, [replace(seals[0], last=2), seals[1]]) == [(FaultKind.SEAL_CHANGED, "2026-11-30")]


def test_a_note_that_a_term_has_ended_breaks_nothing() -> None:
    links, _ = chain(MONDAY, MONDAY)
    links[0] = replace(links[0], erased_at=NOON, erased_by=DeletedBy.TERM)
    assert faults(links) == []


def test_a_clock_that_is_set_back_adds_nothing_to_a_sealed_day() -> None:
    links, seals = chain(MONDAY, TUESDAY, seals=(MONDAY,))
    late = linked(evidence("late"), links[-1], seals[-1].day, MONDAY - timedelta(days=3))
    assert late.day == TUESDAY
    first = linked(evidence("first"), None, MONDAY, MONDAY)
    assert first.day == TUESDAY
