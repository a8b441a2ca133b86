"""The public rating: the figures of hotline/reports, counted once a day however many ask."""

import html
import re

import pytest

from hotline.appeals.appeal import AppealState
from hotline.reports.figures import TooMuchAtOnce
from storage.reports.figures import StoredFigures
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person
from tests.fakes.register import Register

PATH = "/matters/enterprises"


async def test_it_is_counted_once_a_day_and_says_how_many(
    person: Person, storage: Storage, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    register = Register(storage, clock)
    for last in range(1, 4):
        await register.appeal(f"260000{last}", AppealState.CLOSED)
    await register.appeal("2600004", AppealState.IN_WORK)
    assert "Звернень закрито 0" in words(await person.text(PATH))  # today is not over
    clock.pass_(seconds=86_400)
    page = words(await person.text(PATH))
    assert "Звернень надійшло 4" in page
    assert "Закрито вчасно 100 % (3 із 3)" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert "місця не має" in page

    async def too_much(*_: object) -> None:
        raise TooMuchAtOnce("Another report is being counted.")

    monkeypatch.setattr(StoredFigures, "count", too_much)
    assert words(await person.text(PATH)) == page  # the day's is kept
    clock.pass_(seconds=86_400)
    assert "Звернень надійшло 4" in words(await person.text(PATH))  # that of the day before
    monkeypatch.undo()
    assert words(await person.text(PATH)) == page
    clock.pass_(seconds=601)
    assert words(await person.text(PATH)) != page


def words(page: str) -> str:
    """The words of the page's middle, without marks."""
    return " ".join(
        re.sub("<[^>]+>", " ", html.unescape(page.split("<main")[1].split("</main", maxsplit=1)[0])).split()
    )
