"""The demo city's articles are whole, and each category that they name is in the classifier."""

from hotline.city.classifier import classifier
from hotline.knowledge.articles import LONGEST_ANSWER, LONGEST_QUESTION, LONGEST_STEP
from service.demo.accounts import DEMO_ACCOUNTS
from service.demo.knowledge import demo_articles

LOGINS = {login for login, *_ in DEMO_ACCOUNTS}


def test_every_article_can_be_saved_in_the_editor() -> None:
    for one in demo_articles():
        assert one.owner in LOGINS
        assert set(one.categories) <= set(classifier().categories)
        assert one.public or not one.spoken
        for wording in (one.uk, one.en):
            assert len(wording.question) <= LONGEST_QUESTION
            assert len(wording.answer) <= LONGEST_ANSWER
            assert all(len(step) <= LONGEST_STEP for step in wording.steps)
            assert bool(wording.question) is bool(wording.answer)


def test_there_are_some_of_each_standing_and_some_to_be_spoken() -> None:
    articles = demo_articles()
    assert len(articles) >= 10
    assert any(one.review < 0 for one in articles)
    assert any((one.valid or 0) < 0 for one in articles)
    assert 3 <= sum(one.spoken for one in articles) <= 7
