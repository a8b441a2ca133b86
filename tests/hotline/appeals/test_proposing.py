from hotline.appeals.proposing import PastWords, Word
from hotline.city.classifier import Urgency, classifier

PRUNE = classifier().categories["tree-prune"]
PAIRS = tuple((f"гілка{number}", f"гілляка{number}") for number in range(12))


def test_a_word_whose_forms_are_as_frequent_as_each_other_always_weighs_the_same() -> None:
    past = PastWords()
    for usual, grave in PAIRS:
        for _ in range(4):
            past.learn([usual], PRUNE.code, Urgency.ORDINARY)
            past.learn([grave], PRUNE.code, Urgency.URGENT)
    text: list[Word] = [frozenset(pair) for pair in PAIRS]
    assert len({past.urgency([word], PRUNE) for word in text}) == 1
