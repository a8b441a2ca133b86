"""Checks before an outage is stored: similar outages, and the regulation's requirements."""

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
        """Return a digest of the findings, so that the user has seen exactly these; empty for none."""
        if not self.same and not self.warnings:
            return ""
        seen = repr((sorted(self.warnings), sorted(one.id for one in self.same)))
        return hashlib.sha256(seen.encode()).hexdigest()[:16]


NOTHING = Warned()


async def look(outages: Outages, new: NewOutage, at: datetime, was: Outage | None = None) -> Warned:
    """Check the outage; of a changed one (`was`), only the changes."""
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
