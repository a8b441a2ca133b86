"""Settings of recordings: how they are kept, and where."""

from dataclasses import dataclass
from pathlib import Path

from hotline.errors import SettingsError
from service import environment as env


def _file(_name: str, given: str) -> Path | None:
    return Path(given).absolute() if given else None


def _address(name: str, given: str) -> str:
    if given and not given.startswith(("https://", "http://")):
        raise SettingsError(f"{name} is {given!r}: give such as https://s3.example.ua.")
    return given


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingSettings:
    """The places and the key of recordings and messages."""

    key_file: Path | None = env.parsed(
        "HOTLINE_RECORDINGS_KEY_FILE",
        "",
        "the file of keys under which recordings, voice messages and the keys of enterprises' Open311 are"
        " encrypted, which `hotline recordings key` makes",
        _file,
        usual="none: they are not encrypted",
    )
    s3_endpoint: str = env.parsed(
        "HOTLINE_S3_ENDPOINT",
        "",
        "an S3-compatible store into which recordings and voice messages are put, such as"
        " `https://s3.example.ua`",
        _address,
        usual="none: they stay in `var`",
    )
    s3_bucket: str = env.text("HOTLINE_S3_BUCKET", "", "the bucket there, which is this hotline's alone")
    s3_region: str = env.text("HOTLINE_S3_REGION", "us-east-1", "the store's region, if it has any")
    s3_key_id: str = env.text("HOTLINE_S3_KEY_ID", "", "the id of our access key there")
    s3_secret: str = env.secret("HOTLINE_S3_SECRET", "its secret")
    s3_kept_bytes: int = env.whole(
        "HOTLINE_S3_KEPT_MEGABYTES",
        10240,
        "megabytes of recordings that stay in `var` as well, the newest, so that they are heard at once",
        make=env.megabytes,
    )
