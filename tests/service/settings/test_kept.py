"""Settings that are kept with the state."""

from pathlib import Path

import pytest

from service.settings.kept import FILE, keep_settings, with_kept
from service.settings.settings import read_settings

SECRETS = {"HOTLINE_ARI_SECRET": "a", "HOTLINE_AMI_SECRET": "b"}


def test_what_is_kept_holds_where_the_environment_says_nothing(tmp_path: Path) -> None:
    environ = {**SECRETS, "HOTLINE_VAR": str(tmp_path)}
    assert read_settings(environ).number == "1580"
    keep_settings(tmp_path, {"HOTLINE_NUMBER": "1551"})
    assert read_settings(environ).number == "1551"
    assert read_settings({**environ, "HOTLINE_NUMBER": "1552"}).number == "1552"


def test_a_secret_in_a_file_that_the_environment_names_goes_before_the_kept_one(tmp_path: Path) -> None:
    secret = tmp_path / "trunk"
    secret.write_text("given", "utf-8")
    keep_settings(tmp_path, {"HOTLINE_TRUNK_SECRET": "kept"})
    environ = {**SECRETS, "HOTLINE_VAR": str(tmp_path)}
    assert read_settings(environ).trunk.secret == "kept"
    assert read_settings({**environ, "HOTLINE_TRUNK_SECRET_FILE": str(secret)}).trunk.secret == "given"


def test_no_value_brings_a_setting_of_its_own(tmp_path: Path) -> None:
    keep_settings(tmp_path, {"HOTLINE_NUMBER": "1551"})
    for ending in ("\nHOTLINE_DEMO=1", "\u2028HOTLINE_DEMO=1"):
        with pytest.raises(ValueError, match="one line"):
            keep_settings(tmp_path, {"HOTLINE_TRUNK_USER": f"line{ending}"})
    assert (tmp_path / FILE).read_text("utf-8") == "HOTLINE_NUMBER=1551\n"


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
    found = with_kept({"HOTLINE_VAR": str(tmp_path)})
    assert found["HOTLINE_TRUNK_SECRET"] == "a=b#c"
    assert "PATH" not in found
