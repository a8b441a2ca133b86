"""`hotline office export`: tables with a list of digests, into a folder of their own."""

import csv
import hashlib
from pathlib import Path

import pytest

from service.commands.office import LIST, NotEmpty, write


def test_each_file_stands_in_the_list_with_its_digest_and_nothing_is_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "2026"
    assert write(folder, {"plan.csv": [("index", "title"), ("05-12", "Листування")], "acts.csv": []}) == 2
    with (folder / LIST).open(encoding="utf-8-sig") as file:
        _, *listed = list(csv.reader(file))
    for name, octets, digest in listed:
        content = (folder / name).read_bytes()
        assert (octets, digest) == (str(len(content)), hashlib.sha256(content).hexdigest())
    assert [name for name, *_ in listed] == ["plan.csv", "acts.csv"]
    with pytest.raises(NotEmpty):
        write(folder, {})
