from cti_server.frame.marks import LONGEST, begun, marks
from hotline.city.search_terms import SearchTerm
from storage.city.lemmas import UkrainianLemmas

PIPE = (SearchTerm(frozenset({"труба"})),)


def joined(pieces: list[tuple[str, bool]]) -> str:
    return "".join(f"[{text}]" if marked else text for text, marked in pieces)


async def test_every_form_is_marked_and_the_text_stays_whole() -> None:
    text = "Трубу прорвало; труби, труб і під'їзд."
    found = await marks(UkrainianLemmas(), PIPE, [text])
    assert joined(found.whole(text)) == "[Трубу] прорвало; [труби], [труб] і під'їзд."


async def test_of_a_long_text_the_part_around_the_first_mark_is_shown() -> None:
    text = f"{'довго ' * 60}прорвало трубу {'ще довше ' * 40}"
    found = await marks(UkrainianLemmas(), PIPE, [text])
    shown = joined(found.part(text))
    assert "прорвало [трубу] ще" in shown
    assert shown.startswith("… довго")
    assert shown.endswith(" …")
    assert len(shown) < LONGEST + 40


def test_names_are_marked_by_how_they_begin() -> None:
    assert joined(begun(["маря", "дем"]).whole("Демченко Мар’яна")) == "[Демченко] [Мар’яна]"
