"""Words of the office: states, terms of keeping, journals with their columns."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from cti_server.city_data.words import KINDS as DOCUMENTS
from cti_server.delivery.words import CHANNELS, RECIPIENTS
from cti_server.frame.language import N_
from cti_server.frame.words import PAPER_NAMES
from cti_server.informing.words import STATES as ORDER_STATES
from hotline.office.acts import ActKind
from hotline.office.file_states import ActState, FileState, PlanState
from hotline.office.files import FileContent, Keeping
from hotline.office.journals import Cell, Journal

PLAN_STATES: Mapping[str, str] = {PlanState.DRAFT: N_("draft"), PlanState.APPROVED: N_("approved plan")}
FILE_STATES: Mapping[str, str] = {
    FileState.OPEN: N_("kept up"),
    FileState.CLOSED: N_("closed file"),
    FileState.ARCHIVED: N_("given to the archive"),
    FileState.DESTROYED: N_("destroyed"),
}
ACT_STATES: Mapping[str, str] = {
    ActState.DRAFT: N_("draft"),
    ActState.APPROVED: N_("approved by the commission"),
    ActState.SIGNED: N_("signed act"),
    ActState.DONE: N_("carried out"),
    ActState.GIVEN_UP: N_("given up"),
}
MARKS_OF: Mapping[str, str] = {
    PlanState.DRAFT: "hold",
    PlanState.APPROVED: "done",
    FileState.OPEN: "new",
    FileState.CLOSED: "closed",
    FileState.ARCHIVED: "done",
    FileState.DESTROYED: "closed",
    ActState.SIGNED: "new",
    ActState.DONE: "done",
    ActState.GIVEN_UP: "closed",
}
KEEPINGS: Mapping[str, str] = {
    Keeping.YEARS: N_("so many years"),
    Keeping.PERMANENT: N_("for ever"),
    Keeping.NEEDED: N_("until it is not needed"),
}
ACTS: Mapping[str, str] = {
    ActKind.DESTROY: N_("Act of withdrawal for destruction"),
    ActKind.ARCHIVE: N_("Description of files for the archive"),
}
JOURNALS: Mapping[Journal, str] = {
    Journal.APPEALS: N_("Journal of registration"),
    Journal.LETTERS: N_("Letters and notices sent"),
    Journal.ORDERS: N_("Orders to inform residents"),
    Journal.PAPERS: N_("Report papers"),
    Journal.HANDOVERS: N_("Hand-overs"),
    Journal.CITY_DATA: N_("Versions of city data"),
    Journal.SEALS: N_("Seals of recordings"),
}
HEADINGS: Mapping[Journal, Sequence[str]] = {
    Journal.LETTERS: (
        *(N_("Sent"), N_("By which way"), N_("To whom"), N_("Appeal"), N_("Matter")),
        N_("State"),
    ),
    Journal.ORDERS: (
        *(N_("Entered"), N_("Number"), N_("Of the day"), N_("Issued by"), N_("What the order is about")),
        N_("State"),
    ),
    Journal.PAPERS: (
        *(N_("Made"), N_("Report"), N_("First day"), N_("Last day"), N_("Version"), N_("Signed by")),
        N_("Digest"),
    ),
    Journal.HANDOVERS: (
        *(N_("Handed over"), N_("Handed over by"), N_("Taken over by"), N_("Taken over"), N_("Remarks")),
    ),
    Journal.CITY_DATA: (N_("In force since"), N_("Document"), N_("Version"), N_("By whom"), N_("Note")),
    Journal.SEALS: (N_("Sealed"), N_("Day"), N_("Recordings"), N_("Last link"), N_("Digest")),
}
"""In the order of `storage/office/journals.py`."""
_CODES: Mapping[Journal, Mapping[int, Mapping[Any, str]]] = {
    Journal.LETTERS: {
        1: CHANNELS,
        2: RECIPIENTS,
        5: {"sent": N_("sent"), "delivered": N_("delivered")},
    },
    Journal.ORDERS: {5: ORDER_STATES},
    Journal.PAPERS: {1: PAPER_NAMES},
    Journal.CITY_DATA: {1: DOCUMENTS},
}
"""The columns that hold codes, and their words."""


def term(
    content: FileContent, gettext: Callable[[str], str], ngettext: Callable[[str, str, int], str]
) -> str:
    """Write how long a file is kept."""
    if content.keeping is Keeping.YEARS and content.years is not None:
        return ngettext("%(num)d year", "%(num)d years", content.years) % {"num": content.years}
    return gettext(KEEPINGS[content.keeping])


def cells(
    journal: Journal, row: Sequence[Cell], zone: ZoneInfo, gettext: Callable[[str], str]
) -> Sequence[str]:
    """Write the cells of a journal's row as people read them."""
    codes = _CODES.get(journal, {})
    written = []
    for column, cell in enumerate(row):
        match cell:
            case None:
                written.append("")
            case datetime():
                written.append(cell.astimezone(zone).strftime("%d.%m.%Y %H:%M"))
            case date():
                written.append(f"{cell:%d.%m.%Y}")
            case _:
                code = str(cell)
                known = codes.get(column, {})
                written.append(gettext(known.get(code, known.get(code.partition(":")[0], code))))
    return written
