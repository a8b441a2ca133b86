"""The words of appeals for what the code names."""

from collections.abc import Mapping

from cti_server.appeals.form.reply import WAYS
from cti_server.frame.language import N_
from cti_server.frame.numbers import grouped, phone, read_out
from cti_server.frame.words import APPEAL_STATES, UTILITIES
from hotline.appeals.appeal import AppealKind, Sign
from hotline.appeals.registering import Likeness
from hotline.city.area_notation import area_text
from hotline.city.classifier import Urgency
from hotline.city_data import tables
from hotline.people.benefits import in_order, offered

KINDS: Mapping[str, str] = {AppealKind(one.value): one.en for one in tables.KINDS}
URGENCIES: Mapping[str, str] = {Urgency(one.value): one.en for one in tables.URGENCIES}
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
    "benefits_offered": offered,
    "benefits_of": in_order,
    "grouped": grouped,
    "read_out": read_out,
}
"""The context of the templates of appeals, besides their own data."""
