"""The judge of `hotline bench faults`: who counts as called back, and by which words parts are hit."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from telephony.phone.g711 import RATE
from telephony.phone.sound import tone
from tests.bench.faults.cuts import NEVER_SECONDS, Cut, after_the_cuts
from tests.bench.faults.people import RungInTalk, Talk, Visit, Wish, surely_heard, wish_of
from tests.bench.faults.scaled_hits import HITS, NoSuchPart, chosen, natural_seconds
from tests.bench.scaled.database_pair import NotInstalled, need

TALKERS = [
    number
    for number in (f"+38050{at:07}" for at in range(40))
    if wish_of(number) in {Wish.TALKS, Wish.IS_PASSED_ON}
]
KILLED = 100.0


def _cut_off(number: str, at: float = KILLED) -> Visit:
    return Visit(number, wish_of(number), at - 20, asked_at=at - 15, died=True, died_at=at)


def _back(number: str, began: float) -> Visit:
    return Visit(number, wish_of(number), began)


def test_who_was_cut_off_by_each_of_several_ends_is_sought_after_that_end() -> None:
    first, second = TALKERS[:2]
    later = KILLED + 50
    cuts = [Cut(at=KILLED, counted_from=KILLED), Cut(at=later, counted_from=later + 2)]
    talks = [
        Talk(3, first, KILLED - 5, ended=KILLED + 3),
        Talk(3, first, KILLED + 6),
        Talk(4, second, later - 5, ended=later + 3),
        Talk(5, second, later + 6),
    ]
    figures = after_the_cuts(
        [_cut_off(first), _cut_off(second, later)],
        [_back(first, KILLED + 4), _back(second, later + 3)],
        talks,
        cuts,
    )
    assert figures == {
        "cut_off": 2,
        "cut_off_in_talk": 2,
        "called_back_p95_s": 4,
        "called_back_share": 1,
        "same_dispatcher_share": 0.5,
    }


def test_who_is_cut_off_again_as_they_are_called_back_is_to_be_called_back_again() -> None:
    number, later = TALKERS[0], KILLED + 20
    again = Visit(number, wish_of(number), KILLED + 4, asked_at=KILLED + 5, died=True, died_at=later)
    cuts = [Cut(at=at, counted_from=at) for at in (KILLED, later)]
    figures = after_the_cuts([_cut_off(number)], [again, _back(number, later + 50)], [], cuts)
    assert (figures["cut_off"], figures["called_back_share"]) == (2, 1)
    assert figures["called_back_p95_s"] == pytest.approx(50)


def test_nobody_called_back_breaks_the_limits_and_nobody_cut_off_has_no_figure() -> None:
    cut = Cut(at=KILLED, counted_from=KILLED)
    figures = after_the_cuts([_cut_off(TALKERS[0])], [], [], [cut])
    assert figures["called_back_p95_s"] == NEVER_SECONDS
    assert figures["called_back_share"] == 0
    assert after_the_cuts([], [], [], [cut]) == {"cut_off": 0, "cut_off_in_talk": 0}


def test_a_desk_is_rung_in_a_talk_unless_its_citizen_had_hung_up_already() -> None:
    heard = [SimpleNamespace(arrival=48.0)]
    talk: Any = SimpleNamespace(ear=SimpleNamespace(frames=heard))
    ring = RungInTalk(
        desk="201",
        by=TALKERS[1],
        talked_with=TALKERS[0],
        at=50.0,
        heard_before=2.0,
        passed_on=False,
        talk=talk,
        ring=talk,
    )

    def visit(began: float, ended: float, *, died: bool = False) -> Visit:
        return Visit(TALKERS[0], Wish.TALKS, began, ended=ended, died=died)

    assert ring.was_over([visit(10, 48), Visit(TALKERS[1], Wish.TALKS, 20, ended=70)])
    assert not ring.was_over([visit(10, 51)])
    assert not ring.was_over([visit(10, 48, died=True)])
    assert not ring.was_over([visit(10, 30), visit(40, 60)])
    assert not ring.was_over([])
    assert replace(ring, passed_on=True).was_over([visit(10, 70)]), "they were with the colleague"
    heard.append(SimpleNamespace(arrival=50.05))  # it is read a moment after it came
    assert replace(ring, passed_on=True).was_over([visit(10, 70)])
    heard.append(SimpleNamespace(arrival=51.0))
    assert not replace(ring, passed_on=True).was_over([visit(10, 70)])


def test_a_desk_was_heard_when_its_tone_lasted_a_second_which_no_vowel_does() -> None:
    desks = (420, 460, 500)
    vowel, voice = tone(460).samples[: RATE // 3], tone(500).samples
    silence = np.zeros(RATE, np.int16)
    assert surely_heard(np.concatenate([silence, vowel, silence, voice, voice, silence]), desks) == 2
    assert surely_heard(np.concatenate([silence, vowel, silence, vowel]), desks) is None
    assert surely_heard(silence[:10], desks) is None


def test_parts_are_chosen_by_name_by_way_or_by_both() -> None:
    def names(*words: str) -> list[str]:
        return [f"{part.name}:{way}" for part, way in chosen(words)]

    assert chosen(()) == list(HITS)
    assert names("asterisk") == ["asterisk-a:killed", "asterisk-b:stopped"]
    assert names("node:cut-off", "telephony-b") == ["telephony-b:killed", "node-b:cut-off"]
    assert {name.partition(":")[2] for name in names("delayed")} == {"delayed"}
    assert natural_seconds(chosen(["kamailio:killed"])) < natural_seconds(chosen(["kamailio:stopped"]))
    with pytest.raises(NoSuchPart, match="standby:cut-off"):
        chosen(["disc"])


def test_a_program_that_is_missing_is_named_with_what_sets_it_up(tmp_path: Path) -> None:
    here, missing = tmp_path / "patroni", tmp_path / "etcd"
    here.touch()
    need(here)
    with pytest.raises(NotInstalled, match=f"^Not on this machine: {missing}. `./check --faults`"):
        need(here, missing)
