"""Phrases of power by schedule: until when there is none, when there will be none, and how old that is.

Their names tell their words: all callers of a queue share them, and of others that are cut at the same hours.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta, tzinfo

from hotline.power.forecast import Forecast, Stretch, Why
from hotline.power.queues import power_queues
from hotline.power.schedule import Supply
from hotline.voice.speech import Phrase
from ivr_flows.languages import in_both, in_chat, phrase

MOST_TOLD = 2
"""Times without power that are told at once; more of them nobody remembers."""

EMERGENCY_CUTS = phrase("power-emergency-cuts")
NO_SCHEDULE = phrase("power-no-schedule")
ON_TODAY = phrase("power-on-today")
ON_BOTH_DAYS = phrase("power-on-both-days")
NO_QUEUE = phrase("power-no-queue")
SUPPLIER_PAGE = phrase("power-supplier-page")
WHERE = phrase("power-where")

ASK_ACCOUNT = phrase("power-ask-account")
NO_ACCOUNT = phrase("power-no-account")
AHEAD = phrase("power-ahead")
AHEAD_CODE = phrase("power-ahead-code")
AHEAD_WRONG_CODE = phrase("power-ahead-wrong-code")
AHEAD_NOTED = phrase("power-ahead-noted")
AHEAD_TOO_MANY = phrase("power-ahead-too-many")
AHEAD_KNOWN = phrase("power-ahead-known")
AHEAD_STOPPED = phrase("power-ahead-stopped")
AHEAD_CALLED = phrase("power-ahead-called")

FIXED = (
    *(EMERGENCY_CUTS, NO_SCHEDULE, ON_TODAY, ON_BOTH_DAYS, NO_QUEUE, WHERE, ASK_ACCOUNT, NO_ACCOUNT),
    *(AHEAD, AHEAD_CODE, AHEAD_WRONG_CODE, AHEAD_NOTED, AHEAD_TOO_MANY, AHEAD_KNOWN, AHEAD_STOPPED),
    *(AHEAD_CALLED, SUPPLIER_PAGE),
)


def told(forecast: Forecast, timezone: tzinfo, *, now: datetime) -> Sequence[Phrase]:
    """Tell how it stands with the power of a house; where no schedule tells it, whom one may ask."""
    if any(one.why is Why.EMERGENCY_CUTS for one in forecast.stretches):
        return (EMERGENCY_CUTS, *_supplier())
    if not forecast.queues:
        return (NO_QUEUE, *_supplier(), *_supplier_page())
    said = [*_by_schedule(forecast, timezone, now)]
    if NO_SCHEDULE in said:
        said.extend((*_supplier(), *_supplier_page()))
    if said and forecast.heard_at is not None and forecast.old(now):
        said.append(_as_of(forecast.heard_at, timezone, now))
    return said


def off_now(forecast: Forecast) -> bool:
    """Tell whether there is no power at present because of the schedule, or of emergency cuts."""
    present = forecast.present
    return present.why is Why.EMERGENCY_CUTS or (present.why is Why.SCHEDULE and present.supply is Supply.OFF)


def _by_schedule(forecast: Forecast, timezone: tzinfo, now: datetime) -> Iterator[Phrase]:
    today = now.astimezone(timezone).date()
    present, *later = forecast.stretches
    known = [one for one in forecast.stretches if one.why is Why.SCHEDULE]
    if not known or known[0].since.astimezone(timezone).date() != today:
        yield NO_SCHEDULE
    cut = [one for one in later if _is_cut(one)]
    told_before: Supply | None = None
    if _is_cut(present):
        yield _until(present, timezone)
        told_before = present.supply
    elif known and not cut:
        both = known[-1].until.astimezone(timezone).date() > today + timedelta(days=1)
        yield ON_BOTH_DAYS if both else ON_TODAY
    for one in cut[:MOST_TOLD]:
        yield _between(one, timezone, now, then=one.supply is told_before)
        told_before = one.supply


def _is_cut(one: Stretch) -> bool:
    return one.why is Why.SCHEDULE and one.supply in {Supply.OFF, Supply.MAYBE}


def _until(present: Stretch, timezone: tzinfo) -> Phrase:
    """Say that there is none now: "Зараз за графіком світла немає до вісімнадцятої години."."""
    over = present.until.astimezone(timezone).time()
    key = "power-off-now" if present.supply is Supply.OFF else "power-maybe-now"
    return in_both(f"{key}-{over:%H%M}", lambda said, words: said[key].format(until=words.until(over)))


def cut_between(
    since: datetime, until: datetime, timezone: tzinfo, *, now: datetime, sure: bool = True
) -> Phrase:
    """Say when there will be none: "За графіком світла не буде сьогодні від другої до шостої години."."""
    return _said_between("power-off" if sure else "power-maybe", since, until, timezone, now)


def _between(one: Stretch, timezone: tzinfo, now: datetime, *, then: bool) -> Phrase:
    key = "power-then" if then else "power-off" if one.supply is Supply.OFF else "power-maybe"
    return _said_between(key, one.since, one.until, timezone, now)


def _said_between(key: str, begins: datetime, ends: datetime, timezone: tzinfo, now: datetime) -> Phrase:
    since, over = begins.astimezone(timezone), ends.astimezone(timezone)
    ahead = (since.date() - now.astimezone(timezone).date()).days
    return in_both(
        f"{key}-{ahead}-{since:%H%M}-{over:%H%M}",
        lambda said, words: said[key].format(
            day=words.near_day(since.date(), now.astimezone(timezone).date()),
            between=words.between(_hour(since), _hour(over)),
        ),
    )


def _supplier() -> Iterator[Phrase]:
    """Give the supplier's own telephone; nothing where the city's data have none."""
    supplier = power_queues().supplier
    number = "".join(one for one in supplier.phone if one.isdecimal())
    if number:
        yield in_both(
            f"power-supplier-{number}",
            lambda said, words: said["power-supplier"].format(number=words.digits(number)),
        )


def _supplier_page() -> Iterator[Phrase]:
    """Say that the supplier has a page where one's own account tells the queue; chats have its address."""
    if page := power_queues().supplier.page:
        yield replace(
            SUPPLIER_PAGE, read=lambda language: in_chat("chat-power-page", language).format(page=page)
        )


def _as_of(heard_at: datetime, timezone: tzinfo, now: datetime) -> Phrase:
    heard = heard_at.astimezone(timezone)
    day = now.astimezone(timezone).date()
    return in_both(
        f"power-as-of-{heard:%m%d-%H%M}-{(day - heard.date()).days}",
        lambda said, words: said["power-as-of"].format(
            moment=f"{words.near_day(heard.date(), day)} {words.at(_hour(heard))}"
        ),
    )


def _hour(moment: datetime) -> time:
    return moment.time().replace(second=0, microsecond=0)
