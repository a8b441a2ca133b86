"""Papers that enterprises send, looked through whole: what would act is found where it hides."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    PdfObject,
    TextStringObject,
)

from storage.appeals.attachment_check import FileRefused, office, pdf
from tests.storage.pictures import office as office_file
from tests.storage.pictures import open_document
from tests.storage.pictures import pdf as pdf_file

LETTER, PAGE = "word/_rels/document.xml.rels", "word/document.xml"


def entries(**values: PdfObject | str) -> DictionaryObject:
    made = DictionaryObject()
    for name, value in values.items():
        made[NameObject(f"/{name}")] = value if isinstance(value, PdfObject) else NameObject(value)
    return made


def acting(act: str, **more: PdfObject) -> DictionaryObject:
    return entries(Type="/Action", S=act, **more)


def annotated(writer: PdfWriter, annotation: DictionaryObject) -> None:
    page = writer.pages[0]
    rect = ArrayObject([NumberObject(0)] * 4)
    annotation[NameObject("/Rect")] = rect
    page[NameObject("/Annots")] = ArrayObject([writer._add_object(annotation)])


def page_opens(writer: PdfWriter) -> None:
    script = acting("/JavaScript", JS=TextStringObject("app.alert(1)"))
    writer.pages[0][NameObject("/AA")] = entries(O=writer._add_object(script))


def link_starts(writer: PdfWriter) -> None:
    annotated(writer, entries(Subtype="/Link", A=acting("/Launch", F=TextStringObject("cmd.exe"))))


def goes_on(writer: PdfWriter) -> None:
    then = writer._add_object(acting("/JavaScript", JS=TextStringObject("1")))
    first = acting("/GoTo", D=ArrayObject([NumberObject(0)]), Next=ArrayObject([then]))
    writer.root_object[NameObject("/OpenAction")] = first


def attaches(writer: PdfWriter) -> None:
    file = writer._add_object(DecodedStreamObject())
    annotated(writer, entries(Subtype="/FileAttachment", FS=entries(Type="/Filespec", EF=entries(F=file))))


def embeds(writer: PdfWriter) -> None:
    writer.add_attachment("a.exe", b"MZ")


def has_xfa(writer: PdfWriter) -> None:
    form = entries(XFA=writer._add_object(DecodedStreamObject()), Fields=ArrayObject())
    writer.root_object[NameObject("/AcroForm")] = form


def plays(writer: PdfWriter) -> None:
    annotated(writer, entries(Subtype="/RichMedia"))


def scripts_in_names(writer: PdfWriter) -> None:
    script = writer._add_object(acting("/JavaScript", JS=TextStringObject("1")))
    tree = entries(Names=ArrayObject([TextStringObject("x"), script]))
    writer.root_object[NameObject("/Names")] = entries(JavaScript=tree)


def opens_a_file(writer: PdfWriter) -> None:
    annotated(writer, entries(Subtype="/Link", A=acting("/URI", URI=TextStringObject("file:///etc/passwd"))))


def outline_acts(writer: PdfWriter) -> None:
    item = writer.add_outline_item(title="x", page_number=0)
    item.get_object()[NameObject("/A")] = acting("/JavaScript", JS=TextStringObject("1"))  # type: ignore[index]


def links(writer: PdfWriter) -> None:
    address = TextStringObject("https://slavutych.example/")
    annotated(writer, entries(Subtype="/Link", A=acting("/URI", URI=address)))
    writer.root_object[NameObject("/OpenAction")] = acting("/GoTo", D=ArrayObject([NumberObject(0)]))


def made_by(*steps: Callable[[PdfWriter], None]) -> bytes:
    writer, file = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    for step in steps:
        step(writer)
    writer.write(file)
    return file.getvalue()


def checked(check: Callable[[Path], str], folder: Path, content: bytes) -> str:
    """Say what the check says."""
    file = folder / "file"
    file.write_bytes(content)
    try:
        return check(file).rpartition("/")[2]
    except FileRefused as refused:
        return str(refused)


@pytest.mark.parametrize(
    "hides",
    [
        *(page_opens, link_starts, goes_on, attaches, embeds, has_xfa, plays, scripts_in_names),
        *(opens_a_file, outline_acts),
    ],
)
def test_a_pdf_that_acts_is_refused_wherever_the_act_hides(
    tmp_path: Path, hides: Callable[[PdfWriter], None]
) -> None:
    content = made_by(hides)
    assert checked(pdf, tmp_path, content) == "active"
    disguised = content.replace(b"/JavaScript", b"/#4aava#53cript").replace(b"/Launch", b"/#4caunch")
    assert checked(pdf, tmp_path, disguised) == "active", "names may be written in hexadecimal"


def test_a_pdf_with_links_and_an_opening_page_is_a_paper(tmp_path: Path) -> None:
    assert checked(pdf, tmp_path, made_by(links)) == "pdf"
    assert checked(pdf, tmp_path, pdf_file(password="1")) == "locked"


def relation(kind: str, target: str, mode: str = "External") -> str:
    return f'<R><Relationship Id="1" Type="urn:x/{kind}" Target="{target}" TargetMode="{mode}"/></R>'


@pytest.mark.parametrize(
    "parts",
    [
        {"word/_rels/settings.xml.rels": relation("attachedTemplate", "https://evil.example/t.dotm")},
        {LETTER: relation("image", "https://evil.example/seen.png")},
        {LETTER: relation("oleObject", "file:///c:/a.exe", "Internal")},
        {LETTER: relation("hyperlink", "file:///c:/windows/system32/cmd.exe")},
        {LETTER: relation("hyperlink", "javascript:alert(1)")},
        {PAGE: "<d><w:fldChar/><w:instrText> DDE</w:instrText><w:instrText>AUTO c </w:instrText></d>"},
        {PAGE: '<d><w:fldSimple w:instr="INCLUDETEXT http://evil.example/"/></d>'},
        {PAGE: "<!DOCTYPE d [<!ENTITY a 'b'>]><d>&a;</d>"},
        {PAGE: "<d><w:altChunk/></d>"},
        {"xl/externalLinks/externalLink1.xml": "<x/>"},
        {"word/vbaProject.bin": "x"},
        {"word/odd.xml": '<T><Override ContentType="application/vnd.ms-office.vbaProject"/></T>'},
    ],
)
def test_an_office_file_that_runs_or_fetches_is_refused(tmp_path: Path, parts: dict[str, str]) -> None:
    assert checked(office, tmp_path, office_file(parts={**parts})) == "active"


@pytest.mark.parametrize(
    "content",
    [
        '<draw:image xlink:href="https://evil.example/seen.png"/>',
        '<text:section-source xlink:href="other.odt"/>',
        '<text:a xlink:href="vnd.sun.star.script:x"/>',
        "<script:event-listener/>",
        "<text:dde-connection-decl/>",
    ],
)
def test_an_open_document_that_runs_or_fetches_is_refused(tmp_path: Path, content: str) -> None:
    sent = open_document(
        parts={"content.xml": f"<office:document-content>{content}</office:document-content>"}
    )
    assert checked(office, tmp_path, sent) == "active"


def test_ordinary_papers_of_an_office_are_taken(tmp_path: Path) -> None:
    book = io.BytesIO()
    with xlsxwriter.Workbook(book) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_url(0, 0, "https://slavutych.example/")
        sheet.write_comment(1, 0, "Примітка")
        chart = workbook.add_chart({"type": "line"})
        chart.add_series({"values": "=Sheet1!$B$1:$B$2"})
        sheet.insert_chart("C3", chart)
    assert checked(office, tmp_path, book.getvalue()).endswith("sheet")
    letter = office_file(
        parts={
            LETTER: relation("hyperlink", "https://slavutych.example/") + "",
            "word/settings.xml": "<s><w:fldChar/><w:instrText> PAGE </w:instrText></s>",
        }
    )
    assert checked(office, tmp_path, letter).endswith("document")
    text = "<c><text:a xlink:href='https://a.example/'/><draw:image xlink:href='Pictures/1.png'/></c>"
    sent = open_document(
        parts={"content.xml": text, "meta.xml": "<m><meta:template xlink:href='../a.ott'/></m>"}
    )
    assert checked(office, tmp_path, sent).endswith("text")


def test_a_broken_part_makes_the_file_damaged_and_not_taken(tmp_path: Path) -> None:
    assert checked(office, tmp_path, office_file(parts={PAGE: "<w:document>"})) == "damaged"
    assert checked(pdf, tmp_path, made_by(page_opens)[:-200]) in {"damaged", "active"}
