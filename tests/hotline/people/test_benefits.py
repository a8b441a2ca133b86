from hotline.documents.document import FIRST_OWN, DocumentKind, delivered
from hotline.line.pauses import pauses
from hotline.people.benefits import BENEFITS, benefits, in_order, offered, served_first


def test_the_city_knows_those_who_suffered_from_chornobyl_and_serves_them_first() -> None:
    assert benefits()["7.14"].name("uk") == "Потерпіла особа від Чорнобильської катастрофи"
    assert served_first(["7.20", "7.14"])
    assert not served_first(["7.20"])
    assert not served_first([])


def test_categories_stand_in_the_classifiers_order_and_unknown_codes_are_left_out() -> None:
    assert [one.code for one in in_order(["7.14", "no such", "7.2", "7.13"])] == ["7.2", "7.13", "7.14"]


def test_a_reason_that_is_no_longer_offered_still_has_a_name() -> None:
    assert [one.code for one in pauses().values() if one.chosen][:2] == ["break", "meal"]
    assert pauses()["finishing"].name("en") == "Finishing the last call"


def test_a_category_that_went_is_still_named_and_offered_to_those_who_have_it_and_goes_first_no_more() -> (
    None
):
    text = delivered(DocumentKind.BENEFITS)[1]
    assert served_first(["7.1"])
    with BENEFITS.kept():
        BENEFITS.hold({FIRST_OWN: text.replace('code = "7.1"', 'code = "8.1"')})
        assert [one.name("en") for one in in_order(["7.1", "8.1"])] == ["War participant"] * 2
        assert [one.code for one in offered(["7.1"])][-1] == "7.1"
        assert "7.1" not in {one.code for one in offered([])}
        assert not served_first(["7.1"])
