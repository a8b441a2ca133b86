"""The words of appeals for what the code names, and numbers as they are read out."""

from collections.abc import Mapping

from cti_server.appeals.form.reply import WAYS
from cti_server.frame.language import N_
from cti_server.frame.numbers import phone
from cti_server.frame.words import APPEAL_STATES, UTILITIES
from hotline.appeals.appeal import AppealKind, Sign
from hotline.appeals.registering import Likeness
from hotline.city.area_notation import area_text
from hotline.city.classifier import Urgency
from hotline.people.benefits import benefits, in_order

KINDS: Mapping[str, str] = {
    AppealKind.APPLICATION: N_("Application"),
    AppealKind.COMPLAINT: N_("Complaint"),
    AppealKind.PROPOSAL: N_("Proposal"),
    AppealKind.REPORT: N_("Report of a fault"),
}
URGENCIES: Mapping[str, str] = {
    Urgency.ORDINARY: N_("Ordinary"),
    Urgency.URGENT: N_("Urgent"),
    Urgency.EMERGENCY: N_("Emergency"),
}
SIGNS: Mapping[str, str] = {
    Sign.FIRST: N_("First"),
    Sign.REPEATED: N_("Repeated"),
    Sign.DUPLICATE: N_("Duplicate"),
    Sign.NOT_FIRST: N_("One of many by the same person"),
    Sign.MASS: N_("Mass"),
}
LIKENESSES: Mapping[str, str] = {
    Likeness.PERSON: N_("the same person, address and category"),
    Likeness.NUMBER: N_("the same telephone number, address and category"),
    Likeness.ADDRESS: N_("somebody else from the same address, on the same category"),
}
DIGITS: Mapping[str, tuple[str, ...]] = {
    "uk": ("нуль", "один", "два", "три", "чотири", "п’ять", "шість", "сім", "вісім", "дев’ять"),
    "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
}


def grouped(number: str) -> str:
    """Write the number as it is easily read: `26 000 01`."""
    return " ".join([number[:2], *(number[at : at + 3] for at in range(2, len(number), 3))])


def read_out(number: str, language: str) -> str:
    """Write the number digit by digit, in groups that one can take down."""
    groups = grouped(number).split()
    return ", ".join(" ".join(DIGITS[language][int(digit)] for digit in group) for group in groups)


CONTEXT: Mapping[str, object] = {
    "KINDS": KINDS,
    "URGENCIES": URGENCIES,
    "SIGNS": SIGNS,
    "LIKENESSES": LIKENESSES,
    "APPEAL_STATES": APPEAL_STATES,
    "WAYS": WAYS,
    "UTILITIES": UTILITIES,
    "area_text": area_text,
    "phone": phone,
    "benefits": benefits(),
    "benefits_of": in_order,
    "grouped": grouped,
    "read_out": read_out,
}
"""The context of the templates of appeals, besides their own data."""
