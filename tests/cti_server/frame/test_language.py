"""Every word of the pages is translated; every translation is of a word that some page still says."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from cti_server.frame.language import CATALOGUES, LANGUAGES, words

SERVER = CATALOGUES.parent
CALLED = re.compile(r"(_|gettext)\(|{%-? *trans")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
Message = str | tuple[str, ...]


@cache
def said() -> Mapping[Message, str]:
    """Each msgid of the code and the templates, with a file that says it."""
    found: dict[Message, str] = {}
    for file, method in sorted([*_files("*.py", "python"), *_files("*.jinja2", "jinja2.ext:babel_extract")]):
        if CALLED.search(file.read_text(encoding="utf-8")) is None:
            continue  # two of three files say nothing, and to take each apart is most of the work
        for _line, message, *_rest in extract_from_file(method, file):
            found[message] = str(file.relative_to(SERVER))
    return found


def _files(pattern: str, method: str) -> Iterator[tuple[Path, str]]:
    return ((file, method) for file in SERVER.rglob(pattern))


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with (CATALOGUES / "uk" / "LC_MESSAGES" / "desk.po").open("rb") as opened:
        return read_po(opened, locale="uk", abort_invalid=True)


def test_every_text_has_a_ukrainian_translation(catalogue: Catalog) -> None:
    missing = {}
    for message, file in said().items():
        entry = catalogue.get(message)
        forms = (entry.string,) if entry and isinstance(entry.string, str) else entry.string if entry else ()
        if not forms or not all(forms) or (entry and entry.fuzzy):
            missing[message] = file
    assert not missing, "add to cti_server/locale/uk/LC_MESSAGES/desk.po"


def test_no_translation_is_left_of_a_text_that_is_gone(catalogue: Catalog) -> None:
    assert {entry.id for entry in catalogue if entry.id} - set(said()) == set()


def test_no_text_is_translated_twice() -> None:
    """Babel takes the last of two without a word."""
    text = (CATALOGUES / "uk" / "LC_MESSAGES" / "desk.po").read_text(encoding="utf-8")
    ids = Counter(re.findall(r'^msgid ((?:".*"\n)+)', text, re.MULTILINE))
    assert [one for one, times in ids.items() if times > 1] == []


def test_translations_keep_the_placeholders(catalogue: Catalog) -> None:
    for entry in catalogue:
        ids = entry.id if isinstance(entry.id, tuple) else (entry.id,)
        strings = entry.string if isinstance(entry.string, tuple) else (entry.string,)
        for string in strings if entry.id else ():
            assert set(PLACEHOLDER.findall(string)) == set(PLACEHOLDER.findall(ids[-1])), entry.id


def test_ukrainian_counts_in_three_forms_and_english_is_what_the_code_says() -> None:
    text = (
        "Too many attempts. Try again in %(num)d second.",
        "Too many attempts. Try again in %(num)d seconds.",
    )
    endings = [words("uk").ngettext(*text, number).split()[-1] for number in (1, 3, 5, 21)]
    assert endings == ["секунду.", "секунди.", "секунд.", "секунду."]
    assert words("en").ngettext(*text, 1) == text[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_said_is_nothing_in_every_language(language: str) -> None:
    assert not words(language).gettext("")
