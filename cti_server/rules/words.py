"""The words of the rules' pages, and a rule in one line."""

from collections.abc import Callable, Mapping, Sequence

from cti_server.frame.language import N_
from cti_server.frame.words import UTILITIES
from hotline.appeals.routing import ANY_MORE, Misfit, OnDays, Rule
from hotline.appeals.rule_flaws import EmergencyGap, RuleFlaw
from hotline.city.area_notation import area_text
from hotline.city.classifier import classifier, last_known
from hotline.enterprises.executors import ContactHours

DAYS: Mapping[int, str] = {
    1: N_("Mon"),
    2: N_("Tue"),
    3: N_("Wed"),
    4: N_("Thu"),
    5: N_("Fri"),
    6: N_("Sat"),
    7: N_("Sun"),
}
ON_DAYS: Mapping[OnDays, str] = {
    OnDays.ALL: N_("on all days"),
    OnDays.WORKING: N_("on working days only"),
    OnDays.OFF: N_("on weekends and holidays only"),
}
MISFITS: Mapping[Misfit, str] = {
    Misfit.OFF: N_("it is switched off"),
    Misfit.CLOSED: N_("its enterprise takes no appeals any more"),
    Misfit.CATEGORY: N_("it is for other categories"),
    Misfit.ADDRESS: N_("it is for other addresses"),
    Misfit.HOURS: N_("it holds at other hours"),
    Misfit.DAY: N_("it holds on other days"),
}
FLAWS: Mapping[RuleFlaw, str] = {
    RuleFlaw.CLOSED: N_("Never fires: its enterprise takes no appeals any more."),
    RuleFlaw.NO_CATEGORY: N_("Never fires: it names no category of the classifier."),
    RuleFlaw.NO_TIME: N_("Never fires: its hours lie on days that it leaves out."),
    RuleFlaw.HIDDEN: N_("Never fires: earlier rules take all of it."),
    RuleFlaw.PARTLY_HIDDEN: N_("A rule above takes a part of these appeals for another enterprise."),
}
GAPS: Mapping[EmergencyGap, str] = {
    EmergencyGap.NO_RULE: N_("No rule for the whole city takes the category of emergencies."),
    EmergencyGap.NO_HOURS: N_("The rules that take the category of emergencies leave out hours or days."),
    EmergencyGap.NO_NUMBER: N_("The enterprise that gets emergencies has no duty contact with a number."),
}
_FEW = 4

Gettext = Callable[[str], str]


def what(rule: Rule, language: str, gettext: Gettext) -> str:
    """Say for which categories it is."""
    named = [gettext(UTILITIES[one]) for one in rule.utilities]
    named += [category_name(code, language) for code in rule.categories]
    return _some(named, gettext) or gettext("all categories")


def category_name(code: str, language: str) -> str:
    """Name a category, or all categories with this prefix."""
    known = classifier().categories
    if code.endswith(ANY_MORE):
        begun = [one for one in known.values() if one.code.startswith(code.removesuffix(ANY_MORE))]
        return ", ".join(one.name(language) for one in begun) or code
    named = last_known(code)
    return named.name(language) if named else code


def where(rule: Rule, gettext: Gettext) -> str:
    """Say for which addresses."""
    return _some([area_text(one) for one in rule.areas], gettext) or gettext("the whole city")


def when(rule: Rule, gettext: Gettext) -> str:
    """Say at which hours and on which days."""
    days = "" if rule.on_days is OnDays.ALL else gettext(ON_DAYS[rule.on_days])
    text = ", ".join(part for part in (hours_text(rule.hours, gettext), days) if part)
    return text or gettext("always")


def hours_text(hours: ContactHours, gettext: Gettext) -> str:
    """Write hours: `8:00–17:00, Mon–Fri`; empty for always."""
    clock = "" if hours.since == hours.until else f"{hours.since:%H:%M}–{hours.until:%H:%M}"
    if hours.since == hours.until and hours.since.hour + hours.since.minute:
        clock = gettext("24 hours from %(moment)s") % {"moment": f"{hours.since:%H:%M}"}
    days = "" if len(hours.days) == len(DAYS) else days_text(sorted(hours.days), gettext)
    return ", ".join(part for part in (clock, days) if part)


def days_text(days: Sequence[int], gettext: Gettext) -> str:
    """Write weekdays, three and more in a row as one: `Mon–Fri, Sun`."""
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    names = {day: gettext(name) for day, name in DAYS.items()}
    return ", ".join(
        f"{names[run[0]]}–{names[run[-1]]}" if len(run) > 2 else ", ".join(names[day] for day in run)  # noqa: PLR2004
        for run in runs
    )


def summary(rule: Rule, executor: str) -> str:
    """Write the whole rule in one line, for the audit log; in codes, as it is the same for everybody."""
    state = "" if rule.active else " (off)"
    what_it_takes = " ".join((*(one.value for one in rule.utilities), *rule.categories)) or "*"
    areas = "; ".join(map(area_text, rule.areas)) or "*"
    clock = f"{rule.hours.since:%H:%M}-{rule.hours.until:%H:%M}"
    days = "".join(map(str, sorted(rule.hours.days)))
    return f"{what_it_takes} | {areas} | {clock} {days} {rule.on_days} → {executor}{state}"[:400]


def _some(names: Sequence[str], gettext: Gettext) -> str:
    shown = ", ".join(names[:_FEW])
    more = len(names) - _FEW
    if more <= 0:
        return shown
    rest = gettext("and %(count)s more") % {"count": more}
    return f"{shown} {rest}"
