"""`hotline city-data` on a real database."""

import asyncio
from pathlib import Path

import pytest

from hotline.documents.document import FIRST_OWN, DocumentKind, delivered, revision
from service.command_line import main
from storage.store import open_storage

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "pauses.toml"
    more = '\n[[pause]]\ncode = "lift"\nuk = "Ліфт"\nen = "The lift"\n'
    made.write_text(delivered(DocumentKind.PAUSES)[1] + more, "utf-8")
    return made


@pytest.mark.usefixtures("url")
def test_a_file_is_put_into_force_and_shown_again(file: Path, capsys: Capture) -> None:
    assert main(["city-data", "check", "pauses", str(file)]) == 0
    assert "comes: lift" in capsys.readouterr().out
    assert main(["city-data", "put", "pauses", str(file), "--note", "lifts", "--yes"]) == 0
    assert f"In force: pauses, version {FIRST_OWN}" in capsys.readouterr().out
    assert main(["city-data", "show", "pauses"]) == 0
    assert capsys.readouterr().out == file.read_text("utf-8")
    assert main(["city-data", "show", "pauses", "--version", "1"]) == 0
    assert capsys.readouterr().out == delivered(DocumentKind.PAUSES)[1]
    assert main(["city-data", "list"]) == 0
    assert f"{FIRST_OWN} (own)" in capsys.readouterr().out


@pytest.mark.usefixtures("url")
def test_nothing_is_put_that_was_not_agreed_to(
    file: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answer = tmp_path / "answer"
    answer.write_text("no\n")
    with answer.open() as typed:
        monkeypatch.setattr("sys.stdin", typed)
        assert main(["city-data", "put", "pauses", str(file), "--note", "lifts"]) == 1
    assert "was not put" in capsys.readouterr().out
    assert main(["city-data", "list"]) == 0
    assert "own" not in capsys.readouterr().out


@pytest.mark.usefixtures("url")
@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en_GB.UTF-8", "pause / lift / ring: There is no field “ring” here"),
        ("uk_UA.UTF-8", "pause / lift / ring: Поля «ring» тут немає"),
    ],
)
def test_faults_are_told_with_their_places_in_the_readers_language(
    file: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch, locale: str, said: str
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    file.write_text(f"{file.read_text('utf-8')}ring = 1\n", "utf-8")
    for action in (["check"], ["put", "--yes", "--note", "x"]):
        assert main(["city-data", *action, "pauses", str(file)]) == 1
        assert said in capsys.readouterr().out


def test_a_draft_of_somebody_else_is_not_written_over(url: str, file: Path, capsys: Capture) -> None:
    async def draft() -> None:
        async with open_storage(url) as storage:
            kind = DocumentKind.PAUSES
            present = await storage.city_documents.present(kind)
            seen = revision(present.version, None)
            await storage.city_documents.save_draft(
                kind, "draft", by=None, at=present.made_at, note="Olha's", seen=seen
            )

    asyncio.run(draft())
    assert main(["city-data", "put", "pauses", str(file), "--note", "x", "--yes"]) == 1
    assert "Olha's" in capsys.readouterr().err
    assert main(["city-data", "drop", "pauses"]) == 0
    assert main(["city-data", "drop", "pauses"]) == 1
    assert main(["city-data", "put", "pauses", str(file), "--note", "x", "--yes"]) == 0
