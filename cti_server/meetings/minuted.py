"""The form of minutes: points with decisions, row by row, read into what minutes say."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from aiohttp import web
from multidict import MultiMapping

from cti_server.frame.language import N_
from cti_server.frame.moments import read_day
from hotline.foreign_text import tidied
from hotline.meetings.meetings import LONGEST_LINE, MOST_POINTS
from hotline.meetings.minutes import (
    LONGEST_DECISION,
    LONGEST_SAID,
    MOST_DECISIONS,
    Decision,
    MinutedPoint,
    MinutesContent,
)

NO_DAY = N_("Point %(point)s: %(given)s is no day.")
TOO_LONG = N_("Point %(point)s: the text is too long.")
NOT_WHOLE = N_("Point %(point)s: each decision needs a text, who does it, and by which day.")
NOBODY_THERE = N_("Mark who was there.")
_DIGITS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMinutes:
    """What was typed, and what is wrong with it; a day that cannot be read is left out."""

    content: MinutesContent
    faults: tuple[str, ...] = ()


def read_minutes(
    form: MultiMapping[object],
    parties: Mapping[str, str],
    known: Mapping[int, Decision],
    gettext: Callable[[str], str],
) -> ReadMinutes:
    """Read the form: `point`, `speaker` and `said` by row, the decisions of row 2 as `text-2` and so on.

    `known` are all decisions that this meeting ever had, by their keys: a new one gets the next key, and one
    whose party is no user or enterprise any more keeps it.
    """
    texts, following = _column(form, "point"), max(known, default=0) + 1
    speakers, said = _column(form, "speaker"), _column(form, "said")
    if len({len(texts), len(speakers), len(said)}) != 1 or len(texts) > MOST_POINTS + 1:
        raise web.HTTPBadRequest
    points, faults = [], []
    for row, text in enumerate(texts):
        decisions, wrong, following = _decisions(form, row, parties, known, following)
        faults += [gettext(one) % {"point": row + 1, "given": given} for one, given in wrong]
        if len(text) > LONGEST_LINE or len(said[row]) > LONGEST_SAID:
            faults.append(gettext(TOO_LONG) % {"point": row + 1})
        point = MinutedPoint(text=text, speaker=speakers[row], said=said[row], decisions=decisions)
        if text or said[row] or decisions:
            points.append(point)
    present = tuple(int(one) for one in _column(form, "present") if _is_key(one))
    others = tidied(str(form.get("others", "")))
    return ReadMinutes(
        content=MinutesContent(present=present, others=others[:LONGEST_SAID], points=tuple(points)),
        faults=tuple(faults),
    )


def lacking(content: MinutesContent, gettext: Callable[[str], str]) -> Sequence[str]:
    """Tell what has to be added before the minutes are signed."""
    found = [
        gettext(NOT_WHOLE) % {"point": number}
        for number, point in enumerate(content.points, 1)
        if not all(one.whole for one in point.decisions)
    ]
    return [*found, *([] if content.present or content.others else [gettext(NOBODY_THERE)])]


def _decisions(
    form: MultiMapping[object],
    row: int,
    parties: Mapping[str, str],
    known: Mapping[int, Decision],
    following: int,
) -> tuple[tuple[Decision, ...], list[tuple[str, str]], int]:
    columns = [_column(form, f"{name}-{row}") for name in ("key", "text", "party", "due")]
    if len({len(one) for one in columns}) != 1 or len(columns[0]) > MOST_DECISIONS:
        raise web.HTTPBadRequest
    found: list[Decision] = []
    faults: list[tuple[str, str]] = []
    for typed_key, text, party, due in zip(*columns, strict=True):
        if not text and not due:
            continue
        stood = known.get(int(typed_key)) if _is_key(typed_key) else None
        key = stood.key if stood else following
        following += stood is None
        decision = Decision(key=key, text=text, due_on=read_day(due) if due else None)
        if party in parties:
            decision = replace(decision, party=party, who=parties[party])
        elif stood and party == stood.party:
            decision = replace(decision, party=party, who=stood.who)
        found.append(decision)
        if due and decision.due_on is None:
            faults.append((NO_DAY, due))
        if len(text) > LONGEST_DECISION:
            faults.append((TOO_LONG, ""))
    return tuple(found), faults, following


def _column(form: MultiMapping[object], name: str) -> Sequence[str]:
    return [tidied(str(one)) for one in form.getall(name, [])]


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _DIGITS
