"""The duty week of an enterprise: who can be reached when, and the gaps in which nobody is on duty."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hotline.enterprises.executors import Contact, ContactKind

DAY = 24 * 60
WEEK = 7 * DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A part of one day in which the same people are on duty, the one who is tried first first.

    `day` is the ISO weekday, `since` and `until` are minutes of that day; `until` may be 1440.
    """

    day: int
    since: int
    until: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A gap in which nobody is on duty, from one (weekday, minute) to another, also over midnight."""

    since: tuple[int, int]
    until: tuple[int, int]


def duty_week(contacts: Iterable[Contact]) -> Sequence[Stretch]:
    """Cut the week where somebody's duty begins or ends, and at midnights."""
    on = [(one.order, one.id, one.name, _spans(one)) for one in contacts if one.kind is ContactKind.DUTY]
    on.sort(key=lambda one: one[:2])
    edges = {edge for *_, spans in on for span in spans for edge in span}
    cuts = sorted({edge for edge in edges if edge < WEEK} | set(range(0, WEEK, DAY)))
    found = []
    for since, until in zip(cuts, [*cuts[1:], WEEK], strict=True):
        day, start = divmod(since, DAY)
        names = tuple(name for _, _, name, spans in on if any(a <= since < b for a, b in spans))
        found.append(Stretch(day=day + 1, since=start, until=until - day * DAY, names=names))
    return found


def gaps(week: Sequence[Stretch]) -> Sequence[Gap]:
    """Join adjacent stretches in which nobody is on duty; one over Sunday's midnight comes last."""
    empty: list[list[Stretch]] = []
    for one in week:
        if one.names:
            continue
        if empty and _follows(empty[-1][-1], one):
            empty[-1].append(one)
        else:
            empty.append([one])
    if len(empty) > 1 and _follows(empty[-1][-1], empty[0][0]):
        empty[-1] += empty.pop(0)
    return [Gap(since=(run[0].day, run[0].since), until=(run[-1].day, run[-1].until)) for run in empty]


def _follows(one: Stretch, other: Stretch) -> bool:
    end = one.day * DAY - DAY + one.until
    return end % WEEK == (other.day - 1) * DAY + other.since


def _spans(contact: Contact) -> Sequence[tuple[int, int]]:
    """Give minutes of the week; what goes over Sunday's midnight goes on on Monday."""
    since = contact.hours.since.hour * 60 + contact.hours.since.minute
    until = contact.hours.until.hour * 60 + contact.hours.until.minute
    length = until - since if since < until else DAY - since + until
    spans = []
    for day in sorted(contact.hours.days):
        begins = (day - 1) * DAY + since
        ends = begins + length
        spans.append((begins, min(ends, WEEK)))
        if ends > WEEK:
            spans.append((0, ends - WEEK))
    return spans
