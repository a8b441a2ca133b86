"""`hotline bench hearing`: what callers mean is understood of what an ear heard of them by telephone.

Citizens' sentences, whose meaning is written beside them, are spoken by every voice at three paces. An
address is read back as in a call: the same speaker's yes or no, which the same ear has heard, accepts it.
What was kept aside while the rules were made, sentences and voices, is told apart (`aside_…`).
"""

import asyncio
import contextlib
import math
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from hotline.calls.conversation import Next
from hotline.city.addresses import Gazetteer, demo_streets
from hotline.city.category_search import CategorySearch, CategoryWords
from hotline.city.geojson import demo_map
from hotline.speech.answers import ANSWERS, Answer
from hotline.speech.guesses import (
    Guesses,
    addresses_among,
    answer_among,
    digits_among,
    emergency_among,
    guesses_in,
    topic_among,
)
from hotline.speech.hearing import Heard, Use
from hotline.speech.spoken_numbers import NUMBERS
from hotline.speech.spoken_places import PLACES
from hotline.speech.topics import TOPICS, Topic
from hotline.speech.vocabulary import Vocabulary, vocabularies
from hotline.voice.speech import Language
from ivr_flows.main_menu import BY_TOPIC
from ivr_flows.said_address import MOST_READ_BACK
from service.node.listener import joined
from service.settings.settings import Settings
from storage.city.lemmas import UkrainianLemmas
from telephony.speech.corpus import UNCLEAR, Meaningful, Meant, meaningful
from telephony.speech.models import look_at
from telephony.speech.process import HearingProcess, listening
from tests.bench.measured import Limit, Measured, NothingMeasured
from tests.bench.progress import tell
from tests.bench.spoken import Clip, Speaker, every_clip, sample, voices

UK = Language.UKRAINIAN
LEAST_TOPIC, LEAST_YES_NO, MOST_WRONG_HOUSES = 0.9, 0.97, 0.005
TUNED = {"rhvoice-natalia", "rhvoice-anatol"}
"""The voices on which words and constants were chosen; at 85 and 120 % only the second look."""
TOLD_EACH = 25
QUESTION = {Meant.TOPIC: TOPICS, Meant.ANSWER: ANSWERS, Meant.NUMBER: NUMBERS, Meant.ADDRESS: PLACES}
"""The question that such a sentence answers, as the vocabulary names it."""
_LEMMAS = UkrainianLemmas()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """What is heard: `whole` has every sentence by every voice, else a sample has some of each kind.

    `noise` is in decibels below the voice.
    """

    whole: bool = False
    noise: float | None = None
    most: int | None = None
    """The number of clips, the same ones in each run; None: all."""
    models: Sequence[Path] = ()
    """Folders of models; none: those that are set for messages, and Whisper base of the check's packages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """What the rules know of a city."""

    register: Gazetteer
    words: Vocabulary
    categories: Sequence[CategoryWords]


async def demo_city(own_words: Path | None = None) -> City:
    """Give the demo's streets, with the houses of its map."""
    names = [(name, one.name) for one in demo_streets() for name in (one.name, *one.former)]
    register = Gazetteer(names, {})
    shapes = [one for one in demo_map().shapes if one.house]
    houses = {register.key(one.street, one.house): one.street for one in shapes}
    return City(
        register=Gazetteer(names, houses),
        words=vocabularies(own_words)[UK],
        categories=await CategorySearch(_LEMMAS).words(),
    )


def understood(meant: Meaningful, guesses: Guesses, city: City) -> bool:
    """Whether the first that the rules make of the words is what was meant."""
    match meant.kind:
        case Meant.TOPIC:
            return topic_among(guesses, city.words, city.categories) == meant.meaning
        case Meant.ANSWER:
            return _answer(guesses, city) == meant.meaning
        case Meant.NUMBER:
            return digits_among(guesses, city.words) == meant.meaning
        case Meant.ADDRESS:
            found = addresses_among(guesses, city.register, city.words)
            return bool(found) and found[0].text == meant.meaning


def _answer(guesses: Guesses, city: City) -> str:
    found = answer_among(guesses, city.words)
    return UNCLEAR if found is None else found.answer.value


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardClip:
    """A clip with what an ear made of it."""

    clip: Clip
    heard: Heard
    guesses: Guesses


async def bench_hearing(settings: Settings, wanted: Hearing, *, seconds: int | None) -> Measured:
    """Have each model hear the clips. Ends at Ctrl-C; after `seconds` it reports what was heard by then."""
    city = await demo_city(settings.speech.words)
    chosen = every_clip if wanted.whole else sample
    todo = chosen(meaningful(UK), voices(settings.folders.private_root))[: wanted.most]
    figures: dict[str, float] = {}
    limits: dict[str, Limit] = {}
    async with _models(settings, wanted) as folders:
        for folder in folders:
            tell(f"{folder.name}: {len(todo)} clips")
            until = time.monotonic() + (seconds or math.inf)
            heard = await _all_heard(folder, todo, city, wanted, until)
            for name, figure in _figures(heard, city).items():
                figures[f"{folder.name}.{name}"] = figure
            limits |= {f"{folder.name}.{name}": limit for name, limit in _LIMITS.items()}
    return Measured(name="hearing", figures=figures, limits=limits)


_LIMITS = {
    "topic_right": Limit(least=LEAST_TOPIC),
    "yes_no_right": Limit(least=LEAST_YES_NO),
    "wrong_house_accepted": Limit(most=MOST_WRONG_HOUSES),
}


@contextlib.asynccontextmanager
async def _models(settings: Settings, wanted: Hearing) -> AsyncIterator[Sequence[Path]]:
    if wanted.models:
        yield wanted.models
        return
    with tempfile.TemporaryDirectory(prefix="hotline-hears-") as scratch:
        base = Path(scratch) / "whisper-base"
        base.mkdir()
        of_city = [
            one.folder for one in settings.speech.models if one.language is UK and one.use is Use.MESSAGES
        ]
        yield [*of_city, await asyncio.to_thread(joined, base)]


async def _all_heard(
    folder: Path, todo: Sequence[Clip], city: City, wanted: Hearing, until: float
) -> Sequence[HeardClip]:
    """Hear them with one ear a core."""
    order = iter(todo)
    heard: list[HeardClip] = []
    with tempfile.TemporaryDirectory(prefix="hotline-said-") as scratch:

        async def ear(number: int) -> None:
            speaker = Speaker(Path(scratch) / str(number), wanted.noise)
            async with listening(look_at(folder), UK) as process:
                for clip in order:
                    if time.monotonic() > until:
                        return
                    heard.append(await _heard(process, speaker, clip, city))
                    if len(heard) % TOLD_EACH == 0:
                        tell(f"{len(heard)} of {len(todo)}")

        async with asyncio.TaskGroup() as ears:
            for number in range(os.cpu_count() or 1):
                ears.create_task(ear(number))
    return heard


async def _heard(process: HearingProcess, speaker: Speaker, clip: Clip, city: City) -> HeardClip:
    hints = city.words.hints(QUESTION[clip.meant.kind])
    heard = await process.hear(await speaker.speak(clip), hints, turn=True)
    found = HeardClip(clip=clip, heard=heard, guesses=await guesses_in(heard, _LEMMAS))
    if not understood(clip.meant, found.guesses, city):
        every = " | ".join(guess.text for guess in heard.guesses)
        tell(f"  {clip.engine.name} {clip.engine.rate}: {clip.meant.sentence} → {every}")
    return found


def _figures(heard: Sequence[HeardClip], city: City) -> dict[str, float]:
    """Give each share, and behind it the number of clips of which it is one (`…_n`)."""
    shares = _shares(heard, city)
    counted = {
        name: (sum(which) / len(which) if which else 0.0, len(which)) for name, which in shares.items()
    }
    told = {
        key: value
        for name, (share, n) in counted.items()
        for key, value in ((name, round(share, 4)), (f"{name}_n", n))
    }
    return {"clips": len(heard), **told}


def _shares(heard: Sequence[HeardClip], city: City) -> Mapping[str, Sequence[bool]]:
    """Tell of each clip that a figure counts whether it is so."""
    of = defaultdict(list)
    for one in heard:
        of[one.clip.meant.kind].append(one)
    if set(of) != set(Meant):
        raise NothingMeasured("The run was too short: nothing was heard of some kinds of sentences.")
    topics, answers, addresses = of[Meant.TOPIC], of[Meant.ANSWER], of[Meant.ADDRESS]
    accepted = [read_back(one, says, city) for one, says in zip(addresses, _says(of), strict=False)]
    yes_no = [one for one in answers if one.clip.meant.meaning in {Answer.YES, Answer.NO}]
    taken = [one for one in yes_no if _taken(one, city) is not None]

    def right(some: Sequence[HeardClip]) -> Sequence[bool]:
        return [understood(one.clip.meant, one.guesses, city) for one in some]

    return {
        "topic_right": [_led_right(one, city) for one in topics],
        "topic_wrong": [_led_astray(one, city) for one in topics],
        "emergency_missed": [
            not _led_right(one, city) for one in topics if one.clip.meant.meaning == Topic.EMERGENCY
        ],
        "emergency_wrong": [
            _branch(one, city) is Next.EMERGENCY
            for one in topics
            if one.clip.meant.meaning != Topic.EMERGENCY
        ],
        "yes_no_right": right(yes_no),
        "yes_no_turned_round": [_turned_round(one, city) for one in yes_no],
        "wrong_yes": [_taken_for(Answer.YES, one, city) for one in answers],
        "wrong_no": [_taken_for(Answer.NO, one, city) for one in answers],
        "answer_taken_for_emergency": [emergency_among(one.guesses, city.words) for one in answers],
        "number_right": right(of[Meant.NUMBER]),
        "address_right_at_once": right(addresses),
        "address_right_after_readback": [is_right for is_right, _ in accepted],
        "wrong_house_accepted": [is_wrong for _, is_wrong in accepted],
        "yes_no_taken_right": right(taken),
        "yes_no_taken": [_taken(one, city) is not None for one in yes_no],
        "aside_topic_right": [_led_right(one, city) for one in topics if not is_tuned(one.clip)],
        "aside_yes_no_right": right([one for one in yes_no if not is_tuned(one.clip)]),
    }


def is_tuned(clip: Clip) -> bool:
    """Whether the rules and the constants of an ear were chosen on this clip."""
    return not clip.meant.aside and clip.engine.name in TUNED


def _taken(one: HeardClip, city: City) -> Answer | None:
    """Give the answer of which the ear is sure: only that counts in a call."""
    found = answer_among(one.guesses, city.words)
    return found.answer if found is not None and found.sure else None


def _taken_for(answer: Answer, one: HeardClip, city: City) -> bool:
    """Whether a call would wrongly take for this what is another answer, or none."""
    return _taken(one, city) is answer and one.clip.meant.meaning != answer


def _led_right(one: HeardClip, city: City) -> bool:
    """Whether the menu leads them where they want."""
    return _branch(one, city) is BY_TOPIC[Topic(one.clip.meant.meaning)]


def _led_astray(one: HeardClip, city: City) -> bool:
    """Whether the menu leads them elsewhere; the rest was not understood, and is asked again."""
    return _branch(one, city) not in {None, BY_TOPIC[Topic(one.clip.meant.meaning)]}


def _branch(one: HeardClip, city: City) -> Next | None:
    found = topic_among(one.guesses, city.words, city.categories)
    return None if found is None else BY_TOPIC[found]


def _turned_round(one: HeardClip, city: City) -> bool:
    return {_answer(one.guesses, city), one.clip.meant.meaning} == {Answer.YES, Answer.NO}


def _says(of: dict[Meant, list[HeardClip]]) -> Iterator[tuple[HeardClip, HeardClip]]:
    """Give a spoken yes and a spoken no for each address, in turn."""
    yes, no = (
        [one for one in of[Meant.ANSWER] if one.clip.meant.meaning == meaning]
        for meaning in (Answer.YES, Answer.NO)
    )
    if not yes or not no:
        raise NothingMeasured("The run was too short: no yes or no no was heard.")
    return zip(cycle(yes), cycle(no), strict=False)


def read_back(one: HeardClip, says: tuple[HeardClip, HeardClip], city: City) -> tuple[bool, bool]:
    """Read the guesses back: whether the right one is accepted, and whether a wrong one is.

    An answer that is unsure or not understood is given by a key, and that is never wrong.
    """
    yes, no = says
    for guess in addresses_among(one.guesses, city.register, city.words)[:MOST_READ_BACK]:
        is_right = guess.text == one.clip.meant.meaning
        found = answer_among((yes if is_right else no).guesses, city.words)
        taken = is_right if found is None or not found.sure else found.answer is Answer.YES
        if taken:
            return is_right, not is_right
    return False, False
