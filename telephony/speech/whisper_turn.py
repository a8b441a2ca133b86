"""A caller's turn, as Whisper hears it: what it may have been, and which of the words to listen for it was.

Whisper looks at half a minute, whatever was said. Here it looks at the turn and a little silence around it,
which takes a sixth of the time, and is asked for several guesses. Words to listen for are weighed by how
likely the sound makes each of them, against what was heard freely.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import ctranslate2
import numpy as np
import soxr
from attrs import define, field
from faster_whisper.audio import pad_or_trim
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import merge_punctuations

from hotline.speech.hearing import SURE_FROM, Engine, HeardWord, Hints, alike
from hotline.speech.word_errors import words_in
from hotline.voice.speech import Language
from telephony.speech.models import WIDE
from telephony.speech.weighed_phrases import Chosen, Weighed, chosen, nearest, once
from telephony.speech.whisper_words import LOOP_PIECES, joined_pieces

BEFORE_SECONDS, AFTER_SECONDS = 0.5, 1.0
"""Silence before and behind a turn: short words at the very edge are torn."""
LONGEST_SECONDS = 28.0
"""What was said later in a turn is not heard: Whisper looks at half a minute."""
GUESSES = 5
LONGEST_BEFORE = 223
"""Pieces of what was said before that Whisper takes; of what is longer the end."""
MOST_TOLD = 6.0
"""How much less likely, as a natural logarithm, than what was heard without it a helped guess may be.

Of music, hiss, tones and breath the words that it was told were less likely by 6.9 and more.
"""
QUICKER = 1.15
"""The pace of the second look at a turn of which no word to listen for was chosen surely."""
COMPARED = 20
"""Words to listen for that are weighed, those nearest to what was heard freely: each takes 12 ms."""
LEAST_EVIDENCE = 2.2
"""How much likelier, as a natural logarithm, a sound has to make what was heard than silence does.

Of a hiss, a click, a hum, a breath or a tone «так» was it by 2.0 and less, of a hasty «так» by 2.3 and more;
and voice activity lets few such sounds come as far as here.
"""
_NEVER = 1e-9
_FRAMES = 100
"""A second."""
_OPENING, _CLOSING = "\"'“¿([{-", "\"'.,!?:”)]}、"
Guess: TypeAlias = Sequence[HeardWord]


@define(eq=False, repr=False)
class WhisperTurn:
    """Implements `hotline.speech.hearing.Utterance`."""

    _model: Any
    """A `faster_whisper.WhisperModel`."""
    _tokenizer: Tokenizer
    _silence: "_Look"
    _hints: Hints
    _mixed: Tokenizer | None = None
    """That of a language whose words people mix in."""
    _pcm: bytearray = field(factory=bytearray, init=False)
    _guesses: Sequence[Guess] = field(default=(), init=False)

    def take(self, pcm: bytes) -> None:
        self._pcm += pcm

    def finish(self) -> Guess:
        samples = np.frombuffer(bytes(self._pcm), "<i2").astype(np.float32) / 32768
        if samples.size:
            look = _Look(self._model, self._tokenizer, samples[: int(LONGEST_SECONDS * WIDE)])
            found = look.guesses(self._hints, self._silence, self._mixed)
            self._guesses = [guess for guess in found if guess]
        return self._guesses[0] if self._guesses else ()

    def others(self) -> Sequence[Guess]:
        return self._guesses[1:]


class _Look:
    """One sound as the model has taken it in: once, for all that is asked of it."""

    def __init__(self, model: Any, tokenizer: Tokenizer, samples: np.ndarray) -> None:
        self._model = model
        self._tokenizer = tokenizer
        self._samples = samples
        before = np.zeros(int(BEFORE_SECONDS * WIDE), np.float32)
        features = model.feature_extractor(np.concatenate((before, samples)))
        self._frames = 2 * round((BEFORE_SECONDS + len(samples) / WIDE + AFTER_SECONDS) * _FRAMES / 2)
        taken = pad_or_trim(features, self._frames)
        self._memory = np.asarray(model.model.encode(_view(taken[None])))

    def guesses(self, hints: Hints, silence: "_Look", mixed: Tokenizer | None = None) -> Iterator[Guess]:
        only = hints.only
        without = _foreign(self._tokenizer) if only else ()
        free = self.freely(self._tokenizer, without)
        if not free or not self._tells(_plain(free[0]), silence):
            return
        if hints.before:
            behind = self._behind(hints.before, free[0], without)
            free = _by_words([*free, *behind, *(self.freely(mixed, without) if mixed else ())])
        found = self._chosen([self], only, free, silence) if only else None
        if _means_alike(only) and not _is_sure(found):
            quicker = self._quicker()
            free = _by_words([*free, *quicker.freely(self._tokenizer, without)])
            found = self._chosen([self, quicker], only, free, silence) or found
        if found is not None:
            seconds = self._frames / _FRAMES - BEFORE_SECONDS - AFTER_SECONDS
            yield _even(found.phrase, seconds, found.confidence)
            free = [one for one in free if words_in(one) != words_in(found.phrase)]
        yield from self._timed(_by_words(map(once, free)) if _means_alike(only) else free)

    def _quicker(self) -> "_Look":
        """Take in the same sound at another pace: what is torn at one is often made out at the other."""
        return _Look(self._model, self._tokenizer, soxr.resample(self._samples, WIDE, round(WIDE / QUICKER)))

    def freely(self, tokenizer: Tokenizer, without: Sequence[int], before: str = "") -> Sequence[str]:
        """Give what was said behind what came `before`, as each guess writes it, `without` these pieces.

        The tokenizer's language is that in which it is written.
        """
        told = (tokenizer.sot_prev, *tokenizer.encode(f" {before}")[-LONGEST_BEFORE:])
        began = (*tokenizer.sot_sequence, tokenizer.no_timestamps)
        prompt = [*(told if before else ()), *began]
        made = self._model.model.generate(
            _view(self._memory),
            [prompt],
            beam_size=GUESSES,
            num_hypotheses=GUESSES,
            length_penalty=0,  # else it prefers a word that it writes several times
            no_repeat_ngram_size=LOOP_PIECES,
            suppress_tokens=[-1, *without],
            return_scores=True,
        )[0]
        return _by_words(tokenizer.decode(tokens).strip() for tokens in made.sequences_ids)

    def _behind(self, before: str, heard: str, without: Sequence[int]) -> Sequence[str]:
        """Give what is made out behind what came before, less what was not said but told.

        Of music Whisper makes the very words that it was told; the sound alone hardly makes them likely.
        """
        found = {text: _plain(text) for text in self.freely(self._tokenizer, without, before)}
        said = not_only_told(self.likelihoods([_plain(heard), *found.values()]), _plain(heard))
        return [text for text, plain in found.items() if plain in said]

    def _chosen(
        self, looks: Sequence["_Look"], only: Sequence[str], free: Sequence[str], silence: "_Look"
    ) -> Chosen | None:
        """Give the phrase that was said, and how surely; None where none of them is likely enough.

        Of several looks at the sound the logarithms' mean counts.
        """
        meant = {phrase: number for number, one in enumerate(only) for phrase in alike(one)}
        rivals = list(dict.fromkeys(map(_plain, free)))
        texts = [once(text) for text in rivals] if _means_alike(only) else rivals
        near = nearest(meant, texts, COMPARED)
        weighed = list(dict.fromkeys([*near, *rivals]))
        each = [look.likelihoods(weighed) for look in looks]
        likely = {one: sum(some[one] for some in each) / len(each) for one in weighed}
        phrases = {phrase: Weighed(likely[phrase], meant[phrase]) for phrase in near}
        found = chosen(phrases, {one: likely[one] for one in rivals}, texts)
        return found if found is not None and self._tells(found.likeliest, silence) else None

    def _tells(self, phrase: str, silence: "_Look") -> bool:
        """Whether the sound makes the phrase likelier than silence does, by enough."""
        own, silent = (look.likelihoods([phrase])[phrase] for look in (self, silence))
        return own - silent >= LEAST_EVIDENCE

    def likelihoods(self, phrases: Sequence[str]) -> Mapping[str, float]:
        """Give the logarithm of each one's likelihood, written as a sentence of its own."""
        sentences = [f" {phrase[:1].upper()}{phrase[1:]}." for phrase in phrases]
        tokens = [self._tokenizer.encode(sentence) for sentence in sentences]
        found = self._model.model.align(
            self._repeated(len(tokens)), self._tokenizer.sot_sequence, tokens, self._frames
        )
        sums = (float(np.log(np.maximum(one.text_token_probs, _NEVER)).sum()) for one in found)
        return dict(zip(phrases, sums, strict=True))

    def _timed(self, texts: Sequence[str]) -> Iterator[Guess]:
        """Give the words of each text with their times and how surely they were said."""
        if not texts:
            return
        tokens = [self._tokenizer.encode(f" {text}") for text in texts]
        memory = self._repeated(len(tokens))
        for pieces in self._model.find_alignment(self._tokenizer, tokens, memory, self._frames):
            merge_punctuations(pieces, _OPENING, _CLOSING)
            yield joined_pieces(
                (one["word"], _since(one["start"]), _since(one["end"]), float(one["probability"]))
                for one in pieces
            )

    def _repeated(self, times: int) -> ctranslate2.StorageView:
        return _view(np.repeat(self._memory, times, axis=0))


def silence(model: Any, tokenizer: Tokenizer) -> _Look:
    """Take in a second in which nothing is said: what is likely of it, too, was not heard."""
    return _Look(model, tokenizer, np.zeros(WIDE, np.float32))


@lru_cache(maxsize=len(Language))
def _foreign(tokenizer: Tokenizer) -> Sequence[int]:
    """Give the pieces that no words to listen for have.

    Of digits `20 6` may be read in two ways. In Latin letters Whisper writes English words of what is not
    English: «підтверджую» is `With where do you`.
    """
    latin = "" if tokenizer.language_code == Language.ENGLISH else "a-zA-Z"
    none = re.compile(rf"[\d{latin}]")
    return [piece for piece in range(tokenizer.eot) if none.search(tokenizer.decode([piece]))]


def not_only_told(likely: Mapping[str, float], heard: str) -> Collection[str]:
    """Give the guesses that the sound alone makes about as likely as the one that was heard without help.

    `likely` has the logarithm of each one's likelihood without what Whisper was told.
    """
    return {one for one, logarithm in likely.items() if logarithm >= likely[heard] - MOST_TOLD}


def _by_words(texts: Iterable[str]) -> Sequence[str]:
    """Take of those that differ only in their signs the first."""
    by_words: dict[str, str] = {}
    for text in texts:
        by_words.setdefault(" ".join(words_in(text)), text)
    return [text for words, text in by_words.items() if words]


def _means_alike(only: Sequence[str]) -> bool:
    """Whether some of the words mean the same: then what is said again adds nothing. Of numbers it does."""
    return any(len(alike(one)) > 1 for one in only)


def _is_sure(one: Chosen | None) -> bool:
    return one is not None and one.confidence >= SURE_FROM[Engine.WHISPER]


def _plain(text: str) -> str:
    return text.strip(" .,!?…-")


def _even(phrase: str, seconds: float, confidence: float) -> Guess:
    """Spread the words of a phrase evenly over the turn."""
    words = phrase.split()
    each = seconds / len(words)
    return [
        HeardWord(
            text=word,
            begins=round(at * each, 2),
            ends=round((at + 1) * each, 2),
            confidence=round(confidence, 3),
        )
        for at, word in enumerate(words)
    ]


def _since(second: float) -> float:
    return max(0.0, float(second) - BEFORE_SECONDS)


def _view(values: np.ndarray) -> ctranslate2.StorageView:
    return ctranslate2.StorageView.from_array(np.ascontiguousarray(values))
