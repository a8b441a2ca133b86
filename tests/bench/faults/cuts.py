"""Callers who were cut off when an Asterisk was killed, and how they were called back, by their phones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.bench.faults.people import Talk, Visit, Wish, wish_of
from tests.bench.measured import percentile
from tests.bench.progress import tell

HEARD_SECONDS = 2.0
"""Who pressed the key for a dispatcher in the last moment before may still have been in the menu."""
SOON_SECONDS = 5.0
"""A person who waits longer for their call is told of, with all that is known of them."""
NEVER_SECONDS = 60.0
"""A call that comes later than this does not count as theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """One end of an Asterisk, in monotonic seconds; `counted_from`: since when somebody could call back."""

    at: float
    counted_from: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _After:
    """What came of those whom one cut hit: seconds by number, and desks before and after by number."""

    cut_off: Sequence[str]
    called_back: Mapping[str, float]
    before: Mapping[str, int]
    after: Mapping[str, int]


def after_the_cuts(
    visits: Sequence[Visit], called_back: Sequence[Visit], talks: Sequence[Talk], cuts: Sequence[Cut]
) -> Mapping[str, float]:
    """Give how soon, and to whom, those came back who were in the line or in a talk; none, if nobody was."""
    found = [_after(visits, called_back, talks, cut) for cut in cuts]
    seconds = [one for after in found for one in after.called_back.values()]
    cut_off, in_talk = sum(len(one.cut_off) for one in found), sum(len(one.before) for one in found)
    same = sum(one.after.get(number) == desk for one in found for number, desk in one.before.items())
    figures: dict[str, float] = {"cut_off": cut_off, "cut_off_in_talk": in_talk}
    if cut_off:
        figures["called_back_p95_s"] = round(percentile(seconds or [NEVER_SECONDS], 0.95), 1)
        figures["called_back_share"] = round(len(seconds) / cut_off, 3)
    if in_talk:
        figures["same_dispatcher_share"] = round(same / in_talk, 3)
    return figures


def not_called_back_soon(
    visits: Sequence[Visit], called_back: Sequence[Visit], talks: Sequence[Talk], cuts: Sequence[Cut]
) -> Sequence[str]:
    """Tell of each who had to wait for their call, or got none; give their numbers."""
    numbers: list[str] = []
    for after in [_after(visits, called_back, talks, cut) for cut in cuts]:
        soonest = min(after.called_back.values(), default=NEVER_SECONDS)
        called = f"{len(after.called_back)} called back, the first after {soonest:.1f} s"
        tell(f"{len(after.cut_off)} cut off, {called}")
        for number in after.cut_off:
            seconds = after.called_back.get(number, NEVER_SECONDS)
            if seconds > SOON_SECONDS:
                when = f"called back after {seconds:.1f} s" if seconds < NEVER_SECONDS else "not called back"
                tell(f"cut off and {when}: {number}")
                numbers.append(number)
        for number in [one for one, desk in after.before.items() if after.after.get(one) != desk]:
            tell(f"cut off with desk {after.before[number]}, then with {after.after.get(number)}: {number}")
            numbers.append(number)
    return numbers


def _after(visits: Sequence[Visit], called_back: Sequence[Visit], talks: Sequence[Talk], cut: Cut) -> _After:
    over = {talk.number for talk in talks if talk.ended < cut.at}
    over = {number for number in over if wish_of(number) is Wish.IS_HUNG_UP_ON}  # they were hearing good-bye
    everybody = [*visits, *called_back]  # also who was cut off again, in the call that called them back
    theirs = [one for one in everybody if one.died_at == cut.at and one.asked_at < cut.at - HEARD_SECONDS]
    cut_off = [one.number for one in theirs if one.number not in over]
    first: dict[str, float] = {}
    for one in called_back:
        if one.began > cut.at:
            first.setdefault(one.number, one.began - cut.counted_from)
    soon = {number: first[number] for number in cut_off if first.get(number, NEVER_SECONDS) < NEVER_SECONDS}
    spoke = {talk.number: talk.desk for talk in talks if talk.began < cut.at < talk.ended}
    spoke = {number: spoke[number] for number in cut_off if number in spoke}
    then: dict[str, int] = {}
    for talk in sorted(talks, key=lambda one: one.began):  # they are told desk by desk
        if talk.began > cut.at:
            then.setdefault(talk.number, talk.desk)
    return _After(cut_off=cut_off, called_back=soon, before=spoke, after=then)
