"""The search over people, appeals, calls and what was said in them, by any text of the search box."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from hotline.appeals.appeal import Appeal
from hotline.calls.call import CallRecord
from hotline.city.search_terms import Terms
from hotline.contact.numbers import digits_of_part, e164
from hotline.meetings.meetings import Meeting
from hotline.people.citizens import Citizen
from hotline.speech.transcripts import FoundTranscript
from hotline.tasks.task import Task

FEWEST_DIGITS = 3
LONGEST_TEXT = 200


class ResultGroup(StrEnum):
    """The groups of results."""

    PEOPLE = "people"
    APPEALS = "appeals"
    CALLS = "calls"
    TASKS = "tasks"
    MEETINGS = "meetings"
    SPOKEN = "spoken"
    """Words that were said in calls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPerson:
    """A person of the register, with their telephone numbers."""

    citizen: Citizen
    numbers: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Results of a search, limited in each group; all but people the newest first."""

    people: Sequence[FoundPerson] = ()
    appeals: Sequence[Appeal] = ()
    calls: Sequence[CallRecord] = ()
    tasks: Sequence[Task] = ()
    """Those that are not ended first, by their terms."""
    meetings: Sequence[Meeting] = ()
    """Of those that the reader may see."""
    spoken: Sequence[FoundTranscript] = ()
    terms: Terms = ()
    """The terms to mark in the texts."""

    @property
    def nothing(self) -> bool:
        return not (self.people or self.appeals or self.calls or self.tasks or self.meetings or self.spoken)


class Search(Protocol):
    """One search over all registers. No text makes it raise."""

    async def find(self, text: str, groups: Collection[ResultGroup], limit: int) -> Found:
        """Find by a telephone number or its last digits, an appeal's number, a name, an address, or words.

        Groups that are not asked for are not read and stay empty.
        """
        ...


def digits_of(text: str) -> str:
    """Read the number of an appeal or a telephone: its digits; empty when the text is none, or too short."""
    digits = digits_of_part(text)
    return digits if len(digits) >= FEWEST_DIGITS else ""


def last_digits(text: str) -> str:
    """Read a telephone number, whole in any way of writing it, or the last digits of one."""
    whole = e164(text)
    return whole[1:] if whole else digits_of(text)
