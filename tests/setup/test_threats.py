"""The page of threats names tests that there are, of each threat at least one."""

import re

from tests.setup.drawings import page
from tests.setup.named_tests import exists


def test_each_threat_has_tests_that_exist() -> None:
    rows = [
        line for line in page("threats").splitlines() if line.startswith("| ") and "| Threat |" not in line
    ]
    assert rows
    for row in rows:
        named = re.findall(r"`(tests/[^`]+)`", row)
        assert named, row
        assert [name for name in named if not exists(name)] == []
