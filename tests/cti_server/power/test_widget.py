"""Power by schedule in a frame on another site: a house, a queue, all queues; only this page is framed."""

import pytest

from tests.cti_server.conftest import Person

FRAME = "/power/widget"


@pytest.mark.usefixtures("told")
async def test_it_shows_the_queue_and_the_next_change(person: Person) -> None:
    house = await person.text(f"{FRAME}?address=Київський квартал, 3&lang=uk")
    assert "Київський квартал, 3" in house
    assert "черга 4.1" in house
    assert "Наступна зміна" in house
    queue = await person.text(f"{FRAME}?queue=5.2&lang=en")
    assert "queue 5.2" in queue
    assert "The next change" in queue
    every = await person.text(f"{FRAME}?lang=uk")
    assert "4.1" in every
    assert "5.2" in every


@pytest.mark.usefixtures("told")
async def test_what_nobody_knows_is_said(person: Person) -> None:
    assert "черги цього будинку" in await person.text(f"{FRAME}?address=Київський квартал, 40&lang=uk")
    assert "Такої адреси ми не знаємо" in await person.text(f"{FRAME}?address=Марс&lang=uk")
    assert "<script" not in await person.text(f"{FRAME}?queue=<script>&lang=uk")


@pytest.mark.usefixtures("told")
async def test_only_the_widget_may_stand_in_a_frame(person: Person) -> None:
    framed = (await person.get(FRAME)).headers["Content-Security-Policy"]
    assert "frame-ancestors *" in framed
    assert "frame-ancestors 'none'" in (await person.get("/power")).headers["Content-Security-Policy"]
    script = await person.get(f"{FRAME}.js")
    assert "text/javascript" in script.headers["Content-Type"]
    assert "queue" in await script.text()
