"""Phrases of frequent questions: the question with its key, the answer as the article has it."""

from hotline.knowledge.articles import Article
from hotline.voice.speech import Language, Phrase
from ivr_flows.languages import in_both, phrase

MENU_QUESTIONS = phrase("menu-questions")
KEYS = phrase("questions-keys")

FIXED = (MENU_QUESTIONS, KEYS)


def choice(article: Article, key: str) -> Phrase:
    """Offer an article: "Де найближче укриття? Натисніть один."."""
    return in_both(
        f"article-question-{article.id}-{key}",
        lambda said, words: said["question-choice"].format(
            question=article.wording(words.LANGUAGE).question, key=words.key(key)
        ),
    )


def answer(article: Article) -> Phrase:
    """Say the answer; its steps are for dispatchers and readers."""
    return Phrase(
        name=f"article-answer-{article.id}",
        uk=article.uk.answer,
        en=article.wording(Language.ENGLISH).answer,
    )
