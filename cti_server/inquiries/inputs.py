"""Inputs of acts on requests for information: of the pages' forms and of the API's bodies."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from msgspec import Meta

from cti_server.frame.inputs import Input
from cti_server.frame.language import N_
from hotline.inquiries.inquiries import LONGEST_TEXT
from hotline.inquiries.inquiry_states import InquiryAct

SAY = N_("Write a few words, at most 4000 characters.")
NO_DAY = N_("Write a day from today on, at most a year ahead.")


class InquirySeen(Input, kw_only=True):
    """An act on a request, on the version that was seen."""

    version: Annotated[
        int, Meta(ge=1, le=2**31 - 1, description="As it was read; 412 `outdated` when it is another now.")
    ]


class InquiryWord(InquirySeen, kw_only=True):
    """An act that needs a word: the answer, or why."""

    said: Annotated[
        str,
        Meta(min_length=1, max_length=LONGEST_TEXT, pattern=r"\S", extra={"blank": SAY, "wrong": SAY}),
    ]


class InquiryReturned(InquiryWord, kw_only=True):
    """An answer that was not enough, with the day until which another is owed."""

    due: Annotated[
        date,
        Meta(
            description="The last day, in the city; a year ahead at most.",
            extra={"blank": NO_DAY, "wrong": NO_DAY},
        ),
    ]


INPUTS: Mapping[InquiryAct, type[InquirySeen]] = {
    InquiryAct.ANSWER: InquiryWord,
    InquiryAct.ACCEPT: InquirySeen,
    InquiryAct.RETURN: InquiryReturned,
    InquiryAct.WITHDRAW: InquiryWord,
}
