"""Settings that are kept with the state."""

from pathlib import Path

from service.settings.kept import FILE, keep_settings, kept_settings
from service.settings.settings import read_settings

SECRETS = {"HOTLINE_ARI_SECRET": "a", "HOTLINE_AMI_SECRET": "b"}


def test_what_is_kept_holds_where_the_environment_says_nothing(tmp_path: Path) -> None:
    environ = {**SECRETS, "HOTLINE_VAR": str(tmp_path)}
    assert read_settings(environ).number == "1580"
    keep_settings(tmp_path, {"HOTLINE_NUMBER": "1551"})
    assert read_settings(environ).number == "1551"
    assert read_settings({**environ, "HOTLINE_NUMBER": "1552"}).number == "1552"


def test_other_lines_stay_as_they_are_and_only_the_owner_reads_them(tmp_path: Path) -> None:
    file = tmp_path / FILE
    file.write_text("# mail\nHOTLINE_SMTP_HOST=mail.example\nHOTLINE_NUMBER = 1\nPATH=/nowhere\n", "utf-8")
    keep_settings(tmp_path, {"HOTLINE_NUMBER": "1551", "HOTLINE_TRUNK_SECRET": "a=b#c"})
    assert file.read_text("utf-8").splitlines() == [
        "# mail",
        "HOTLINE_SMTP_HOST=mail.example",
        "PATH=/nowhere",
        "HOTLINE_NUMBER=1551",
        "HOTLINE_TRUNK_SECRET=a=b#c",
    ]
    assert file.stat().st_mode & 0o777 == 0o600
    found = kept_settings({"HOTLINE_VAR": str(tmp_path)})
    assert found["HOTLINE_TRUNK_SECRET"] == "a=b#c"
    assert "PATH" not in found
