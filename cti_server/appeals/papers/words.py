"""Words of the classifier of resolution 858/2008, on papers and in corrections."""

from collections.abc import Mapping

from cti_server.frame.language import N_
from hotline.appeals.appeal import Receipt, ResultKind, Subject

SUBJECTS: Mapping[str, str] = {
    Subject.INDIVIDUAL: N_("Individual appeal"),
    Subject.COLLECTIVE: N_("Collective appeal"),
    Subject.ANONYMOUS: N_("Anonymous appeal"),
}
RECEIPTS: Mapping[str, str] = {
    Receipt.PHONE: N_("By telephone"),
    Receipt.ONLINE: N_("Over the internet"),
    Receipt.POST: N_("By post"),
    Receipt.IN_PERSON: N_("In person"),
    Receipt.CAMERA: N_("Seen on a camera"),
}
RESULTS: Mapping[str, str] = {
    ResultKind.SATISFIED: N_("Solved positively"),
    ResultKind.REFUSED: N_("Refused"),
    ResultKind.EXPLAINED: N_("Explained"),
    ResultKind.FORWARDED: N_("Forwarded to whom it belongs"),
    ResultKind.NOT_CONSIDERED: N_("Not to be considered by law"),
    ResultKind.RETURNED: N_("Returned to its author"),
}
