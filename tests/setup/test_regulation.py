"""The table of the regulation names pages, commands and tests that there are, and leaves no paragraph out."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from service import command_line
from tests.cti_server.auth.test_routes import TABLE
from tests.service.commands.test_written_down import leaves
from tests.setup.drawings import page
from tests.setup.named_tests import exists

PARAGRAPHS = frozenset(
    {
        *("1.2", "1.3", "2.1", "2.2a", "2.2b", "2.2c", "2.3", "2.4", "2.5", "2.6", "2.7", "2.8"),
        *("3.1", "3.2a", "3.2b", "3.2c", "3.2d", "3.2e", "3.3", "3.4", "3.5"),
        *("4.2", "4.3", "4.4", "4.5", "4.6", "4.7", "4.8"),
        *("5.2", "5.6", "5.8", "5.9"),
        *("6.1", "6.3", "6.4", "6.5", "6.6", "6.7", "6.8", "6.10", "6.12", "6.13"),
    }
)
"""Those that ask something of software; the others speak of posts, pay and how the regulation is changed."""
PARAGRAPH = re.compile(r"\d\.\d+[a-e]?")


class Row(NamedTuple):
    paragraphs: frozenset[str]
    pages: list[str]
    commands: list[str]
    tests: list[str]


def rows() -> Iterator[Row]:
    for line in page("regulation").splitlines():
        if line.startswith("| ") and not line.startswith("| §"):
            paragraphs, _asks, pages, commands, tests = (cell.strip() for cell in line.strip("|").split("|"))
            yield Row(frozenset(PARAGRAPH.findall(paragraphs)), *map(quoted, (pages, commands, tests)))


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_each_paragraph_is_in_the_table_or_among_those_that_wait() -> None:
    _table, _heading, waiting = page("regulation").partition("## Not there yet")
    there = frozenset[str]().union(*(row.paragraphs for row in rows()))
    wait = frozenset(PARAGRAPH.findall(waiting))
    assert there | wait == PARAGRAPHS
    assert not there & wait


def test_each_row_has_a_test_that_exists() -> None:
    for row in rows():
        assert row.tests, row
        assert [name for name in row.tests if not exists(name)] == []


def test_each_page_of_the_table_is_a_route() -> None:
    routes = {route.partition(" ")[2] for route in TABLE}
    assert [one for row in rows() for one in row.pages if one not in routes] == []


def test_each_command_of_the_table_can_be_given() -> None:
    commands = {name for name, _parser in leaves(command_line.parser_for(()))}
    assert [
        one for row in rows() for one in row.commands if one.removeprefix("hotline ") not in commands
    ] == []
