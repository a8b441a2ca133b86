"""Categories of applicants, such as those who suffered from the Chornobyl disaster: who is served first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hotline.documents.document import DocumentKind
from hotline.documents.in_force import InForce
from hotline.documents.named import Named
from hotline.documents.reading import Fields, document_of, note_doubled


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefit(Named):
    """One category (resolution 858/2008, section 7). `first`: such applicants' appeals go before others."""

    code: str
    first: bool


def read_benefits(text: str, _version: int) -> Mapping[str, Benefit]:
    """Read a version, by code, in its order; raises DocumentFaults."""
    document = document_of(text)
    read = [(row, _benefit(row)) for row in document.rows("benefit")]
    note_doubled(((row, one.code) for row, one in read), "code")
    document.end()
    return {one.code: one for _, one in read}


BENEFITS = InForce(DocumentKind.BENEFITS, read_benefits)


def benefits(version: int | None = None) -> Mapping[str, Benefit]:
    """Give the version by which a citizen was noted, by code; the one in force for None."""
    return BENEFITS.get(version)


def _benefit(row: Fields) -> Benefit:
    return Benefit(code=row.code(), uk=row.text("uk"), en=row.text("en"), first=row.yes("first"))


def in_order(codes: Iterable[str]) -> Sequence[Benefit]:
    """Give the categories of these codes in their order; those that were in force before come last.

    A citizen was noted by them. A code that no version knows is left out.
    """
    wanted = set(codes)
    known = dict(benefits())
    for _, version in sorted(BENEFITS.held.versions.items(), reverse=True):
        known = {**known, **{code: one for code, one in version.items() if code not in known}}
    return [one for code, one in known.items() if code in wanted]


def offered(noted: Iterable[str]) -> Sequence[Benefit]:
    """Give those to choose from for somebody who has these: theirs that are no longer in force as well."""
    present = benefits()
    return [*present.values(), *(one for one in in_order(noted) if one.code not in present)]


def served_first(codes: Iterable[str]) -> bool:
    """Whether an applicant of these categories goes before others (law 393/96-ВР)."""
    present = benefits()
    return any(present[code].first for code in codes if code in present)
