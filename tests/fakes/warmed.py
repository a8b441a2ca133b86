"""What each process of a session would make or read for itself is there before they are forked."""

from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import FileSystemBytecodeCache

from cti_server.frame import pages
from cti_server.frame.language import LANGUAGES, words
from hotline.voice.ukrainian_words import dictionary
from storage.city import lemmas
from tests.fakes import databases

COMPILED = "templates"
"""The folder of pages' compiled templates, in that of the session."""


def warm() -> None:
    """Read catalogues and a dictionary, and make the newest schema."""
    for language in LANGUAGES:
        words(language)
    dictionary()
    lemmas._read()
    databases._migrated()


def share_templates(folder: Path) -> None:
    """Have a page's template compiled once for all: by whichever process comes to it, kept in this folder."""
    folder.mkdir(exist_ok=True)
    for language in LANGUAGES:
        environment = pages._environment(language, ZoneInfo("Europe/Kyiv"))
        environment.bytecode_cache = FileSystemBytecodeCache(str(folder), f"{language}-%s")
