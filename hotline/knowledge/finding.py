"""How articles are found: by typed words in any form; beside a talk by category, topic and what is said."""

import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from hotline.calls.skills import Skill
from hotline.city.search_terms import Lemmas, Terms, words
from hotline.knowledge.articles import Article, IndexedArticle

OF_CATEGORY = 1000.0
"""What the chosen category weighs: more than all words of a talk."""
OF_TOPIC = 2.0
ASKED_TWICE = 2.0
"""A word of the question weighs that much more than one of the answer."""
TELLING_WORDS = 2
"""Words that a talk has to share with an article's question, where nothing else links them."""
MOST_PROPOSED = 4
MOST_WORDS = 60

Said = Sequence[frozenset[str]]
"""The words of a text, each with its dictionary forms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a talk is about as far as it is known."""

    category: str = ""
    topics: Collection[Skill] = ()
    said: Said = ()


async def said_in(text: str, lemmas: Lemmas) -> Said:
    """Give the words of a text, each with its dictionary forms, less those that only join others."""
    said = words(text)[:MOST_WORDS]
    return [forms | {word} for word, forms in zip(said, await lemmas.of(said), strict=True) if forms]


def having(articles: Sequence[IndexedArticle], terms: Terms) -> Sequence[Article]:
    """Keep the articles that have all terms; those that have them in their question come first."""
    found = [one for one in articles if _has(one.asks | one.says, terms)]
    return [one.article for one in sorted(found, key=lambda one: not _has(one.asks, terms))]


def proposed(
    articles: Sequence[IndexedArticle], about: About, today: date, most: int = MOST_PROPOSED
) -> Sequence[Article]:
    """Give the articles that fit a talk best; only those that hold."""
    holding = [one for one in articles if one.article.holds(today)]
    in_articles = Counter(word for one in holding for word in one.asks | one.says)
    scored = [(_score(one, about, in_articles, len(holding)), one.article) for one in holding]
    ranked = sorted((one for one in scored if one[0]), key=lambda one: (-one[0], one[1].id))
    return [article for _, article in ranked[:most]]


def best(articles: Sequence[IndexedArticle], said: Said) -> Article | None:
    """Give the one whose question shares most with what was said; None where two do, or no word is shared."""
    in_questions = Counter(word for one in articles for word in one.asks)

    def shared(one: IndexedArticle) -> float:
        words = [forms & one.asks for forms in said if not forms.isdisjoint(one.asks)]
        return rarity(words, in_questions, len(articles))

    scored = [(shared(one), one) for one in articles]
    first, *others = sorted(scored, key=lambda one: -one[0])
    return first[1].article if first[0] and not (others and others[0][0] == first[0]) else None


def _has(words: frozenset[str], terms: Terms) -> bool:
    return all(any(term.meets(word, frozenset()) for word in words) for term in terms)


def _score(one: IndexedArticle, about: About, in_articles: Counter[str], number: int) -> float:
    linked = OF_CATEGORY if about.category and about.category in one.article.categories else 0.0
    linked += OF_TOPIC if not set(about.topics).isdisjoint(one.article.topics) else 0.0
    asked = [forms & one.asks for forms in about.said if not forms.isdisjoint(one.asks)]
    told = [forms & one.says for forms in about.said if not forms.isdisjoint(one.says)]
    if not linked and len(asked) < TELLING_WORDS:
        return 0.0
    return linked + ASKED_TWICE * rarity(asked, in_articles, number) + rarity(told, in_articles, number)


def rarity(shared: Sequence[frozenset[str]], in_articles: Counter[str], number: int) -> float:
    """Weigh words by how few of that many texts have them."""
    return sum(math.log(1 + number / min(in_articles[word] for word in forms)) for forms in shared)
