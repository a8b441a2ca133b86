"""Forms of the office as they are typed, with what is wrong in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cti_server.frame.language import N_
from cti_server.frame.moments import read_day
from hotline.office.acts import FEWEST_MEMBERS, MOST_MEMBERS, Member
from hotline.office.files import LONGEST_INDEX, LONGEST_LINE, MOST_YEARS, FileContent, Keeping, OfficeFile
from hotline.office.journals import Journal

MISSING = N_("This must be filled in.")
TOO_LONG = N_("This is too long.")
NO_DAY = N_("Write the day as dd.mm.yyyy.")
AHEAD = N_("This day is still to come.")


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedFile:
    """The form of a file of a plan."""

    index: str = ""
    title: str = ""
    keeping: str = Keeping.YEARS.value
    years: int = 0
    article: str = ""
    journal: str = ""
    notes: str = ""
    version: int = 0


def typed_file(one: OfficeFile) -> TypedFile:
    return TypedFile(
        index=one.index,
        title=one.title,
        keeping=one.keeping.value,
        years=one.years or 0,
        article=one.article,
        journal=one.journal.value if one.journal else "",
        notes=one.notes,
        version=one.version,
    )


def faults_of_file(typed: TypedFile) -> Mapping[str, str]:
    """Say what is wrong, by field."""
    faults = {name: MISSING for name in ("index", "title") if not getattr(typed, name)}
    lengths = {"index": LONGEST_INDEX, "title": LONGEST_LINE, "article": LONGEST_LINE, "notes": LONGEST_LINE}
    faults |= {name: TOO_LONG for name, most in lengths.items() if len(getattr(typed, name)) > most}
    if typed.keeping not in set(Keeping):
        faults["keeping"] = MISSING
    if typed.keeping == Keeping.YEARS and not 1 <= typed.years <= MOST_YEARS:
        faults["years"] = N_("Write how many years, from 1 to 100.")
    if typed.journal and typed.journal not in set(Journal):
        faults["journal"] = MISSING
    return faults


def content_of(typed: TypedFile) -> FileContent:
    """Give what was typed without faults."""
    keeping = Keeping(typed.keeping)
    return FileContent(
        index=typed.index,
        title=typed.title,
        keeping=keeping,
        years=typed.years if keeping is Keeping.YEARS else None,
        article=typed.article,
        journal=Journal(typed.journal) if typed.journal else None,
        notes=typed.notes,
    )


def day_fault(text: str, today: date) -> str:
    """Say what is wrong with a day that is over or today; empty for nothing."""
    day = read_day(text)
    return NO_DAY if day is None else AHEAD if day > today else ""


def members_of(text: str) -> Sequence[Member]:
    """Read a commission, a member a line: `Бойко Ігор Іванович, начальник`; the first is its head."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    parts = [line.partition(",") for line in lines if line]
    return [Member(name=name.strip(), post=post.strip()) for name, _, post in parts]


def members_fault(members: Sequence[Member]) -> str:
    if not FEWEST_MEMBERS <= len(members) <= MOST_MEMBERS:
        return N_("Name the commission, a member a line with the post after a comma: three at least.")
    return TOO_LONG if any(len(one.name) + len(one.post) > LONGEST_LINE for one in members) else ""
