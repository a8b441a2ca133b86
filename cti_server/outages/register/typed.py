"""An outage as typed: its faults, and the outage that it makes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from multidict import MultiMapping

from cti_server.frame.forms import new_key, read_form
from cti_server.frame.language import N_
from cti_server.frame.moments import moment_typed, read_moment
from hotline.city.addresses import Gazetteer
from hotline.city.area_notation import AreaFault, areas_text, read_areas
from hotline.city.classifier import Utility
from hotline.outages.outage import NewOutage, OutageKind

LONGEST_TEXT = 300
LONGEST_AREAS = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedOutage:
    """The fields of the form as typed. `idempotency_key`: a form sent twice is entered once."""

    utility: str = ""
    kind: str = ""
    starts: str = ""
    ends: str = ""
    unknown: bool = False
    """The end is not known yet."""
    areas: str = ""
    city: bool = False
    reason: str = ""
    order: str = ""
    executor: str = ""
    note: str = ""
    version: int = 0
    """Of the outage as it was seen; 0 for a new one."""
    idempotency_key: str = ""
    shown: str = ""
    """The digest of the warnings that were shown: with the same ones it is entered anyway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """Each wrong field → the reason, to be translated, and the lines of the areas that cannot be read."""

    fields: Mapping[str, str]
    areas: Sequence[AreaFault] = ()


NO_FAULTS = Faults(fields={})


def read_typed(form: MultiMapping[object]) -> TypedOutage:
    """Take the form as a browser sends it."""
    typed = read_form(TypedOutage, form)
    return replace(
        typed,
        areas=typed.areas[: LONGEST_AREAS + 1],
        idempotency_key=typed.idempotency_key[:40] or new_key(),
    )


def as_typed(outage: NewOutage, zone: ZoneInfo, *, version: int = 0) -> TypedOutage:
    """Write an outage as the form shows it."""
    end = outage.expected_end
    return TypedOutage(
        utility=outage.utility.value,
        kind=outage.kind.value,
        starts=moment_typed(outage.starts_at, zone),
        ends=moment_typed(end, zone) if end else "",
        unknown=end is None,
        areas=areas_text(outage.areas),
        city=outage.city_wide,
        reason=outage.reason,
        order=outage.order,
        executor=str(outage.executor_id or ""),
        version=version,
        idempotency_key=new_key(),
    )


def as_query(typed: TypedOutage) -> Mapping[str, str]:
    """Write the fields so that a link opens a new form with them (`read_typed`)."""
    names = ("utility", "kind", "starts", "ends", "areas", "reason", "order", "executor")
    ticks = {name: "yes" for name in ("unknown", "city") if getattr(typed, name)}
    return {name: text for name in names if (text := getattr(typed, name))} | ticks


def outage_of(
    typed: TypedOutage,
    zone: ZoneInfo,
    gazetteer: Gazetteer,
    executors: frozenset[int],
    was: NewOutage | None = None,
) -> tuple[NewOutage | None, Faults]:
    """Make the outage, for one of the `executors` or for none; or None, and the faults.

    `was` is the outage that the form changes.
    """
    faults = _plain_faults(typed)
    if typed.executor and typed.executor not in {str(one) for one in executors}:
        faults["executor"] = N_("Choose an enterprise of the register.")
    starts = read_moment(typed.starts, zone, was.starts_at if was else None)
    ends = read_moment(typed.ends, zone, was.expected_end if was else None)
    if starts is None:
        faults["starts"] = N_("Write the moment as a date and a time.")
    if not typed.unknown and ends is None:
        faults["ends"] = N_("Write when it is expected to end, or tick that it is not known yet.")
    elif not typed.unknown and starts and ends and ends <= starts:
        faults["ends"] = N_("It would end before it begins.")
    read = read_areas(typed.areas, gazetteer)
    areas_fault = _areas_fault(typed, city_wide=typed.city or read.city_wide, some=bool(read.areas))
    if read.fault or areas_fault:
        faults["areas"] = read.fault.reason if read.fault else areas_fault
    if faults or starts is None:
        return None, Faults(fields=faults, areas=read.faults)
    outage = NewOutage(
        utility=Utility(typed.utility),
        kind=OutageKind(typed.kind),
        starts_at=starts,
        expected_end=None if typed.unknown else ends,
        areas=read.areas,
        reason=typed.reason,
        order=typed.order,
        executor_id=int(typed.executor) if typed.executor else None,
    )
    return outage, NO_FAULTS


def _plain_faults(typed: TypedOutage) -> dict[str, str]:
    faults = {}
    if typed.utility not in set(Utility):
        faults["utility"] = N_("Choose what is off.")
    if typed.kind not in set(OutageKind):
        faults["kind"] = N_("Choose the kind.")
    for name in ("reason", "order", "note"):
        if len(getattr(typed, name)) > LONGEST_TEXT:
            faults[name] = N_("Write no more than 300 characters.")
    return faults


def _areas_fault(typed: TypedOutage, *, city_wide: bool, some: bool) -> str:
    if len(typed.areas) > LONGEST_AREAS:
        return N_("That is too much: make several entries of it.")
    if city_wide and some:
        return N_("The whole city and a street of it: leave one of them.")
    if not city_wide and not some:
        return N_("Write where it is off, or tick the whole city.")
    return ""
