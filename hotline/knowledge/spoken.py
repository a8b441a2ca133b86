"""Articles that callers are told by the machine: those chosen for it, a few, each in its own language."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date

from hotline.knowledge.articles import Article, IndexedArticle
from hotline.knowledge.finding import Said, best
from hotline.voice.speech import Language

MOST_SPOKEN = 5
"""Nobody keeps more in mind while they listen."""


def spoken(articles: Sequence[IndexedArticle], today: date, language: Language) -> Sequence[Article]:
    """Give those that are chosen, hold and are written in the caller's language, the oldest first."""
    chosen = [one.article for one in articles if one.article.spoken and one.article.holds(today)]
    written = [one for one in chosen if language is Language.UKRAINIAN or one.en]
    return sorted(written, key=lambda one: one.id)[:MOST_SPOKEN]


async def asked_aloud(
    text: str,
    articles: Sequence[IndexedArticle],
    among: Sequence[Article],
    forms: Callable[[str], Awaitable[Said]],
) -> Article | None:
    """Find the one of these articles that a caller asks for; None where no word of a question tells it."""
    offered = {one.id for one in among}
    return best([one for one in articles if one.article.id in offered], await forms(text))
