"""`hotline office export`: tables with a list of digests, into a folder of their own."""

import csv
import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.commands.office import LIST, Lines, NotEmpty, write
from tests.fakes.towns import KYIV

MIDNIGHT = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)

TABLES: Mapping[str, Lines] = {
    "plan.csv": [("index", "title"), ("05-12", "=HYPERLINK(A1)"), ("05-13", MIDNIGHT)],
    "acts.csv": [],
}


def test_a_text_that_a_spreadsheet_would_take_for_a_formula_is_a_text(tmp_path: Path) -> None:
    write(tmp_path / "2026", TABLES, KYIV)
    text = (tmp_path / "2026" / "plan.csv").read_text(encoding="utf-8-sig")
    assert '"\'=HYPERLINK(A1)"' in text
    assert "03.03.2026 00:30:00" in text, "in the city's time"


def test_each_file_stands_in_the_list_with_its_digest_and_nothing_is_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "2026"
    assert write(folder, TABLES, KYIV) == 2
    with (folder / LIST).open(encoding="utf-8-sig") as file:
        _, *listed = list(csv.reader(file))
    for name, octets, digest in listed:
        content = (folder / name).read_bytes()
        assert (octets, digest) == (str(len(content)), hashlib.sha256(content).hexdigest())
    assert [name for name, *_ in listed] == ["plan.csv", "acts.csv"]
    with pytest.raises(NotEmpty):
        write(folder, {}, KYIV)
