"""Preview of a document before it is in force: what comes, goes and changes, and what that concerns."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any

from hotline.air_raid.measures import AirRaidRules
from hotline.appeals.appeal import PENDING, Appeal, AppealKind
from hotline.appeals.paperwork import Paperwork, index_of
from hotline.appeals.routing import Rule
from hotline.appeals.state_classifier import StateClassifier
from hotline.appeals.statute import first_term, recounted
from hotline.city.city_rules import CityRules
from hotline.city.classifier import CLASSIFIERS, Classifier
from hotline.city.days_off import DaysOff, Suspension
from hotline.city.terms import Deadline
from hotline.directory.bodies import Bodies
from hotline.documents.document import DocumentKind
from hotline.power.queues import PowerQueues
from hotline.quality.score_forms import ScoreForm
from hotline.shifts.shift_rules import ShiftRules
from hotline.voice.city_name import CityName

LOOKED_BACK_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerned:
    """What is kept, as far as a document may concern it; the store reads it."""

    now: datetime
    appeals: Sequence[Appeal] = ()
    """Those that are not over, and all of the last 30 days."""
    rules: Sequence[Rule] = ()
    citizens: Mapping[str, int] = field(default_factory=dict)
    """How many citizens have each category of applicants."""
    orders: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """Ids of the informing orders under way that name each of these categories."""
    paused: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Names of the dispatchers on each pause, or who have chosen it for afterwards."""
    counters: Mapping[str, int] = field(default_factory=dict)
    """The last number of each series of this year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherTerm:
    """An appeal whose term is, or would have been, another."""

    appeal: Appeal
    before: Deadline
    after: Deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class NextIndex:
    """The next registration index of a kind of appeals; `anew`: its series has counted nothing this year."""

    kind: AppealKind
    before: str
    after: str
    anew: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a document would do. Codes are those of its rows; of days off they are days."""

    came: Sequence[str] = ()
    gone: Sequence[str] = ()
    changed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The fields that change of each row that stays."""
    appeals: Sequence[Appeal] = ()
    """Those not over that stand in a category that goes; they keep it, by their own version."""
    rules: Sequence[Rule] = ()
    """Routing rules that name a category that goes."""
    orders: Sequence[int] = ()
    """Informing orders that name a category of applicants that goes."""
    citizens: Mapping[str, int] = field(default_factory=dict)
    """How many citizens have each category that goes."""
    paused: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Dispatchers on each pause that is no longer offered."""
    terms: Sequence[OtherTerm] = ()
    """Of a classifier: terms of the last 30 days and of open appeals, which stay, as they would have been.

    Of days off: terms of open appeals, which become so.
    """
    indices: Sequence[NextIndex] = ()


def preview(kind: DocumentKind, before: Any, after: Any, concerned: Concerned, city: CityRules) -> Preview:
    """Compare the document in force with the new one, both as read."""
    return _OF_KIND[kind](before, after, concerned, city)


def _classifier(before: Classifier, after: Classifier, concerned: Concerned, city: CityRules) -> Preview:
    rows = _Rows(before.categories, after.categories)
    gone = frozenset(rows.gone)
    return Preview(
        came=rows.came,
        gone=rows.gone,
        changed=rows.changed,
        appeals=[one for one in concerned.appeals if one.state in PENDING and one.category in gone],
        rules=[one for one in concerned.rules if one.names_in_vain(gone, after.categories)],
        terms=list(_other_terms(before, after, concerned.appeals, city)),
    )


def _other_terms(
    before: Classifier, after: Classifier, appeals: Iterable[Appeal], city: CityRules
) -> Iterable[OtherTerm]:
    for one in appeals:
        if one.category in before.categories and one.category in after.categories:
            was, would = _first(one, before, city), _first(one, after, city)
            if was != would:
                yield OtherTerm(appeal=one, before=was, after=would)


def _first(appeal: Appeal, known: Classifier, city: CityRules) -> Deadline:
    with CLASSIFIERS.supposing(known):
        return city.settled(
            first_term(appeal.kind, appeal.category, appeal.urgency, appeal.registered_at, city.timezone)
        )


def _benefits(
    before: Mapping[str, Any], after: Mapping[str, Any], concerned: Concerned, _city: CityRules
) -> Preview:
    rows = _Rows(before, after)
    orders = {order for code in rows.gone for order in concerned.orders.get(code, ())}
    return Preview(
        came=rows.came,
        gone=rows.gone,
        changed=rows.changed,
        citizens={code: concerned.citizens[code] for code in rows.gone if code in concerned.citizens},
        orders=sorted(orders),
    )


def _pauses(
    before: Mapping[str, Any], after: Mapping[str, Any], concerned: Concerned, _city: CityRules
) -> Preview:
    offered = _Rows(
        {code: one for code, one in before.items() if one.chosen},
        {code: one for code, one in after.items() if one.chosen},
    )
    return Preview(
        came=offered.came,
        gone=offered.gone,
        changed=_Rows(before, after).changed,
        paused={code: concerned.paused[code] for code in offered.gone if code in concerned.paused},
    )


def _paperwork(before: Paperwork, after: Paperwork, concerned: Concerned, city: CityRules) -> Preview:
    changed = _differences(before, after, leaving_out=("rules", "given_names"))
    names = (before.given_names, after.given_names)
    return Preview(
        came=sorted(names[1] - names[0]),
        gone=sorted(names[0] - names[1]),
        changed={"": changed} if changed else {},
        indices=[
            one
            for kind in AppealKind
            if (one := _next_index(kind, before, after, concerned, city)).before != one.after
        ],
    )


def _next_index(
    kind: AppealKind, before: Paperwork, after: Paperwork, concerned: Concerned, city: CityRules
) -> NextIndex:
    """Write the next index of the kind, for an anonymous applicant."""
    year = concerned.now.astimezone(city.timezone).year

    def written(by: Paperwork) -> str:
        rule = by.rule(kind)
        running = concerned.counters.get(rule.series, 0) + 1
        number = f"{year % 100:02d}00001"
        return index_of(rule, letter=by.anonymous, running=running, number=number, year=year)

    old, new = before.rule(kind).series, after.rule(kind).series
    anew = old != new and new not in concerned.counters
    return NextIndex(kind=kind, before=written(before), after=written(after), anew=anew)


def _days_off(before: DaysOff, after: DaysOff, concerned: Concerned, city: CityRules) -> Preview:
    old, new = _days(before), _days(after)
    terms = []
    for one in concerned.appeals:
        if one.due_at is not None and one.state in PENDING and (then := recounted(one, city, before, after)):
            now = Deadline(due_on=one.due_on, due_at=one.due_at)
            terms.append(OtherTerm(appeal=one, before=now, after=then))
    return Preview(came=sorted(new - old), gone=sorted(old - new), terms=terms)


def _days(of: DaysOff) -> set[str]:
    """Name the holidays of each year, those of one year, and the times at which they are suspended."""
    return {
        *(f"{month:02d}-{day:02d}" for month, day in of.each_year),
        *(day.isoformat() for day in of.once),
        *(_suspended(one) for one in of.suspended),
    }


def _suspended(one: Suspension) -> str:
    until: date | None = one.until
    return f"{one.since.isoformat()}/{until.isoformat() if until else ''}"


class _Rows:
    """The rows of two versions, by code."""

    def __init__(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        self.came = [code for code in after if code not in before]
        self.gone = [code for code in before if code not in after]
        both = ((code, _differences(before[code], one)) for code, one in after.items() if code in before)
        self.changed = {code: names for code, names in both if names}


def _differences(before: Any, after: Any, leaving_out: Sequence[str] = ()) -> Sequence[str]:
    names = [one.name for one in fields(before) if one.name not in leaving_out]
    return [name for name in names if getattr(before, name) != getattr(after, name)]


def _score_form(before: ScoreForm, after: ScoreForm, _concerned: Concerned, _city: CityRules) -> Preview:
    rows = _Rows(before.questions, after.questions)
    rules = _differences(before, after, leaving_out=("version", "sections", "questions"))
    return Preview(came=rows.came, gone=rows.gone, changed=rows.changed | ({"": rules} if rules else {}))


def _shifts(before: ShiftRules, after: ShiftRules, _concerned: Concerned, _city: CityRules) -> Preview:
    rows = _Rows(before.kinds, after.kinds)
    rules = _differences(before, after, leaving_out=("kinds",))
    return Preview(came=rows.came, gone=rows.gone, changed=rows.changed | ({"": rules} if rules else {}))


def _directory(before: Bodies, after: Bodies, _concerned: Concerned, _city: CityRules) -> Preview:
    rows = [_Rows(before.bodies, after.bodies), _Rows(before.officials, after.officials)]
    return Preview(
        came=[one for each in rows for one in each.came],
        gone=[one for each in rows for one in each.gone],
        changed={code: names for each in rows for code, names in each.changed.items()},
    )


def _power_queues(
    before: PowerQueues, after: PowerQueues, _concerned: Concerned, _city: CityRules
) -> Preview:
    old, new = before.queues, after.queues
    moved = {place: ["queue"] for place, queue in new.items() if old.get(place, queue) != queue}
    supplier = _differences(before.supplier, after.supplier)
    return Preview(
        came=[place for place in new if place not in old],
        gone=[place for place in old if place not in new],
        changed=moved | ({"": supplier} if supplier else {}),
    )


def _air_raid(before: AirRaidRules, after: AirRaidRules, _concerned: Concerned, _city: CityRules) -> Preview:
    old, new = ([*one.locations, *(each.uk for each in one.measures)] for one in (before, after))
    residents = _differences(before.residents, after.residents)
    return Preview(
        came=[one for one in new if one not in old],
        gone=[one for one in old if one not in new],
        changed={"": residents} if residents else {},
    )


def _state_classifier(
    before: StateClassifier, after: StateClassifier, _concerned: Concerned, _city: CityRules
) -> Preview:
    rows = _Rows(before, after)
    return Preview(came=rows.came, gone=rows.gone, changed=rows.changed)


def _city(before: CityName, after: CityName, _concerned: Concerned, _city: CityRules) -> Preview:
    changed = _differences(before, after, leaving_out=("own",))
    return Preview(changed={"": changed} if changed else {})


_OF_KIND: Mapping[DocumentKind, Callable[[Any, Any, Concerned, CityRules], Preview]] = {
    DocumentKind.CLASSIFIER: _classifier,
    DocumentKind.BENEFITS: _benefits,
    DocumentKind.PAUSES: _pauses,
    DocumentKind.PAPERWORK: _paperwork,
    DocumentKind.DAYS_OFF: _days_off,
    DocumentKind.SCORE_FORM: _score_form,
    DocumentKind.SHIFTS: _shifts,
    DocumentKind.DIRECTORY: _directory,
    DocumentKind.POWER_QUEUES: _power_queues,
    DocumentKind.AIR_RAID: _air_raid,
    DocumentKind.STATE_CLASSIFIER: _state_classifier,
    DocumentKind.CITY: _city,
}
