"""Inputs of acts on tasks: of the card's forms and of the API's bodies."""

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta

from cti_server.frame.inputs import Input
from cti_server.frame.language import N_
from hotline.tasks.task import LONGEST_WORD
from hotline.tasks.task_states import TaskEvent


class TaskSeen(Input, kw_only=True):
    """An act on a task, on the version that was seen."""

    version: Annotated[
        int, Meta(ge=1, le=2**31 - 1, description="As it was read; 412 `outdated` when it is another now.")
    ]


class TaskWord(TaskSeen, kw_only=True):
    """An act that needs a word."""

    said: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=LONGEST_WORD,
            pattern=r"\S",
            extra={
                "blank": N_("Write what you want to say."),
                "wrong": N_("This is too long: write 2000 characters at most."),
            },
        ),
    ]


INPUTS: Mapping[TaskEvent, type[TaskSeen]] = {
    TaskEvent.ACCEPT: TaskSeen,
    TaskEvent.REPORT: TaskWord,
    TaskEvent.TAKE_OFF: TaskWord,
    TaskEvent.RETURN: TaskWord,
    TaskEvent.NOTE: TaskWord,
    TaskEvent.REOPEN: TaskWord,
    TaskEvent.WITHDRAW: TaskWord,
}


def said_in(read: TaskSeen) -> str:
    return read.said if isinstance(read, TaskWord) else ""
