"""Conditions on calls whose caller is owed a call: somebody has talked with them since, or settled it."""

from sqlalchemy import exists, or_

from hotline.calls.call import TALKS
from hotline.line.callbacks import SETTLING
from storage.tables import callbacks, calls, unsettled_calls

_LATER = calls.alias("later")
_SETTLING = callbacks.c.result.in_(sorted(SETTLING))
TALKED_LATER = exists().where(
    _LATER.c.number == calls.c.number,
    _LATER.c.arrived_at > calls.c.arrived_at,
    _LATER.c.outcome.in_(sorted(TALKS)),
)
NUMBER_SETTLED = exists().where(
    callbacks.c.number == calls.c.number, callbacks.c.covers_until >= calls.c.arrived_at, _SETTLING
)
"""A call-back settled what this number is owed until then."""
CALL_SETTLED = exists().where(callbacks.c.call_id == calls.c.id, _SETTLING)
"""A call-back settled this very call, as of a hidden number."""
SETTLED = or_(TALKED_LATER, NUMBER_SETTLED, CALL_SETTLED)
KEPT = or_(~exists().where(unsettled_calls.c.call_id == calls.c.id), SETTLED)
"""Of a call that is owed one: it was found settled before, or is by now (docs/design/closed_days.md)."""
