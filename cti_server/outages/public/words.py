"""Words for outages on public pages: utility, place, start and expected end, in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from cti_server.frame.language import N_, words
from cti_server.frame.words import UTILITIES
from hotline.city.addresses import Area
from hotline.city.area_notation import area_text
from hotline.city.classifier import Utility
from hotline.outages.bulletin import PublishedOutage, ToldOrder
from hotline.outages.outage import Outage, OutageKind

OFF: Mapping[str, str] = {
    Utility.WATER: N_("No cold water"),
    Utility.HOT_WATER: N_("No hot water"),
    Utility.HEAT: N_("No heating"),
    Utility.POWER: N_("No electricity"),
    Utility.GAS: N_("No gas"),
    Utility.LIFTS: N_("Lifts out of order"),
    Utility.ROADS: N_("Road closed"),
    Utility.OTHER: N_("Outage"),
}
"""The utility that is off, as a heading."""
OFF_LATER: Mapping[str, str] = {
    Utility.WATER: N_("There will be no cold water"),
    Utility.HOT_WATER: N_("There will be no hot water"),
    Utility.HEAT: N_("There will be no heating"),
    Utility.POWER: N_("There will be no electricity"),
    Utility.GAS: N_("There will be no gas"),
    Utility.LIFTS: N_("Lifts will be out of order"),
    Utility.ROADS: N_("The road will be closed"),
    Utility.OTHER: N_("There will be an outage"),
}
KINDS: Mapping[str, str] = {
    OutageKind.PLANNED: N_("planned works"),
    OutageKind.UNPLANNED: N_("unplanned outage"),
    OutageKind.REPAIR: N_("repair"),
    OutageKind.EMERGENCY: N_("emergency outage"),
}
_WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))


@dataclass(frozen=True, slots=True)
class Words:
    """Words of one language, with times of the city, at the moment `now`.

    `lasting` words are kept by others and read later: they name days by their dates only.
    """

    language: str
    timezone: ZoneInfo
    now: datetime
    lasting: bool = False

    @property
    def today(self) -> date:
        return self.now.astimezone(self.timezone).date()

    def say(self, text: str, **values: object) -> str:
        said = words(self.language).gettext(text)
        return said % values if values else said

    def off(self, outage: Outage) -> str:
        """Name the outage: `No hot water`; once it is over, only the utility."""
        if outage.over:
            return self.utility(outage.utility)
        return self.say((OFF if outage.starts_at <= self.now else OFF_LATER)[outage.utility])

    def title(self, outage: Outage) -> str:
        """Name it in a way that stays true: `Hot water: planned works`."""
        return f"{self.utility(outage.utility)}: {self.kind(outage)}"

    def utility(self, utility: Utility) -> str:
        return self.say(UTILITIES[utility])

    def kind(self, outage: Outage) -> str:
        return self.say(KINDS[outage.kind])

    def where(self, outage: Outage) -> list[str]:
        """Name its areas; without any, the whole city."""
        return self.places(outage.areas)

    def places(self, areas: Sequence[Area]) -> list[str]:
        """Name each; of none, the whole city."""
        return [area_text(one, self.language) for one in areas] or [self.say(N_("The whole city"))]

    def ordered(self, order: ToldOrder) -> str:
        """Say the order: `By order № 12-р of 26.11.2026, the mayor.`."""
        text = N_("By order № %(number)s of %(day)s, %(who)s.")
        return self.say(text, number=order.number, day=f"{order.dated:%d.%m.%Y}", who=order.issued_by)

    def moment(self, at: datetime) -> str:
        """Write a moment: `today at 14:30`, `Thu 26.11, 09:00`."""
        local = at.astimezone(self.timezone)
        time, day = f"{local:%H:%M}", local.date()
        if self.lasting:
            return f"{day:%d.%m.%Y}, {time}"
        match (day - self.today).days:
            case 0:
                return self.say(N_("today at %(time)s"), time=time)
            case 1:
                return self.say(N_("tomorrow at %(time)s"), time=time)
            case -1:
                return self.say(N_("yesterday at %(time)s"), time=time)
            case _:
                return f"{self.day(day)}, {time}"

    def day(self, day: date) -> str:
        """Write a day: `Thu 26.11`, with the year where it is another."""
        year = "" if day.year == self.today.year else f".{day.year}"
        return f"{self.say(_WEEKDAYS[day.weekday()])} {day:%d.%m}{year}"

    def since(self, outage: Outage) -> str:
        """Say in a sentence since when, or from when."""
        begun = outage.starts_at <= self.now
        text = N_("Since: %(moment)s.") if begun else N_("From: %(moment)s.")
        return self.say(text, moment=self.moment(outage.starts_at))

    def end(self, told: PublishedOutage) -> str:
        """Say in a sentence when it ends, ended, or that nobody knows."""
        outage = told.outage
        if outage.cancelled:
            return self.say(N_("Called off."))
        if outage.ended_at is not None:
            return self.say(N_("Over since %(moment)s."), moment=self.moment(outage.ended_at))
        if told.overdue:
            return self.say(N_("It takes longer than expected; there is no new time yet."))
        if outage.expected_end is None:
            return self.say(N_("When it will be over is not known yet."))
        return self.say(N_("Expected to be over: %(moment)s."), moment=self.moment(outage.expected_end))

    def moved(self, told: PublishedOutage) -> str:
        """Say the end announced before, if there was another; empty where nothing moved."""
        if not told.ends_before:
            return ""
        before = told.ends_before[-1]
        if before is None:
            return self.say(N_("At first no time was known."))
        return self.say(N_("Moved: before, it was to end %(moment)s."), moment=self.moment(before))

    def story(self, told: PublishedOutage) -> list[str]:
        """Tell all of it, a sentence or a fact at a time."""
        outage = told.outage
        facts = [
            "; ".join(self.where(outage)),
            f"{self.since(outage)} {self.end(told)}",
            self.moved(told),
            outage.reason and self.say(N_("Reason: %(reason)s"), reason=outage.reason),
            told.executor and self.say(N_("Work by: %(executor)s"), executor=told.executor),
            outage.order and self.say(N_("By order: %(order)s"), order=outage.order),
        ]
        return [one for one in facts if one]

    def local(self, at: datetime, days: int = 0) -> datetime:
        """Return the city's midnight of that day, or of one some days later."""
        day = at.astimezone(self.timezone).date() + timedelta(days=days)
        return datetime(day.year, day.month, day.day, tzinfo=self.timezone)
