"""A signature's file is taken as it is; a paper within it only where it would be taken by itself."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import pkcs7

from hotline.signatures.paper_signatures import SIGNATURE
from storage.appeals.attachment_check import FileRefused, kind_of
from tests.fakes.signing import MAYOR, signed
from tests.storage.pictures import pdf, photo


def kind(folder: Path, content: bytes) -> str:
    file = folder / "came"
    file.write_bytes(content)
    found = kind_of(file, folder / "drawn", folder / "small", 70_000_000)
    assert [one.name for one in folder.iterdir()] == ["came"], "it stays as it came, and nothing beside it"
    return found


@pytest.mark.parametrize("content", [pdf(), photo()], ids=["paper", "photo"])
def test_a_signature_is_taken_with_its_paper_or_without(tmp_path: Path, content: bytes) -> None:
    beside = signed(content, MAYOR, pkcs7.PKCS7Options.DetachedSignature)
    assert kind(tmp_path, beside) == SIGNATURE
    assert kind(tmp_path, signed(content, MAYOR)) == SIGNATURE


def test_what_would_be_refused_by_itself_is_refused_within_a_signature(tmp_path: Path) -> None:
    for content in (b"MZ" + bytes(600), b"%PDF-1.7 cut off", signed(pdf(), MAYOR)):
        with pytest.raises(FileRefused):
            kind(tmp_path, signed(content, MAYOR))
    with pytest.raises(FileRefused, match="damaged"):
        kind(tmp_path, signed(pdf(), MAYOR)[:-9])
