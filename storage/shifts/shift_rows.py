"""Shifts and swaps as rows keep them."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from sqlalchemy import RowMapping

from hotline.shifts.roster import Shift
from hotline.shifts.swap_states import SwapState
from hotline.shifts.swaps import Swap


def json_of(shift: Shift) -> Mapping[str, Any]:
    return {
        "user": shift.user_id,
        "day": shift.day.isoformat(),
        "since": f"{shift.since:%H:%M}",
        "until": f"{shift.until:%H:%M}",
        **({"senior": True} if shift.senior else {}),
    }


def shift_of(kept: Mapping[str, Any]) -> Shift:
    return Shift(
        user_id=kept["user"],
        day=date.fromisoformat(kept["day"]),
        since=time.fromisoformat(kept["since"]),
        until=time.fromisoformat(kept["until"]),
        senior=kept.get("senior", False),
    )


def swap_of(row: RowMapping) -> Swap:
    told = {row["giver"]: row["giver_told"], row["taker"]: row["taker_told"]}
    return Swap(
        id=row["id"],
        state=SwapState(row["state"]),
        given=shift_of(row["given"]),
        to=row["offered_to"],
        wanted=shift_of(row["wanted"]) if row["wanted"] else None,
        words=row["words"],
        offered_at=row["offered_at"],
        taker=row["taker"],
        decided_by=row["decided_by"],
        decided_at=row["decided_at"],
        reason=row["reason"],
        unseen=tuple(user for user, seen in told.items() if user is not None and not seen),
    )
