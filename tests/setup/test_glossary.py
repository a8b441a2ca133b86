"""The glossary is the list of names: its terms are used, and what it says "not" of stands nowhere."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.setup.drawings import page

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("hotline", "storage", "telephony", "ivr_flows", "cti_server", "service", "tests/bench")
NEVER_AGAIN = re.compile(r"\b(whoever|whomever|wherever|of late|so many|so long|is no more)\b", re.IGNORECASE)
"""Headless clauses and vague measures: a docstring names its noun, and who acts."""
SAYS_NOTHING = re.compile(r"(What|Who|Whoever|Whom|Whose|Where|Which|That|Those|So many)\b")
"""How no module opens: its first word names what it holds."""
PROSE = re.compile(r'"""[\s\S]*?"""|(?:^ *|  )#[^\n]*', re.MULTILINE)
TEXTS = (".toml", ".py", ".jinja2", ".js")


def rows() -> Iterator[tuple[str, str, str]]:
    """Term, Ukrainian, meaning."""
    for line in page("glossary").splitlines():
        if line.startswith("| ") and not line.startswith("| Term"):
            term, ukrainian, meaning = (cell.strip() for cell in line.strip("|").split("|", 2))
            yield term, ukrainian, meaning.strip(" |")


def rejected() -> Iterator[str]:
    """Names in backticks and Ukrainian words, as the meanings have them behind "not:"."""
    for _term, _ukrainian, meaning in rows():
        _before, _not, names = meaning.partition("not: ")
        yield from (name.strip() for name in names.split(",") if name.strip())


@cache
def sources() -> dict[str, str]:
    """All modules with their text, by their paths."""
    return {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for top in PRODUCT
        for path in sorted((ROOT / top).rglob("*.py"))
        if "versions" not in path.parts
    }


@cache
def names() -> frozenset[str]:
    """Names that are defined, given or asked for in the product's modules in which a rejected name stands."""
    sought = re.compile("|".join(rf"\b{one.strip('`')}\b" for one in rejected() if one.startswith("`")))
    suspects = [text for text in sources().values() if sought.search(text)]
    nodes = [node for text in suspects for node in ast.walk(ast.parse(text))]
    fields = ("id", "attr", "arg", "name", "asname")
    return frozenset(str(getattr(node, field)) for node in nodes for field in fields if hasattr(node, field))


def prose() -> Iterator[tuple[str, str]]:
    """Docstrings and comments, each with its place."""
    for path, text in sources().items():
        for found in PROSE.finditer(text):
            yield f"{path}:{text.count(chr(10), 0, found.start()) + 1}", found[0]


def test_each_term_of_the_glossary_is_used_in_the_code() -> None:
    everything = re.sub(r"[\s_-]+", " ", "\n".join(sources().values())).lower()
    unused = [
        one
        for term, _ukrainian, _meaning in rows()
        for one in re.sub(r"\s*\([^)]*\)", "", term).removeprefix("to ").split(", ")
        if re.sub(r"[\s_-]+", " ", one.removeprefix("to ")).lower() not in everything
    ]
    assert not unused


@pytest.mark.parametrize("name", [one.strip("`") for one in rejected() if one.startswith("`")])
def test_a_rejected_name_stands_nowhere_in_the_code(name: str) -> None:
    assert name not in names()


@pytest.mark.parametrize("word", [one for one in rejected() if not one.startswith("`")])
def test_a_rejected_word_stands_in_no_text_for_people(word: str) -> None:
    found = re.compile(rf"\b{word}\w*", re.IGNORECASE)
    with (ROOT / "cti_server/locale/uk/LC_MESSAGES/desk.po").open("rb") as file:
        said = [str(one.string) for one in read_po(file, locale="uk") if found.search(str(one.string))]
    said += [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for top in PRODUCT
        for path in sorted((ROOT / top).rglob("*"))
        if path.suffix in TEXTS and "static" not in path.parts
        for line in path.read_text(encoding="utf-8").splitlines()
        if found.search(line)
    ]
    assert not said


def test_prose_names_its_noun_and_who_acts() -> None:
    assert not [where for where, text in prose() if NEVER_AGAIN.search(text)]


def test_no_module_opens_with_words_that_say_nothing() -> None:
    assert not [path for path, text in sources().items() if SAYS_NOTHING.match(text.removeprefix('"""'))]
