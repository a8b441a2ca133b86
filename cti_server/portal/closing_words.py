"""Words for closings: how an appeal ended, and what is wrong with a published chain."""

from collections.abc import Mapping

from cti_server.frame.language import N_
from hotline.portal.closings import EndedBy, FlawKind

ENDED_BY: Mapping[str, str] = {
    EndedBy.PAGE: N_("the applicant, on their page"),
    EndedBy.KEY: N_("the applicant, by a key of the telephone"),
    EndedBy.CHAT: N_("the applicant, in a chat"),
    EndedBy.TELEGRAM: N_("the applicant, asked in Telegram"),
    EndedBy.VIBER: N_("the applicant, asked in Viber"),
    EndedBy.WHATSAPP: N_("the applicant, asked in WhatsApp"),
    EndedBy.SMS: N_("the applicant, by a short message"),
    EndedBy.TAKEN_DOWN: N_("the applicant, whose word a dispatcher wrote down"),
    EndedBy.PROGRAM_CODE: N_("the applicant, passed on by another system with the appeal's code"),
    EndedBy.PROGRAM_ACCOUNT: N_("the applicant, signed in to another system that passed it on"),
    EndedBy.PROGRAM_MESSAGE: N_("the applicant, by a message to another system that passed it on"),
    EndedBy.PROGRAM_SIGNATURE: N_("the applicant, identified electronically by another system"),
    EndedBy.WITHOUT_WORD: N_("nobody could be asked: closed by a dispatcher after all attempts"),
    EndedBy.WITHDRAWN: N_("withdrawn by the applicant"),
    EndedBy.FORWARDED: N_("forwarded to another authority"),
    EndedBy.REJECTED: N_("not considered by law"),
}
FLAWS: Mapping[FlawKind, str] = {
    FlawKind.UNREADABLE: N_("%(subject)s: the digest of this day cannot be read as one"),
    FlawKind.MISSING: N_("%(subject)s: the index names this day, and its digest is not there"),
    FlawKind.GAP: N_("%(subject)s: days before this one have no digest"),
    FlawKind.CHANGED: N_("%(subject)s: the digest was changed after it was signed, or nobody signed it"),
    FlawKind.MOVED: N_("%(subject)s: the digest does not follow the one before it"),
    FlawKind.INDEX: N_("%(subject)s: the index has another SHA-256 of this digest"),
    FlawKind.WRONG_KEY: N_(
        "%(subject)s: the key of this digest is not among the city's keys, or had been replaced"
    ),
    FlawKind.KEY_NOT_HANDED_OVER: N_("key %(subject)s: the key before it has not signed it"),
    FlawKind.OTHER_FIRST_KEY: N_("key %(subject)s: the chain began under another key when you looked last"),
    FlawKind.TRUNCATED: N_("%(subject)s: you have kept the digest of this day, and the chain has it no more"),
    FlawKind.REWRITTEN: N_("%(subject)s: you have kept the digest of this day, and it is another one now"),
}
SOUND = N_("%(days)s days, %(closings)s ends of appeals: the chain is whole, and all signatures are right.")
HEAD_KEPT = N_("The head is kept in %(file)s: the next time the chain is compared with it.")
BROKEN = N_("What is published is not what was signed. The head that was kept stays as it was.")
ROTATED = N_("A new key is in %(file)s; the next digest is signed by it. Keep a copy of this file elsewhere.")
