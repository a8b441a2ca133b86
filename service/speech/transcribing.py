"""Voice messages get their words: after the call, the newest first, by a process that ends with the work."""

import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Protocol

from attrs import define, field

from hotline.clock import Clock
from hotline.isolation import IsolatedItems, repeat
from hotline.speech.hearing import Model, NotHeard, WritesDown
from hotline.speech.transcripts import Transcript, Transcripts, Unwritten
from hotline.voice.speech import Language
from telephony.speech.models import SET_UP, look_at
from telephony.speech.process import listening

log = logging.getLogger(__name__)

EVERY_SECONDS = 5.0
LOOKED_AT = 50
"""Messages looked at in one round: one that fails now and then holds up no older one."""
AT_ONCE = 10
"""Messages written down before it is looked again whether a newer one has come."""


class OpensEar(Protocol):
    """Loads the model of a language, for as long as the block lasts."""

    def __call__(self, language: Language) -> AbstractAsyncContextManager[WritesDown]:
        """Raises NotHeard."""
        ...


@define(eq=False, repr=False)
class Transcribing:
    """Works off the messages that have no transcript; what a crash interrupted is simply done anew."""

    _transcripts: Transcripts
    _opens: OpensEar
    _languages: frozenset[Language]
    _folder: Path
    """Where messages lie."""
    _clock: Clock
    _isolated: IsolatedItems = field(factory=lambda: IsolatedItems("message not written down"), init=False)

    async def keep(self) -> None:
        """Write down what comes, for ever."""
        await repeat(self.once, every=EVERY_SECONDS, failure="voice messages not written down")

    async def once(self) -> None:
        """Write down the newest that are owed; one ear at a time is loaded."""
        found = await self._transcripts.unwritten(self._languages, LOOKED_AT)
        due = [one for one in found if not self._isolated.waits(one.sound)][:AT_ONCE]
        for language, messages in _by_language(due).items():
            await self._isolated.do(f"model-{language}", partial(self._work_off, language, messages))

    async def _work_off(self, language: Language, messages: Sequence[Unwritten]) -> None:
        left = list(messages)
        while left:
            async with self._opens(language) as ear:
                while left:  # an ear that died of a message is opened anew for the next
                    one = left.pop(0)
                    if not await self._isolated.do(one.sound, partial(self._write_down, one, ear)):
                        break

    async def _write_down(self, one: Unwritten, ear: WritesDown) -> None:
        heard = await ear(self._folder / one.file)
        await self._transcripts.keep(
            Transcript(
                sound=one.sound,
                text=heard.text,
                words=tuple(heard.words),
                engine=heard.engine,
                model=heard.model,
                language=one.language,
                made_at=self._clock.now(),
            )
        )
        log.info("message written down message=%s words=%d", one.sound, len(heard.words))


def usable(models: Sequence[Model]) -> Mapping[Language, Model]:
    """Give the models that can be used here; of any other, and of none, one line of the log says why."""
    found = {}
    for model in models:
        if fault := _fault(model):
            log.warning("model not used use=%s language=%s: %s", model.use, model.language, fault)
        else:
            found[model.language] = model
    if not models:
        log.info("no model is set that hears: voice messages are only listened to")
    return found


def _fault(model: Model) -> str:
    try:
        found = look_at(model.folder)
    except NotHeard as error:
        return str(error)
    return "" if found.is_installed else f"the package for {found.engine} models is not installed: {SET_UP}"


def ears(models: Mapping[Language, Model]) -> OpensEar:
    """Open ears on these models, each in a process of its own."""

    @asynccontextmanager
    async def opened(language: Language) -> AsyncIterator[WritesDown]:
        async with listening(look_at(models[language].folder), language) as ear:
            yield ear.hear

    return opened


def _by_language(messages: Sequence[Unwritten]) -> Mapping[Language, Sequence[Unwritten]]:
    found: dict[Language, list[Unwritten]] = defaultdict(list)
    for one in messages:
        found[one.language].append(one)
    return found
