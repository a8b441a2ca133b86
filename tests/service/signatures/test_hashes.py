"""The hashes ГОСТ 34.311 and Купина, by published examples."""

import pytest

from service.signatures.gost34311 import gost34311
from service.signatures.kupyna import kupyna

TEST_SBOX = bytes.fromhex(
    "4a92d80e6b1c7f53eb4c6dfa23810759581da342efc7609b7da1089fe46cb253"
    "6c715fd84a9e03b24ba0721d36859cfedb413f590ae7682c1fd057a4923e6b8c"
)
"""That of the examples of RFC 5831 (GOST R 34.11-94, the same hash)."""


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            b"This is message, length=32 bytes",
            "b1c466d37519b82e8319819ff32595e047a28cb6f83eff1c6916a815a637fffa",
        ),
        (
            b"Suppose the original message has length = 50 bytes",
            "471aba57a60a770d3a76130635c1fbea4ef14de51f78b4ae57dd893b62f55208",
        ),
    ],
)
def test_gost_hashes_the_examples_of_its_standard(content: bytes, expected: str) -> None:
    assert gost34311(content, TEST_SBOX).hex() == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"123123", "34d4da2c04e9c1ceb933282069c864617d94ed7cc5c0a9840c0c1a99629df637"),
        (bytes(range(32)), "811cb06a8ee423182d9cc9d281f783908f4cfbaf47a68be8415d3499674a3063"),
    ],
)
def test_gost_hashes_by_the_s_box_of_ukrainian_keys(content: bytes, expected: str) -> None:
    """As `gost89` (npm) has it in its tests."""
    assert gost34311(content).hex() == expected


@pytest.mark.parametrize(
    ("octets", "bits", "expected"),
    [
        (0, 256, "cd5101d1ccdf0d1d1f4ada56e888cd724ca1a0838a3521e7131d4fb78d0f5eb6"),
        (64, 256, "08f4ee6f1be6903b324c4e27990cb24ef69dd58dbe84813ee0a52f6631239875"),
        (
            95,
            384,
            (
                "d9021692d84e5175735654846ba751e6d0ed0fac36dfbc0841287dcb0b5584c7"
                "5016c3decc2a6e47c50b2f3811e351b8"
            ),
        ),
        (
            0,
            512,
            (
                "656b2f4cd71462388b64a37043ea55dbe445d452aecd46c3298343314ef04019"
                "bcfa3f04265a9857f91be91fce197096187ceda78c9c1c021c294a0689198538"
            ),
        ),
        (
            256,
            512,
            (
                "0dd03d7350c409cb3c29c25893a0724f6b133fa8b9eb90a64d1a8fa93b565566"
                "11eb187d715a956b107e3bfc76482298133a9ce8cbc0bd5e1436a5b197284f7e"
            ),
        ),
    ],
)
def test_kupyna_hashes_the_examples_of_its_standard(octets: int, bits: int, expected: str) -> None:
    """ДСТУ 7564:2014, annex; the octets are 0, 1, 2 and so on."""
    assert kupyna(bytes(range(octets)), bits).hex() == expected
