"""`hotline bench proposals`: how often the right category is proposed, and how soon, in a generated year.

The texts are invented, four or more for each category. Words of one half are learnt and the other half is
asked, then the other way round; the words of the classifier are known both times, and once they alone.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hotline.appeals.proposing import PastWords, Word, likely
from hotline.city.category_search import CategorySearch, CategoryWords
from hotline.city.classifier import classifier
from hotline.city.search_terms import Lemmas
from storage.appeals.proposals import telling
from storage.city.lemmas import UkrainianLemmas
from tests.bench.hotline import BenchHotline
from tests.bench.measured import Limit, Measured, percentile
from tests.bench.progress import tell

TEXTS = Path(__file__).with_suffix(".tsv")
ROUNDS = 5
MOST_MS = 50
LEAST_FIRST, LEAST_AMONG_THREE = 0.6, 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A text and the category that it is of."""

    category: str
    text: str
    words: Sequence[Word]


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """Shares of the texts: their category is first, among three; any is shown; of these, it is among them."""

    first: float
    among_three: float
    shown: float
    right_of_shown: float


async def labelled(lemmas: Lemmas) -> Sequence[Labelled]:
    rows = [line.split("\t") for line in TEXTS.read_text("utf-8").splitlines()]
    return [Labelled(category=one, text=text, words=await telling(lemmas, text)) for one, text in rows]


def accuracy(texts: Sequence[Labelled], classified: Sequence[CategoryWords], *, learnt: bool) -> Accuracy:
    """Ask each half with the other half learnt."""
    found: list[tuple[bool, bool, bool, bool]] = []
    for past, asked in _halves(texts, learnt=learnt):
        for one in asked:
            ranked = [category.code for _, category in past.ranked(one.words, classified)]
            shown = [proposal.category.code for proposal in likely(past, one.words, classified)]
            first, three = ranked[0] == one.category, one.category in ranked[:3]
            found.append((first, three, bool(shown), one.category in shown))
    first, three, shown_, right = (sum(column) for column in zip(*found, strict=True))
    return Accuracy(
        first=first / len(found),
        among_three=three / len(found),
        shown=shown_ / len(found),
        right_of_shown=right / shown_,
    )


def _halves(texts: Sequence[Labelled], *, learnt: bool) -> Iterator[tuple[PastWords, Sequence[Labelled]]]:
    """Every second text of each category is learnt, and then every other one."""
    known = classifier().categories
    numbered: list[tuple[int, Labelled]] = []
    for category in known:
        numbered += enumerate(one for one in texts if one.category == category)
    for half in (0, 1):
        past = PastWords()
        for number, one in numbered:
            if learnt and number % 2 == half:
                past.learn(frozenset().union(*one.words), one.category, known[one.category].urgency)
        yield past, [one for number, one in numbered if number % 2 != half]


async def bench_proposals(hotline: BenchHotline, *, seconds: int | None, calls: int | None) -> Measured:
    """Ask one after the other, with the newest appeals of the city learnt; `calls` are texts."""
    del seconds
    lemmas = UkrainianLemmas()
    texts, classified = await labelled(lemmas), await CategorySearch(lemmas).words()
    half, alone = (accuracy(texts, classified, learnt=one) for one in (True, False))
    began = time.perf_counter()
    await hotline.storage.proposals.renew()
    renewed = (time.perf_counter() - began) * 1000
    wanted = [one.text for one in [*texts] * ROUNDS][: calls or None]
    tell(f"{len(wanted)} texts")
    taken = []
    for text in wanted:
        began = time.perf_counter()
        await hotline.storage.proposals.of(text)
        taken.append((time.perf_counter() - began) * 1000)
    return Measured(
        name="proposals",
        figures={
            "texts": len(texts),
            "first": round(half.first, 3),
            "among_three": round(half.among_three, 3),
            "shown": round(half.shown, 3),
            "right_of_shown": round(half.right_of_shown, 3),
            "first_by_classifier_alone": round(alone.first, 3),
            "among_three_by_classifier_alone": round(alone.among_three, 3),
            "p50_ms": round(percentile(taken, 0.5), 2),
            "p99_ms": round(percentile(taken, 0.99), 2),
            "longest_ms": round(max(taken), 1),
            "renew_ms": round(renewed),
        },
        limits={
            "first": Limit(least=LEAST_FIRST),
            "among_three": Limit(least=LEAST_AMONG_THREE),
            "p99_ms": Limit(most=MOST_MS),
        },
    )
