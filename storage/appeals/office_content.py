"""Looks into a document of an office for all that is no text: programs, other files, places to fetch from."""

import re
import zipfile
from collections.abc import Callable, Mapping
from xml.parsers import expat

_LINKS = re.compile(r"(?i)(?:https?:|mailto:|tel:|#|$)")
"""Addresses to which a link that somebody follows may lead."""
_OUTSIDE = re.compile(r"(?i)[a-z][a-z0-9+.-]*:|//|\\|\.\.?/|/")
"""Places outside of the archive."""
_NAMES = (
    *("vbaproject", "activex", "embeddings/", "basic/", "scripts/", "object ", "externallinks/"),
    *("macrosheets/", "dialogsheets/", "webextensions/", "customui/", "afchunk", "querytables/"),
    "connections.xml",
)
"""Beginnings or parts of the names under which archives carry programs, other files and outside data."""
_TYPES = ("macroenabled", "vbaproject", "activex", "oleobject", "macrosheet", "externallink", "webextension")
"""Parts of the types of such contents, whatever they are called."""
_ELEMENTS = frozenset(
    {
        *("event-listener", "script", "plugin", "applet", "floating-frame", "dde-source", "dde-link"),
        *("dde-connection-decl", "cell-range-source", "table-source", "section-source", "object-ole"),
        "altChunk",
    }
)
_FIELD = re.compile(r"(?i)(?:^|\n)\s*(?:DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|DATABASE)\b")
"""Fields of Word that run programs or fetch."""
_XML = (".xml", ".rels", ".rdf")


class _Active(Exception):  # noqa: N818 - found is what was looked for
    pass


def is_active(archive: zipfile.ZipFile) -> bool:
    """Tell whether the document would do something besides being read.

    Raises expat.ExpatError, and whatever else a damaged archive causes.
    """
    names = [one.lower() for one in archive.namelist()]
    if len(set(names)) < len(names):
        raise zipfile.BadZipFile("A name stands twice: readers differ in which they take.")
    if any(program in name for name in names for program in _NAMES):
        return True
    try:
        for name in archive.namelist():
            if name.lower().endswith(_XML):
                _read(archive, name)
    except _Active:
        return True
    return False


def _read(archive: zipfile.ZipFile, name: str) -> None:
    parser, part = expat.ParserCreate(), _Part()
    parser.StartElementHandler = part.begins
    parser.CharacterDataHandler = part.says
    parser.EntityDeclHandler = _entity
    with archive.open(name) as opened:
        parser.ParseFile(opened)
    if _FIELD.search("".join(part.fields)):
        raise _Active


def _entity(*_declared: object) -> None:
    """Refuse what no office writes: a document whose text is made while it is read."""
    raise _Active


class _Part:
    """One XML part, read element by element."""

    def __init__(self) -> None:
        self.fields: list[str] = []
        """The texts of Word's fields, each behind a line break."""
        self._in_field = False

    def begins(self, tag: str, attributes: Mapping[str, str]) -> None:
        local = tag.rpartition(":")[2]
        named = {name.rpartition(":")[2]: value for name, value in attributes.items()}
        self._in_field = local == "instrText"
        if local == "fldChar":
            self.fields.append("\n")
        elif local == "fldSimple":
            self.fields.append("\n" + named.get("instr", "") + "\n")
        if any(test(local, named) for test in _TESTS):
            raise _Active

    def says(self, text: str) -> None:
        if self._in_field:
            self.fields.append(text)


def _is_program(local: str, _named: Mapping[str, str]) -> bool:
    return local in _ELEMENTS


def _has_foreign_type(local: str, named: Mapping[str, str]) -> bool:
    kind = named.get("ContentType", "").lower()
    return local in {"Default", "Override"} and any(one in kind for one in _TYPES)


def _is_relation_outside(local: str, named: Mapping[str, str]) -> bool:
    """Tell whether a part of the document (a template, a picture, a table) is fetched from elsewhere."""
    if local != "Relationship":
        return False
    kind, target = named.get("Type", "").rpartition("/")[2].lower(), named.get("Target", "")
    if kind == "hyperlink":
        return not _LINKS.match(target.strip()) and named.get("TargetMode") == "External"
    return named.get("TargetMode") == "External" or any(one in kind for one in _TYPES)


def _leads_outside(local: str, named: Mapping[str, str]) -> bool:
    """Tell the same of OpenDocument: a link may lead to an address, all else lies in the archive.

    The template is named only: nobody fetches it.
    """
    target = named.get("href", "").strip()
    if local == "a":
        return not _LINKS.match(target)
    return local != "template" and _OUTSIDE.match(target) is not None


_TESTS: tuple[Callable[[str, Mapping[str, str]], bool], ...] = (
    _is_program,
    _has_foreign_type,
    _is_relation_outside,
    _leads_outside,
)
