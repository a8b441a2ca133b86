"""The form that arranges a call: read, and refused in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from cti_server.desk.calling_words import REFUSALS
from cti_server.frame.language import N_
from cti_server.frame.moments import read_moment
from hotline.dialling.calling_out import CallingRules, NotDialled
from hotline.line.scheduled_callbacks import FURTHEST, LONGEST_WHY, NewScheduled

TODAY_AT, TOMORROW_AT = time(15), time(9)
_LONGEST_NAME = 100
_NO_WHY = N_("Write in a few words what the call is about.")
_WHY_TOO_LONG = N_("At most 500 characters, please.")
_NO_MOMENT = N_("Choose a day and an hour.")
_WHICH = N_("Choose “at another moment” above, or clear this field.")
_PAST = N_("This moment is over: choose one that is still to come.")
_TOO_FAR = N_("At most three months ahead, please.")


@dataclass(slots=True, kw_only=True)
class TypedArrangement:
    """The form as typed; `faults` has the words in English by the field's name."""

    number: str
    when: str
    """today, tomorrow, or other, which is at `at`."""
    at: str
    why: str
    whose: str
    """me or anybody."""
    call: str
    appeal: str
    faults: dict[str, str] = field(default_factory=dict)


def read_typed(form: Mapping[str, object]) -> TypedArrangement:
    """Read the form, or the address of an empty one; missing fields are as on an empty form."""

    def text(name: str, missing: str = "") -> str:
        return str(form.get(name, missing)).strip()

    return TypedArrangement(
        number=text("number"),
        when=text("when", "today"),
        at=text("at"),
        why=text("why"),
        whose=text("whose", "anybody"),
        call=text("call")[:_LONGEST_NAME],
        appeal=text("appeal")[:_LONGEST_NAME],
    )


def today_at(now: datetime, zone: ZoneInfo) -> datetime | None:
    """Give this afternoon's moment; None when it is over."""
    moment = datetime.combine(now.astimezone(zone), TODAY_AT, zone)
    return moment if moment > now else None


def tomorrow_at(now: datetime, zone: ZoneInfo) -> datetime:
    return datetime.combine(now.astimezone(zone) + timedelta(days=1), TOMORROW_AT, zone)


def moment_of(typed: str, now: datetime, zone: ZoneInfo) -> tuple[datetime, str]:
    """Read a future moment, and its fault in English; `now` replaces an unreadable one."""
    at = read_moment(typed, zone)
    if at is None:
        return now, _NO_MOMENT
    if at <= now:
        return at, _PAST
    return at, _TOO_FAR if at > now + FURTHEST else ""


def arrangement(
    typed: TypedArrangement, user_id: int, now: datetime, *, zone: ZoneInfo, rules: CallingRules
) -> NewScheduled | None:
    """Make the arrangement; None when there are faults, which then are in `typed`."""
    number = ""
    try:
        number = rules.dialable(typed.number)
    except NotDialled as refused:
        typed.faults["number"] = REFUSALS[refused.why]
    if not typed.why or len(typed.why) > LONGEST_WHY:
        typed.faults["why"] = _WHY_TOO_LONG if typed.why else _NO_WHY
    due_at, fault = _due_at(typed, now, zone)
    if fault:
        typed.faults["at"] = fault
    if typed.faults:
        return None
    return NewScheduled(
        number=number,
        due_at=due_at,
        why=typed.why,
        arranged_by=user_id,
        arranged_at=now,
        for_user_id=user_id if typed.whose == "me" else None,
        call_id=typed.call or None,
        appeal_number=typed.appeal or None,
    )


def _due_at(typed: TypedArrangement, now: datetime, zone: ZoneInfo) -> tuple[datetime, str]:
    if typed.at and typed.when != "other":
        return now, _WHICH
    match typed.when:
        case "today":
            at = today_at(now, zone)
            return at or now, "" if at else _PAST
        case "tomorrow":
            return tomorrow_at(now, zone), ""
        case _:
            return moment_of(typed.at, now, zone)
