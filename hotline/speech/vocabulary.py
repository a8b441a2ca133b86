"""The words that callers use for what the hotline understands: data, by language, which a city may add to.

`hotline/data/heard-uk.toml` explains how they are written.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import Any, ClassVar

from hotline.city.search_terms import SearchTerm, normalised
from hotline.errors import HotlineError
from hotline.speech.hearing import ONE_OF, Hints, alike
from hotline.speech.number_words import NumberWords, dictated, told
from hotline.speech.said import Said, SaidWord
from hotline.speech.sounds import muffled, sounds
from hotline.voice.speech import Language

ANY_ENDING = "*"
SHORTEST_BEGINNING = 4
"""Letters of a word that may be written otherwise than it sounds."""
ALL_OF = "+"
_AROUND = re.compile(r"(?:\(([^)]*)\)\s*)?([^()]+?)\s*(?:\(([^)]*)\))?")
BESIDE = frozenset({"negations", "asking", "wishing", "but", "lamps", "shining"})
"""Lists of `answers` that are none, and turn or doubt those beside them."""
SECTIONS = frozenset(
    {"answers", "topics", "utilities", "numbers", "houses", "places", "listen-for", "before", "instead"}
)


class VocabularyFault(HotlineError):  # noqa: N818 - reads as what is the matter
    """A file of words cannot be read; the message says which part."""

    code: ClassVar[str] = "vocabulary"


WordPhrase = Sequence[SearchTerm]
"""Words that are said one after the other."""


@dataclass(frozen=True, slots=True)
class Expression:
    """Something that may be said: of each of the `parts` one phrase, in any order and anywhere."""

    parts: Sequence[Sequence[WordPhrase]]
    sounds: Sequence[Sequence[frozenset[str]]]
    """How each phrase of each part sounds, without the gaps between its words; one for each of its forms."""

    def is_in(self, said: Said, negations: frozenset[str]) -> bool:
        """Whether it is said, however the ear writes what it heard."""
        return all(any(is_said(phrase, said, negations) for phrase in part) for part in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The words of one language. Names are those of the file; what it leaves out is empty."""

    answers: Mapping[str, Sequence[WordPhrase]]
    negations: frozenset[str]
    """Words that turn a yes behind them into a no."""
    asking: frozenset[str]
    """Words that make a question of what is behind them."""
    wishing: frozenset[str]
    """Words that are a yes alone, and with another behind them a wish for that."""
    but: frozenset[str]
    """Words that take something back of the yes beside them."""
    lamps: frozenset[str]
    """What burns without a fire."""
    shining: frozenset[str]
    """Words that tell of a fire, and beside a lamp that there is light."""
    topics: Mapping[str, Sequence[Expression]]
    """In the order in which they win."""
    utilities: Mapping[str, Sequence[Expression]]
    numbers: NumberWords
    """As callers say them to the hotline."""
    dictated: NumberWords
    """As people dictate them to one another."""
    houses: Mapping[str, frozenset[str]]
    """Words around the number of a house: `house`, `flat`, `slash`, `block`."""
    letters: Mapping[str, str]
    """Names of letters → the letter, as houses have them."""
    alike: Sequence[frozenset[str]]
    """Numbers that sound alike."""
    places: Mapping[str, str]
    """What people call a street or a quarter → one of its names in the register."""
    listen_for: Mapping[str, Sequence[str]]
    """By the kind of question: the words that an ear is bound to; none: it hears free speech."""
    before: Mapping[str, str]
    """By the kind of question: what a caller might have said before."""

    @property
    def only_negations(self) -> frozenset[str]:
        """Negations that are no answer by themselves: no expression is found behind one.

        «Нє» is such an answer: «нє, пожежа» tells of a fire.
        """
        alone = [one[0] for phrases in self.answers.values() for one in phrases if len(one) == 1]
        return frozenset(
            word for word in self.negations if not any(term.meets(word, frozenset()) for term in alone)
        )

    @property
    def answering_negations(self) -> frozenset[str]:
        """Negations that are an answer by themselves: «нє»."""
        return self.negations - self.only_negations

    def hints(self, question: str) -> Hints:
        """Give what an ear is told of such a question."""
        return Hints(only=self.listen_for.get(question, ()), before=self.before.get(question, ""))


Meets = Callable[[SearchTerm, SaidWord], bool]
Vocabularies = Mapping[Language, Vocabulary]


def begins(phrase: WordPhrase, said: Said, at: int, meets: Meets | None = None) -> bool:
    """Whether the words from this place on are those of the phrase."""
    there = said[at : at + len(phrase)]
    return len(there) == len(phrase) and all(map(meets or _meets, phrase, there))


@cache
def built_in() -> Vocabularies:
    """Give the words that came with the product."""
    return {language: read(_built_in(language)) for language in Language}


def vocabularies(folder: Path | None) -> Vocabularies:
    """Give the words in force: `uk.toml` and `en.toml` of the city's folder add to those of the product.

    With `instead = true` a file's words stand alone. Raises VocabularyFault.
    """
    if folder is None:
        return built_in()
    return {language: _with_own(language, folder / f"{language}.toml") for language in Language}


def _with_own(language: Language, file: Path) -> Vocabulary:
    if not file.is_file():
        return built_in()[language]
    try:
        own = tomllib.loads(file.read_text(encoding="utf-8"))
        return read(own if own.get("instead") else _joined(_built_in(language), own))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise VocabularyFault(f"{file} cannot be read: {error}") from error


def read(document: Mapping[str, Any]) -> Vocabulary:
    """Make the words of a document ready; raises VocabularyFault."""
    if unknown := set(document) - SECTIONS:
        raise VocabularyFault(f"There is no such part: {', '.join(sorted(unknown))}.")
    try:
        answers, numbers = document.get("answers", {}), document.get("numbers", {})
        houses = document.get("houses", {})
        return Vocabulary(
            answers={
                meaning: [_phrase(one) for phrase in phrases for one in _joined_too(phrase)]
                for meaning, phrases in answers.items()
                if meaning not in BESIDE
            },
            negations=_words(answers.get("negations", ())),
            asking=_words(answers.get("asking", ())),
            wishing=_words(answers.get("wishing", ())),
            but=_words(answers.get("but", ())),
            lamps=_words(answers.get("lamps", ())),
            shining=_words(answers.get("shining", ())),
            topics=_expressions(document.get("topics", {})),
            utilities=_expressions(document.get("utilities", {})),
            numbers=told(numbers),
            dictated=dictated(numbers),
            houses={name: _words(houses.get(name, ())) for name in ("house", "flat", "slash", "block")},
            letters={normalised(name): letter for name, letter in houses.get("letters", {}).items()},
            alike=[frozenset(map(str, one)) for one in houses.get("alike", ())],
            places={normalised(said): name for said, name in document.get("places", {}).items()},
            listen_for={
                name: tuple(map(_written_out, words))
                for name, words in document.get("listen-for", {}).items()
            },
            before={name: str(sentence) for name, sentence in document.get("before", {}).items()},
        )
    except (AttributeError, TypeError, ValueError) as error:
        raise VocabularyFault(f"The words cannot be read: {error}") from error


def _built_in(language: Language) -> Mapping[str, Any]:
    return tomllib.loads(files("hotline").joinpath(f"data/heard-{language}.toml").read_text("utf-8"))


def _joined(first: Any, second: Any) -> Any:
    """Put what the second has behind, or into, the same part of the first."""
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        return {name: _joined(first.get(name), second.get(name)) for name in (*first, *second)}
    if isinstance(first, list) and isinstance(second, list):
        return [*first, *second]
    return first if second is None else second


def _joined_too(phrase: str) -> Sequence[str]:
    """Give the phrase, and the one word that ears make of short ones: `незовсім`."""
    words = phrase.split()
    return [phrase, "".join(words)] if len(words) > 1 else [phrase]


def _written_out(words: str) -> str:
    """Write out phrases that begin or end in several ways: `(так, ага) зробили (дякую)` is six.

    One without an opening and one with each, and each of these without an ending and with it.
    """
    return f" {ONE_OF} ".join(one for written in alike(words) for one in _each_way(written))


def _each_way(written: str) -> Iterator[str]:
    if not (found := _AROUND.fullmatch(written)):
        raise ValueError(f"the brackets of «{written}» are not around a phrase")
    openings, phrase, endings = found.groups()
    for ways in product(["", *_listed(endings)], ["", *_listed(openings)]):
        yield " ".join(one for one in (ways[1], phrase, ways[0]) if one)


def _listed(written: str | None) -> Sequence[str]:
    return [one.strip() for one in (written or "").split(",") if one.strip()]


def _expressions(document: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[Expression]]:
    return {name: [_expression(one) for one in written] for name, written in document.items()}


def _expression(written: str) -> Expression:
    parts = [[_phrase(one) for one in alike(part)] for part in written.split(ALL_OF)]
    return Expression(parts, [[_sounds_of(phrase) for phrase in part] for part in parts])


def _sounds_of(phrase: WordPhrase) -> frozenset[str]:
    ways = product(*({term.beginning} if term.beginning else term.forms for term in phrase))
    return frozenset(muffled("".join(way)) for way in ways)


def _phrase(written: str) -> WordPhrase:
    words = written.split()
    if not words:
        raise ValueError("a phrase has no word")
    return [_term(one) for one in words]


def _term(word: str) -> SearchTerm:
    if word.endswith(ANY_ENDING):
        return SearchTerm(frozenset(), normalised(word))
    return SearchTerm(frozenset({normalised(word)}))


def _words(written: Iterable[str]) -> frozenset[str]:
    return frozenset(map(normalised, written))


def is_said(phrase: WordPhrase, said: Said, negations: frozenset[str]) -> bool:
    """Whether the phrase is said, and nobody says that it is not so."""
    return any(
        begins(phrase, said, at, sounds_so) and not (at and said[at - 1].text in negations)
        for at in range(len(said))
    )


def _meets(term: SearchTerm, word: SaidWord) -> bool:
    return term.meets(word.text, word.forms)


def sounds_so(term: SearchTerm, word: SaidWord) -> bool:
    """Whether it is the word, or is written otherwise and sounds the same: `електріка`."""
    if _meets(term, word):
        return True
    own = sounds(word.text)
    if term.beginning:
        return len(term.beginning) >= SHORTEST_BEGINNING and own.startswith(sounds(term.beginning))
    return any(sounds(form) == own for form in term.forms if len(form) >= SHORTEST_BEGINNING)
