"""The reasons for which a dispatcher pauses: data of the city, not code."""

from collections.abc import Mapping
from dataclasses import dataclass

from hotline.documents.document import DocumentKind
from hotline.documents.faults import Flaw
from hotline.documents.in_force import InForce
from hotline.documents.named import Named
from hotline.documents.reading import Fields, document_of, note_doubled


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause(Named):
    """One reason. `chosen` says whether it is still offered."""

    code: str
    chosen: bool = True


def read_pauses(text: str, _version: int) -> Mapping[str, Pause]:
    """Read the reasons, by code, in the order in which they are offered; raises DocumentFaults."""
    document = document_of(text)
    read = [(row, _pause(row)) for row in document.rows("pause")]
    note_doubled(((row, one.code) for row, one in read), "code")
    if read and not any(one.chosen for _, one in read):
        document.note(Flaw.NOTHING_CHOSEN)
    document.end()
    return {one.code: one for _, one in read}


PAUSES = InForce(DocumentKind.PAUSES, read_pauses)


def pauses() -> Mapping[str, Pause]:
    """Give the reasons in force: those no longer offered are among them, as the history names them."""
    return PAUSES.get()


def _pause(row: Fields) -> Pause:
    return Pause(
        code=row.code(), uk=row.text("uk"), en=row.text("en"), chosen=row.yes("chosen", otherwise=True)
    )
