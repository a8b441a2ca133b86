"""The word error rate, by which ears are compared."""

import pytest

from hotline.speech.word_errors import word_errors


@pytest.mark.parametrize(
    ("said", "heard", "rate"),
    [
        ("немає води", "немає води", 0.0),
        ("Немає вод+и!", "немає води", 0.0),
        ("у під'їзді тече", "у під’їзді тече", 0.0),
        ("немає води", "немає біди", 0.5),
        ("немає води", "води", 0.5),
        ("немає води", "у нас немає води", 1.0),
        ("немає води", "", 1.0),
    ],
)
def test_words_wrong_left_out_and_put_in_count_by_the_words_that_were_said(
    said: str, heard: str, rate: float
) -> None:
    assert word_errors(said, heard) == rate
