"""An appeal in the codes of the state's classifier; what it lacks is empty, and wrong rows are refused."""

from datetime import UTC, date, datetime

import pytest

from hotline.appeals.appeal import Appeal, AppealKind, AppealState, Receipt, ResultKind, Sign, Subject
from hotline.appeals.state_classifier import (
    STATE_CLASSIFIERS,
    StateField,
    read_state_classifier,
    state_codes,
)
from hotline.documents.faults import DocumentFaults

LEAK = Appeal(
    number="2600001",
    applicant_number=None,
    text="Тече",
    state=AppealState.CLOSED,
    registered_at=datetime(2026, 3, 2, tzinfo=UTC),
    due_on=date(2026, 3, 4),
    category="water-leak",
    classifier=4,
    kind=AppealKind.COMPLAINT,
    sign=Sign.REPEATED,
    result=ResultKind.SATISFIED,
)


def test_an_appeal_has_a_code_for_each_field_and_its_section_as_the_question() -> None:
    assert [one.code for one in state_codes(LEAK)] == ["1.7", "2.2", "3.3", "5.1", "6.3", "8.1", "090"]


def test_a_category_may_have_a_code_of_its_own() -> None:
    text = '[[code]]\nname = "question:water-leak"\ncode = "091"\nuk = "Водопостачання"\n'
    with STATE_CLASSIFIERS.supposing(read_state_classifier(text, 1)):
        assert [one.code for one in state_codes(LEAK)] == ["", "", "", "", "", "", "091"]


def test_each_value_of_ours_is_named() -> None:
    known = STATE_CLASSIFIERS.get()
    not_theirs = {f"kind:{AppealKind.INFORMATION_REQUEST}", f"type:{Receipt.CAMERA}"}
    for what, values in (
        (StateField.RECEIPT, Receipt),
        (StateField.SIGN, Sign),
        (StateField.KIND, AppealKind),
        (StateField.SUBJECT, Subject),
        (StateField.TYPE, Receipt),
        (StateField.RESULT, ResultKind),
    ):
        assert {f"{what}:{one}" for one in values} - not_theirs <= known.keys()


@pytest.mark.parametrize("name", ["receipt:pigeon", "colour:red", "receipt", "question:"])
def test_a_row_that_names_nothing_of_ours_is_refused(name: str) -> None:
    with pytest.raises(DocumentFaults):
        read_state_classifier(f'[[code]]\nname = "{name}"\nuk = "Щось"\n', 1)
