"""The callers who were cut off when Asterisk was killed, and how they were called back: by their phones."""

from collections.abc import Mapping, Sequence

from tests.bench.fault_hits import Hits
from tests.bench.fault_people import Talk, Visit, Wish, wish_of
from tests.bench.measured import percentile
from tests.bench.progress import tell

HEARD_SECONDS = 2.0
"""Who pressed the key for a dispatcher in the last moment before may still have been in the menu."""
NEVER_SECONDS = 60.0
"""A call that comes later than this after Asterisk was back does not count as theirs."""
SHOWN = 10


def after_the_cut(
    visits: Sequence[Visit], called_back: Sequence[Visit], talks: Sequence[Talk], hits: Hits
) -> Mapping[str, float]:
    """Give how soon, and to whom, those came back who were in the line or in a talk."""
    killed, back = hits.asterisk_killed_at, hits.asterisk_back_at
    over = {talk.number for talk in talks if talk.ended < killed}
    over = {number for number in over if wish_of(number) is Wish.IS_HUNG_UP_ON}  # they were hearing good-bye
    asked = [one for one in visits if one.died and one.asked_at < killed - HEARD_SECONDS]
    cut = [one for one in asked if one.number not in over]
    first: dict[str, float] = {}
    for one in called_back:
        first.setdefault(one.number, one.began - back)
    soon = {
        one.number: first[one.number] for one in cut if first.get(one.number, NEVER_SECONDS) < NEVER_SECONDS
    }
    spoke = {talk.number: talk.desk for talk in talks if talk.began < killed < talk.ended}
    spoke = {one.number: spoke[one.number] for one in cut if one.number in spoke}
    then: dict[str, int] = {}
    for talk in talks:
        if talk.began > killed:
            then.setdefault(talk.number, talk.desk)
    for number in [one.number for one in cut if one.number not in soon][:SHOWN]:
        tell(f"cut off and not called back: {number}")
    for number in [one for one, desk in spoke.items() if then.get(one) != desk][:SHOWN]:
        tell(f"cut off with desk {spoke[number]}, then with {then.get(number)}: {number}")
    return {
        "cut_off": len(cut),
        "cut_off_in_talk": len(spoke),
        "called_back_p95_s": round(percentile([*soon.values()], 0.95), 1),
        "called_back_share": round(len(soon) / max(len(cut), 1), 3),
        "same_dispatcher_share": round(
            sum(then.get(one) == desk for one, desk in spoke.items()) / max(len(spoke), 1), 3
        ),
    }
