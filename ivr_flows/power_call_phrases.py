"""Phrases of the automatic calls before the power changes."""

from collections.abc import Sequence
from datetime import date, datetime, tzinfo

from hotline.city.addresses import Address
from hotline.power.telling import AboutPower
from hotline.voice.speech import Phrase
from ivr_flows.languages import in_both, phrase
from ivr_flows.outage_phrases import address_said, named
from ivr_flows.power_phrases import EMERGENCY_CUTS, cut_between

WHO_CALLS = phrase("power-call-who-calls")
KEYS = phrase("power-call-keys")
THANKS = phrase("power-call-thanks")
STOPPED = phrase("power-call-stopped")
NOTHING = phrase("power-call-nothing")
ASKED_FOR = phrase("power-call-asked-for")
CONSENT = phrase("power-call-consent")
AGREED = phrase("power-call-agreed")
CALLED_OFF = phrase("power-call-called-off")
MOVED = phrase("power-call-moved")
_ON = "power-call-on"

FIXED = (WHO_CALLS, KEYS, THANKS, STOPPED, NOTHING, ASKED_FOR, CONSENT, AGREED, CALLED_OFF, MOVED)


def address(there: Address) -> Phrase:
    """Say which address it is about: "Адреса: Київський квартал, будинок сім."."""
    return named(
        "power-call-address",
        lambda said, words: said["power-call-address"].format(address=address_said(there, said, words)),
    )


def news(
    about: AboutPower,
    since: datetime | None,
    until: datetime | None,
    zone: tzinfo,
    *,
    now: datetime,
    moved: bool,
) -> Sequence[Phrase]:
    """Say what changes, and when; `moved`: they were told otherwise before."""
    match about:
        case AboutPower.SUSPENDED:
            return (EMERGENCY_CUTS,)
        case AboutPower.OFF | AboutPower.MAYBE if since is not None and until is not None:
            told = cut_between(since, until, zone, now=now, sure=about is AboutPower.OFF)
        case AboutPower.ON if since is not None:
            told = _on(since.astimezone(zone), now.astimezone(zone).date())
        case _:
            return (CALLED_OFF,)
    return (MOVED, told) if moved else (told,)


def _on(since: datetime, today: date) -> Phrase:
    """Say when it should be back: "За графіком світло має бути сьогодні о шостій годині."."""
    at = since.time().replace(second=0, microsecond=0)
    return in_both(
        f"{_ON}-{(since.date() - today).days}-{since:%H%M}",
        lambda said, words: said[_ON].format(moment=f"{words.near_day(since.date(), today)} {words.at(at)}"),
    )
