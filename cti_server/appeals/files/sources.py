"""Ports of taking in and handing out files, and the words for why one is not taken."""

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from cti_server.frame.language import N_
from hotline.appeals.attachments import AppealFiles, FileRefusal, FileStore
from hotline.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The list of files and the store of their bytes."""

    files: AppealFiles
    store: FileStore
    clock: Clock


EVIDENCE: web.AppKey[Evidence] = web.AppKey("evidence")
REFUSALS: Mapping[str, str] = {
    FileRefusal.EMPTY: N_("The file is empty: choose it once more."),
    FileRefusal.KIND: N_("Only photos (JPEG, PNG, WebP, HEIC), PDF, DOCX, XLSX, ODT and ODS are taken."),
    FileRefusal.DAMAGED: N_("The file is damaged and does not open: send it once more."),
    FileRefusal.TOO_LARGE: N_("The file is too large: send a smaller one."),
    FileRefusal.TOO_MANY_PIXELS: N_("The picture has too many dots: make a smaller photo."),
    FileRefusal.ACTIVE: N_("The paper carries a program or other files: save it as a plain PDF."),
    FileRefusal.LOCKED: N_("The paper opens with a password only: save it without one."),
    FileRefusal.TOO_MANY: N_("There are as many files as an appeal may have."),
    FileRefusal.NO_ROOM: N_("There is no room for files on the server: tell the administrator."),
}
"""Advice on each refusal."""
