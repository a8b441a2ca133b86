"""A transcript as it is shown: word by word with times, a person's text for the ear's, secrets hidden."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from hotline.city.search_terms import normalised
from hotline.speech.hearing import SURE_FROM, Engine, HeardWord
from hotline.speech.masking import Hidden, Secret, hidden_in

Span = tuple[float, float]
"""Seconds from the beginning of the sound: begin and end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownWord:
    """A word with its seconds; a secret has no text, and its seconds are those of all of it."""

    text: str
    begins: float
    ends: float
    unsure: bool = False
    secret: Secret | None = None


def shown_words(
    heard: Sequence[HeardWord], engine: Engine, corrected: str | None, *, unmasked: bool = False
) -> Sequence[ShownWord]:
    """Give the words that hold now, in order."""
    words = _as_heard(heard, engine) if corrected is None else _as_corrected(heard, corrected)
    return words if unmasked else list(_masked(words))


def shown_without(
    heard: Sequence[HeardWord], engine: Engine, secrets: Mapping[int, Secret]
) -> Sequence[ShownWord]:
    """Give the words as they were heard; those at these places are hidden, neighbours as one."""
    hidden: list[Hidden] = []
    for at, secret in sorted(secrets.items()):
        if hidden and hidden[-1].past == at:
            hidden[-1] = Hidden(hidden[-1].secret, hidden[-1].first, at + 1)
        else:
            hidden.append(Hidden(secret, at, at + 1))
    return list(_without(_as_heard(heard, engine), hidden))


def hidden_spans(heard: Sequence[HeardWord], engine: Engine, corrected: str | None) -> Sequence[Span]:
    """Give the seconds of secrets, joined where they touch.

    A person may have typed what the ear got wrong, and the other way round: what either says is hidden.
    """
    both = [_as_heard(heard, engine), _as_corrected(heard, corrected) if corrected is not None else []]
    spans = sorted((word.begins, word.ends) for words in both for word in _masked(words) if word.secret)
    joined: list[Span] = []
    for begins, ends in spans:
        if joined and begins <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(ends, joined[-1][1]))
        else:
            joined.append((begins, ends))
    return joined


def _as_heard(heard: Sequence[HeardWord], engine: Engine) -> Sequence[ShownWord]:
    return [
        ShownWord(
            text=word.text, begins=word.begins, ends=word.ends, unsure=word.confidence < SURE_FROM[engine]
        )
        for word in heard
    ]


def _as_corrected(heard: Sequence[HeardWord], corrected: str) -> Sequence[ShownWord]:
    """Lay a person's words over what was heard: equal ones have its times, others share the time between."""
    typed = corrected.split()
    same = SequenceMatcher(
        a=[normalised(word.text) for word in heard], b=[normalised(word) for word in typed], autojunk=False
    )
    found: list[ShownWord] = []
    for kind, first, past, begin, end in same.get_opcodes():
        if kind == "equal":
            found += [
                ShownWord(text=text, begins=word.begins, ends=word.ends)
                for text, word in zip(typed[begin:end], heard[first:past], strict=True)
            ]
        else:
            since, until = _between(heard, first, past)
            step = (until - since) / max(1, end - begin)
            found += [
                ShownWord(text=text, begins=since + step * at, ends=since + step * (at + 1))
                for at, text in enumerate(typed[begin:end])
            ]
    return found


def _between(heard: Sequence[HeardWord], first: int, past: int) -> Span:
    """Give the seconds of these words; of none, the gap in which they are missing."""
    if past > first:
        return heard[first].begins, heard[past - 1].ends
    since = heard[first - 1].ends if first else 0.0
    return since, heard[first].begins if first < len(heard) else since


def _masked(words: Sequence[ShownWord]) -> Iterator[ShownWord]:
    return _without(words, hidden_in([word.text for word in words]))


def _without(words: Sequence[ShownWord], secrets: Sequence[Hidden]) -> Iterator[ShownWord]:
    at = 0
    for hidden in secrets:
        yield from words[at : hidden.first]
        said = words[max(at, hidden.first) : hidden.past]
        yield ShownWord(text="", begins=said[0].begins, ends=said[-1].ends, secret=hidden.secret)
        at = hidden.past
    yield from words[at:]
