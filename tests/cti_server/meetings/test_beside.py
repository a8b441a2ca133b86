"""Meetings beside their own pages: in the one search, and in the calendar of who takes part."""

import re

from tests.cti_server.conftest import Person
from tests.cti_server.meetings.conftest import Called

PAGE = "/meetings/1"


async def feed_of(person: Person) -> str:
    """Make the link of a calendar, and give its address."""
    made = await person.post("/shifts/mine/feed")
    found = re.search(r"/shifts/feed/[^\"]+\.ics", await made.text())
    assert found
    return found[0]


async def test_the_one_search_finds_one_s_own_by_words_in_any_form(called: Called, olena: Person) -> None:
    for person in (called.head, olena):
        found = await person.text("/search?q=зимі+підготовки")
        assert f'href="{PAGE}"' in found
        assert "<mark>зими</mark>" in found
        assert f'href="{PAGE}"' in await person.text("/search?q=дорога"), "by its agenda"
    secret = {**called.form, "topic": "Кадрові питання", "users": [], "secretary": "2"}
    await called.head.post("/meetings", secret)
    assert "Кадрові" in await called.head.text("/search?q=кадрове")
    mine = {**called.form, "topic": "Паводок", "round": "1", "edition": "2"}
    await called.head.post(PAGE, mine)
    assert f'href="{PAGE}"' not in await olena.text("/search?q=зимі"), "found by what it is called now"
    assert f'href="{PAGE}"' in await olena.text("/search?q=паводку")


async def test_a_calendar_has_the_meetings_of_who_takes_part_and_says_when_one_is_called_off(
    called: Called, olena: Person
) -> None:
    mine, heads = await feed_of(olena), await feed_of(called.head)
    for feed in (mine, heads):
        text = (await olena.text(feed)).replace("\r\n ", "")
        assert "SUMMARY:Нарада: Підготовка до зими" in text
        assert "DTSTART:20260303T080000Z" in text
        assert "DTEND:20260303T090000Z" in text
        assert "LOCATION:каб. 12" in text
    await olena.post(f"{PAGE}/answer", {"do": "decline", "round": "1", "said": "Зміна"})
    assert "meeting-1@" not in await olena.text(mine)
    await called.head.post(f"{PAGE}/call-off", {"reason": "Карантин"})
    assert "STATUS:CANCELLED" in await olena.text(heads)
