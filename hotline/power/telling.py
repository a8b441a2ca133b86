"""Notices before the power changes at a subscriber's house: which, when, and the facts in the text.

A change is told once. One that was told and does not hold any more is told anew: moved, called off, or that
emergency cuts have suspended the schedule.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Any

from hotline.city.addresses import Address
from hotline.city.classifier import Urgency
from hotline.contact.channel import Channel
from hotline.delivery.facts import notice_facts
from hotline.outages.subscriptions import PowerAhead
from hotline.power.forecast import Forecast, Stretch, Why
from hotline.power.schedule import Supply
from hotline.voice.speech import Language

MOVED_WITHIN = timedelta(hours=6)
"""A change that lies further from the one that was told is another."""
MOST_A_DAY: Mapping[Channel, int] = {Channel.SMS: 10, Channel.EMAIL: 30, Channel.CALL: 6, Channel.CHAT: 30}
"""Notices of a day to one mailbox, telephone or person of a messenger."""
MOST_IN_ALL: Mapping[Channel, int] = {
    Channel.SMS: 3000,
    Channel.EMAIL: 30_000,
    Channel.CALL: 1000,
    Channel.CHAT: 30_000,
}
"""Notices of a day to all together: short messages are paid for, mail servers and messengers have limits."""


BEGINS, ENDS = "begins", "ends"
"""Moments among the facts of a call: it says the day as well."""


class AboutPower(StrEnum):
    """Kinds of notices of the power; each names its text."""

    OFF = "power-off"
    MAYBE = "power-maybe"
    ON = "power-on"
    CALLED_OFF = "power-called-off"
    """The power stays on at the time for which a cut was told."""
    SUSPENDED = "power-suspended"
    """Emergency cuts: nobody knows whether what was told holds."""


_ABOUT = {Supply.OFF: AboutPower.OFF, Supply.MAYBE: AboutPower.MAYBE, Supply.ON: AboutPower.ON}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """From this moment on the supply is another."""

    at: datetime
    supply: Supply


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerSubscriber:
    """A resident who is told of the changes at a house; `told`: the change of which they heard last."""

    id: int
    channel: Channel
    contact: str
    language: Language
    place: Address
    ahead: PowerAhead
    told: Change | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerNews:
    """News for one subscriber; `told`: the change of which they know afterwards."""

    to: PowerSubscriber
    about: AboutPower
    facts: Mapping[str, Any]
    told: Change | None


def news_for(one: PowerSubscriber, forecast: Forecast, now: datetime, zone: tzinfo) -> PowerNews | None:
    """Give what they are to be told at this moment; None: nothing, or they are to be left alone now."""
    if one.ahead.quiet(now.astimezone(zone).hour):
        return None
    if one.told is not None and one.told.at > now and (broken := _broken(one, one.told, forecast, now, zone)):
        return broken
    change = next(
        (stretch for stretch in _changes(forecast) if stretch.since > now),
        None,
    )
    if change is None or change.since - timedelta(minutes=one.ahead.minutes) > now:
        return None
    if one.told is not None and one.told.at >= change.since:
        return None
    return _of_change(one, change, zone)


def _changes(forecast: Forecast) -> list[Stretch]:
    """Give the stretches with which the schedule changes the supply: what follows one that is known."""
    pairs = zip(forecast.stretches, forecast.stretches[1:], strict=False)
    return [
        after for before, after in pairs if after.why is Why.SCHEDULE and after.supply is not before.supply
    ]


def _broken(
    one: PowerSubscriber, told: Change, forecast: Forecast, now: datetime, zone: tzinfo
) -> PowerNews | None:
    """Tell anew what they were told and what does not hold any more; None: it holds, or nobody can say."""
    then = next(stretch for stretch in forecast.stretches if stretch.since <= told.at < stretch.until)
    if then.why is Why.EMERGENCY_CUTS:
        return PowerNews(to=one, about=AboutPower.SUSPENDED, facts=_facts(one, zone), told=None)
    if then.why is not Why.SCHEDULE or (
        then.supply is told.supply and then.since in {told.at, *_past(then, now)}
    ):
        return None
    for stretch in _changes(forecast):
        near = abs(stretch.since - told.at) <= MOVED_WITHIN and stretch.since > now
        if near and stretch.supply in _LIKE[told.supply]:
            return _of_change(one, stretch, zone, moved=True)
    if told.supply is Supply.ON or then.supply is not Supply.ON:
        return None
    return PowerNews(to=one, about=AboutPower.CALLED_OFF, facts=_facts(one, zone, since=told.at), told=None)


_LIKE: Mapping[Supply, frozenset[Supply]] = {
    Supply.ON: frozenset({Supply.ON}),
    Supply.OFF: frozenset({Supply.OFF, Supply.MAYBE}),
    Supply.MAYBE: frozenset({Supply.OFF, Supply.MAYBE}),
}


def _past(then: Stretch, now: datetime) -> tuple[datetime, ...]:
    """Give its beginning where that is over: nobody is told of what has happened."""
    return (then.since,) if then.since <= now else ()


def _of_change(one: PowerSubscriber, change: Stretch, zone: tzinfo, *, moved: bool = False) -> PowerNews:
    return PowerNews(
        to=one,
        about=_ABOUT[change.supply],
        facts=_facts(one, zone, since=change.since, until=change.until, moved=moved),
        told=Change(at=change.since, supply=change.supply),
    )


def _facts(
    one: PowerSubscriber,
    zone: tzinfo,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    moved: bool = False,
) -> dict[str, Any]:
    """Give the facts: where, the hours, and whether it was told otherwise before.

    They chose their own quiet hours, so those of the courier do not hold: the notice may not wait.
    """
    hours = {name: _hour(at, zone) for name, at in (("since", since), ("until", until)) if at is not None}
    return notice_facts(
        one.language,
        urgency=Urgency.EMERGENCY,
        texts={"where": one.place.text, "moved": "", "since": "", "until": "", **hours},
        words={"moved": "power-moved"} if moved else {},
        moments={BEGINS: since, ENDS: until} if one.channel is Channel.CALL else None,
    )


def _hour(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%H:%M}"
