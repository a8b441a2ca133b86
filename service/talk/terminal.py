"""Somebody at the terminal who is the caller: each line that they type is what the caller does."""

import contextlib
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar, TextIO

from hotline.errors import HotlineError
from service.talk.cues import HANGS_UP, Cue, NotACue, read_cues
from service.talk.transcript import CALLER
from service.talk.typed_call import Asking

HELP = "?"


class Left(HotlineError):  # noqa: N818 - reads as what happened
    """The person at the terminal has pressed Ctrl-C: the conversation goes no further."""

    code: ClassVar[str] = "left"


class Terminal:
    """A `service.talk.typed_call.Caller`. Keys that were given beforehand come first, line by line.

    End of input (Ctrl-D) hangs up, Ctrl-C raises Left. An unreadable line is explained, and asked again.
    """

    def __init__(
        self,
        source: TextIO,
        beforehand: Sequence[Sequence[Cue]],
        *,
        tell: Callable[[str], None],
        explain: Callable[[str], str],
    ) -> None:
        """`explain` gives what to tell of a sign that is none; of HELP, all that can be typed."""
        self._source = source
        self._beforehand = deque(beforehand)
        self._tell = tell
        self._explain = explain
        self._typed = False

    @property
    def shown(self) -> bool:
        return self._typed and self._source.isatty()

    def next(self, asking: Asking) -> Sequence[Cue]:  # noqa: ARG002 - who types sees it
        self._typed = not self._beforehand
        if self._beforehand:
            return self._beforehand.popleft()
        while True:
            line = self._line()
            if line is None:
                self._typed = False
                return [HANGS_UP]
            try:
                return read_cues(line)
            except NotACue as unknown:
                self._tell(self._explain(str(unknown)))

    def cutting_in(self, phrases: str, *, question: bool) -> Sequence[Cue]:  # noqa: ARG002 - who types sees it
        self._typed = False
        return self._beforehand.popleft() if self._beforehand and self._beforehand[0][0].cuts_in else []

    def _line(self) -> str | None:
        """Read one line; None at the end. Nothing else goes on meanwhile, so that it may block."""
        if not self._source.isatty():
            line = self._source.readline()
            return line.rstrip("\n") if line else None
        with _interruptible():
            try:
                return input(CALLER)
            except EOFError:
                sys.stdout.write("\n")
                return None
            except KeyboardInterrupt as pressed:
                sys.stdout.write("\n")
                raise Left from pressed  # the event loop bears no KeyboardInterrupt: it would end nothing


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Have Ctrl-C end the reading at once, which the event loop would only hear of after the line."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
