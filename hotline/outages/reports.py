"""Reports that something is off at an address: by key in a call, or in an appeal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hotline.appeals.appeal import Appeal
from hotline.city.addresses import Address, Gazetteer
from hotline.city.classifier import CLASSIFIERS, Utility, classifier
from hotline.outages.outage import Outage


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageReport:
    """Somebody says that it is off there. Known by its appeal, or else by its call and the utility."""

    utility: Utility
    address: Address
    """Located by the gazetteer; of a street alone nobody knows which house."""
    at: datetime
    number: str | None = None
    """The telephone number in E.164; None when hidden."""
    applicant_id: int | None = None
    call_id: str | None = None
    appeal: str | None = None
    outage_id: int | None = None
    """The outage that the report belongs to, if the caller heard of one or a dispatcher chose it."""
    apart: bool = False
    """A dispatcher says that it is something else than the outage there: it counts for nothing."""

    def __post_init__(self) -> None:
        if self.call_id is None and self.appeal is None:
            raise ValueError("A report comes from a call or from an appeal.")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownReport(OutageReport):
    """One that is kept. `alert_id` is the alert that it was counted in."""

    id: int
    alert_id: int | None = None


def reporting() -> Sequence[str]:
    """Name the categories whose appeals report an outage, by any version."""
    versions = CLASSIFIERS.held.versions.values()
    return sorted({one.code for known in versions for one in known.categories.values() if one.interruption})


def reported_by(category: str, version: int | None = None) -> Utility | None:
    """Give what appeals of the category say to be off; None for what says nothing of the kind.

    `version` is the appeal's own: by it a category is known that is no longer in force.
    """
    known = classifier().categories.get(category) or classifier(version).categories.get(category)
    return known.utility if known and known.interruption else None


def report_of(
    appeal: Appeal,
    gazetteer: Gazetteer,
    utility: Utility,
    *,
    outage_id: int | None = None,
    apart: bool = False,
) -> OutageReport:
    """Give what the appeal reports. Where nobody knows its place it is kept, and counts nowhere."""
    return OutageReport(
        utility=utility,
        address=gazetteer.locate(appeal.address) or Address(street=""),
        at=appeal.registered_at,
        number=appeal.applicant_number,
        applicant_id=appeal.applicant_id,
        call_id=appeal.call_id,
        appeal=appeal.number,
        outage_id=outage_id,
        apart=apart,
    )


def voices(reports: Sequence[OutageReport]) -> int:
    """Count who says so: one number or one applicant is one, all who left neither are one together."""
    above: dict[str, str] = {}

    def top(name: str) -> str:
        while above[name] != name:
            name = above[name]
        return name

    for report in reports:
        names = _names(report)
        for name in names:
            above.setdefault(name, name)
        above[top(names[0])] = top(names[-1])
    return sum(name == higher for name, higher in above.items())


def _names(report: OutageReport) -> Sequence[str]:
    number = f"number {report.number}" if report.number else ""
    applicant = f"citizen {report.applicant_id}" if report.applicant_id is not None else ""
    return [name for name in (number, applicant) if name] or [""]


class OutageReports(Protocol):
    """Reports of outages by citizens."""

    async def add(self, report: OutageReport) -> bool:
        """Keep it; False where it was there already: one a call and utility, one an appeal."""
        ...

    async def put(self, report: OutageReport) -> None:
        """Store a dispatcher's statement on an appeal's report; it replaces an earlier one."""
        ...

    async def open(self, since: datetime) -> Sequence[KnownReport]:
        """Give those since then that belong to no outage and that nobody has decided on, the oldest first.

        Those of an alert that is open are among them however old they are.
        """
        ...

    async def link(self, reports: Sequence[int], outage_id: int) -> None:
        """Let these reports, by their ids, belong to the outage; what belongs to another one stays there."""
        ...

    async def of_outage(self, outage_id: int, limit: int = 200, skipped: int = 0) -> Sequence[KnownReport]:
        """List what belongs to the outage, the latest first, behind the latest `skipped`."""
        ...

    async def count(self, outage_id: int) -> int:
        """Count what belongs to the outage."""
        ...

    async def of_alert(self, alert_id: int, limit: int = 200, skipped: int = 0) -> Sequence[KnownReport]:
        """List what the alert was made of, the latest first, behind the latest `skipped`."""
        ...

    async def unread(self, since: datetime, categories: Sequence[str]) -> Sequence[Appeal]:
        """Give appeals of these categories, registered since then, that no report was made of yet."""
        ...

    async def unmarked(self, since: datetime) -> Sequence[str]:
        """Return the numbers of appeals since then that report what others do, with the sign of a first one.

        Appeals whose sign was set by the service before are left out: a person may have corrected it.
        """
        ...

    async def appeals(self, numbers: Sequence[str]) -> Mapping[str, Appeal]:
        """Give the appeals of these numbers as they are now."""
        ...

    async def of_appeal(self, number: str) -> KnownReport | None:
        """Find what the appeal reports."""
        ...

    async def outage_of(self, appeal: str) -> Outage | None:
        """Give the outage that the appeal belongs to."""
        ...
