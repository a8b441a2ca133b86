"""Checks an attachment in a process of its own, so that a hostile file cannot harm the calls.

`python -m storage.appeals.attachment_check FILE TARGET PREVIEW PIXELS` prints `{"media_type": …}` or
`{"refused": …}`. It redraws a picture into TARGET and a small copy into PREVIEW; a document stays FILE. Any
other error ends it with a non-zero code, and the caller takes the file for damaged.
"""

import json
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from xml.parsers.expat import ExpatError

from hotline.signatures.der import NotDer
from hotline.signatures.paper_signatures import SIGNATURE
from hotline.signatures.signed_data import SIGN, signed_data
from storage.appeals import office_content, pdf_content
from storage.core.confinement import confine

MOST_MEMORY = 1536 * 2**20
MOST_SECONDS = 30
MOST_WRITTEN = 64 * 2**20
LARGEST_SIDE, PREVIEW_SIDE = 3840, 960
_MOST_ENTRIES, _MOST_UNPACKED, _LONGEST_PART = 5000, 300 * 2**20, 2**20
_PICTURES = ((0, b"\xff\xd8\xff", "JPEG"), (0, b"\x89PNG\r\n\x1a\n", "PNG"), (8, b"WEBP", "WEBP"))
_HEIF = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1"})
_OFFICE = {
    ".wordprocessingml.document.main+xml": "application/vnd.openxmlformats-officedocument"
    ".wordprocessingml.document",
    ".spreadsheetml.sheet.main+xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_OPEN_DOCUMENT = frozenset(
    {"application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet"}
)


class FileRefused(Exception):  # noqa: N818 - reads as what happened
    """The file is not taken; the reason is one of `hotline.appeals.attachments.FileRefusal`."""


def main(file: str, target: str, preview: str, pixels: str) -> None:
    confine(memory=MOST_MEMORY, cpu_seconds=MOST_SECONDS, written=MOST_WRITTEN)
    try:
        found = {"media_type": kind_of(Path(file), Path(target), Path(preview), int(pixels))}
    except FileRefused as refusal:
        found = {"refused": str(refusal)}
    print(json.dumps(found))  # noqa: T201 - the answer to the parent process


def kind_of(file: Path, target: Path, preview: Path, pixels: int) -> str:
    """Return the media type of the file as stored; raises Refused."""
    with file.open("rb") as opened:
        beginning = opened.read(32)
    for at, sign, name in _PICTURES:
        if beginning[at:].startswith(sign):
            return picture(file, target, preview, pixels, name)
    if beginning[4:8] == b"ftyp" and beginning[8:12] in _HEIF:
        return picture(file, target, preview, pixels, "HEIF")
    if SIGN in beginning:
        return signature(file, target, preview, pixels)
    papers: dict[bytes, Callable[[Path], str]] = {b"%PDF-": pdf, b"PK\x03\x04": office}
    for sign, check in papers.items():
        if beginning.startswith(sign):
            return check(file)
    raise FileRefused("kind")


def picture(file: Path, target: Path, preview: Path, pixels: int, name: str) -> str:
    """Redraw the picture, upright, on white, and no larger than a screen needs."""
    from PIL import Image, ImageOps  # noqa: PLC0415 - papers need no pictures

    if name == "HEIF":
        from pi_heif import register_heif_opener  # noqa: PLC0415 - most phones send JPEG

        register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = pixels
    try:
        with Image.open(file, formats=[name]) as image:
            if image.width * image.height > pixels:
                raise FileRefused("too-many-pixels")
            image.thumbnail((LARGEST_SIDE, LARGEST_SIDE), reducing_gap=1.0)  # a JPEG is decoded no larger
            drawn = ImageOps.exif_transpose(image)
            if drawn.has_transparency_data:
                seen = drawn.convert("RGBA")
                drawn = Image.new("RGB", seen.size, "white")
                drawn.paste(seen, mask=seen)
            drawn = Image.frombytes("RGB", drawn.size, drawn.convert("RGB").tobytes())  # and nothing besides
    except (Image.DecompressionBombError, MemoryError) as error:
        raise FileRefused("too-many-pixels") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise FileRefused("damaged") from error
    drawn.save(target, "JPEG", quality=85)
    drawn.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
    drawn.save(preview, "JPEG", quality=70)
    return "image/jpeg"


def signature(file: Path, target: Path, preview: Path, pixels: int) -> str:
    """Open it; a paper that it holds in itself is one that would be taken by itself."""
    try:
        content = signed_data(file.read_bytes()).content
    except NotDer as error:
        raise FileRefused("damaged") from error
    if content is None:
        return SIGNATURE
    if SIGN in content[:32]:
        raise FileRefused("kind")
    within = target.with_name(f"{target.name}.within")
    try:
        within.write_bytes(content)
        kind_of(within, target, preview, pixels)
    finally:
        for one in (within, target, preview):
            one.unlink(missing_ok=True)
    return SIGNATURE


def pdf(file: Path) -> str:
    """Open it: it has pages, needs no password, and does nothing by itself."""
    from pypdf.errors import PyPdfError  # noqa: PLC0415 - pictures need none of it

    try:
        active = pdf_content.is_active(file)
    except (PyPdfError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise FileRefused("damaged") from error
    if active is None:
        raise FileRefused("locked")
    if active:
        raise FileRefused("active")
    return "application/pdf"


def office(file: Path) -> str:
    """Look into the archive: the document of an office, and nothing that runs."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            if len(entries) > _MOST_ENTRIES or sum(one.file_size for one in entries) > _MOST_UNPACKED:
                raise FileRefused("too-large")
            names = archive.namelist()
            if "[Content_Types].xml" in names:
                types = _part(archive, "[Content_Types].xml")
                kind = next((kind for part, kind in _OFFICE.items() if part in types), "")
            elif "mimetype" in names:
                kind = _part(archive, "mimetype").strip()
                kind = kind if kind in _OPEN_DOCUMENT else ""
            else:
                kind = ""
            active = office_content.is_active(archive)
    except (zipfile.BadZipFile, ExpatError, OSError, KeyError, ValueError, RuntimeError, zlib.error) as error:
        raise FileRefused("damaged") from error
    if active:
        raise FileRefused("active")
    if not kind:
        raise FileRefused("kind")
    return kind


def _part(archive: zipfile.ZipFile, name: str) -> str:
    with archive.open(name) as opened:
        return opened.read(_LONGEST_PART).decode(errors="replace")


if __name__ == "__main__":
    main(*sys.argv[1:])
