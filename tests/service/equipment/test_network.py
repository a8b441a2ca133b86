"""Checks of the network against real sockets: what answers, what does not, what may not be asked."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from hotline.equipment.catalogue import sentence
from hotline.equipment.items import Kind, NewItem, Way
from hotline.equipment.states import State
from hotline.voice.speech import Language
from service.equipment.network import certificate_look, network_look
from service.equipment.ups import UpsAnswer, ups_look

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def answering(answer: Answer) -> AsyncIterator[int]:
    """Serve on a port of this machine."""
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


def says(text: str) -> Answer:
    """Answer whatever comes with this text, and leave."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(text.encode())
        await writer.drain()
        writer.close()

    return answer


async def is_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    writer.close()


def item(way: Way, port: int = 0, *, host: str = "127.0.0.1", path: str = "", seconds: int = 5) -> NewItem:
    return NewItem(
        name="x", kind=Kind.OTHER, way=way, host=host, port=port, path=path, timeout_seconds=seconds
    )


async def look(way: Way, answer: Answer, path: str = "", seconds: int = 5) -> tuple[State, str]:
    async with answering(answer) as port:
        found = await network_look(item(way, port, path=path.format(port=port), seconds=seconds))
    assert sentence(found, Language.UKRAINIAN)
    return found.state, found.said


async def test_a_port_that_answers_is_in_order_and_one_that_is_closed_is_not() -> None:
    assert await look(Way.TCP, is_silent) == (State.IN_ORDER, "answers")
    async with answering(is_silent) as port:
        pass
    found = await network_look(item(Way.TCP, port))
    assert (found.state, found.said) == (State.OUT_OF_ORDER, "refused")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("HTTP/1.1 200 OK\r\n\r\n", (State.IN_ORDER, "answers")),
        ("HTTP/1.0 302 Found\r\nLocation: http://169.254.169.254/\r\n\r\n", (State.IN_ORDER, "answers")),
        ("HTTP/1.1 503 Unavailable\r\n\r\n", (State.OUT_OF_ORDER, "http-status")),
        ("220 mail.example.org ESMTP\r\n", (State.OUT_OF_ORDER, "not-http")),
        ("x" * 200_000, (State.OUT_OF_ORDER, "not-http")),
        ("", (State.OUT_OF_ORDER, "not-http")),
    ],
)
async def test_a_web_address_is_judged_by_its_status_alone(text: str, found: tuple[State, str]) -> None:
    assert await look(Way.HTTP, says(text), path="http://127.0.0.1:{port}/") == found


async def test_who_says_nothing_is_waited_for_no_longer_than_was_set() -> None:
    found = await look(Way.HTTP, is_silent, path="http://127.0.0.1:{port}/", seconds=1)
    assert found == (State.OUT_OF_ORDER, "no-answer")


@pytest.mark.parametrize("host", ["169.254.169.254", "0.0.0.0", "224.0.0.1", "::ffff:169.254.169.254"])  # noqa: S104
async def test_what_no_equipment_has_is_never_asked(host: str) -> None:
    found = await network_look(item(Way.TCP, 80, host=host))
    assert (found.state, found.said) == (State.NOT_KNOWN, "forbidden-address")


async def test_a_name_that_nobody_knows_is_no_fault_of_the_equipment() -> None:
    found = await network_look(item(Way.TCP, 80, host="no-such-name.invalid"))
    assert (found.state, found.said) == (State.NOT_KNOWN, "no-name")


UPS = "BEGIN LIST VAR ups\n{lines}END LIST VAR ups\n"


@pytest.mark.parametrize(
    ("variables", "found"),
    [
        ({"ups.status": "OL CHRG", "battery.charge": "87"}, (State.IN_ORDER, "ups-mains")),
        ({"ups.status": "OL"}, (State.IN_ORDER, "ups-mains-only")),
        (
            {"ups.status": "OB DISCHRG", "battery.charge": "60.5", "battery.runtime": "900"},
            (State.DISTURBED, "ups-battery"),
        ),
        ({"ups.status": "OB", "battery.charge": "x"}, (State.DISTURBED, "ups-battery-only")),
        ({"ups.status": "OB LB"}, (State.OUT_OF_ORDER, "ups-low")),
        ({"ups.status": "OL RB"}, (State.DISTURBED, "ups-replace")),
        ({"ups.status": "OL OFF"}, (State.OUT_OF_ORDER, "ups-off")),
        ({"ups.status": "BYPASS"}, (State.DISTURBED, "ups-other")),
        ({}, (State.NOT_KNOWN, "ups-stale")),
    ],
)
async def test_a_power_supply_is_judged_by_what_upsd_lists(
    variables: dict[str, str], found: tuple[State, str]
) -> None:
    lines = "".join(f'VAR ups {name} "{value}"\n' for name, value in variables.items())
    assert await look(Way.NUT, says(UPS.format(lines=lines)), path="ups") == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ERR UNKNOWN-UPS\n", (State.NOT_KNOWN, "ups-unknown")),
        ("ERR DATA-STALE\n", (State.NOT_KNOWN, "ups-stale")),
        ("BEGIN LIST VAR ups\n", (State.OUT_OF_ORDER, "refused")),
        ("SSH-2.0-x\n", (State.OUT_OF_ORDER, "refused")),
    ],
)
async def test_of_what_upsd_cannot_say_nothing_is_made_up(text: str, found: tuple[State, str]) -> None:
    assert await look(Way.NUT, says(text), path="ups") == found


def test_an_ups_on_battery_says_how_long_it_lasts() -> None:
    variables = {"ups.status": "OB", "battery.charge": "60", "battery.runtime": "1500"}
    said = sentence(ups_look(UpsAnswer(variables=variables), "ups"), Language.UKRAINIAN)
    assert said == "Працює від батареї, заряд 60 %, лишилося 25 хв"


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ("Mar 30 12:00:00 2026 GMT", "certificate-good"),
        ("Mar 12 12:00:00 2026 GMT", "certificate-ends"),
        ("Mar  1 12:00:00 2026 GMT", "certificate-over"),
    ],
)
def test_a_certificate_is_judged_by_the_days_that_are_left(ends: str, said: str) -> None:
    assert certificate_look(ends, datetime(2026, 3, 2, tzinfo=UTC)).said == said


async def test_a_port_without_tls_has_no_certificate() -> None:
    assert await look(Way.CERTIFICATE, says("HTTP/1.1 400\r\n\r\n")) == (State.OUT_OF_ORDER, "refused")
