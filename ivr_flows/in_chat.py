"""Messages of a chat, made of the phrases that a call would hear: their text, and their choices."""

import re
from collections.abc import Sequence

from attrs import define, field

from hotline.chats.chats import Button
from hotline.voice.speech import Language, Phrase

_CHOICE = re.compile(r"\[([0-9*#_])\] (.+)")
SILENCE = "_"
"""Stands in a choice for saying nothing, as one does on the telephone who does not know what is asked."""
_DIGITS = "digits-"
"""Begins the names of phrases that say a number in parts."""


@define(eq=False, repr=False)
class Message:
    """The hotline's message between two answers of the resident."""

    _texts: list[str] = field(factory=list, init=False)
    _buttons: dict[str, Button] = field(factory=dict, init=False)
    _in_number: bool = field(default=False, init=False)

    def say(self, phrases: Sequence[Phrase], language: Language) -> None:
        for phrase in phrases:
            self._add(phrase, phrase.in_chat(language))

    def _add(self, phrase: Phrase, text: str) -> None:
        part_of_number = phrase.name.startswith(_DIGITS)
        said: list[str] = []
        for line in filter(None, map(str.strip, text.splitlines())):
            if phrase.choices and (choice := _CHOICE.fullmatch(line)):
                self._buttons[choice[1]] = Button(key=choice[1], label=choice[2])
            else:
                said.append(line)
        if part_of_number and self._in_number:
            self._texts[-1] += "".join(said)
        elif said:
            self._texts.append("\n".join(said))
        self._in_number = part_of_number

    @property
    def buttons(self) -> tuple[Button, ...]:
        """The choices, in the order in which they were said."""
        return tuple(self._buttons.values())

    @property
    def text(self) -> str:
        return "\n".join(self._texts)

    def __bool__(self) -> bool:
        return bool(self._texts or self._buttons)
