"""Outages sorted by what makes two of them alike: each line of a file is compared with few of them."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime, timedelta

from hotline.city.classifier import Utility
from hotline.city.search_terms import normalised
from hotline.outages.outage import NewOutage, Outage, alike

_SECOND = timedelta(seconds=1)
_CITY = ""


class OutageIndex:
    """Outages that are there."""

    def __init__(self, outages: Iterable[Outage] = ()) -> None:
        self._starts: dict[Hashable, list[datetime]] = defaultdict(list)
        self._open: dict[tuple[Utility, str], list[Outage]] = defaultdict(list)
        self._all_open: dict[Utility, list[Outage]] = defaultdict(list)
        for one in outages:
            self.add(one)

    def add(self, one: Outage) -> None:
        self._starts[_facts(one)].append(one.starts_at)
        if not one.over:
            self._all_open[one.utility].append(one)
            for street in _streets(one):
                self._open[one.utility, street].append(one)

    def has(self, new: NewOutage) -> bool:
        """Whether the register has it: the same areas, of any enterprise, to the second."""
        return any(abs(new.starts_at - one) < _SECOND for one in self._starts.get(_facts(new), ()))

    def alike(self, new: NewOutage, at: datetime) -> Outage | None:
        """Find one that is not over and may be the same (`hotline.outages.outage.alike`)."""
        return next(iter(alike(new, self._near(new), at)), None)

    def _near(self, new: NewOutage) -> Sequence[Outage]:
        """Outages in one of its streets, or of the whole city."""
        if new.city_wide:
            return self._all_open.get(new.utility, [])
        streets = (_CITY, *_streets(new))
        return [one for street in streets for one in self._open.get((new.utility, street), ())]


def _facts(one: NewOutage) -> Hashable:
    return one.utility, frozenset(one.areas), one.executor_id


def _streets(one: NewOutage) -> set[str]:
    return {normalised(area.street) for area in one.areas} or {_CITY}
