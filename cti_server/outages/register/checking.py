"""What is to be looked at before an outage is kept: what may be the same, and what the regulation asks."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hotline.outages.outage import NewOutage, Outage, Outages, alike, draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """Known outages that may be the same, and the names of warnings (`words.WARNINGS`)."""

    same: Sequence[Outage] = ()
    warnings: Sequence[str] = ()

    @property
    def digest(self) -> str:
        """Name what was shown, so that whoever goes on has seen just this; empty for nothing."""
        if not self.same and not self.warnings:
            return ""
        seen = repr((sorted(self.warnings), sorted(one.id for one in self.same)))
        return hashlib.sha256(seen.encode()).hexdigest()[:16]


NOTHING = Warned()


async def look(outages: Outages, new: NewOutage, at: datetime, was: Outage | None = None) -> Warned:
    """Look at what is to be kept; of one that is changed (`was`), only what the change brings."""
    known = [*await outages.now(at), *await outages.coming(at)]
    others = [one for one in known if was is None or one.id != was.id]
    before = alike(was, others, at) if was else ()
    return Warned(
        same=[one for one in alike(new, others, at) if one not in before],
        warnings=[
            name for name in _warnings(new, at, was) if was is None or name not in _warnings(was, at, was)
        ],
    )


def _warnings(new: NewOutage, at: datetime, was: Outage | None) -> Sequence[str]:
    looked_at = replace(draft(new, at), entered_at=was.entered_at) if was else draft(new, at)
    names = [one.value for one in looked_at.flaws(at)]
    return [*names, "city"] if new.city_wide else names
