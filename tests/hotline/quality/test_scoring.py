"""What the answers come to."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from hotline.quality.score_forms import ScoreForm, ScoreKind, ScoreQuestion, score_form
from hotline.quality.scoring import allowed_answers, known_answers, score, unanswered


def question(code: str, weight: int, *, critical: bool = False, marks: bool = False) -> ScoreQuestion:
    kind = ScoreKind.SCALE if marks else ScoreKind.YES_NO
    return ScoreQuestion(
        code=code, section="a", uk=code, en=code, kind=kind, weight=weight, critical=critical
    )


def form(*questions: ScoreQuestion, passes: int = 80) -> ScoreForm:
    return replace(score_form(), passes=passes, questions={one.code: one for one in questions})


def percent(of: ScoreForm, **answers: str) -> int | None:
    found = score(of, answers)
    return None if found is None else found.percent


def test_a_question_counts_by_its_weight() -> None:
    of = form(question("greeting", 5), question("address", 15))
    assert percent(of, greeting="yes", address="no") == 25
    assert percent(of, greeting="no", address="yes") == 75


def test_what_is_not_applicable_counts_nothing() -> None:
    of = form(question("greeting", 5), question("address", 15))
    assert percent(of, greeting="yes", address="na") == 100
    assert percent(of, greeting="na", address="na") is None
    assert percent(of) is None


def test_marks_earn_quarters() -> None:
    of = form(question("polite", 10, marks=True))
    assert [percent(of, polite=mark) for mark in "12345"] == [0, 25, 50, 75, 100]


def test_a_half_is_rounded_upwards() -> None:
    assert percent(form(question("a", 1), question("b", 7)), a="yes", b="no") == 13  # 12.5


def test_a_critical_question_fails_the_whole_and_leaves_the_percentage() -> None:
    of = form(question("greeting", 95), question("danger", 5, critical=True))
    found = score(of, {"greeting": "yes", "danger": "no"})
    assert found is not None
    assert (found.percent, found.passed, found.failed) == (95, False, ["danger"])
    found = score(of, {"greeting": "yes", "danger": "na"})
    assert found is not None
    assert found.passed


def test_the_lowest_mark_of_a_critical_question_fails_too() -> None:
    of = form(question("polite", 1, critical=True, marks=True), question("rest", 99))
    lowest, next_one = (score(of, {"polite": mark, "rest": "yes"}) for mark in "12")
    assert lowest is not None
    assert next_one is not None
    assert (lowest.passed, next_one.passed) == (False, True)


def test_the_bar_itself_passes() -> None:
    of = form(question("a", 80), question("b", 20))
    found = score(of, {"a": "yes", "b": "no"})
    assert found is not None
    assert found.passed


def test_answers_that_the_form_does_not_know_are_left_out() -> None:
    of = form(question("greeting", 5), question("polite", 5, marks=True))
    given_ = {"greeting": "3", "polite": "5", "gone": "yes"}
    assert known_answers(of, given_) == {"polite": "5"}
    assert unanswered(of, {"polite": "5"}) == ["greeting"]


@given(st.data())
def test_a_score_is_a_percentage_and_better_answers_never_lower_it(data: st.DataObject) -> None:
    of = score_form()
    answers = {code: data.draw(st.sampled_from(allowed_answers(one))) for code, one in of.questions.items()}
    found = percent(of, **answers)
    assert found is None or 0 <= found <= 100
    worse = [code for code, one in answers.items() if one in {"no", "1"}]
    if found is not None and worse:
        kind = of.questions[worse[0]].kind
        better = answers | {worse[0]: "yes" if kind is ScoreKind.YES_NO else "5"}
        assert (percent(of, **better) or 0) > found
