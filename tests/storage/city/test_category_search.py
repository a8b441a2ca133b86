import pytest

from hotline.city.category_search import CategorySearch
from hotline.city.classifier import CLASSIFIERS, classifier
from storage.city.lemmas import UkrainianLemmas

SEARCH = CategorySearch(UkrainianLemmas())


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("гар вод", "hot-water-none"),
        ("ЛІФТ люд", "lift-stuck"),
        ("під’їзд", "entrance"),
        ("light", "street-light"),
        ("батареї", "heat-none"),
        ("світло", "power-none"),
        ("холодно", "heat-none"),
        ("холодно в квартирі", "heat-none"),
        ("у мене вдома дуже холодно", "heat-none"),
        ("дах тече", "roof-leak"),
        ("дорога", "road-hole"),
        ("дороги", "road-hole"),
        ("снігу", "road-ice"),
        ("ожеледь", "road-ice"),
        ("лід", "road-ice"),
        ("стояк", "sewer-blocked"),
        ("пожежа", "emergency"),
        ("зупинка", "road-sign"),
        ("парковка", "road-sign"),
        ("двір", "street-light"),
        ("стовп", "power-wire"),
        ("пахне газом", "gas-smell"),
    ],
)
async def test_a_category_is_found_by_citizens_words_in_any_form_and_as_one_types(
    typed: str, first: str
) -> None:
    assert (await SEARCH.find(typed))[0].code == first


async def test_what_has_all_words_leaves_out_what_has_some_and_words_of_no_category_find_nothing() -> None:
    assert [one.code for one in await SEARCH.find("нема гарячої води")] == ["hot-water-none"]
    assert await SEARCH.find("ррр") == []
    assert await SEARCH.find("") == []
    assert await SEARCH.find("у") != []  # a word that only joins others may be the beginning of one


async def test_another_version_is_found_by_its_own_words() -> None:
    search = CategorySearch(UkrainianLemmas())
    assert (await search.find("сніг"))[0].code == "road-ice"
    with CLASSIFIERS.supposing(classifier(1)):
        assert [found.code for found in await search.find("вибоїна")] == ["road-hole"]
        assert await search.find("лід") == []
