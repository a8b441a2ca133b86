"""Whether a machine knows its own name: by the files that libc reads, or by systemd."""

from pathlib import Path

import pytest

from service.node.own_name import knows_own_name


@pytest.mark.parametrize(
    ("hosts", "order", "known"),
    [
        ("127.0.0.1 localhost\n127.0.1.1 hotline.city hotline\n", "hosts: files dns\n", True),
        ("127.0.0.1 localhost\n", "hosts: files dns\n", False),
        ("127.0.0.1 localhost\n# 127.0.1.1 hotline\n", "hosts: files dns\n", False),
        ("127.0.0.1 localhost\n", "hosts: files myhostname dns\n", True),
        ("127.0.0.1 localhost\n", "hosts: files dns myhostname\n", False),
        ("127.0.0.1 localhost\n", "hosts: resolve [!UNAVAIL=return] files dns\n", True),
        ("127.0.1.1 hotline-old\n", "passwd: files\n", False),
        (None, None, False),
    ],
)
def test_it_is_known_where_it_is_written_or_systemd_says_it(
    tmp_path: Path, hosts: str | None, order: str | None, *, known: bool
) -> None:
    for name, text in (("hosts", hosts), ("nsswitch.conf", order)):
        if text is not None:
            (tmp_path / name).write_text(text, encoding="utf-8")
    assert knows_own_name(tmp_path / "hosts", tmp_path / "nsswitch.conf", "hotline") is known
