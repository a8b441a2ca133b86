"""Photos and papers to be sent: real ones, and such as somebody wicked makes."""

import io
import struct
import zipfile
import zlib

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject

PLACE = 34853
"""The part of a photo's data that tells where it was taken (EXIF GPS)."""
_ROWS, _ADLER = 600, 65521  # so many are compressed once; what the checksum of zlib counts by


def photo(kind: str = "JPEG", size: tuple[int, int] = (640, 480), *, turned: bool = False) -> bytes:
    """A picture that tells where it was taken, and by whom."""
    image, file = Image.effect_noise(size, 50).convert("RGB"), io.BytesIO()
    exif = Image.Exif()
    exif[315] = "Petro Santekhnik"
    exif.get_ifd(PLACE)[1] = "N"
    exif.get_ifd(PLACE)[2] = (51.0, 31.0, 14.0)
    if turned:
        exif[274] = 6
    image.save(file, kind, exif=exif)
    return file.getvalue()


def bomb(side: int = 60_000) -> bytes:
    """A small PNG that would take gigabytes once it is drawn."""
    rows, times = bytes((side // 8 + 1) * _ROWS), side // _ROWS
    press = zlib.compressobj(9)
    begin = press.flush(zlib.Z_FULL_FLUSH)
    same = press.compress(rows) + press.flush(zlib.Z_FULL_FLUSH)  # what comes after it looks back on nothing
    end = press.flush()[:-4] + struct.pack(">I", (len(rows) * times % _ADLER) << 16 | 1)
    packed = begin + same * times + end
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(name, body) for name, body in ((b"IHDR", header), (b"IDAT", packed), (b"IEND", b""))
    )


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def pdf(*, password: str = "", action: str = "") -> bytes:
    writer, file = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    if action:
        does = DictionaryObject()
        does[NameObject("/S")] = NameObject(action)
        writer.root_object[NameObject("/OpenAction")] = does
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    writer.write(file)
    return file.getvalue()


def office(kind: str = "wordprocessingml.document", *, parts: dict[str, str] | None = None) -> bytes:
    """A document of an office, as its archive looks; `parts` come besides."""
    types = f'<Override ContentType="application/vnd.openxmlformats-officedocument.{kind}.main+xml"/>'
    return _archive({"[Content_Types].xml": types, "word/document.xml": "<w:document/>", **(parts or {})})


def immense() -> bytes:
    """A small document that is larger than all we take once it is unpacked."""
    file = io.BytesIO(office())
    with (
        zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("word/media/image.emf", "w") as part,
    ):
        for _ in range(301):
            part.write(b"0" * 2**20)
    return file.getvalue()


def open_document(kind: str = "text", *, parts: dict[str, str] | None = None) -> bytes:
    return _archive({"mimetype": f"application/vnd.oasis.opendocument.{kind}", **(parts or {})})


def _archive(parts: dict[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return file.getvalue()
